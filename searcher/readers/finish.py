"""The last step of reading: give an article its id, its provenance and clean strings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from hashlib import sha256

from searcher import urls
from searcher.article import Article
from searcher.errors import ReadError
from searcher.languages import language_code
from searcher.languages.detection import detect
from searcher.readers import dates
from searcher.readers.base import CLEANER, MAX_FIELD, MAX_LINE, MAX_VALUES

#: Maximum length of a body. Longer texts are not articles.
MAX_BODY = 10_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_GAPS = re.compile(r"\n{3,}")
#: Maximum accents on one letter, as in Unicode's stream-safe format (UAX #15). Sorting them takes quadratic
#: time.
_MAX_ACCENTS = 30
_MAYBE_ACCENTS = re.compile(rf"[^\w\s!-~]{{{_MAX_ACCENTS + 1},}}")


def finish(article: Article, origin: str, digest: str) -> Article:
    """Return ``article`` as it goes into the index. Its id is its own, else made from its address, else from
    its text. Raises ReadError if it has no text."""
    if len(article.body) > MAX_BODY:
        raise ReadError(f"Its text is longer than {MAX_BODY:,} characters.")
    body = clean_body(article.body)
    title = line(article.title)
    if not body and title:
        raise ReadError(f"“{title[:80]}”: It contains no text except this title.")
    if not body:
        raise ReadError("It contains no text.")
    url = urls.absolute(urls.archived_original(article.url))
    done = replace(
        article, title=title, body=body, url=url, source=line(article.source or "") or urls.host_of(url),
        authors=_distinct(article.authors), published=article.published or dates.in_url(url),
        tags=_distinct(article.tags), section=line(article.section or "") or None,
        language=detect(body, language_code(article.language)), origin=article.origin or origin,
        digest=article.digest or digest, cleaner=CLEANER,
        quotes=tuple(one for one in article.quotes if body[one.start : one.end] == one.text),
        medium=line(article.medium or "") or None,
    )  # fmt: skip
    named = id_of_address(url or "") if _has_own_address(done) else _id_of_text(done)
    return replace(done, id=line(article.id) or named)


#: Minimum length of a run without spaces that is not a word in any script with spaces, and share of the text
#: in these runs above which it is code: encoded attachments, glyph codes.
_MIN_RUN_SIGNS = 50
_CODE_RUN = re.compile(rf"[!-~]{{{_MIN_RUN_SIGNS},}}")
_MAX_CODE_SHARE = 0.5
_MAX_EXAMINED_CHARACTERS = 200_000


def doubt(body: str) -> str:
    """Return the reason to doubt that a text is an article, or ""."""
    start = body[:_MAX_EXAMINED_CHARACTERS]
    words = (word for word in start.split() if len(word) >= _MIN_RUN_SIGNS)
    runs = (run for word in words for run in _CODE_RUN.findall(word) if "://" not in run)
    if sum(map(len, runs)) > _MAX_CODE_SHARE * len(start):
        return "More than half of its text is code, and no words."
    return ""


def line(text: str) -> str:
    """Return one line of at most MAX_LINE characters, without control characters and repeated white space."""
    return " ".join(_CONTROL.sub(" ", text[:MAX_FIELD]).split())[:MAX_LINE].rstrip()


def has_control(text: str) -> bool:
    """Return True if a text contains control characters, which finished articles do not."""
    return _CONTROL.search(text) is not None


def clean_body(text: str) -> str:
    """Return a body without control characters and superfluous white space. Idempotent."""
    text = _CONTROL.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").replace("\xad", "")
    )
    text = _GAPS.sub("\n\n", "\n".join(" ".join(part.split()) for part in text.split("\n")))
    return unicodedata.normalize("NFC", _MAYBE_ACCENTS.sub(_limit_accents, text)).strip()


def _limit_accents(signs: re.Match[str]) -> str:
    lines: list[str] = []
    accents = 0
    for sign in signs[0]:
        accents = accents + 1 if unicodedata.combining(sign) else 0
        if accents <= _MAX_ACCENTS:
            lines.append(sign)
    return "".join(lines)


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in map(line, values[:MAX_VALUES]) if value))


def short_digest(text: str) -> str:
    """Return a digest long enough to distinguish a million texts."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def id_of_address(url: str, *, fragment: bool = False) -> str:
    """Return the id of the article at an address, or with ``fragment``, at a place in it."""
    return short_digest(urls.canonical(url, fragment=fragment))


def has_id_from_text(article: Article) -> bool:
    """Return True if an article's id was made from its text, so that a corrected text would get another
    id."""
    return not _has_own_address(article) and article.id == _id_of_text(article)


def _id_of_text(article: Article) -> str:
    """Return the id of copies of a text: made from the words of title and body."""
    words = re.findall(r"\w+", f"{article.title}\n{article.body}".casefold())
    return short_digest(" ".join(words))


def _has_own_address(article: Article) -> bool:
    return article.url is not None and urls.has_path(article.url)
