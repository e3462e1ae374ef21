"""Find the authors of an article: declared by the page, marked in it, or near the headline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any

from searcher import urls
from searcher.readers import bylines
from searcher.readers.html import jsonld
from searcher.readers.html.blocks import NO_COMMENTS_AFTER, NO_COMMENTS_BEFORE
from searcher.readers.html.headline import Nearby
from searcher.readers.html.page import Meta, Page, words

#: Minimum letters of a host that may occur in the outlet's name. Shorter ones occur in people's names by
#: chance.
_MIN_HOST_LETTERS = 4
_DOMAIN = re.compile(r"\.[a-z]{2,4}$")


class Outlet:
    """The names of an outlet, from the page, its host and its publisher."""

    def __init__(self, name: str | None, url: str | None, publishers: Iterable[str]) -> None:
        self.name = name
        self._names = {_letters(one) for one in (name or "", *publishers)} - {""}
        host = (urls.host_of(url) or "").split(".")
        self._host = "".join(host)
        labels = {_letters(label) for label in host[:-1] if len(label) > 1}
        self._labels = labels - {"co", "com", "org", "news"}

    def is_called(self, name: str) -> bool:
        """Return True if ``name`` is one of the outlet's: "The Tallow Post", "tallowpost.com"."""
        own = _letters(name)
        known = not self._names.isdisjoint((own, _letters(_DOMAIN.sub("", name))))
        return known or own in self._labels or own == _letters(self._host)

    def is_in(self, name: str) -> bool:
        """Return True if ``name`` is or contains one of the outlet's: "Tallow Post online", "The Tallow
        team", "TP"."""
        own = _letters(name)
        initials = "".join(word[0] for word in re.findall(r"\w+", name.casefold()))
        words = {_letters(word) for word in name.split()}
        part = name.isupper() and name.casefold() in re.findall(r"\w+", (self.name or "").casefold())
        return (
            self.is_called(name)
            or part
            or any(
                label in words
                or (len(label) > 1 and label == initials)
                or (len(label) >= _MIN_HOST_LETTERS and label in own)
                for label in self._labels
            )
        )


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text.casefold().removeprefix("the ")))


#: Elements that may hold a name.
_INLINE = frozenset(("a", "span", "li", "strong"))
#: Maximum ancestors of a name that may be in a list of names.
_MAX_OUTER_ELEMENTS = 4
#: Text between two names of a row.
_JOINS = re.compile(r"[,;|·•/&+]|and|und|et|y|e|och|og|en|i|и|та|ve|ja", re.I)
#: Text before a link to a section rather than an author: "by Ann Lee in Harbours".
_SECTION_PREFIX = re.compile(r"\b(?:in|unter|dans|en)\s*$", re.I)
#: Maximum length of a title before a name: "Dr.", "Prof. Dr.".
_MAX_TITLE_CHARACTERS = 11
#: Maximum siblings examined on either side of a name, and maximum length of text with names.
_MAX_ELEMENTS_BESIDE, _MAX_NAMES_CHARACTERS = 12, 300
_MAX_BYLINE_ELEMENTS = 40  # maximum number of byline elements examined


def names_beside(people: tuple[str, ...], near: Nearby) -> tuple[str, ...]:
    """Return the names in the first row of elements near the headline with one of ``people`` and others."""
    for element in near.elements_around() if people else ():
        if (element.tag in _INLINE or not len(element)) and _contains_only(element, people):
            for one in (element, *islice(element.iterancestors(), _MAX_OUTER_ELEMENTS - 1)):
                if not _contains_only(one, people):
                    break
                if len(row := _names_in_row(one, people)) > 1:
                    return row
    return ()


def _contains_only(element: Any, people: tuple[str, ...]) -> bool:
    """Return True if an element contains only one of the names, with or without a title."""
    text = words(element).rstrip(" ,;|·&")
    return any(text.endswith(name) and len(text) <= len(name) + _MAX_TITLE_CHARACTERS for name in people)


def _names_in_row(element: Any, people: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in an element and its similar siblings."""
    row = [bylines.names(words(element), on_page=True)]
    for preceding in (True, False):
        for one in islice(element.itersiblings(preceding=preceding), _MAX_ELEMENTS_BESIDE):
            is_similar = (one.tag, one.get("class")) == (element.tag, element.get("class"))
            if not _is_short(one) or _SECTION_PREFIX.search(_text_before(one)):
                break
            names = bylines.names(words(one), on_page=True) if is_similar else ()
            if names and (all(map(bylines.is_name, names)) or _contains_only(one, people)):
                row.insert(0 if preceding else len(row), names)
            elif (text := words(one)) and not _JOINS.fullmatch(text):
                break
    return tuple(dict.fromkeys(name for names in row for name in names))


def _text_before(element: Any) -> str:
    before, around = element.getprevious(), element.getparent()
    return (before.tail if before is not None else around.text if around is not None else "") or ""


def _is_short(element: Any) -> bool:
    return all(size <= _MAX_NAMES_CHARACTERS for size in accumulate(map(len, element.itertext())))


def _signed_office(near: Nearby) -> tuple[str, ...]:
    """Return the role in a marked byline: "By Staff Writer"."""
    marked = [element for pattern in _SIGNED[:-1] for element in near.elements_of_class(pattern)][
        :_MAX_BYLINE_ELEMENTS
    ]
    return next(filter(None, (bylines.office(words(element)) for element in near.by_distance(marked))), ())


_DECLARED = (
    "author article:author og:author articleauthor parsely-author sailthru.author dc.creator byl "
    "cxenseparse:author citation_author writer"
)
# Other names of meta elements: "article:author_name", "article:byline".
_AUTHOR = re.compile(r"(?:^|[:._-])article[:._-]?(?:author|byline)(?:[:._-]?name)?$")
# Classes of bylines, most reliable first.
_SIGNED = (
    re.compile(r"author-?name|post-?author|(?:^|\s)fn(?:\s|$)"),
    re.compile(r"(?:^|\s)author(?:\s|$)"),
    re.compile(r"byline"),
    re.compile(r"author|autor|auteur|yazar|penulis|reporter|journalist|redakt|writer"),
)
# Class of users. Logged-in readers and commenters are users as well.
_USER = re.compile(r"(?:^|\s)username(?:\s|$)")
# Classes around the user who posted the text, in Drupal and elsewhere.
_SUBMITTED = re.compile(r"(?:^|\s)submitted(?:\s|$)")
_POSTED = re.compile(
    r"submitted|posted|(?<![a-z])meta(?:data)?(?![a-z])|byline|author|(?:^|\s)p-description(?:\s|$)"
)
_CHECKED = re.compile(r"(?:fact[- ]checked|(?:expert |medically )?reviewed|edited) by\b", re.I)
_PROFILE = re.compile(r"/(?:authors?|editors|writers|reporters|journalists|contributors|columnists)/[^/?#]")
#: Maximum number of authors of one article.
_MAX_NAMES = 20
# "Copyright (c) Tallow Press 2024. All rights reserved."
_RIGHTS = re.compile(r"copyright|©|\(c\)|\d{4}|all rights reserved", re.I)
_HANDLE = re.compile(r"(?:^|\s)@\w+")
#: A user name: "ann.lee2", "Ann.Lee".
_ACCOUNT = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*|[^\W\d_]{3,}[._][^\W\d_]{3,}")
#: Maximum length of a label before a name, and maximum number of signatures on the page of one article.
_MAX_LABEL_CHARACTERS, _MAX_SIGNATURES = 20, 2
# Classes of comments. Opinion sections use similar words: "category-kommentar".
_COMMENT_CLASSES = re.compile(
    rf"(?:^|\s)(?!(?:category|tag)-)\S*?(?:{NO_COMMENTS_BEFORE}(?<![a-z])(?:comments?|reply|replies)(?![a-z])"
    rf"{NO_COMMENTS_AFTER}(?!-status)|commentlist|kommentar)"
)
# Classes of bylines, as whole words: "comment-meta" is not one.
_BYLINE = re.compile(r"(?:^|\s)(?:(?:article|entry|post|story)-(?:byline|meta)|byline)(?:\s|$)")
#: Classes of parts other than the article's byline: embedded posts, menus, profiles to follow.
_OTHER_PARTS = re.compile(
    r"(?<![a-z])(?:tweet|twitter|embed|follow|nav(?![a-z])|teaser|related|recommend|sidebar|pull-?quote"
    r"|(?<!-)widget(?![a-z-]))"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: Maximum length of a signature.
_SIGNATURE_WIDTH = 60
#: Maximum ancestors of a name within the byline.
_MAX_LEVELS = 3
#: Maximum length of an element with one byline.
_MAX_BYLINE_CHARACTERS = 300


def authors(
    page: Page, meta: Meta, linked: list[dict[str, Any]], source: str | None, url: str | None, near: Nearby
) -> tuple[str, ...]:
    """Return the names of the authors. Empty if only an organisation or a user name is given."""
    publishers = [jsonld.text_of(item.get("publisher")) for item in linked]
    holder = _RIGHTS.sub(" ", meta.first("copyright rights dc.rights"))
    outlet = Outlet(source, url, [*publishers, holder])
    weak: tuple[str, ...] = ()  # less certain names
    fallbacks: tuple[str, ...] = ()  # roles, and names that may be the outlet's
    in_byline = False  # whether the weak names are in a byline
    for declared, candidates in _author_candidates(page, meta, linked, near):
        texts = list(candidates)
        names = _names_in_texts(texts, outlet)
        people = tuple(name for name in names if not _ACCOUNT.fullmatch(name) and not outlet.is_in(name))
        if not declared and not weak and (organisations := _declared_organisations(linked, outlet)):
            return organisations[:_MAX_NAMES]
        if any(map(_is_certainly_person, people)) and _replaces(people, weak):
            return _with_neighbours(people, near, outlet)[:_MAX_NAMES]
        in_byline = in_byline or bool(people and not weak and not declared)
        weak = weak or people
        fallbacks = fallbacks or tuple(name for name in names if _is_plausible_author(name, outlet))
        fallbacks = fallbacks or tuple(office for text in texts for office in bylines.office(text))
    labelled = _labelled_names(near)
    people = _with_neighbours(tuple(name for name in labelled if not outlet.is_in(name)), near, outlet)
    if people and _replaces(people, weak) and not (in_byline and " " in weak[0]):
        return people
    neighbours = _with_neighbours(weak, near, outlet)
    labelled = tuple(name for name in labelled if not outlet.is_called(name))
    return (neighbours or fallbacks or labelled or _signed_office(near))[:_MAX_NAMES]


def _is_certainly_person(name: str) -> bool:
    """Return True if a name can only be a person's."""
    acronym = any(word.isupper() and len(word) > 2 and "." not in word for word in name.split())
    return bylines.is_name(name) and not bylines.is_organisation(name) and (name.isupper() or not acronym)


def _replaces(people: tuple[str, ...], weak: tuple[str, ...]) -> bool:
    first_names = [name for name in weak if " " not in name and not name.isupper()]
    return not first_names or any(one.startswith(f"{name} ") for one in people for name in first_names)


def _with_neighbours(people: tuple[str, ...], near: Nearby, outlet: Outlet) -> tuple[str, ...]:
    """Add names next to one of ``people``, except the outlet."""
    neighbours = tuple(name for name in names_beside(people, near) if not outlet.is_in(name))
    return neighbours if len(neighbours) > len(people) else people


def _declared_organisations(linked: list[dict[str, Any]], outlet: Outlet) -> tuple[str, ...]:
    """Return the organisation declared as author if no person is, except the outlet."""
    stated = (text for item in linked[:3] for text in _people(item.get("author"), {}, organisations=True))
    return tuple(name for name in _names_in_texts(stated, outlet) if not outlet.is_in(name))


def _author_candidates(
    page: Page, meta: Meta, linked: list[dict[str, Any]], near: Nearby
) -> Iterator[tuple[bool, Iterable[str]]]:
    """Yield author fields and bylines, most reliable first, slow ones last, and whether the page declares
    them."""
    known = {item["@id"]: item for item in page.linked if isinstance(item.get("@id"), str) and "name" in item}
    yield True, _stated_people(linked[:3], known)
    named = ([name for name in names if not name.startswith("http")] for names in meta.each(_DECLARED))
    yield True, next(filter(None, named), [])
    yield True, meta.matching(_AUTHOR)
    yield True, _stated_people(jsonld.pages(page.linked)[:1], known)
    yield False, _marked_names(near)
    yield False, _byline_beside(near)
    yield False, _signed_byline(near)


def _stated_people(linked: list[dict[str, Any]], known: dict[str, Any]) -> list[str]:
    """Return the people in the first object with authors, and the organisations among its authors."""
    for item in linked:
        value = item.get("author") or item.get("creator")
        if people := [*_people(value, known)]:
            return [*people, *_people(value, known, organisations=True)]
    return []


def _names_in_texts(texts: Iterable[str], outlet: Outlet) -> tuple[str, ...]:
    signed = (text for text in texts if bylines.is_name(text) or not outlet.is_called(text))
    return tuple(dict.fromkeys(name for text in signed for name in bylines.names(_HANDLE.sub(" ", text))))


def _is_plausible_author(name: str, outlet: Outlet) -> bool:
    """Return True if a name may be a person's, or at least is not the outlet's."""
    if re.search(r"\w\.\w", name):
        return False
    acronym = any(word.isupper() and len(word.strip(".")) > 1 for word in name.split())
    person = bylines.is_name(name) and not acronym and not bylines.is_organisation(name)
    return person or not outlet.is_called(name)


def _people(value: Any, known: dict[str, Any], *, organisations: bool = False) -> Iterator[str]:
    """Yield the names of people (or of organisations) in a JSON-LD author. ``known`` resolves references."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _people(item, known, organisations=organisations)
            continue
        if isinstance(item, dict) and "name" not in item:
            item = known.get(str(item.get("@id")), item)
        if isinstance(item, dict) and organisations is not jsonld.is_body(item):
            continue
        if isinstance(item, dict) and str(item.get("@type")).endswith("Place"):
            continue
        if isinstance(item, dict) and not item.get("name") and not item.get("@value"):
            parts = (jsonld.text_of(item.get(part)) for part in ("givenName", "additionalName", "familyName"))
            item = {"name": " ".join(filter(None, parts))}
        if isinstance(item, dict) and isinstance(item.get("name"), list):
            yield from filter(None, map(jsonld.text_of, item["name"]))
        elif (text := jsonld.text_of(item)) and (not organisations or isinstance(item, dict)):
            yield text


def _marked_names(near: Nearby) -> tuple[str, ...]:
    """Return the names marked most reliably. A single word counts only with a reliable mark."""
    for sure, marked in _marked_elements(near):
        own = near.by_distance(
            [element for element in marked[:200] if not _is_outside_article(element, near)][:40]
        )
        with_words = [element for element in own if words(element)]
        if sure and (names := _names_in_byline(with_words[:1], bylines.is_pen_name)):
            return names
        if names := _names_in_byline(with_words, bylines.is_name):
            return names
    return ()


def _names_in_byline(elements: list[Any], is_name: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the names in elements that form one byline with the first."""
    names: list[str] = []
    place: Any = None
    for element in elements:
        text = words(element)
        if len(text) >= 120 or _CHECKED.match(text) or (place is not None and not _in_byline(place, element)):
            continue
        links = [link for link in element.iter("a") if not _SECTION_PREFIX.search(_text_before(link))]
        linked = [name for link in links for name in bylines.names(words(link), on_page=True)]
        people = [name for name in linked or bylines.names(text, on_page=True) if is_name(name)]
        names.extend(people)
        place = place if place is not None else element if people else None
        if len(names) > _MAX_NAMES:
            break
    return tuple(dict.fromkeys(names))


def _is_outside_article(element: Any, near: Nearby) -> bool:
    """Return True if an element belongs to comments or to something other than the article."""
    return _is_comment_area(element) or any(
        not near.surrounds(around)
        and (
            _is_comment_area(around)
            or around.tag in ("figure", "figcaption")
            or _OTHER_PARTS.search(_named_as(around).lower())
        )
        for around in islice(element.iterancestors(), 8)
        if around.tag not in ("html", "body", "main", "article")
    )


def _named_as(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_comment_area(element: Any) -> bool:
    return _names_comments(_named_as(element))


@lru_cache(4_000)
def _names_comments(named: str) -> bool:
    named = _CAMEL.sub("-", named).replace("_", "-").lower()
    return bool(_COMMENT_CLASSES.search(named)) and not _BYLINE.search(named)


def _is_within(element: Any, named: re.Pattern[str]) -> bool:
    return any(
        named.search((around.get("class") or "").lower())
        for around in (element, *islice(element.iterancestors(), _MAX_LEVELS))
        if around.tag not in ("html", "body", "main", "article")
    )


def _marked_elements(near: Nearby) -> Iterator[tuple[bool, list[Any]]]:
    """Yield groups of elements with the same mark, and whether that mark is used for names only."""
    properties = near.elements_with("itemprop")
    credited = [element for element, name in properties if name == "author"]
    named = {element for one in credited for element in one.iter("*") if element.get("itemprop") == "name"}
    yield True, [element for element, name in properties if element in named or name == "author"]
    links = ((link, address) for link, address in near.elements_with("href") if link.tag == "a")
    yield True, [a for a, address in links if _PROFILE.search(address) or a.get("rel") == "author"]
    yield from ((number < 2, near.elements_of_class(pattern)) for number, pattern in enumerate(_SIGNED))
    # Users close to the headline in a box about who posted the text.
    yield (
        True,
        [
            user
            for user in near.by_distance(near.elements_of_class(_USER)[:200], close=True)
            if _is_within(user, _SUBMITTED) or (near.is_above_text(user) and _is_within(user, _POSTED))
        ],
    )


def _in_byline(one: Any, other: Any) -> bool:
    """Return True if two elements are in one byline: they share an ancestor with little other text."""
    around = set(islice(one.iterancestors(), _MAX_LEVELS))
    shared = next((above for above in islice(other.iterancestors(), _MAX_LEVELS) if above in around), None)
    return shared is not None and len(words(shared)) < _MAX_BYLINE_CHARACTERS


def _byline_beside(near: Nearby) -> tuple[str, ...]:
    """Return the names in an element near the headline that is only a byline."""
    for element in near.elements_around():
        if element.tag in ("a", "h1", "script", "style") or _is_outside_article(element, near):
            continue
        text = words(element)
        labelled = bylines.label_names(text) if ":" in text[:_MAX_LABEL_CHARACTERS] else ()
        if 3 < len(text) < 100 and (names := bylines.byline(text) or labelled):
            return names
    return ()


def _labelled_names(near: Nearby) -> tuple[str, ...]:
    """Return the names after a label anywhere: "Author: Ann Lee". Empty if several articles are signed."""

    def is_excluded(element: Any) -> bool:
        return _is_comment_area(element) and not near.surrounds(element)

    signatures: list[tuple[str, ...]] = []
    before = ""
    for text in near.texts(is_excluded):
        if len(text) < _MAX_BYLINE_CHARACTERS // 3:
            label = before if len(before) < _MAX_LABEL_CHARACTERS else ""
            people = bylines.label_names(text) or (bylines.label_names(f"{label} {text}") if label else ())
            if people and people not in signatures:
                signatures.append(people)
        before = text
    return signatures[0] if 0 < len(signatures) <= _MAX_SIGNATURES else ()


def _signed_byline(near: Nearby) -> tuple[str, ...]:
    """Return the text after "by" in a marked byline, even if it is not a person's name: "By the editors"."""
    marked = near.by_distance(near.elements_of_class(_SIGNED[-1])[:40])
    texts = (words(element) for element in marked if not _is_outside_article(element, near))
    return next(
        filter(None, (bylines.signed_names(text) for text in texts if len(text) < _SIGNATURE_WIDTH)), ()
    )
