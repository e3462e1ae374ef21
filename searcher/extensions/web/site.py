"""Shared by all pages: the index, access, templates and static files."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from searcher.extensions.web import addresses, choices, marks
from searcher.extensions.web.guard import FEED_PATH, USER, Access
from searcher.extensions.web.inbox import Inbox
from searcher.extensions.web.strings import Strings, strings_for
from searcher.extensions.web.timeline import links_to
from searcher.fields import doubts_of
from searcher.formats.export import FORMATS
from searcher.index import Index
from searcher.names.table import exact_query, without_exact_mark
from searcher.query.request import Search, displayed_speaker
from searcher.query.time_units import span_labels
from searcher.query.tree import Phrase
from searcher.results.articles import file_name, headline
from searcher.sanitize import web_link

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class _Asset:
    plain: bytes
    packed: bytes
    kind: str


class Assets:
    """The files of ``searcher/extensions/web/static``, read once. No other files are served."""

    def __init__(self) -> None:
        self._files: dict[str, _Asset] = {}
        self._names: dict[str, str] = {}
        for file in resources.files("searcher.extensions.web").joinpath("static").iterdir():
            content = file.read_bytes()
            stem, _, ending = file.name.rpartition(".")
            name = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
            kind = mimetypes.types_map.get(f".{ending}", "application/octet-stream")
            self._files[name] = _Asset(content, gzip.compress(content, mtime=0), kind)
            self._names[file.name] = name

    def url(self, name: str) -> str:
        return f"/static/{self._names[name]}"

    def answer(self, request: Request) -> Response:
        if (asset := self._files.get(request.path_params["name"])) is None:
            return Response(status_code=404)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.packed, headers={**_FOREVER, "Content-Encoding": "gzip"}, media_type=asset.kind
            )
        return Response(asset.plain, headers=_FOREVER, media_type=asset.kind)


#: Describes what each export format is for.
_USES: Final = {
    "csv": "a table, for Excel or LibreOffice",
    "jsonl": "for programs",
    "ris": "for Zotero, EndNote, Citavi",
    "bibtex": "for LaTeX",
    "csl": "for Pandoc",
}


class _Html(HTMLResponse):
    """A page. Lone surrogates, which occur in file names, are replaced."""

    def render(self, content: Any) -> bytes:
        text: str = content
        return text.encode("utf-8", "replace")


class Data(JSONResponse):
    """A JSON response. Lone surrogates are replaced."""

    def render(self, content: Any) -> bytes:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def _templates(assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader("searcher.extensions.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        zip=zip, marked=marks.marked_html_text, said=marks.marked_statement,
        isolated_days=marks.isolated_days,
        web_link=web_link, doubts=doubts_of, file_name=file_name, headline=headline,
        displayed_speaker=displayed_speaker,
    )  # fmt: skip
    environment.globals.update(
        asset=assets.url, address=addresses.address, among=choices.convert_search, links_to=links_to,
        article_address=addresses.article_address, path_of=addresses.path_of,
        proposed_name=choices.proposed_name, span_labels=span_labels, no_search=Search(), formats=FORMATS,
        narrowed=choices.narrowed_search, uses=_USES,
        quotes_of=lambda name: Search(said_by=exact_query("speaker", name)),
        in_text=lambda words: Search(Phrase(words)), story_of=lambda story: Search(story=story),
        bare=without_exact_mark,
        tagged=lambda field, value: choices.narrowed_search(Search(), field, value),
    )  # fmt: skip
    return environment


@dataclass(frozen=True)
class Site:
    """An index as a site. ``folder``: the folder of the index, or None."""

    index: Index
    settings: Access
    folder: Path | None = None
    assets: Assets = field(default_factory=Assets)

    def __post_init__(self) -> None:
        if self.folder and self.settings.may_add:
            object.__setattr__(self, "inbox", Inbox(self.index, self.folder))
        object.__setattr__(self, "templates", _templates(self.assets))

    templates: Environment = field(init=False)
    inbox: Inbox | None = field(init=False, default=None)

    def _feed(self, search: Search, own: Mapping[str, str] | None = None) -> str:
        """Return the path of the feed of a search, with the token, because feed readers have no cookie."""
        feed = addresses.address(FEED_PATH, search, own)
        if self.settings.client_token is None:
            return feed
        return f"{feed}{'&' if '?' in feed else '?'}{urlencode({'token': self.settings.client_token})}"

    def allowed(self, request: Request) -> Access:
        """Return the access of the user of a request."""
        return self.settings.for_user(request.scope.get(USER) or "")

    def page(self, request: Request, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
        words, allowed = strings_of(request), self.allowed(request)
        html = self.templates.get_template(template).render(
            values, words=words, feed=lambda *search: str(request.base_url).rstrip("/") + self._feed(*search),
            adds=self.inbox is not None and not allowed.read_only, t=words.text, site=allowed,
            user=request.scope.get(USER) or "", path=request.url.path, saves=self.index.log.is_persistent,
            pending=self.index.articles.count_pending(),
        )  # fmt: skip
        return _Html(html, status)


def disposition(name: str, how: str = "attachment") -> str:
    """Return a Content-Disposition header (RFC 6266) to save a file, or to show it (``inline``)."""
    if re.fullmatch(r"[\w .-]+", name, re.ASCII):
        return f'{how}; filename="{name}"'
    return f"{how}; filename*=UTF-8''{quote(name, errors='replace')}"


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def strings_of(request: Request) -> Strings:
    """Return the strings in the language of the request."""
    return strings_for(request.headers.get("accept-language", ""))
