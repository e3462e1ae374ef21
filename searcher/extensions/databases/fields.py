"""Names of database fields in the languages of their interfaces, and parsers of their values."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from searcher.article import Article
from searcher.readers import bylines
from searcher.readers.paragraphs import is_copyright

#: The field for each label of LexisNexis and Nexis in any language.
_FIELDS = {
    label: name
    for name, labels in json.loads(files(__package__).joinpath("labels.json").read_text("utf-8")).items()
    for label in labels
}
_PARTICLES = frozenset({
    "al", "bin", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "e", "el",
    "la", "le", "los", "ten", "ter", "van", "von", "vom", "y", "zu", "zum", "zur",
})  # fmt: skip
#: Words between two names.
_AND = frozenset(
    {"and", "und", "et", "e", "y", "i", "en", "og", "och", "ja", "и", "with", "avec", "con", "mit"}
)
#: Starts of byline parts that name nobody: "a correspondent", "our own", "with agencies".
_NO_NAME = re.compile(
    r"^(?:automat\w*|an?|no byline|our|with|special|compiled|written|edited|reported|letters?|freelance|staff"
    r"|unser\w*|notre|nuestr[oa]|nostr[oa]|mit|avec|con)\b"
    r"|.*\b(?:staff|reports?|services?)$",
    re.I,
)
_FROM = re.compile(r"^\s*(?:from|aus|by)\s+", re.I)
#: An employer after a name, with its places: "Ann Lee, The Tallow Post, Tallow Bay".
_EMPLOYER = re.compile(
    rf",\s*(?:The\s[A-Z]|[^,;]{{0,60}}(?:{bylines.ORGANISATION_WORD.pattern}))(?:(?! and )[^;])*", re.I
)
#: Parts of the field "section" that give the position in the paper.
_POSITION = re.compile(
    r"^(?:section|pg|page|column|col|part|version|vol|s|p|seite)\b\.?(?:\s|$|\W*\w{1,3}$)|^[\W\d]*\w?$", re.I
)
_PAGE = re.compile(r",?\s*(?:pgs?|pages?|s|p)\b\.?\s*[A-Z]{0,3}-?\d+.*$", re.I)


def field_named(label: str) -> str | None:
    """Return the field for a label: "section" for "RUBRIK:", None for unknown labels."""
    return _FIELDS.get(label.strip(" \t\n\u00a0:").casefold())


def article_of(body: Sequence[str], published: dt.datetime | None, **known: Any) -> Article | None:
    """Return the article with these paragraphs, date and other values. Return None if the body
    or date is missing. Copyright notices at the end of the body are removed."""
    while body and is_copyright(body[-1]):
        body = body[:-1]
    if not body or published is None:
        return None
    return Article(**{"id": "", **known}, body="\n\n".join(body), published=published)


def subjects(text: str) -> tuple[str, ...]:
    """Return the subjects in a field such as "TRADE (91%); TARIFFS (90%)"."""
    parts = (re.sub(r"\s*\(\d+%\)", "", part).strip() for part in text.split(";"))
    return tuple(part.capitalize() if part.isupper() else part for part in parts if part)


def section(text: str) -> str | None:
    """Return the section in a field such as "Section A; Column 4; Foreign Desk; Pg. 1" (Foreign Desk)."""
    parts = (_PAGE.sub("", part).strip() for part in text.split(";"))
    return next((part for part in parts if part and not _POSITION.match(part)), None)


def authors(text: str, source: str | None = None) -> tuple[str, ...]:
    """Return the names in a byline of a database.

    Removes sentences about the reporting, and the employer with its place: "Ann Lee, The Tallow Post, Tallow
    Bay".
    """
    text = _of_source(source).sub(";", " ".join(text.split())) if source else " ".join(text.split())
    parts = (_FROM.sub("", part) for part in _EMPLOYER.sub("", text).split(";"))
    names = bylines.names("; ".join(map(_without_sentence, parts)))
    return tuple(name for name in names if not _NO_NAME.match(name) and not name.islower())


def _of_source(source: str) -> re.Pattern[str]:
    """Return a pattern for the names of a publication, "Daily News (New York)" or "New York Daily News", with
    places after them."""
    name, _, place = source.removeprefix("The ").partition(" (")
    city = re.escape(place.rstrip(")").split(",")[0])
    # A name of a single word may be a surname: "Ann Star".
    before = rf"(?<!\w)(?:The )?(?:{city} )?" if " " in name else r"(?:^|,\s*|\bThe )"
    return re.compile(rf"{before}{re.escape(name)}(?!\w)(?:,(?:(?! and )[^;])*)?", re.I)


def _without_sentence(part: str) -> str:
    """Cut a name at a lower-case word that is not a particle and follows two capitalised words."""
    words = part.split()
    capitalised = 0
    for number, word in enumerate(words):
        small = word[:1].islower() and word.casefold() not in _PARTICLES
        if small and capitalised >= 2 and word not in _AND:
            return " ".join(words[:number])
        capitalised = 0 if word.endswith(",") or word in _AND else capitalised + word[:1].isupper()
    return part
