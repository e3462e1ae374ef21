"""Who wrote an article: what the page declares, what it marks, what stands near the headline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any

from searcher import urls
from searcher.readers import bylines
from searcher.readers.html import jsonld
from searcher.readers.html.blocks import NO_REMARKS_BEFORE, NO_REMARKS_BEHIND
from searcher.readers.html.headline import Nearby
from searcher.readers.html.page import Meta, Page, words

#: Letters of a host that may stand within the outlet's name: fewer stand in names of people by chance.
_MIN_HOST_LETTERS = 4
_DOMAIN = re.compile(r"\.[a-z]{2,4}$")


class Outlet:
    """``name`` is the outlet's as the page gives it; the host and the publisher tell its others."""

    def __init__(self, name: str | None, url: str | None, publishers: Iterable[str]) -> None:
        self.name = name
        self._names = {_letters(one) for one in (name or "", *publishers)} - {""}
        host = (urls.site(url) or "").split(".")
        self._host = "".join(host)
        labels = {_letters(label) for label in host[:-1] if len(label) > 1}
        self._labels = labels - {"co", "com", "org", "news"}

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is one of the outlet's: “The Tallow Post”, “tallowpost.com”."""
        own = _letters(name)
        known = not self._names.isdisjoint((own, _letters(_DOMAIN.sub("", name))))
        return known or own in self._labels or own == _letters(self._host)

    def is_in(self, name: str) -> bool:
        """Whether ``name`` is or holds one of the outlet's: “Tallow Post online”, “The Tallow team”, “TP”."""
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


#: Elements that may hold a name and what is no text.
_INLINE = frozenset(("a", "span", "li", "strong"))
#: Elements from a name upwards that may stand in a row with others.
_MAX_OUTER_ELEMENTS = 4
#: What stands between two names of a row.
_JOINS = re.compile(r"[,;|·•/&+]|and|und|et|y|e|och|og|en|i|и|та|ve|ja", re.I)
_READ_BY_OTHERS = re.compile(r"\b(?:(?:checked|reviewed|edited) by:?|editor\s*:)\s*$", re.I)
#: Before a link that names no author but a section: “by Ann Lee in Harbours”.
_FILED = re.compile(r"\b(?:in|unter|dans|en)\s*$", re.I)
#: Characters of a title before a name: “Dr.”, “Prof. Dr.”.
_MAX_TITLE_CHARACTERS = 11
#: Elements on either side of a name that are looked at, and the longest text of one that may hold names.
_MAX_ELEMENTS_BESIDE, _MAX_NAMES_CHARACTERS = 12, 300
_MAX_BYLINE_ELEMENTS = 40  # elements marked as a byline that are looked at


def names_beside(people: tuple[str, ...], near: Nearby) -> tuple[str, ...]:
    """The names in the first row of elements near the headline that holds one of ``people`` and others."""
    for element in near.elements_around() if people else ():
        if (element.tag in _INLINE or not len(element)) and _holds(element, people):
            for one in (element, *islice(element.iterancestors(), _MAX_OUTER_ELEMENTS - 1)):
                if not _holds(one, people):
                    break
                if len(row := _names_in_row(one, people)) > 1:
                    return row
    return ()


def _holds(element: Any, people: tuple[str, ...]) -> bool:
    """Whether an element holds one of the names, perhaps with a title before it, and nothing else."""
    text = words(element).rstrip(" ,;|·&")
    return any(text.endswith(name) and len(text) <= len(name) + _MAX_TITLE_CHARACTERS for name in people)


def _names_in_row(element: Any, people: tuple[str, ...]) -> tuple[str, ...]:
    """The names in the elements beside one that are made like it, as far as each holds nothing else."""
    row = [bylines.names(words(element), shown=True)]
    for preceding in (True, False):
        for one in islice(element.itersiblings(preceding=preceding), _MAX_ELEMENTS_BESIDE):
            alike = (one.tag, one.get("class")) == (element.tag, element.get("class"))
            if not _is_short(one) or has_checked(one) or _FILED.search(_before(one)):
                break
            found = bylines.names(words(one), shown=True) if alike else ()
            if found and (all(map(bylines.is_name, found)) or _holds(one, people)):
                row.insert(0 if preceding else len(row), found)
            elif (text := words(one)) and not _JOINS.fullmatch(text):
                break
    return tuple(dict.fromkeys(name for found in row for name in found))


def has_checked(element: Any) -> bool:
    """Whether the words just before an element say that who is named in it has checked the text."""
    return bool(_READ_BY_OTHERS.search(_before(element)))


def _before(element: Any) -> str:
    """The words just before an element."""
    before, around = element.getprevious(), element.getparent()
    return (before.tail if before is not None else around.text if around is not None else "") or ""


def _is_short(element: Any, limit: int = _MAX_NAMES_CHARACTERS) -> bool:
    """Return True if an element has at most ``limit`` characters of text. No more of it is read."""
    return all(size <= limit for size in accumulate(map(len, element.itertext())))


def _signed_office(near: Nearby) -> tuple[str, ...]:
    """The office that signs where a class marks a byline for sure: “By Staff Writer”."""
    marked = [element for pattern in _SIGNED[:-1] for element in near.elements_of_class(pattern)][
        :_MAX_BYLINE_ELEMENTS
    ]
    return next(filter(None, (bylines.office(words(element)) for element in near.nearest(marked))), ())


_DECLARED = (
    "author article:author og:author articleauthor parsely-author sailthru.author dc.creator byl "
    "cxenseparse:author citation_author writer"
)
# Names of others: “article:author_name”, “article:byline”.
_AUTHOR = re.compile(r"(?:^|[:._-])article[:._-]?(?:author|byline)(?:[:._-]?name)?$")
# What the plug-in that most sites on WordPress use writes beside the name, in the language of the site.
_WRITTEN_BY = re.compile(
    r"written by|author|geschrieben|verfasst|écrit|escrit[oa]|scritto|geschreven|skriv\w+|napisan\w+|autor"
    r"|kirjoittanut|yazan|написан\w*|автор|作成者|著者|執筆者|作者|글쓴이|작성자",
    re.I,
)
# Classes of those who sign, the surest first.
_SIGNED = (
    re.compile(r"author-?name|post-?author|(?:^|\s)fn(?:\s|$)"),
    re.compile(r"(?:^|\s)author(?:\s|$)"),
    re.compile(r"byline"),
    re.compile(r"author|autor|auteur|yazar|penulis|reporter|journalist|redakt|writer"),
)
# Of a user: a reader who is logged in and those who answer are users too.
_USER = re.compile(r"(?:^|\s)username(?:\s|$)")
# Around the user who put the text into the site: as Drupal says it, above the text or below; as others do.
_SUBMITTED = re.compile(r"(?:^|\s)submitted(?:\s|$)")
_POSTED = re.compile(
    r"submitted|posted|(?<![a-z])meta(?:data)?(?![a-z])|byline|author|(?:^|\s)p-description(?:\s|$)"
)
_CHECKED = re.compile(r"(?:fact[- ]checked|(?:expert |medically )?reviewed|edited) by\b", re.I)
_PROFILE = re.compile(r"/(?:authors?|editors|writers|reporters|journalists|contributors|columnists)/[^/?#]")
#: Names in the byline of one article (measured on wcxb).
_MAX_NAMES = 20
# “Copyright (c) Tallow Press 2024. All rights reserved.”
_RIGHTS = re.compile(r"copyright|©|\(c\)|\d{4}|all rights reserved", re.I)
_HANDLE = re.compile(r"(?:^|\s)@\w+")
#: The name of a user: “ann.lee2”, “Ann.Lee”.
_ACCOUNT = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*|[^\W\d_]{3,}[._][^\W\d_]{3,}")
#: Characters of a label before a name, and signatures on the page of one story.
_MAX_LABEL_CHARACTERS, _MAX_SIGNATURES = 20, 2
# What readers have written; opinions are filed under such words too: “category-kommentar”.
_REMARKS = re.compile(
    rf"(?:^|\s)(?!(?:category|tag)-)\S*?(?:{NO_REMARKS_BEFORE}(?<![a-z])(?:comments?|reply|replies)(?![a-z])"
    rf"{NO_REMARKS_BEHIND}(?!-status)|commentlist|kommentar)"
)
# A byline by its whole name: “comment-meta” is none.
_BYLINE = re.compile(r"(?:^|\s)(?:(?:article|entry|post|story)-(?:byline|meta)|byline)(?:\s|$)")
#: Names of what stands beside an article or in it: messages of networks, menus, whom to follow.
_BESIDE = re.compile(
    r"(?<![a-z])(?:tweet|twitter|embed|follow|nav(?![a-z])|teaser|related|recommend|sidebar|pull-?quote"
    r"|(?<!-)widget(?![a-z-]))"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")  # “commentMeta”
#: Maximum length of a box that introduces another article, with white space.
_MAX_CARD_CHARACTERS = 1_000
#: Characters of a link, and words of a heading in it, that are more than a name and an office.
_MIN_TEASER_CHARACTERS, _MIN_HEADING_WORDS = 100, 5
#: Characters of a signature.
_SIGNATURE_WIDTH = 60
#: Elements around a name within which the byline lies.
_MAX_LEVELS = 3
#: Characters of an element that holds one byline (measured on wcxb and mozilla).
_MAX_BYLINE_CHARACTERS = 300


def authors(
    page: Page, meta: Meta, linked: list[dict[str, Any]], source: str | None, url: str | None, near: Nearby
) -> tuple[str, ...]:
    """The names of those who wrote it; none where only an organisation or a user name is given."""
    publishers = [jsonld.text_of(item.get("publisher")) for item in linked]
    holder = _RIGHTS.sub(" ", meta.first("copyright rights dc.rights"))
    outlet = Outlet(source, url, [*publishers, holder])
    weak: tuple[str, ...] = ()  # names of no sure shape
    spare: tuple[str, ...] = ()  # what may sign, or is the outlet
    shown = False  # whether the weak names stand in a byline
    for declared, found in _given_authors(page, meta, linked, near):
        texts = list(found)
        given = _names_in_texts(texts, outlet)
        people = tuple(name for name in given if not _ACCOUNT.fullmatch(name) and not outlet.is_in(name))
        if not declared and not weak and (bodies := _bodies(linked, outlet)):
            return bodies[:_MAX_NAMES]
        if any(map(_is_sure, people)) and _replaces(people, weak):
            return _with_others(people, near, outlet)[:_MAX_NAMES]
        shown = shown or bool(people and not weak and not declared)
        weak = weak or people
        spare = spare or tuple(name for name in given if _may_sign(name, outlet))
        spare = spare or tuple(office for text in texts for office in bylines.office(text))
    closing = _closing_names(near)
    people = _with_others(tuple(name for name in closing if not outlet.is_in(name)), near, outlet)
    if people and _replaces(people, weak) and not (shown and " " in weak[0]):
        return people
    others = _with_others(weak, near, outlet)
    closing = tuple(name for name in closing if not outlet.is_called(name))
    return (others or spare or closing or _signed_office(near))[:_MAX_NAMES]


def _is_sure(name: str) -> bool:
    """Whether a name has the shape of a person's, and of nothing else."""
    acronym = any(word.isupper() and len(word) > 2 and "." not in word for word in name.split())
    return bylines.is_name(name) and not bylines.is_organisation(name) and (name.isupper() or not acronym)


def _replaces(people: tuple[str, ...], weak: tuple[str, ...]) -> bool:
    """Whether names are better than those found before: than a given name alone only the whole name is."""
    given = [name for name in weak if " " not in name and not name.isupper()]
    return not given or any(one.startswith(f"{name} ") for one in people for name in given)


def _with_others(people: tuple[str, ...], near: Nearby, outlet: Outlet) -> tuple[str, ...]:
    """The names with those that stand beside one of them; never the outlet."""
    others = tuple(name for name in names_beside(people, near) if not outlet.is_in(name))
    return others if len(others) > len(people) else people


def _bodies(linked: list[dict[str, Any]], outlet: Outlet) -> tuple[str, ...]:
    """The agency that the page declares where it names nobody; never the outlet."""
    stated = (text for item in linked[:3] for text in _people(item.get("author"), {}, bodies=True))
    return tuple(name for name in _names_in_texts(stated, outlet) if not outlet.is_in(name))


def _given_authors(
    page: Page, meta: Meta, linked: list[dict[str, Any]], near: Nearby
) -> Iterator[tuple[bool, Iterable[str]]]:
    """Author fields and bylines, the surest first; what costs time last, since the first often does."""
    known = {item["@id"]: item for item in page.linked if isinstance(item.get("@id"), str) and "name" in item}
    yield True, _stated_people(linked[:3], known)
    named = ([name for name in names if not name.startswith("http")] for names in meta.each(_DECLARED))
    yield True, next(filter(None, named), [])
    yield True, meta.like(_AUTHOR)
    yield True, _labelled_values(meta)
    yield True, _stated_people(jsonld.pages(page.linked)[:1], known)
    yield False, _marked_names(near)
    yield False, _byline_beside(near)
    yield False, _signed_byline(near)


def _stated_people(linked: list[dict[str, Any]], known: dict[str, Any]) -> list[str]:
    """The people of the first object that names any, with the agencies beside them."""
    for item in linked:
        given = item.get("author") or item.get("creator")
        if people := [*_people(given, known)]:
            return [*people, *_people(given, known, bodies=True)]
    return []


def _names_in_texts(texts: Iterable[str], outlet: Outlet) -> tuple[str, ...]:
    signed = (text for text in texts if bylines.is_name(text) or not outlet.is_called(text))
    named = (_after_outlet(bylines.names(_HANDLE.sub(" ", text)), outlet.name) for text in signed)
    return tuple(dict.fromkeys(_without(name, outlet.name) for names in named for name in names))


def _after_outlet(names: tuple[str, ...], source: str | None) -> tuple[str, ...]:
    """The names but for where the outlet is that stands first: “TALLOW POST, Tallow Bay, Tallowland”."""
    if not names or not source or names[0].casefold() != source.casefold():
        return names
    return (names[0], *(name for name in names[1:] if bylines.is_name(name) or name.isupper()))


def _without(name: str, source: str | None) -> str:
    """“Ann Lee Tallow Post” signs for the Tallow Post."""
    if source and name.casefold().endswith(" " + source.casefold()) and len(name.split()) > 2:
        return name[: -len(source)].strip(" ,|–-")
    return name


def _may_sign(name: str, outlet: Outlet) -> bool:
    """Whether a name that is also the site's may be a person's, or a user name all that there is."""
    if re.search(r"\w\.\w", name):
        return False
    acronym = any(word.isupper() and len(word.strip(".")) > 1 for word in name.split())
    person = bylines.is_name(name) and not acronym and not bylines.is_organisation(name)
    return person or not outlet.is_called(name)


def _labelled_values(meta: Meta) -> list[str]:
    return [
        meta.first(f"twitter:data{number}")
        for number in (1, 2)
        if _WRITTEN_BY.search(meta.first(f"twitter:label{number}"))
    ]


def _people(value: Any, known: dict[str, Any], *, bodies: bool = False) -> Iterator[str]:
    """The names in an author of JSON-LD: of people, or of bodies; ``known`` are the objects it refers to."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _people(item, known, bodies=bodies)
            continue
        if isinstance(item, dict) and "name" not in item:
            item = known.get(str(item.get("@id")), item)
        if isinstance(item, dict) and bodies is not jsonld.is_body(item):
            continue
        if isinstance(item, dict) and str(item.get("@type")).endswith("Place"):
            continue
        if isinstance(item, dict) and not item.get("name") and not item.get("@value"):
            parts = (jsonld.text_of(item.get(part)) for part in ("givenName", "additionalName", "familyName"))
            item = {"name": " ".join(filter(None, parts))}
        if isinstance(item, dict) and isinstance(item.get("name"), list):
            yield from filter(None, map(jsonld.text_of, item["name"]))
        elif (text := jsonld.text_of(item)) and (not bodies or isinstance(item, dict)):
            yield text


def _marked_names(near: Nearby) -> tuple[str, ...]:
    """Names that the page marks as its authors, by the surest mark; one word alone where the mark is sure."""
    for sure, marked in _marks(near):
        own = near.nearest([element for element in marked[:200] if not _is_of_others(element, near)][:40])
        shown = _innermost(_unchecked_elements([element for element in own if words(element)]))
        if sure and (found := _together_named(shown[:1], bylines.is_pen_name)):
            return found
        if found := _together_named(shown, bylines.is_name):
            return found
    return ()


def _innermost(elements: list[Any]) -> list[Any]:
    """The elements without those around another one of them that holds a name."""
    texts = ((element, words(element)[:120]) for element in elements)
    named = (one for one, text in texts if any(map(bylines.is_name, bylines.names(text, shown=True))))
    around = {outer for one in named for outer in one.iterancestors()}
    return [element for element in elements if element not in around]


def _together_named(elements: list[Any], is_name: Callable[[str], bool]) -> tuple[str, ...]:
    """The names in some elements, those only that stand in one byline with the first."""
    found: list[str] = []
    place: Any = None
    for element in elements:
        text = words(element)
        if len(text) >= 120 or _CHECKED.match(text) or (place is not None and not _in_byline(place, element)):
            continue
        links = _unchecked_elements([link for link in element.iter("a") if not _FILED.search(_before(link))])
        linked = [name for link in links for name in bylines.names(words(link), shown=True)]
        people = [name for name in linked or bylines.names(text, shown=True) if is_name(name)]
        found.extend(people)
        place = place if place is not None else element if people else None
        if len(found) > _MAX_NAMES:
            break
    return tuple(dict.fromkeys(found))


def _unchecked_elements(elements: list[Any]) -> list[Any]:
    """Those of some elements that do not name who has checked the text; all if each does."""
    return [element for element in elements if not has_checked(element)] or elements


def _is_of_others(element: Any, near: Nearby) -> bool:
    """Whether an element stands in remarks of readers or beside the article, or leads to another one."""
    return _holds_remarks(element) or any(
        not near.surrounds(around)
        and (
            _holds_remarks(around)
            or _leads_elsewhere(around)
            or _is_card(around)
            or around.tag in ("figure", "figcaption")
            or _BESIDE.search(_named_as(around).lower())
        )
        for around in islice(element.iterancestors(), 8)
        if around.tag not in ("html", "body", "main", "article")
    )


def _named_as(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _holds_remarks(element: Any) -> bool:
    """Whether the classes or the id of an element speak of comments and not of a byline."""
    return _name_remarks(_named_as(element))


@lru_cache(4_000)
def _name_remarks(named: str) -> bool:
    named = _CAMEL.sub("-", named).replace("_", "-").lower()
    return bool(_REMARKS.search(named)) and not _BYLINE.search(named)


def _leads_elsewhere(element: Any) -> bool:
    """Whether an element is a link with the headline of another article in it, or its beginning."""
    if element.tag != "a" or (not len(element) and len(element.text or "") <= _MIN_TEASER_CHARACTERS):
        return False
    return (len(words(element)) > _MIN_TEASER_CHARACTERS and not _introduces(element)) or any(
        len(words(one).split()) >= _MIN_HEADING_WORDS for one in element.iter("h2", "h3", "h4", "h5", "h6")
    )


def _is_card(element: Any) -> bool:
    """Return True for a box with the headline of one other article, which links to it."""
    if not _is_short(element, _MAX_CARD_CHARACTERS):
        return False
    headings = element.iter("h2", "h3", "h4", "h5", "h6")
    linked = [one for one in headings if one.getparent().tag == "a" or one.find(".//a") is not None]
    return len(linked) == 1 and len(words(linked[0]).split()) >= _MIN_HEADING_WORDS


def _introduces(link: Any) -> bool:
    """Whether a link leads to the page of an author, or begins with a byline: the rest is of that person."""
    if link.get("rel") == "author" or _PROFILE.search(link.get("href") or ""):
        return True
    text = words(next((part for part in link if words(part)), link))
    return len(text) < _MIN_TEASER_CHARACTERS and bool(bylines.byline(text) or bylines.label_names(text))


def _is_within(element: Any, named: re.Pattern[str]) -> bool:
    """Whether an element or one close around it has a class of that name."""
    return any(
        named.search((around.get("class") or "").lower())
        for around in (element, *islice(element.iterancestors(), _MAX_LEVELS))
        if around.tag not in ("html", "body", "main", "article")
    )


def _marks(near: Nearby) -> Iterator[tuple[bool, list[Any]]]:
    """Elements that are marked alike, and whether the mark is one of names alone."""
    properties = near.elements_with("itemprop")
    credited = [element for element, name in properties if name == "author"]
    named = {element for one in credited for element in one.iter("*") if element.get("itemprop") == "name"}
    yield True, [element for element, name in properties if element in named or name == "author"]
    links = ((link, address) for link, address in near.elements_with("href") if link.tag == "a")
    yield True, [a for a, address in links if _PROFILE.search(address) or a.get("rel") == "author"]
    yield from ((number < 2, near.elements_of_class(pattern)) for number, pattern in enumerate(_SIGNED))
    # Users that stand near the headline in a box that says who put the text into the site.
    yield (
        True,
        [
            user
            for user in near.nearest(near.elements_of_class(_USER)[:200], close=True)
            if _is_within(user, _SUBMITTED) or (near.is_above_text(user) and _is_within(user, _POSTED))
        ],
    )


def _in_byline(one: Any, other: Any) -> bool:
    """Whether two elements stand in one byline: in an element around both that holds little else."""
    around = set(islice(one.iterancestors(), _MAX_LEVELS))
    shared = next((above for above in islice(other.iterancestors(), _MAX_LEVELS) if above in around), None)
    return shared is not None and len(words(shared)) < _MAX_BYLINE_CHARACTERS


def _byline_beside(near: Nearby) -> tuple[str, ...]:
    """The names in an element near the headline that is nothing but a byline."""
    for element in near.elements_around():
        if element.tag in ("a", "h1", "script", "style") or _is_of_others(element, near):
            continue
        text = words(element)
        labelled = bylines.label_names(text) if ":" in text[:_MAX_LABEL_CHARACTERS] else ()
        if 3 < len(text) < 100 and (found := bylines.byline(text) or labelled):
            return found
    return ()


def _closing_names(near: Nearby) -> tuple[str, ...]:
    """The names behind a label, wherever it stands: “Author: Ann Lee”; none where many stories have one."""

    def is_left_out(element: Any) -> bool:
        return (_holds_remarks(element) or _leads_elsewhere(element)) and not near.surrounds(element)

    found: list[tuple[str, ...]] = []
    before = ""
    for text in near.texts(is_left_out):
        if len(text) < _MAX_BYLINE_CHARACTERS // 3:
            label = before if len(before) < _MAX_LABEL_CHARACTERS else ""
            people = bylines.label_names(text) or (bylines.label_names(f"{label} {text}") if label else ())
            if people and people not in found:
                found.append(people)
        if not found and (people := bylines.reporters(text)):
            found.append(people)
        before = text
    return found[0] if 0 < len(found) <= _MAX_SIGNATURES else ()


def _signed_byline(near: Nearby) -> tuple[str, ...]:
    """What a byline says after “by” though it is no person's name: “By the editors of the Post”."""
    marked = near.nearest(near.elements_of_class(_SIGNED[-1])[:40])
    texts = (words(element) for element in marked if not _is_of_others(element, near))
    return next(
        filter(None, (bylines.signed_names(text) for text in texts if len(text) < _SIGNATURE_WIDTH)), ()
    )
