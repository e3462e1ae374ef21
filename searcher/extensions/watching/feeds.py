"""Fetch feeds regularly and store them as files for the index.

Each response is stored under a new name, because entries disappear from feeds. Feeds are fetched one after
another, with conditional requests (``ETag``, ``Last-Modified``). After an error, the next attempt waits as
the server says (``Retry-After``) or twice as long as before.
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
from typing import Any, Final

from searcher import __version__
from searcher.errors import IndexDamaged, IndexFailure, ReadError, UsageError
from searcher.files import atomic_file, make_folder, read_text, replace_text
from searcher.ingest.duplicates import FEEDS_MARKER

#: Default number of seconds between two requests for a feed.
EVERY_SECONDS: Final = 1800.0
#: Maximum number of seconds until the next attempt.
MAX_PAUSE_SECONDS: Final = 86_400.0
#: Maximum total size of the files of a feed, in bytes. A small feed that changes every half hour needs
#: about a year to reach it.
MAX_KEPT_BYTES: Final = 2 << 30
#: Maximum length of an ETag or Last-Modified header.
MAX_TAG_CHARACTERS: Final = 1_000
_STRANGE = re.compile(r"[^a-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class _Feed:
    """State of a feed: validators, digest of the last response, next request, number of failures."""

    etag: str | None = None
    modified: str | None = None
    digest: str = ""
    due: float = 0.0
    failures: int = 0


def addresses(file: Path) -> tuple[str, ...]:
    """Return the addresses in an OPML file or a text file with one per line. Raises UsageError."""
    from searcher.readers.xml import parse_xml

    try:
        data = file.read_bytes()
        if data.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
            candidates = [element.get("xmlUrl") or "" for element in parse_xml(data).iter("{*}outline")]
        else:
            candidates = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError, ReadError) as error:
        raise UsageError(f"Cannot read the list of feeds {file}: {error}") from error
    web_addresses = tuple(
        dict.fromkeys(one for one in candidates if one.lower().startswith(("http://", "https://")))
    )
    if not web_addresses:
        raise UsageError(f"{file} contains no feed addresses. Use OPML, or one address per line.")
    return web_addresses


class Feeds:
    """The feeds of a list, and the folder in which they are stored."""

    def __init__(self, urls: tuple[str, ...], folder: Path, interval: float = EVERY_SECONDS) -> None:
        self._urls = urls
        self._folder = folder
        self._interval = interval
        make_folder(folder)
        self._known = self._read()

    def fetch_forever(self, on_failure: Callable[[str, str], None], stop: threading.Event) -> None:
        """Fetch feeds as they become due. ``on_failure`` is called with an address and the reason."""
        while not stop.is_set():
            try:
                self.fetch_due(on_failure, time.time())
            except IndexFailure as error:  # for example, a full disk; try again later
                on_failure(str(self._folder), str(error))
            stop.wait(min(60.0, self._interval))

    def fetch_due(self, on_failure: Callable[[str, str], None], now: float) -> int:
        """Fetch the feeds that are due, and return how many have changed."""
        import urllib3

        from searcher.extensions.watching.download import RefusedAddress

        new = 0
        for url in self._urls:
            feed = self._known.get(url, _Feed())
            if (
                now < feed.due <= now + max(MAX_PAUSE_SECONDS, self._interval)
            ):  # If the next time is later than this, the clock was wrong.
                continue
            try:
                changed = self._fetched_feed(url, feed, now)
            except (urllib3.exceptions.HTTPError, RefusedAddress, _Unusable, OSError, ValueError) as error:
                on_failure(url, str(error))
                pause = min(MAX_PAUSE_SECONDS, self._interval * 2**feed.failures)
                wait = max(pause, error.wait if isinstance(error, _Unusable) else 0.0)
                changed = replace(feed, due=now + wait, failures=min(feed.failures + 1, 16))
            new += changed.digest != feed.digest
            self._known[url] = changed
            self._write()
        return new

    def _fetched_feed(self, url: str, feed: _Feed, now: float) -> _Feed:
        """Request a feed and store it if it has changed. Raises _Unusable and the errors of a download."""
        from searcher.extensions.watching.download import download

        headers = {
            "User-Agent": f"Searcher/{__version__}",
            "Accept": "application/rss+xml, application/atom+xml, */*",
        }
        if feed.etag:
            headers["If-None-Match"] = feed.etag
        if feed.modified:
            headers["If-Modified-Since"] = feed.modified
        answer = download(url, headers)
        if answer.status == 304:
            return replace(feed, due=now + self._interval, failures=0)
        sent = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status != 200:
            raise _Unusable(f"the server responded with status {answer.status}", _retry_after(sent, now))
        digest = hashlib.sha256(answer.data).hexdigest()
        if digest != feed.digest:
            self._keep(url, answer.data, digest, now)
        return _Feed(_tag(sent, "etag"), _tag(sent, "last-modified"), digest, now + self._interval)

    def _keep(self, url: str, data: bytes, digest: str, now: float) -> None:
        """Store a response as a new file."""
        place = _STRANGE.sub("-", url.lower().partition("://")[2])[:60].strip(".-")
        folder = self._folder / f"{place}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
        make_folder(folder)
        if sum(file.stat().st_size for file in folder.iterdir()) + len(data) > MAX_KEPT_BYTES:
            raise _Unusable(f"its files in {folder} take {MAX_KEPT_BYTES >> 30} GB: remove some of them")
        ending = "json" if data.lstrip()[:1] == b"{" else "xml"
        name = f"{time.strftime('%Y-%m-%dT%H%M%S', time.gmtime(now))}-{digest[:8]}.{ending}"
        with atomic_file(folder / name) as new:
            new.write_bytes(data)
        _drop_repeated(folder)

    def _read(self) -> dict[str, _Feed]:
        """Read the state of the feeds. If it cannot be read, all are fetched again."""
        try:
            known: dict[str, Any] = json.loads(read_text(self._folder / FEEDS_MARKER) or "{}")
            return {url: _Feed(**fields) for url, fields in known.items()}
        except (IndexDamaged, ValueError, TypeError, AttributeError):
            return {}

    def _write(self) -> None:
        known = {url: asdict(feed) for url, feed in self._known.items() if url in self._urls}
        replace_text(self._folder / FEEDS_MARKER, json.dumps(known, indent=1))


class _Unusable(Exception):
    """A server returned no feed. ``wait``: seconds until the next attempt."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def _tag(headers: Mapping[str, str], name: str) -> str | None:
    """Return a validator header if it can be sent back."""
    value = headers.get(name, "")
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= MAX_TAG_CHARACTERS else None


def _drop_repeated(folder: Path) -> None:
    """Delete the second-last file if the files before and after it contain all of its entries."""
    files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    if len(files) < 3:
        return
    before, middle, last = (_entries(file.read_bytes()) for file in files[-3:])
    if middle and middle <= before | last:
        files[-2].unlink()


def _entries(data: bytes) -> set[bytes]:
    """Return the digests of the entries of an RSS or Atom feed."""
    parts = [part for end in (b"</item>", b"</entry>") for part in data.split(end)[:-1]]
    starts = (max(part.rfind(b"<item"), part.rfind(b"<entry")) for part in parts)
    return {hashlib.sha256(part[max(0, start) :]).digest() for part, start in zip(parts, starts)}


def _retry_after(headers: Mapping[str, str], now: float) -> float:
    """Return the seconds in a Retry-After header, which is a number or a date."""
    value = headers.get("retry-after", "")
    if value.isdecimal():
        return min(MAX_PAUSE_SECONDS, float(value))
    moment = email.utils.parsedate_tz(value)
    return min(MAX_PAUSE_SECONDS, max(0.0, email.utils.mktime_tz(moment) - now)) if moment else 0.0
