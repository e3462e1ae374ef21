"""Who wrote an article: what the page declares, what it marks, what stands near the headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from searcher.readers import bylines
from searcher.readers.html import jsonld
from searcher.readers.html.headline import Nearby
from searcher.readers.html.meta import Meta, words
from searcher.readers.html.page import Page

__all__ = ["authors"]

_DECLARED = (
    "author article:author parsely-author sailthru.author dc.creator byl cxenseparse:author citation_author"
)
# What the plug-in that most sites on WordPress use writes beside the name, in the language of the site.
_WRITTEN_BY = re.compile(
    r"written by|author|geschrieben|verfasst|écrit|escrit[oa]|scritto|geschreven|skriv\w+|napisan\w+|autor"
    r"|kirjoittanut|yazan|написан\w*|автор|作成者|著者|執筆者|作者|글쓴이|작성자",
    re.I,
)
# Classes of those who sign, the surest first.
_SIGNED = tuple(
    map(
        re.compile,
        (
            r"byline|author-name|post-author",
            r"(?:^|\s)author(?:\s|$)",
            r"author|autor|auteur|yazar|penulis|reporter|journalist|redakt|writer",
        ),
    )
)
_CHECKED = re.compile(r"(?:fact[- ]checked|(?:expert |medically )?reviewed|edited) by\b", re.I)
_PROFILE = re.compile(r"/authors?/")
#: Names in the byline of one article: with 5 one of the 300 pages of wcxb loses authors, 60 changes none.
_MOST = 20
_SEPARATOR = re.compile(r"\s+[|–—-]\s+")
#: Characters of a signature: 30 and 120 change no author of the labelled pages (wcxb and mozilla).
_SIGNATURE = 60
#: Characters of an element that holds one byline, whatever it says of its authors. Of the labelled pages 150
#: mends one of mozilla, 600 spoils one of wcxb.
_TOGETHER = 300


def authors(
    page: Page, meta: Meta, linked: list[dict[str, Any]], source: str | None, near: Nearby
) -> tuple[str, ...]:
    """The names of those who wrote it; none where only an organisation or a user name is given."""
    source = source or _titled(page)
    spare: tuple[str, ...] = ()
    for found in _given(meta, linked, near):
        given = _named(found, source)
        people = tuple(name for name in given if _is_person(name, source))
        if people:
            return people[:_MOST]
        spare = spare or tuple(name for name in given if _may_sign(name, source))
    return spare[:_MOST]


def _titled(page: Page) -> str | None:
    """The site as the title of the page ends: “Ferry to sail again | The Tallow Post”."""
    element = page.tree.find(".//title")
    parts = _SEPARATOR.split(words(element)) if element is not None else []
    return parts[-1] if len(parts) > 1 else None


def _given(meta: Meta, linked: list[dict[str, Any]], near: Nearby) -> Iterator[Iterable[str]]:
    """Author fields and bylines, the surest first; what costs time last, since the first often does."""
    stated = ([*_people(item.get("author") or item.get("creator"))] for item in linked[:3])
    yield next(filter(None, stated), [])
    yield meta.all(_DECLARED)
    yield _labelled(meta)
    yield _marked(near)
    yield _beside(near)
    yield _signed(near)


def _named(texts: Iterable[str], source: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_without(name, source) for text in texts for name in bylines.names(text)))


def _without(name: str, source: str | None) -> str:
    """“Ann Lee Tallow Post” signs for the Tallow Post."""
    if source and name.casefold().endswith(" " + source.casefold()) and len(name.split()) > 2:
        return name[: -len(source)].strip(" ,|–-")
    return name


def _is_person(name: str, source: str | None) -> bool:
    own = name.casefold().removeprefix("the ")
    return (source or "").casefold().removeprefix("the ") != own and not re.fullmatch(
        r"[a-z0-9]+(?:[._-][a-z0-9]+)*", name
    )


def _may_sign(name: str, source: str | None) -> bool:
    """Whether a name that is also the site's may be a person's, or a user name all that there is."""
    if re.search(r"\w\.\w", name):
        return False
    same = (source or "").casefold() == name.casefold()
    acronym = any(word.isupper() and len(word) > 1 for word in name.split())
    return not same or (bylines.is_name(name) and not acronym and not bylines.is_organisation(name))


def _labelled(meta: Meta) -> list[str]:
    return [
        meta.first(f"twitter:data{number}")
        for number in (1, 2)
        if _WRITTEN_BY.search(meta.first(f"twitter:label{number}"))
    ]


def _people(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _people(item)
        elif isinstance(item, dict) and isinstance(item.get("name"), list):
            yield from filter(None, map(jsonld.text_of, item["name"]))
        elif text := jsonld.text_of(item):
            yield text


def _marked(near: Nearby) -> tuple[str, ...]:
    """Names that the page marks as its authors, the surest mark first, those nearest to the headline."""
    for marked in _marks(near):
        found: list[str] = []
        place: Any = None
        for element in near.nearest(marked[:40]):
            text = words(element)
            if (
                len(text) >= 120
                or _CHECKED.match(text)
                or (place is not None and not _together(place, element))
            ):
                continue
            people = [name for name in bylines.names(text) if bylines.is_name(name)]
            found.extend(people)
            place = place if place is not None else element if people else None
            if len(found) > _MOST:
                break
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _marks(near: Nearby) -> Iterator[list[Any]]:
    properties = near.having("itemprop")
    credited = [element for element, name in properties if name == "author"]
    named = {element for one in credited for element in one.iter("*") if element.get("itemprop") == "name"}
    yield [element for element, _ in properties if element in named or element.get("itemprop") == "author"]
    rels = {element for element, rel in near.having("rel") if rel == "author" and element.tag == "a"}
    yield [
        element
        for element, address in near.having("href")
        if element.tag == "a" and (_PROFILE.search(address) or element in rels)
    ]
    yield from map(near.classed, _SIGNED)


def _together(one: Any, other: Any) -> bool:
    """Whether two elements stand in one byline: in an element around both that holds little else."""
    around = set(islice(one.iterancestors(), 3))
    shared = next((element for element in islice(other.iterancestors(), 3) if element in around), None)
    return shared is not None and len(words(shared)) < _TOGETHER


def _beside(near: Nearby) -> tuple[str, ...]:
    """The names in an element near the headline that is nothing but a byline."""
    for element in near.around():
        if element.tag in ("a", "h1", "script", "style"):
            continue
        text = words(element)
        if 3 < len(text) < 100 and (found := bylines.byline(text)):
            return found
    return ()


def _signed(near: Nearby) -> tuple[str, ...]:
    """What a byline says after “by” though it is no person's name: “By the editors of the Post”."""
    texts = map(words, near.nearest(near.classed(_SIGNED[-1])[:40]))
    return next(filter(None, (bylines.signed(text) for text in texts if len(text) < _SIGNATURE)), ())
