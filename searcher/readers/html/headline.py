"""The headline of a page, and what stands near it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from searcher.readers.html import jsonld
from searcher.readers.html.lines import key, split
from searcher.readers.html.meta import Meta, first
from searcher.readers.html.page import Page

__all__ = ["Nearby", "title"]

_MOST = 20  # headlines looked at; 5 and 40 change none of the labelled pages (wcxb and mozilla)
_SEPARATED = re.compile(r"^(.+)\s+[|–—\-·»:•]{1,2}\s+[^|–—·»•]{2,40}$", re.S)
_TIGHT = re.compile(r"^(.{6,}?)(?:\s*[_|｜]\s*[^_|｜]{2,20})+$", re.S)
_SEPARATOR = re.compile(r"\s+[|–—\-·»:•@]{1,2}\s+")
_TRAILS = frozenset(("li", "ol", "nav"))
#: Characters of a label before a headline, and the headings looked at for one.
_LONGEST_KICKER, _MOST_HEADINGS = 60, 6
_MOST_TEXTS = 5000
#: Characters of a title that is told from the name of a site by them.
_SHORTEST = 10


def _text(element: Any) -> str:
    """The text of a heading without the sign for a link to it."""
    return " ".join(element.text_content().split()).rstrip("¶ ")


def _words(text: str) -> set[str]:
    return set(split(text.casefold()))


def _shown(page: Page) -> list[tuple[str, Any]]:
    """The headlines with their elements; the last step of a trail through the site is none."""
    return [
        (text, element)
        for element in islice(page.tree.iter("h1"), _MOST)
        if (text := _text(element)) and not _in_trail(element)
    ]


def _in_trail(element: Any) -> bool:
    around = islice(element.iterancestors(), 3)
    return "breadcrumb" in (element.get("class") or "").lower() or any(one.tag in _TRAILS for one in around)


def title(
    page: Page, meta: Meta, linked: list[dict[str, Any]], source: str | None
) -> tuple[str | None, tuple[str, ...], Any]:
    """The best title, all of them, and the element that shows it."""
    element = page.tree.find(".//title")
    document = _text(element) if element is not None else ""
    shared = jsonld.text_of(meta.first("og:title twitter:title dc.title sailthru.title title"))
    headline = first(linked, "headline")
    shown = _shown(page)
    reference = _words(document) | _words(shared) | _words(headline)
    best = _fitting(shown, reference, document)
    declared = [text for text in (_without_site(shared, source, False), headline) if text]
    best = _without_kicker(shown, best, {*declared, shared, _without_site(shared, source, True)})
    sure = (
        _agreed(linked, declared)
        or _labelled(best, declared)
        or best
        or _below_kicker(page, declared)
        or ("" if headline else _part(page, [document, shared], source))
    )
    found = sure or headline or shared or document or (shown[0][0] if shown else "")
    texts = [text for text, _ in shown]
    if found not in texts and not sure:
        found = _without_site(found, source, found == document)
    candidates = (found, document, _without_site(document, source, True), shared, headline, *texts)
    return found or None, tuple(dict.fromkeys(filter(None, candidates))), _place(page, shown, found, document)


def _without_kicker(shown: list[tuple[str, Any]], best: str, declared: set[str]) -> str:
    """A headline whose element holds a word of its own before what the page declares: “Harbour <br>Ferry to
    sail again”."""
    for text, element in shown:
        if text == best and len(element) and best:
            for end in declared - {"", best}:
                if best.endswith(end) and best[: -len(end)].strip() in map(_text, element.iterdescendants()):
                    return end
    return best


def _agreed(linked: list[dict[str, Any]], declared: list[str]) -> str:
    """What a news page declares in two places alike, "" if it does not."""
    same = len(declared) == 2 and key(declared[0]) == key(declared[1])
    return declared[0] if same and jsonld.is_news(linked[0]) else ""


def _labelled(best: str, declared: list[str]) -> str:
    """The declared title that stands in a shown one behind a label or before a site: “Harbour: Ferry to sail
    again”, “Ferry to sail again | Tallow Post”."""
    return next((text for text in declared if _ends_with(best, text) or _begins(best, text)), "")


def _begins(text: str, title: str) -> bool:
    """Whether a text is the title and a site behind it."""
    return len(key(title)) > _SHORTEST and _without_site(text, None, True) == title


def _part(page: Page, titles: list[str], source: str | None) -> str:
    """The longest part of a declared title that a heading shows by itself, the site's name left out."""
    divided = [(part, title) for title in titles for part in _SEPARATOR.split(title) if part != title]
    parts = {key(part): (part, title) for part, title in divided if key(part) != key(source or "")}
    found = [
        parts[words][0]
        for element in (islice(page.tree.iter("h1", "h2", "h3"), _MOST) if parts else ())
        if (words := key(_text(element))) in parts
        and not _names_the_site(parts[words][0], element, parts[words][1])
    ]
    return max(found, key=len, default="")


def _below_kicker(page: Page, declared: list[str]) -> str:
    """The declared title that another heading shows, with a label before it or without."""
    for element in islice(page.tree.iter("h2", "h3"), _MOST_HEADINGS):
        text = _text(element)
        for title in declared:
            if key(text) == key(title) or _ends_with(text, title):
                return title
    return ""


def _ends_with(text: str, title: str) -> bool:
    whole, end = key(text), key(title)
    return " " in end and 1 < len(whole) - len(end) <= _LONGEST_KICKER and whole.endswith(" " + end)


def _place(page: Page, shown: list[tuple[str, Any]], found: str, document: str) -> Any:
    """The element that shows the title, the likeliest if none holds just that."""
    same = [element for text, element in shown if text == found]
    like = [
        element
        for text, element in shown
        if len(_words(text) & _words(found)) > 1 and not _names_the_site(text, element, document)
    ]
    if same or like:
        return (same or like)[0]
    other = _elsewhere(page, found)
    return other if other is not None or not shown else shown[0][1]


def _elsewhere(page: Page, found: str) -> Any:
    """The element that shows the title though it is no h1."""
    for element in page.tree.iter("h2", "h3", "legend", "header", "strong", "a", "p", "div", "td"):
        if element.text and found == " ".join(element.text.split()):
            return element
    return None


def _fitting(shown: list[tuple[str, Any]], reference: set[str], document: str) -> str:
    """The headline shown that says most of what the page calls itself, "" if none does."""
    fitting = [
        text
        for text, element in shown
        if len(own := _words(text)) > 1
        and len(own & reference) >= 0.6 * len(own)
        and not _names_the_site(text, element, document)
    ]
    return max(fitting, key=lambda text: len(_words(text) & reference), default="")


def _names_the_site(text: str, element: Any, document: str) -> bool:
    """Whether it is a masthead: a link home, or the part behind the title in “Title | The Site”."""
    links = [link.get("href") or "" for link in islice(element.iter("a"), 2)]
    parent = element.getparent()
    if parent is not None and parent.tag == "a":
        links.append(parent.get("href") or "")
    home = any(re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", link) for link in links if link)
    *before, last = _SEPARATOR.split(document)
    longer = any(len(part) > max(_SHORTEST, len(last)) for part in before)
    return home or (longer and text.casefold() == last.casefold())


def _without_site(title: str, source: str | None, guess: bool) -> str:
    if source:
        title = re.sub(rf"\s*[|\-–—:·•]\s*{re.escape(source)}\s*$", "", title, flags=re.I) or title
    separated = (_SEPARATED.match(title) or _TIGHT.match(title)) if guess else None
    return separated[1] if separated and len(separated[1]) * 2 > len(title) - len(separated[1]) else title


class Nearby:
    """The elements of a page in their order, and how far each is from the headline."""

    #: Elements below the headline among which its byline is looked for, and those within which a date is near
    #: it. Of the labelled pages (wcxb and mozilla) 20 loses an author, half and twice of the others change
    #: none.
    _WITHIN, _CLOSE = 40, 80
    #: Characters below the headline behind which the text has begun: a standfirst is shorter. Half and twice
    #: of it change no author of the labelled pages (all five sets), 60 loses two.
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
        """What stands before the headline is less likely its own."""
        step = self._places.get(element, len(self._places)) - self._place
        return step if step >= 0 else -3 * step

    def nearest(self, elements: Iterable[Any], *, close: bool = False) -> list[Any]:
        """``elements`` by their distance from the headline; only those not far from it if ``close``."""
        found = list(elements)
        if self._place < 0:
            return found
        if close:
            found = [element for element in found if self._distance(element) <= self._CLOSE]
        return sorted(found, key=self._distance) if len(found) > 1 else found

    def is_above_text(self, element: Any) -> bool:
        """Whether the text is still to begin where an element stands; not where there is no headline."""
        if self._place < 0:
            return False
        passed = self._elements[self._place : self._places.get(element, len(self._places))]
        between = sum(len(text.strip()) for one in passed for text in (one.text, one.tail) if text)
        return between <= self._STANDFIRST

    @cached_property
    def _classed(self) -> list[tuple[Any, str]]:
        return [(element, name.lower()) for element in self._elements if (name := element.get("class"))]

    @cached_property
    def _classes(self) -> list[str]:
        return list(dict.fromkeys(name for _, name in self._classed))

    def classed(self, pattern: re.Pattern[str]) -> list[Any]:
        """The elements, in their order, of whose classes the lower case holds ``pattern``."""
        holding = set(filter(pattern.search, self._classes))
        return [element for element, name in self._classed if name in holding] if holding else []

    def having(self, attribute: str) -> list[tuple[Any, str]]:
        """The elements that have an attribute, with its value."""
        return [(element, value) for element in self._elements if (value := element.get(attribute))]

    def texts(self) -> Iterator[str]:
        """The texts of the page one after another."""
        body = next((element for element in self._elements if element.tag == "body"), None)
        for text in islice(body.itertext(), _MOST_TEXTS) if body is not None else ():
            if text := " ".join(text.split()):
                yield text

    def around(self) -> list[Any]:
        """The headline, the elements just below it, then those just above it, the nearest first."""
        if self._place < 0:
            return []
        below = self._elements[self._place : self._place + self._WITHIN]
        above = self._elements[max(0, self._place - 10) : self._place]
        return below + above[::-1]
