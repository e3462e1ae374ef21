"""The last step of reading: an article gets its id, its provenance and clean strings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from hashlib import sha256

from searcher import urls
from searcher.article import Article
from searcher.errors import ReadError
from searcher.languages import code
from searcher.languages.detection import detect
from searcher.readers import dates
from searcher.readers.base import CLEANER, MAX_FIELD, MAX_LINE, MAX_VALUES

#: The most characters of one body; a longer text is no article but a file of something.
MAX_BODY = 10_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_GAPS = re.compile(r"\n{3,}")
#: Accents on one letter that are kept: as many as in the stream-safe format of Unicode (UAX #15), as to put
#: them in order takes the square of their number.
_MAX_ACCENTS = 30
_MAYBE_ACCENTS = re.compile(rf"[^\w\s!-~]{{{_MAX_ACCENTS + 1},}}")


def finish(article: Article, origin: str, digest: str) -> Article:
    """``article`` as it goes into the index, with an id: its own, else of its address, else of its text.
    Raises ReadError when it has no text."""
    if len(article.body) > MAX_BODY:
        raise ReadError(f"Its text is longer than {MAX_BODY:,} characters.")
    body = clean_body(article.body)
    title = line(article.title)
    if not body and title:
        raise ReadError(f"“{title[:80]}”: There is no text in it, only this title.")
    if not body:
        raise ReadError("There is no text in it.")
    url = urls.absolute(urls.original(article.url))
    done = replace(
        article, title=title, body=body, url=url, source=line(article.source or "") or urls.site(url),
        authors=_distinct(article.authors), published=article.published or dates.in_url(url),
        tags=_distinct(article.tags), section=line(article.section or "") or None,
        language=detect(body, code(article.language)), origin=article.origin or origin,
        digest=article.digest or digest, cleaner=CLEANER,
        quotes=tuple(one for one in article.quotes if body[one.start : one.end] == one.text),
        medium=line(article.medium or "") or None,
    )  # fmt: skip
    named = id_of_address(url or "") if _is_addressed(done) else _id_of_text(done)
    return replace(done, id=line(article.id) or named)


#: Signs of a run that is no word of any script with spaces between words, and the share of a text in such
#: runs from which on it is code: lines of attachments, coded letters.
_MIN_RUN_SIGNS = 50
_CODE_RUN = re.compile(rf"[!-~]{{{_MIN_RUN_SIGNS},}}")
_MAX_CODE_SHARE = 0.5
_MAX_SEEN_CHARACTERS = 200_000


def doubt(body: str) -> str:
    """Why a text may be none, "" where nothing tells so."""
    seen = body[:_MAX_SEEN_CHARACTERS]
    words = (word for word in seen.split() if len(word) >= _MIN_RUN_SIGNS)
    runs = (run for word in words for run in _CODE_RUN.findall(word) if "://" not in run)
    if sum(map(len, runs)) > _MAX_CODE_SHARE * len(seen):
        return "More than half of its text is code, and no words."
    return ""


def line(text: str) -> str:
    """One line of at most MAX_LINE characters: no control characters, one space for a run of white space."""
    return " ".join(_CONTROL.sub(" ", text[:MAX_FIELD]).split())[:MAX_LINE].rstrip()


def has_control(text: str) -> bool:
    """Whether a text holds control characters, which no finished article does."""
    return _CONTROL.search(text) is not None


def clean_body(text: str) -> str:
    """The text of a body without control characters and needless white space; of a clean one, the same."""
    text = _CONTROL.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").replace("\xad", "")
    )
    text = _GAPS.sub("\n\n", "\n".join(" ".join(part.split()) for part in text.split("\n")))
    return unicodedata.normalize("NFC", _MAYBE_ACCENTS.sub(_without_excess, text)).strip()


def _without_excess(signs: re.Match[str]) -> str:
    """Some signs without the accents beyond _MAX_ACCENTS on one letter."""
    kept: list[str] = []
    accents = 0
    for sign in signs[0]:
        accents = accents + 1 if unicodedata.combining(sign) else 0
        if accents <= _MAX_ACCENTS:
            kept.append(sign)
    return "".join(kept)


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in map(line, values[:MAX_VALUES]) if value))


def short_digest(text: str) -> str:
    """What an id is made of: enough of a digest to tell a million texts apart."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def id_of_address(url: str, *, fragment: bool = False) -> str:
    """The id of an article found under this address, or, with its ``fragment``, at a place of it."""
    return short_digest(urls.canonical(url, fragment=fragment))


def is_by_text(article: Article) -> bool:
    """Whether an article has its id from its text, so that another would come of a corrected one."""
    return not _is_addressed(article) and article.id == _id_of_text(article)


def _id_of_text(article: Article) -> str:
    """What two copies of one text share: the words of title and body, without case or punctuation."""
    words = re.findall(r"\w+", f"{article.title}\n{article.body}".casefold())
    return short_digest(" ".join(words))


def _is_addressed(article: Article) -> bool:
    return article.url is not None and urls.names_article(article.url)
