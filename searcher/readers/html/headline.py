"""The headline of a page, and what stands near it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from searcher.readers.html import jsonld
from searcher.readers.html.lines import key, split
from searcher.readers.html.page import Meta, Page, first

_DECLARED = "og:title twitter:title headline dc.title sailthru.title parsely-title title"
_MAX_HEADLINES = 20  # headlines looked at (measured on wcxb and mozilla)
_SEPARATED = re.compile(r"^(.+)\s+[|–—\-·«»‹›:•]{1,2}\s+[^|–—·«»‹›•]{2,40}$", re.S)
_TIGHT = re.compile(r"^(.{6,}?)(?:\s*[_|｜]\s*[^_|｜]{2,20})+$", re.S)
_SEPARATOR = re.compile(r"\s+[|–—\-·«»‹›:•@]{1,2}\s+")
_ENDS_SEPARATED = re.compile(r"\s[|–—\-·«»‹›:•@]{1,2}\s+$")
#: What may be the name of a site before a colon in a title, or behind one: “Tallow Post”.
_NAME = re.compile(r"[A-ZÀ-Þ]\S*(?: [A-ZÀ-Þ]\S*){0,3}")
#: A link to the front page of a site, or of one in the Internet Archive.
_HOME = re.compile(r"(?:https?://web\.archive\.org/web/\w+/)?(?:https?://[^/]+)?/?(?:index\.\w+)?")
_INDEX = re.compile(r"/(?:index|default|home)(?:\.\w+)?$", re.I)
_TRAILS = frozenset(("li", "ol", "nav"))
#: Characters of a label before a headline, and the headings looked at for one.
_MAX_KICKER_CHARACTERS, _MAX_HEADINGS = 60, 6
_MAX_TEXTS = 5000  # of the body of a page, the first
#: Characters of a title that is told from the name of a site by them.
_MIN_TITLE_CHARACTERS = 10
#: Words of a lone headline that is believed against what the page declares, and those that both have.
_MIN_WORDS, _MIN_SHARED_WORDS = 8, 2


def _text(element: Any) -> str:
    """The text of a heading without the sign for a link to it."""
    return " ".join(element.text_content().split()).rstrip("¶ ")


def _words(text: str) -> set[str]:
    return set(split(text.casefold()))


def _in_trail(element: Any) -> bool:
    """Whether an element is a step of a trail through the site, and no headline."""
    around = islice(element.iterancestors(), 3)
    return "breadcrumb" in (element.get("class") or "").lower() or any(one.tag in _TRAILS for one in around)


def title(
    page: Page, meta: Meta, linked: list[dict[str, Any]], source: str | None, url: str | None
) -> tuple[str | None, tuple[str, ...], Any]:
    """The best title, all of them, and the element that shows it."""
    element = page.tree.find(".//title")
    document = _text(element) if element is not None else ""
    shared = jsonld.text_of(meta.first(_DECLARED))
    headline = first(linked, "headline")
    headings = (e for e in islice(page.tree.iter("h1"), _MAX_HEADLINES) if not _in_trail(e))
    shown = [(text, element) for element in headings if (text := _text(element))]
    reference = _words(document) | _words(shared) | _words(headline)
    own = [one for one in shown if not _names_the_site(one[0], document, one[1], source, url)]
    named = without_site(document, source, True)
    alone = next((text for text, _ in own if headline and text == named), "")
    best = _fitting_headline(own, reference) or _lone(own, reference) or alone
    declared = [text for text in (without_site(shared, source, False), headline) if text]
    best = _without_kicker(shown, best, {*declared, shared, without_site(shared, source, True)})
    sure = (
        _agreed_title(linked, declared)
        or _labelled_title(best, declared)
        or best
        or _below_kicker(page, declared)
        or ("" if headline else _part(page, [document, shared], source, url))
    )
    found = sure or headline or shared or document or (shown[0][0] if shown else "")
    texts = [text for text, _ in shown]
    if found not in texts:
        found = _without_masthead(found, [text for text in texts if text not in dict(own)])
    if found not in texts and not sure:
        found = without_site(found, source, found == document)
    candidates = (found, document, without_site(document, source, True), shared, headline, *texts)
    return found or None, tuple(dict.fromkeys(filter(None, candidates))), _element(page, shown, own, found)


def _without_masthead(title: str, mastheads: list[str]) -> str:
    """A title without the name of the site, as the page shows that, before it or behind."""
    for name in map(re.escape, mastheads):
        around = rf"^{name}\s*[|–—\-·»:•]\s+(?=\S)|(?<=\S)\s*[|–—\-·«»:•]\s+{name}$"
        title = re.sub(around, "", title, flags=re.I)
    return title


def _without_kicker(shown: list[tuple[str, Any]], best: str, declared: set[str]) -> str:
    """A headline without a word before what the page declares: “Harbour <br>Ferry to sail again”."""
    for element in (element for text, element in shown if best and text == best):
        for kicker in filter(None, dict.fromkeys(map(_text, element.iterdescendants()))):
            end = best[len(kicker) :].strip() if best.startswith(kicker) else ""
            if end and any(_is_last_part(end, whole) for whole in declared):
                return end
    return best


def _is_last_part(end: str, whole: str) -> bool:
    """Whether a text is the whole of a title or what stands behind a separator in it."""
    before = whole[: len(whole) - len(end)]
    return whole.endswith(end) and (not before or bool(_ENDS_SEPARATED.search(before)))


def _agreed_title(linked: list[dict[str, Any]], declared: list[str]) -> str:
    """What a news page declares in two places alike, "" if it does not."""
    same = len(declared) == 2 and key(declared[0]) == key(declared[1])
    return declared[0] if same and jsonld.is_news(linked[0]) else ""


def _labelled_title(best: str, declared: list[str]) -> str:
    """The declared title that a shown one has behind a label or before a site: “Harbour: Ferry …”."""
    alone = without_site(best, None, True)
    begins = [title for title in declared if title == alone and len(key(title)) > _MIN_TITLE_CHARACTERS]
    return next((title for title in declared if _ends_with(best, title) or title in begins), "")


def _part(page: Page, titles: list[str], source: str | None, url: str | None) -> str:
    """The longest part of a declared title that a heading shows by itself, the site's name left out."""
    divided = [(part, title) for title in titles for part in _SEPARATOR.split(title) if part != title]
    halves = ((title.split(": "), title) for title in titles if title.count(": ") == 1)
    divided += [(two[n], title) for two, title in halves for n in (0, 1) if _NAME.fullmatch(two[1 - n])]
    parts = {key(part): (part, title) for part, title in divided if key(part) != key(source or "")}
    found = [
        parts[words][0]
        for element in (islice(page.tree.iter("h1", "h2", "h3"), _MAX_HEADLINES) if parts else ())
        if (words := key(_text(element))) in parts
        and not _names_the_site(*parts[words], element, source, url)
    ]
    return max(found, key=len, default="")


def _below_kicker(page: Page, declared: list[str]) -> str:
    """The declared title that another heading shows, with a label before it or without."""
    shown = [_text(element) for element in islice(page.tree.iter("h2", "h3"), _MAX_HEADINGS)]
    found = (one for text in shown for one in declared if key(text) == key(one) or _ends_with(text, one))
    return next(found, "")


def _ends_with(text: str, title: str) -> bool:
    whole, end = key(text), key(title)
    return " " in end and 1 < len(whole) - len(end) <= _MAX_KICKER_CHARACTERS and whole.endswith(" " + end)


def _element(page: Page, shown: list[tuple[str, Any]], own: list[tuple[str, Any]], found: str) -> Any:
    """The element that shows the title, the likeliest if none holds just that."""
    same = [element for text, element in shown if text == found]
    like = [element for text, element in own if len(_words(text) & _words(found)) > 1]
    if same or like:
        return (same or like)[0]
    for element in page.tree.iter("h2", "h3", "legend", "header", "strong", "a", "p", "div", "td"):
        if element.text and found == " ".join(element.text.split()):
            return element
    return shown[0][1] if shown else None


def _fitting_headline(shown: list[tuple[str, Any]], reference: set[str]) -> str:
    """The headline shown that says most of what the page calls itself, "" if none does."""
    known = {text: _words(text) for text, _ in shown}
    fitting = [t for t, own in known.items() if len(own) > 1 and len(own & reference) >= 0.6 * len(own)]
    return max(fitting, key=lambda text: len(known[text] & reference), default="")


def _lone(shown: list[tuple[str, Any]], reference: set[str]) -> str:
    """The only headline shown, if it is a sentence and shares words with what the page declares; else ""."""
    own = _words(shown[0][0]) if len(shown) == 1 else set()
    return shown[0][0] if len(own) >= _MIN_WORDS and len(own & reference) >= _MIN_SHARED_WORDS else ""


def _names_the_site(text: str, document: str, element: Any, source: str | None, url: str | None) -> bool:
    """Whether it is a masthead: a link home, the site's name, or “The Site” in “Title | The Site”."""
    links = [link.get("href") or "" for link in islice(element.iter("a"), 2)]
    parent = element.getparent()
    if parent is not None and parent.tag == "a":
        links.append(parent.get("href") or "")
    home = any(_HOME.fullmatch(link) or _leads_up(link, url) for link in filter(None, links))
    names = _words(source or "")
    *before, last = _SEPARATOR.split(document.rstrip(" |–—-·»:•@"))
    longer = any(len(part) > max(_MIN_TITLE_CHARACTERS, len(last)) for part in before)
    return (
        home
        or (longer and text.casefold() == last.casefold())
        or (_words(text) <= names and not _words(document) <= names)
    )


def _leads_up(link: str, url: str | None) -> bool:
    """Whether a link leads to the part of the site in which an address lies: “/blogs/harbour/”."""
    to, at = (urlsplit(address or "") for address in (link, url))
    folder = to.path.rpartition("/")[0] if _INDEX.search(to.path) else to.path.rstrip("/")
    path = at.path.rstrip("/")
    return to.netloc in ("", at.netloc) and len(folder) > 1 and path.startswith(f"{folder}/")


def without_site(title: str, source: str | None, guess: bool = False) -> str:
    """Return a title without the name of its site behind it; ``guess``: without what may be one."""
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
    """The elements of a page in their order, and how far each is from the headline."""

    #: Elements below the headline among which its byline, and a date, is looked for (measured on wcxb).
    _WITHIN, _CLOSE = 40, 80
    #: Characters below the headline behind which the text has begun: a standfirst is shorter.
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
    def _outer_elements(self) -> set[Any]:
        return set() if self._headline is None else set(self._headline.iterancestors())

    def surrounds(self, element: Any) -> bool:
        """Whether the headline stands within an element."""
        return element in self._outer_elements

    @cached_property
    def _elements_with_class(self) -> list[tuple[Any, str]]:
        return [(element, name.lower()) for element in self._elements if (name := element.get("class"))]

    @cached_property
    def _classes(self) -> set[str]:
        return {name for _, name in self._elements_with_class}

    def elements_of_class(self, pattern: re.Pattern[str]) -> list[Any]:
        """The elements, in their order, of whose classes the lower case holds ``pattern``."""
        holding = set(filter(pattern.search, self._classes))
        return [element for element, name in self._elements_with_class if name in holding] if holding else []

    def elements_with(self, attribute: str) -> list[tuple[Any, str]]:
        """The elements that have an attribute, with its value."""
        return [(element, value) for element in self._elements if (value := element.get(attribute))]

    def texts(self, is_left_out: Callable[[Any], bool] = lambda _: False) -> Iterator[str]:
        """The texts of the page one after another, those of some elements left out."""
        body = next((element for element in self._elements if element.tag == "body"), None)
        running = (" ".join(text.split()) for text in _pieces(body, is_left_out)) if body is not None else ()
        return islice(filter(None, running), _MAX_TEXTS)

    def elements_around(self) -> list[Any]:
        """The headline, the elements just below it, then those just above it, the nearest first."""
        if self._place < 0:
            return []
        below = self._elements[self._place : self._place + self._WITHIN]
        above = self._elements[max(0, self._place - 10) : self._place]
        return below + above[::-1]
