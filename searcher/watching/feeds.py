"""Feeds: a list of addresses, fetched now and then, and kept as files for the index.

What a feed brings is kept as it came, each time under a name of its own, since entries leave a feed again. A
feed is asked for what has changed since (``ETag``, ``Last-Modified``), one after another, and is left alone
for as long as it says (``Retry-After``) or, where it fails, twice as long each time.
"""

from __future__ import annotations

import email.utils
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from searcher import __version__, textfiles
from searcher.errors import IndexDamaged, IndexFailure, ReadError, UsageError
from searcher.files import make_folder, whole_file
from searcher.ingest.ids import FEEDS

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

__all__ = ["EVERY_SECONDS", "Feeds", "addresses"]

#: Seconds between two askings, as feeds that say so ask for; the longest time that one is left alone.
EVERY_SECONDS: Final = 1800.0
MAX_PAUSE: Final = 86_400.0
#: Bytes of a feed, and seconds to wait for its server.
MAX_BYTES: Final = 20 << 20
_TIMEOUT_SECONDS: Final = 20.0
_STRANGE = re.compile(r"[^a-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class _Feed:
    """What is known of a feed: what its server said to ask with, the digest of what it gave last, when it is
    asked next (seconds since 1970), and how often it has failed since it last answered."""

    etag: str | None = None
    modified: str | None = None
    digest: str = ""
    due: float = 0.0
    failures: int = 0


def addresses(file: Path) -> tuple[str, ...]:
    """Return the addresses of a list of feeds: OPML as readers export it, or text with one a line.

    Raises UsageError.
    """
    from searcher.readers.xml import parse_xml

    try:
        data = file.read_bytes()
        if data.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
            found = [element.get("xmlUrl") or "" for element in parse_xml(data).iter("{*}outline")]
        else:
            found = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError, ReadError) as error:
        raise UsageError(f"The list of feeds {file} cannot be read: {error}") from error
    given = tuple(dict.fromkeys(one for one in found if one.lower().startswith(("http://", "https://"))))
    if not given:
        raise UsageError(f"There is no address of a feed in {file}: give OPML, or one address a line.")
    return given


class Feeds:
    """The feeds of a list, and the folder in which they are kept."""

    def __init__(self, urls: tuple[str, ...], folder: Path, every: float = EVERY_SECONDS) -> None:
        self._urls = urls
        self._folder = folder
        self._every = every
        make_folder(folder)
        self._known = self._read()

    def fetch_forever(self, failed: Callable[[str, str], None], stop: threading.Event) -> None:
        """Fetch what is due, again and again. ``failed`` is called with an address and the reason."""
        while not stop.is_set():
            try:
                self.fetch_due(failed, time.time())
            except IndexFailure as error:  # the disk is full, say: the next time it may not be
                failed(str(self._folder), str(error))
            stop.wait(min(60.0, self._every))

    def fetch_due(self, failed: Callable[[str, str], None], now: float) -> int:
        """Fetch the feeds that are due, and return how many gave something new."""
        import urllib3

        new = 0
        with urllib3.PoolManager(
            num_pools=4, timeout=_TIMEOUT_SECONDS, retries=urllib3.Retry(None, connect=0, read=0, redirect=5)
        ) as pool:
            for url in self._urls:
                feed = self._known.get(url, _Feed())
                if feed.due > now:
                    continue
                try:
                    changed = self._fetched(pool, url, feed, now)
                except (urllib3.exceptions.HTTPError, _Unusable, OSError, ValueError) as error:
                    failed(url, str(error))
                    pause = min(MAX_PAUSE, self._every * 2**feed.failures)
                    wait = max(pause, error.wait if isinstance(error, _Unusable) else 0.0)
                    changed = replace(feed, due=now + wait, failures=min(feed.failures + 1, 16))
                new += changed.digest != feed.digest
                self._known[url] = changed
                self._write()
        return new

    def _fetched(self, pool: PoolManager, url: str, feed: _Feed, now: float) -> _Feed:
        """Ask for a feed and keep what has changed. Raises _Unusable, and the errors of urllib3."""
        headers = {
            "User-Agent": f"Searcher/{__version__}",
            "Accept": "application/rss+xml, application/atom+xml, */*",
        }
        if feed.etag:
            headers["If-None-Match"] = feed.etag
        if feed.modified:
            headers["If-Modified-Since"] = feed.modified
        answer = pool.request("GET", url, headers=headers, preload_content=False)
        try:
            if answer.status == 304:
                return replace(feed, due=now + self._every, failures=0)
            if answer.status != 200:
                raise _Unusable(f"the server answers {answer.status}", _retry_after(answer.headers, now))
            data = _bounded(answer)
        finally:
            answer.release_conn()
        digest = hashlib.sha256(data).hexdigest()
        if digest != feed.digest:
            self._keep(url, data, digest, now)
        given = answer.headers
        return _Feed(given.get("ETag"), given.get("Last-Modified"), digest, now + self._every)

    def _keep(self, url: str, data: bytes, digest: str, now: float) -> None:
        """Write a file that is whole from the moment that it is there."""
        place = _STRANGE.sub("-", url.lower().partition("://")[2])[:60].strip(".-")
        folder = self._folder / f"{place}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
        make_folder(folder)
        ending = "json" if data.lstrip()[:1] == b"{" else "xml"
        name = f"{time.strftime('%Y-%m-%dT%H%M%S', time.gmtime(now))}-{digest[:8]}.{ending}"
        with whole_file(folder / name) as new:
            new.write_bytes(data)

    def _read(self) -> dict[str, _Feed]:
        """What is known of the feeds; nothing where that cannot be read, and they are asked for all."""
        try:
            known: dict[str, Any] = json.loads(textfiles.read(self._folder / FEEDS) or "{}")
            return {url: _Feed(**fields) for url, fields in known.items()}
        except (IndexDamaged, ValueError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        known = {url: asdict(feed) for url, feed in self._known.items() if url in self._urls}
        textfiles.replace(self._folder / FEEDS, json.dumps(known, indent=1))


class _Unusable(Exception):
    """A server gave no feed; ``wait`` are the seconds for which it is to be left alone."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def _bounded(answer: BaseHTTPResponse) -> bytes:
    data = answer.read(MAX_BYTES + 1, decode_content=True)
    if len(data) > MAX_BYTES:
        raise _Unusable(f"it is larger than {MAX_BYTES >> 20} MB")
    return data


def _retry_after(headers: Mapping[str, str], now: float) -> float:
    """The seconds for which a server wants to be left alone: as a number or as a date."""
    given = headers.get("Retry-After", "")
    if given.isdecimal():
        return min(MAX_PAUSE, float(given))
    moment = email.utils.parsedate_tz(given)
    return min(MAX_PAUSE, max(0.0, email.utils.mktime_tz(moment) - now)) if moment else 0.0
