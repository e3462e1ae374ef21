"""One page, parsed once: the tree that everything else about HTML shares, and its meta elements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from searcher.errors import ReadError
from searcher.readers.html import jsonld
from searcher.readers.html.jsonld import load

#: Pages longer than this (in characters, without scripts) are cleaned by the linear extractor alone.
MAX_LIGHT_CHARACTERS = 1_500_000

#: The longest page that is read at all, without scripts and pictures; a long read has a tenth of it.
MAX_MARKUP = 5 * 2**20

#: How deep elements may nest. Browsers stop at 512; real pages stay below 100.
MAX_DEPTH = 200
#: The longest tag, attributes included; beyond it an element keeps its name only.
MAX_TAG = 20_000

# Scripts and styles are most of a saved page and none of its text.
_DEAD = re.compile(
    r"<(?:(script|style|svg|noscript|template|iframe|object|canvas)\b([^<>]{0,4000})>|(!--))", re.I
)
_LONG_TAG = re.compile(rf"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]{{{MAX_TAG},}}>?")
_DATA_URI = re.compile(r"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=\s%]+")
# A set of letters at the beginning of each name is faster than to ignore case in it.
_NESTING = re.compile(
    r"<(/?)(?!(?:[aA](?i:rea)|[bB](?i:ase|r)|[cC](?i:ol)|[dD](?i:t|d)|[eE](?i:mbed)|[hH](?i:r)|[iI](?i:mg|nput)"
    r"|[lL](?i:ink|i)|[mM](?i:eta)|[oO](?i:ption)|[pP](?i:aram)?|[sS](?i:ource)|[wW](?i:br)"
    r"|[tT](?i:r|d|h|head|body|foot|rack))\b)[a-zA-Z][^<>]*+(?<!/)>"
)
_STEPS = {"": 1, "/": -1}  # what a tag does to the depth, by the slash of the closing one
#: Characters of a script of JSON-LD: a whole article in it takes a hundredth of that.
_MAX_JSON_CHARACTERS = 2_000_000
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.S)


@dataclass(slots=True)
class Page:
    """``tree`` is lxml's, ``linked`` the objects of its JSON-LD. Only what takes linear time should touch a
    ``heavy`` page. ``elements`` of others are kept, as lxml makes them anew each time that it meets one.
    Once its body was chosen, ``led`` is the share that stands under links of lists, ``unsure`` that of
    paragraphs unlike the rest, ``days`` how many are told between them, ``tabled`` how many times its text is
    left in tables."""

    tree: Any
    url: str | None
    heavy: bool
    linked: list[dict[str, Any]] = field(default_factory=list)
    elements: list[Any] = field(default_factory=list)
    led: float = 0.0
    unsure: float = 0.0
    days: int = 0
    tabled: float = 0.0


def parse(text: str, url: str | None = None) -> Page:
    """Raises ReadError when the text holds no elements, or too many."""
    blocks: list[str] = []
    lean = _lean(text, blocks)
    if len(lean) > MAX_MARKUP:
        raise ReadError(f"Its markup is larger than {MAX_MARKUP // 2**20} MB, too large for one article.")
    lean, deep = shallow(lean)
    tree = tree_of(lean)
    heavy = deep or len(lean) > MAX_LIGHT_CHARACTERS
    return Page(tree, url, heavy, load(blocks), [] if heavy else [*tree.iter("*")])


def tree_of(text: str) -> Any:
    """The elements of a page. Raises ReadError where there are none."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # The default asks a Python function for the class of every element, for the sake of forms and inputs.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise ReadError("It holds no HTML.") from None


def _lean(text: str, blocks: list[str]) -> str:
    """``text`` without what is never read; JSON-LD goes to ``blocks``."""
    text = living_markup(_XML_DECLARATION.sub("", text), blocks)
    # Where a page closes its root before its body, lxml drops the body; browsers take no notice.
    text = _DATA_URI.sub("", text).replace("</html>", "").replace("</HTML>", "")
    step = MAX_TAG // 2  # a long tag leaves at least one stretch of so many characters without another
    if all(text.find("<", at, at + step) >= 0 for at in range(0, len(text) - step, step)):
        return text
    return _LONG_TAG.sub(r"<\1>", text)


def living_markup(text: str, blocks: list[str]) -> str:
    """``text`` without scripts, styles and comments, in one pass whatever is left unclosed."""
    out: list[str] = []
    position = 0
    endless: set[str] = set()
    while found := _DEAD.search(text, position):
        kind = (found[1] or "<!--").lower()
        out.append(text[position : found.start()])
        position = found.end()
        if kind in endless or (found[2] or "").endswith("/"):
            continue
        closing = re.compile("-->" if kind == "<!--" else rf"</{kind}\b[^>]{{0,100}}>", re.I).search(
            text, position
        )
        if closing is None:
            endless.add(kind)  # never searched for again: a page may open a million and close none
            continue
        if "ld+json" in (found[2] or "") and closing.start() - position < _MAX_JSON_CHARACTERS:
            blocks.append(text[position : closing.start()])
        out.append(" ")
        position = closing.end()
    out.append(text[position:])
    return "".join(out)


def shallow(text: str) -> tuple[str, bool]:
    """``text`` without the tags of elements that nest deeper than MAX_DEPTH, and whether there were any."""
    if text.count("<") < MAX_DEPTH:
        return text, False
    deepest = max(accumulate(map(_STEPS.__getitem__, _NESTING.findall(text))), default=0)
    if deepest <= MAX_DEPTH:
        return text, False
    depth = 0

    def cut(found: re.Match[str]) -> str:
        nonlocal depth
        before = depth
        depth = max(0, depth - 1) if found[1] else depth + 1
        return found[0] if max(before, depth) <= MAX_DEPTH else " "

    return _NESTING.sub(cut, text), True


class Meta:
    """The meta elements of a page by their lower-case names."""

    def __init__(self, page: Page) -> None:
        self._values: dict[str, list[str]] = {}
        for element in page.tree.iter("meta"):
            kind = next((a for a in ("property", "name", "itemprop", "http-equiv") if element.get(a)), "")
            # programs that saved pages have written “value” in the place of “content”
            content = (element.get("content") or element.get("value") or "").strip()
            if kind and content and not (kind == "itemprop" and _is_of_part(element)):
                named = element.get(kind).strip().lower()
                # Attributes of RDFa and microdata hold several names.
                for name in named.split() if kind in ("property", "itemprop") else [named]:
                    self._values.setdefault(re.sub(r"^dc:", "dc.", name), []).append(content)

    def each(self, names: str) -> list[list[str]]:
        """The values of each of some names that the page has."""
        return [self._values[name] for name in names.split() if name in self._values]

    def first(self, names: str) -> str:
        return next((values[0] for values in self.each(names)), "")

    def like(self, pattern: re.Pattern[str]) -> list[str]:
        """The values of the first name in which ``pattern`` is found."""
        return next((values for name, values in self._values.items() if pattern.search(name)), [])


#: What an item of microdata is that is only a part of the page, or beside the article.
_PART = re.compile(r"(?:Object|Comment|Person|Organization|Product|Event|Offer|Rating|ListItem|Place)$")


def _is_of_part(element: Any) -> bool:
    """Whether an element describes a video, a comment or else, not the article (https://schema.org)."""
    item = next((around for around in element.iterancestors() if around.get("itemscope") is not None), None)
    return item is not None and bool(_PART.search((item.get("itemtype") or "").rstrip("/ ")))


def first(linked: list[dict[str, Any]], name: str) -> str:
    """The first text that objects of JSON-LD hold under ``name``."""
    return next((text for item in linked if (text := jsonld.text_of(item.get(name)))), "")


def words(element: Any) -> str:
    """The text of an element, its parts apart: what stands in two boxes is not one word."""
    return " ".join(" ".join(element.itertext()).split())
