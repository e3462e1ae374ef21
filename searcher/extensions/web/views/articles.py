"""Pages of articles: search, article, versions, original, tags, inbox and indexing report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote as quoted

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from searcher.article import Article
from searcher.errors import QueryError, ReadError, SearcherError, UsageError
from searcher.extensions.web.addresses import (
    PageQuery,
    address,
    article_address,
    hidden_fields,
    page_of,
    pager,
)
from searcher.extensions.web.choices import FACETS, chips, useful_choices
from searcher.extensions.web.guard import MAX_QUERY, POLICY
from searcher.extensions.web.inbox import Inbox
from searcher.extensions.web.marks import Reading, passage, reading
from searcher.extensions.web.site import Data, Site, disposition, site_of, strings_of
from searcher.extensions.web.timeline import timeline
from searcher.extensions.web.views.questions import shown_reading, to_reading, with_quotes_closed
from searcher.extensions.web.views.searches import saved_as
from searcher.fields import DOUBTFUL, NOTE, Fields, custom_tag
from searcher.formats.reference import citation, coins, meta, reference
from searcher.index import Index
from searcher.query.request import DEFAULT_LIMIT, Search
from searcher.records.log import TAG, Step
from searcher.results import Hit, Results
from searcher.results.statements import Statement
from searcher.results.versions import changes_in_context
from searcher.sanitize import web_link

if TYPE_CHECKING:
    from searcher.ingest.report import Problem

#: Parameters that have a visible form field.
_IN_FORM = frozenset({"q", "after", "before", "sort", "collapse", "offset", "match", "translate"})


def search_page(request: Request) -> Response:
    page_query, site = PageQuery.of(request, shows_dates=True), site_of(request)
    if page_query.search.quotes:
        return RedirectResponse(page_query.address("/quotes"), 303)
    if not page_query.canonical:
        return RedirectResponse(page_query.address("/"), 303)
    typed, page_query = page_query, with_quotes_closed(site.index, page_query)
    if answer := to_reading(site.index, page_query):
        return answer
    try:
        search = page_query.search
        results = site.index.search(_with_page_facets(site.index, search))
        if corrections := results.corrections:
            search = search.corrected(corrections, site.index.fields)
            results = site.index.search(_with_page_facets(site.index, search))
    except QueryError as error:
        hidden_inputs = hidden_fields(page_query.search, _IN_FORM)
        values = {"search": page_query.search, "error": error, "hidden": hidden_inputs, "found": None}
        return site.page(request, "search.html", values, 400)
    values = _page_values(request, site, search, results, page_query.own.get("saved", ""))
    values["reading"] = shown_reading(page_query, strings_of(request))
    values["corrections"] = corrections
    values["original"] = page_query.search.literal(corrections, site.index.fields)
    values |= {"day_errors": page_query.day_errors, "typed": typed.search, "closed": page_query.search}
    return site.page(request, "search.html", values, 400 if page_query.day_errors else 200)


def _with_page_facets(index: Index, search: Search) -> Search:
    own = sorted(index.fields.custom - {NOTE, DOUBTFUL})
    return search.with_facets(*dict.fromkeys((*FACETS, *own, *search.facets)))


def _page_values(
    request: Request, site: Site, search: Search, results: Results, saved: str
) -> dict[str, Any]:
    words = strings_of(request)
    index = site.index
    advice = index.hints.advise(search, results)
    facets = useful_choices(index, results.facets.values(), search, results.total)
    return {
        "search": search,
        "error": None,
        "saved_as": saved_as(site, search, saved),
        "advice": advice,
        "found": results,
        "empty": not results.total and not index.count(),
        "chips": list(chips(search, "/", words)),
        "timeline": timeline(index, advice.answered_search),
        "alike": index.articles.count_copies(hit.article for hit in results.hits),
        "pager": pager(search, results.total, "/"),
        "hidden": hidden_fields(search, _IN_FORM, [facet.parameter for facet in facets]),
        "facets": facets,
    }


#: Maximum number of similar articles.
_MAX_RELATED = 5


@dataclass(frozen=True, slots=True)
class _Place:
    """The position of an article among the results of a search."""

    number: int
    total: int
    back: str
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class _Steps:
    """The number of the current passage (0: none) and the addresses of its neighbours."""

    number: int
    previous: str
    next: str


def article_page(request: Request) -> Response:
    site, article = site_of(request), article_of(request)
    page_query = PageQuery.of(request)
    noted = "noted" in page_query.own
    page_query = replace(
        page_query, own={name: value for name, value in page_query.own.items() if name != "noted"}
    )
    cited = reference(article)
    in_title, in_body = _matches(site.index, article, page_query.search)
    recording = _medium_of(site, article)
    medium_url = f"/medium/{quoted(article.id)}" if recording else web_link(article.medium) or ""
    read = reading(
        site.index.names.resolve_article(article), in_title, in_body, page_query.number("match"), medium_url
    )
    signed = _tag_steps(site.index, article)
    values: dict[str, Any] = {
        "article": article,
        "reading": read,
        "medium": medium_url if recording else "",
        "is_video": recording is not None and recording.suffix.lower() in _VIDEOS,
        "labels": _labels_of(article),
        "steps": _steps(article, page_query, read),
        "place": _place_among(site.index, page_query),
        "tags": _tags_of(article, site.index.fields),
        "note": "\n".join(site.index.fields.group_tags(article.tags).get(NOTE, ())),
        "noted": noted,
        "signed": signed,
        "signed_note": next(
            (signed.get(tag) for tag in article.tags if tag.startswith(custom_tag(NOTE, ""))), None
        ),
        "starred": STAR in article.tags,
        "related": site.index.articles.related(article, _MAX_RELATED),
        "alike": site.index.articles.count_copies([article]).get(article.id),
        "search": page_query.search,
        "own": page_query.own,
        "cited": citation(cited),
        "coins": coins(cited),
        "meta": list(meta(cited)),
    }
    return site.page(request, "article.html", values)


#: File name extensions of recordings.
_VIDEOS: Final = (".mp4", ".m4v", ".webm", ".mov", ".ogv")
_MEDIA: Final = (*_VIDEOS, ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac")
#: Matches the language in the file name of a transcript (talk.en.vtt belongs to talk.mp3).
_LANGUAGE: Final = re.compile(r"\.[a-z]{2,3}(?:-[A-Za-z]{2,4})?$")


def _medium_of(site: Site, article: Article) -> Path | None:
    """Return the recording with the same name as a transcript. Symbolic links are not followed."""
    if not article.speech or site.folder is None or article.origin is None:
        return None
    if article.origin not in site.index.files.paths_of(article.id):
        return None
    file = Path(article.origin)
    stems = dict.fromkeys((file.stem, _LANGUAGE.sub("", file.stem)))
    names = (stem if stem.endswith(_MEDIA) else f"{stem}{ending}" for stem in stems for ending in _MEDIA)
    candidates = (file.parent / name for name in names)
    return next((one for one in candidates if one.is_file() and not one.is_symlink()), None)


def medium(request: Request) -> Response:
    """Send the recording of a transcript, or the requested part."""
    if (recording := _medium_of(site_of(request), article_of(request))) is None:
        raise HTTPException(404)
    return FileResponse(recording)


def _labels_of(article: Article) -> list[tuple[str, str]]:
    """Return the speaker labels of a transcript with the names of the speakers."""
    labels = {label: one.speaker or "" for one in article.speech if (label := one.label or one.speaker)}
    return list(labels.items())[:_MAX_LABELS]


#: Maximum number of speakers of a transcript that can be named on its page.
_MAX_LABELS: Final = 50


async def name_speakers(request: Request) -> Response:
    """Name the speakers of a transcript, and show it again."""
    page_query = PageQuery.of(request)
    async with request.form(max_fields=2 * _MAX_LABELS + 1, max_part_size=MAX_QUERY) as form:
        id, labels, names = str(form.get("id", "")), form.getlist("label"), form.getlist("name")
    named = {str(label): "" if name == label else str(name) for label, name in zip(labels, names)}
    await run_in_threadpool(site_of(request).index.names.name_speakers, [id], named)
    return RedirectResponse(f"{article_address(id, page_query.search, **page_query.own)}#speakers", 303)


#: Maximum number of articles compared on one page. Each may take a tenth of a second.
_MAX_COMPARED: Final = 20


def versions_page(request: Request) -> Response:
    """Show the versions and copies of an article with their differences."""
    article, site = article_of(request), site_of(request)
    versions, copies = site.index.articles.versions(article.id), site.index.articles.copies(article.id)
    values = {"article": article, "versions": versions, "copies": copies, "compared": _MAX_COMPARED}
    return site.page(request, "versions.html", {**values, "around": changes_in_context})


#: Content security policies for saved files, which allow only static content. PDF has its own policy because
#: browsers do not show it in a sandbox.
_PDF_POLICY: Final = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
_FILE_POLICY: Final = f"{_PDF_POLICY}; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"


def original_page(request: Request) -> Response:
    """Show an article next to the file it was read from."""
    site, article, page_query = site_of(request), article_of(request), PageQuery.of(request)
    _, in_body = _matches(site.index, article, page_query.search)
    read = reading(site.index.names.resolve_article(article), (), in_body, page_query.number("match") or 1)
    original, problem, fragment = None, "", ""
    try:
        original = site.index.articles.original(article, *passage(article.body, in_body, read.here))
        fragment = f"#page={original.page}" if original.page else "#passage" if original.has_passage else ""
    except ReadError as error:
        problem = str(error)
    own = {**page_query.own, "match": read.here} if read.here else page_query.own
    values = {
        "article": article, "reading": read, "original": original, "problem": problem,
        "steps": _steps(article, page_query, read, "original"),
        "file": article_address(article.id, page_query.search, "file", **own) + fragment,
        "search": page_query.search,
        "own": page_query.own,
    }  # fmt: skip
    answer = site.page(request, "original.html", values)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def original_file(request: Request) -> Response:
    """Send the file an article was read from: to show without active content, or to save unchanged."""
    site, article, page_query = site_of(request), article_of(request), PageQuery.of(request)
    _, in_body = _matches(site.index, article, page_query.search)
    try:
        original = site.index.articles.original(
            article, *passage(article.body, in_body, page_query.number("match"))
        )
    except ReadError:
        raise HTTPException(404) from None
    headers, kind = {"Content-Security-Policy": _FILE_POLICY}, "application/octet-stream"
    if "save" in page_query.own or original.kind == "file":
        headers["Content-Disposition"] = disposition(original.name)
    elif original.kind == "pdf":
        headers["Content-Disposition"], kind = disposition(original.name, "inline"), "application/pdf"
        headers["Content-Security-Policy"] = _PDF_POLICY
    else:
        return Response(original.html.encode("utf-8", "replace"), headers=headers, media_type="text/html")
    return Response(original.data, headers=headers, media_type=kind)


def article_of(request: Request) -> Article:
    """Return the article of the address. Raises HTTPException (404)."""
    if (article := site_of(request).index.articles.get(request.path_params["id"])) is None:
        raise HTTPException(404)
    return article


def _tags_of(article: Article, known: Fields) -> list[tuple[str, str, str]]:
    """Return field, value and full tag of each tag of an article."""
    fields = known.group_tags(article.tags)
    return [
        (field, value, value if field == "tag" else custom_tag(field, value))
        for field, values in fields.items()
        for value in values
        if field != NOTE
    ]


def _tag_steps(index: Index, article: Article) -> dict[str, Step]:
    """Return the latest step of the log that added each tag of an article."""
    steps = reversed(index.log.steps(kinds=[TAG], about=article.id))
    return {one.value: step for step in steps for one in step.changes if one.added}


def _matches(index: Index, article: Article, search: Search) -> Any:
    try:
        return index.articles.matches(article, search)
    except SearcherError:  # an outdated link: show the article without matches
        return (), ()


def _place_among(index: Index, page_query: PageQuery) -> _Place | None:
    """Return the position of the article if the address has it."""
    number, search = page_query.number("at"), page_query.search
    if not number:
        return None
    first = max(0, number - 2)
    neighbours = search.replace(offset=first, limit=3, snippets=False)
    results = index.statements(neighbours) if search.quotes else index.search(neighbours)
    around: dict[int, Hit | Statement] = dict(enumerate(results.hits, first + 1))

    def url(other: int) -> str | None:
        return _address_of_hit(around[other], search, other) if other in around else None

    size = search.limit or DEFAULT_LIMIT
    page = search.replace(offset=(number - 1) // size * size)
    back = address(page_of(search), page)
    return _Place(number, results.total, back, url(number - 1), url(number + 1))


def _steps(article: Article, page_query: PageQuery, read: Reading, page: str = "article") -> _Steps | None:
    """Return the links to the previous and next passage, in a circle."""
    number, total = read.here, read.passages
    if not total:
        return None

    def url(passage: int) -> str:
        one = (passage - 1) % total + 1
        own = {**page_query.own, "match": one}
        return f"{article_address(article.id, page_query.search, page, **own)}#m{one}"

    return _Steps(number, url(number - 1 if number else total), url(number + 1))


def _address_of_hit(hit: Hit | Statement, search: Search, at: int) -> str:
    if isinstance(hit, Hit):
        return article_address(hit.article.id, search, at=at)
    place = hit.whole
    return f"{article_address(place.article.id, search, at=at)}#q{place.parts[0].start}"


#: The tag of articles with a star. It is the same in every language.
STAR: Final = "★"


async def change_tags(request: Request) -> Response:
    """Change the tags of an article, and show it again."""
    page_query = PageQuery.of(request)
    async with request.form(max_fields=10, max_part_size=4 * MAX_QUERY) as form:
        id, action, value = (str(form.get(name, "")) for name in ("id", "action", "value"))
    await run_in_threadpool(_change_tags, request, id, action, value)
    # Without a message, the user could not see that the note was saved.
    own = {**page_query.own, **({"noted": "1"} if action == "note" else {})}
    # The star is at the top of the page, so only other changes scroll down to the tags.
    place = "" if action in ("star", "unstar") else "#tags"
    return RedirectResponse(f"{article_address(id, page_query.search, **own)}{place}", 303)


def _change_tags(request: Request, id: str, action: str, value: str) -> None:
    changes: Mapping[str, Any] = {
        "add": {"add": value}, "remove": {"remove": value}, "case": {"case": value}, "note": {"note": value},
        "star": {"add": STAR}, "unstar": {"remove": STAR},
    }  # fmt: skip
    if action not in changes:
        raise UsageError(f"UnknownValue action. Actions: {', '.join(changes)}.")
    site_of(request).index.tags.update([id], **changes[action])


#: Maximum number of files in one upload.
_MAX_FILES: Final = 200


def inbox_page(request: Request) -> Response:
    """Show the upload form, the progress of loading, and files that could not be read."""
    state = _inbox_of(request).state
    problems = [] if state.running else site_of(request).index.files.problems()
    unread = [one for one in problems if one.kind.is_incomplete and Path(one.path).name in state.sent]
    named = [(one.origin.replace(one.path, state.sent[Path(one.path).name]), one.reason) for one in unread]
    failed = len({one.path for one in unread if one.kind.value != "in part"})
    return site_of(request).page(request, "inbox.html", {"state": state, "unread": named, "failed": failed})


async def add_files(request: Request) -> Response:
    """Store the files of a form, in any fields."""
    inbox = _inbox_of(request)
    async with inbox.turns, request.form(max_files=_MAX_FILES, max_fields=50) as form:
        files = [
            (one.filename, one.file)
            for _, one in form.multi_items()
            if isinstance(one, UploadFile) and one.filename
        ]
        if not files:
            raise UsageError("The request contains no files.")
        accepted = await run_in_threadpool(inbox.take, files)
    if request.url.path.startswith("/api/"):
        return Data({"schema": "searcher.inbox/1", "files": accepted}, 202)
    return RedirectResponse("/inbox", 303)


#: Maximum number of problems to show per kind. “searcher problems” lists all.
_MAX_PROBLEMS: Final = 500


def problems_page(request: Request) -> Response:
    """Show the indexing report: files not read, doubtful articles, duplicates."""
    index = site_of(request).index
    kinds: dict[str, list[Problem]] = {}
    for problem in (*index.files.problems(), *index.files.problems(repeated=True)):
        kinds.setdefault(problem.kind.value, []).append(problem)
    listed = {
        kind: problems_of_kind[:_MAX_PROBLEMS]
        for kind, problems_of_kind in kinds.items()
        if kind != "passed over"
    }
    left = {kind: len(problems_of_kind) - _MAX_PROBLEMS for kind, problems_of_kind in kinds.items()}
    passed = Counter(one.reason for one in kinds.get("passed over", ())).most_common()
    values = {"kinds": listed, "passed_over": passed, "left": left, "marked": DOUBTFUL in index.fields.custom}
    return site_of(request).page(request, "problems.html", values)


def _inbox_of(request: Request) -> Inbox:
    """Return the inbox. Raises HTTPException (404) without a token or user header."""
    if (inbox := site_of(request).inbox) is None:
        raise HTTPException(404)
    return inbox
