"""Find the headline of a page and the elements near it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from lxml import etree

from searcher.readers.html import jsonld
from searcher.readers.html.lines import key, split
from searcher.readers.html.page import Meta, Page, first

_DECLARED = "og:title twitter:title headline dc.title sailthru.title parsely-title title"
_MAX_HEADLINES = 20  # maximum number of headlines examined
_SEPARATED = re.compile(r"^(.+)\s+[|–—\-·«»‹›:•]{1,2}\s+[^|–—·«»‹›•]{2,40}$", re.S)
_TIGHT = re.compile(r"^(.{6,}?)(?:\s*[_|｜]\s*[^_|｜]{2,20})+$", re.S)
_SEPARATOR = re.compile(r"\s+[|–—\-·«»‹›:•@]{1,2}\s+")
_ENDS_SEPARATED = re.compile(r"\s[|–—\-·«»‹›:•@]{1,2}\s+$")
#: A possible site name before or after a colon in a title: "Tallow Post".
_NAME = re.compile(r"[A-ZÀ-Þ]\S*(?: [A-ZÀ-Þ]\S*){0,3}")
#: A link to the front page of a site, also in the Internet Archive.
_HOME = re.compile(r"(?:https?://web\.archive\.org/web/\w+/)?(?:https?://[^/]+)?/?(?:index\.\w+)?")
_TRAIL_TAGS = frozenset(("li", "ol", "nav"))
#: Maximum length of a label before a headline, and number of headings searched for one.
_MAX_KICKER_CHARACTERS, _MAX_HEADINGS = 60, 6
_MAX_TEXTS = 5000  # maximum number of texts from the body of a page
#: Minimum length of a title, to distinguish it from the name of a site.
_MIN_TITLE_CHARACTERS = 10
#: Minimum words of a single headline that overrules the declared title, and minimum shared words.
_MIN_WORDS, _MIN_SHARED_WORDS = 8, 2


def _text(element: Any) -> str:
    return " ".join(element.text_content().split()).rstrip("¶ ")


def _words(text: str) -> set[str]:
    return set(split(text.casefold()))


def _in_trail(element: Any) -> bool:
    around = islice(element.iterancestors(), 3)
    return "breadcrumb" in (element.get("class") or "").lower() or any(
        one.tag in _TRAIL_TAGS for one in around
    )


def title(
    page: Page, meta: Meta, linked: list[dict[str, Any]], source: str | None
) -> tuple[str | None, tuple[str, ...], Any]:
    """Return the best title, all candidates, and the element that shows the title."""
    element = page.tree.find(".//title")
    document = _text(element) if element is not None else ""
    shared = jsonld.text_of(meta.first(_DECLARED))
    headline = first(linked, "headline")
    elements = (one for one in islice(page.tree.iter("h1"), _MAX_HEADLINES) if not _in_trail(one))
    headings = [(text, element) for element in elements if (text := _text(element))]
    reference = _words(document) | _words(shared) | _words(headline)
    headlines = [one for one in headings if not _names_the_site(one[0], document, one[1], source)]
    page_title = without_site(document, source, True)
    confirmed = next((text for text, _ in headlines if headline and text == page_title), "")
    best = _fitting_headline(headlines, reference) or _single_headline(headlines, reference) or confirmed
    declared = [text for text in (without_site(shared, source, False), headline) if text]
    best = _without_kicker(headings, best, {*declared, shared, without_site(shared, source, True)})
    reliable = (
        _agreed_title(linked, declared)
        or _labelled_title(best, declared)
        or best
        or _below_kicker(page, declared)
        or ("" if headline else _title_part(page, [document, shared], source))
    )
    title = reliable or headline or shared or document or (headings[0][0] if headings else "")
    texts = [text for text, _ in headings]
    if title not in texts and not reliable:
        title = without_site(title, source, title == document)
    candidates = (title, document, without_site(document, source, True), shared, headline, *texts)
    return (
        title or None,
        tuple(dict.fromkeys(filter(None, candidates))),
        _element(page, headings, headlines, title),
    )


def _without_kicker(headings: list[tuple[str, Any]], best: str, declared: set[str]) -> str:
    """Remove a label that the declared title does not have: "Harbour <br>Ferry to sail again"."""
    for element in (element for text, element in headings if best and text == best):
        for kicker in filter(None, dict.fromkeys(map(_text, element.iterdescendants()))):
            end = best[len(kicker) :].strip() if best.startswith(kicker) else ""
            if end and any(_is_last_part(end, whole) for whole in declared):
                return end
    return best


def _is_last_part(end: str, whole: str) -> bool:
    """Return True if a text is a whole title, or the part after a separator."""
    before = whole[: len(whole) - len(end)]
    return whole.endswith(end) and (not before or bool(_ENDS_SEPARATED.search(before)))


def _agreed_title(linked: list[dict[str, Any]], declared: list[str]) -> str:
    """Return the title that a news page declares in two places, or ""."""
    same = len(declared) == 2 and key(declared[0]) == key(declared[1])
    return declared[0] if same and jsonld.is_news(linked[0]) else ""


def _labelled_title(best: str, declared: list[str]) -> str:
    """Return the declared title that follows a label or precedes a site name in ``best``."""
    bare_title = without_site(best, None, True)
    begins = [title for title in declared if title == bare_title and len(key(title)) > _MIN_TITLE_CHARACTERS]
    return next((title for title in declared if _ends_with(best, title) or title in begins), "")


def _title_part(page: Page, titles: list[str], source: str | None) -> str:
    """Return the longest part of a declared title that a heading shows, without the site name."""
    parts_of_titles = [(part, title) for title in titles for part in _SEPARATOR.split(title) if part != title]
    halves = ((title.split(": "), title) for title in titles if title.count(": ") == 1)
    parts_of_titles += [
        (pair[n], title) for pair, title in halves for n in (0, 1) if _NAME.fullmatch(pair[1 - n])
    ]
    parts = {key(part): (part, title) for part, title in parts_of_titles if key(part) != key(source or "")}
    matches = [
        parts[words][0]
        for element in (islice(page.tree.iter("h1", "h2", "h3"), _MAX_HEADLINES) if parts else ())
        if (words := key(_text(element))) in parts and not _names_the_site(*parts[words], element, source)
    ]
    return max(matches, key=len, default="")


def _below_kicker(page: Page, declared: list[str]) -> str:
    """Return the declared title that a lower heading shows, with or without a label."""
    headings = [_text(element) for element in islice(page.tree.iter("h2", "h3"), _MAX_HEADINGS)]
    matches = (one for text in headings for one in declared if key(text) == key(one) or _ends_with(text, one))
    return next(matches, "")


def _ends_with(text: str, title: str) -> bool:
    whole, end = key(text), key(title)
    return " " in end and 1 < len(whole) - len(end) <= _MAX_KICKER_CHARACTERS and whole.endswith(" " + end)


def _element(page: Page, headings: list[tuple[str, Any]], own: list[tuple[str, Any]], title: str) -> Any:
    same = [element for text, element in headings if text == title]
    like = [element for text, element in own if len(_words(text) & _words(title)) > 1]
    if same or like:
        return (same or like)[0]
    for element in page.tree.iter("h2", "h3", "legend", "header", "strong", "a", "p", "div", "td"):
        if element.text and title == " ".join(element.text.split()):
            return element
    return headings[0][1] if headings else None


def _fitting_headline(headings: list[tuple[str, Any]], reference: set[str]) -> str:
    """Return the headline that shares most with the declared titles, or ""."""
    known = {text: _words(text) for text, _ in headings}
    fitting = [t for t, own in known.items() if len(own) > 1 and len(own & reference) >= 0.6 * len(own)]
    return max(fitting, key=lambda text: len(known[text] & reference), default="")


def _single_headline(headings: list[tuple[str, Any]], reference: set[str]) -> str:
    """Return the only headline if it is a sentence and shares words with the declared titles, or ""."""
    own = _words(headings[0][0]) if len(headings) == 1 else set()
    return headings[0][0] if len(own) >= _MIN_WORDS and len(own & reference) >= _MIN_SHARED_WORDS else ""


def _names_the_site(text: str, document: str, element: Any, source: str | None) -> bool:
    """Return True for a masthead: a link home, the site's name, or "The Site" in "Title | The Site"."""
    links = [link.get("href") or "" for link in islice(element.iter("a"), 2)]
    parent = element.getparent()
    if parent is not None and parent.tag == "a":
        links.append(parent.get("href") or "")
    home = any(_HOME.fullmatch(link) for link in filter(None, links))
    names = _words(source or "")
    *before, last = _SEPARATOR.split(document.rstrip(" |–—-·»:•@"))
    longer = any(len(part) > max(_MIN_TITLE_CHARACTERS, len(last)) for part in before)
    return (
        home
        or (longer and text.casefold() == last.casefold())
        or (_words(text) <= names and not _words(document) <= names)
    )


def without_site(title: str, source: str | None, guess: bool = False) -> str:
    """Return a title without the site's name; with ``guess``, also without a name that may be the site's."""
    if source:
        named = rf"(?:[|:·•]|\s[\-–—])\s*{re.escape(source)}\s*$"
        title = re.sub(named, "", title, flags=re.I).rstrip() or title
    separated = (_SEPARATED.match(title) or _TIGHT.match(title)) if guess else None
    return separated[1] if separated and len(separated[1]) * 2 > len(title) - len(separated[1]) else title


def _pieces(body: Any, is_left_out: Callable[[Any], bool]) -> Iterator[str]:
    steps = etree.iterwalk(body, events=("start", "end"))
    for event, element in steps:
        if event == "start" and element is not body and is_left_out(element):
            steps.skip_subtree()
        elif text := element.text if event == "start" else element.tail if element is not body else "":
            yield text


class Nearby:
    """The elements of a page in order, with their distance from the headline."""

    #: Elements below the headline searched for a byline, and maximum distance of close ones.
    _BYLINE_DISTANCE, _CLOSE_DISTANCE = 40, 80
    #: Maximum characters between the headline and the start of the text: a standfirst is shorter.
    _STANDFIRST = 500

    def __init__(self, page: Page, headline: Any) -> None:
        self._elements = page.elements or [*page.tree.iter("*")]
        self._headline = headline

    @cached_property
    def _place(self) -> int:
        return next((n for n, element in enumerate(self._elements) if element is self._headline), -1)

    @cached_property
    def _places(self) -> dict[Any, int]:
        return {element: number for number, element in enumerate(self._elements)}

    def _distance(self, element: Any) -> int:
        step = self._places.get(element, len(self._places)) - self._place
        return step if step >= 0 else -3 * step

    def by_distance(self, elements: Iterable[Any], *, close: bool = False) -> list[Any]:
        """Sort ``elements`` by their distance from the headline; with ``close``, drop distant ones."""
        candidates = list(elements)
        if self._place < 0:
            return candidates
        if close:
            candidates = [
                element for element in candidates if self._distance(element) <= self._CLOSE_DISTANCE
            ]
        return sorted(candidates, key=self._distance) if len(candidates) > 1 else candidates

    def is_above_text(self, element: Any) -> bool:
        """Return True if an element precedes the text. False for a page without a headline."""
        if self._place < 0:
            return False
        passed = self._elements[self._place : self._places.get(element, len(self._places))]
        length = sum(len(text.strip()) for one in passed for text in (one.text, one.tail) if text)
        return length <= self._STANDFIRST

    @cached_property
    def _outer_elements(self) -> set[Any]:
        return set() if self._headline is None else set(self._headline.iterancestors())

    def surrounds(self, element: Any) -> bool:
        """Return True if the headline is inside an element."""
        return element in self._outer_elements

    @cached_property
    def _elements_with_class(self) -> list[tuple[Any, str]]:
        return [(element, name.lower()) for element in self._elements if (name := element.get("class"))]

    @cached_property
    def _classes(self) -> set[str]:
        return {name for _, name in self._elements_with_class}

    def elements_of_class(self, pattern: re.Pattern[str]) -> list[Any]:
        """Return the elements whose classes, in lower case, match ``pattern``."""
        holding = set(filter(pattern.search, self._classes))
        return [element for element, name in self._elements_with_class if name in holding] if holding else []

    def elements_with(self, attribute: str) -> list[tuple[Any, str]]:
        """Return the elements with an attribute, and its value."""
        return [(element, value) for element in self._elements if (value := element.get(attribute))]

    def texts(self, is_left_out: Callable[[Any], bool] = lambda _: False) -> Iterator[str]:
        """Yield the texts of the page, except those in some elements."""
        body = next((element for element in self._elements if element.tag == "body"), None)
        running = (" ".join(text.split()) for text in _pieces(body, is_left_out)) if body is not None else ()
        return islice(filter(None, running), _MAX_TEXTS)

    def elements_around(self) -> list[Any]:
        """Return the headline, the elements just below it, then those just above it, nearest first."""
        if self._place < 0:
            return []
        below = self._elements[self._place : self._place + self._BYLINE_DISTANCE]
        above = self._elements[max(0, self._place - 10) : self._place]
        return below + above[::-1]
