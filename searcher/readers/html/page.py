"""Parse a page once into the tree that all HTML modules share, with its meta elements and JSON-LD."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from searcher.errors import ReadError
from searcher.readers.html import jsonld
from searcher.readers.html.jsonld import load

#: Maximum length in characters (without scripts) of pages cleaned with more than linear effort.
MAX_LIGHT_CHARACTERS = 1_500_000

#: Maximum size of a page without scripts and images. A long read has a tenth of it.
MAX_MARKUP = 5 * 2**20

#: Maximum nesting of elements. Browsers stop at 512; real pages stay below 100.
MAX_DEPTH = 200
#: Maximum length of a tag with its attributes. Longer ones lose their attributes.
MAX_TAG = 20_000

# Scripts and styles make up most of a saved page.
_REMOVED = re.compile(
    r"<(?:(script|style|svg|noscript|template|iframe|object|canvas)\b([^<>]{0,4000})>|(!--))", re.I
)
_LONG_TAG = re.compile(rf"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]{{{MAX_TAG},}}>?")
_DATA_URI = re.compile(r"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=\s%]+")
# Character sets for the first letters are faster than ignoring case.
_NESTING = re.compile(
    r"<(/?)(?!(?:[aA](?i:rea)|[bB](?i:ase|r)|[cC](?i:ol)|[dD](?i:t|d)|[eE](?i:mbed)|[hH](?i:r)|[iI](?i:mg|nput)"
    r"|[lL](?i:ink|i)|[mM](?i:eta)|[oO](?i:ption)|[pP](?i:aram)?|[sS](?i:ource)|[wW](?i:br)"
    r"|[tT](?i:r|d|h|head|body|foot|rack))\b)[a-zA-Z][^<>]*+(?<!/)>"
)
_DEPTH_CHANGES = {"": 1, "/": -1}  # change of depth, by the slash of a closing tag
#: Maximum length of a JSON-LD script. A whole article takes a hundredth of it.
_MAX_JSON_CHARACTERS = 2_000_000
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.S)


@dataclass(slots=True)
class Page:
    """A parsed page.

    Attributes:
        tree: The lxml tree.
        heavy: The page is so large that only linear algorithms may process it.
        linked: Objects of its JSON-LD.
        elements: All elements unless ``heavy``. Kept because lxml otherwise creates them again at each
            access.
        teaser_share: Share of the body below links in lists. Like the following, set when the body is chosen.
        uncertain_share: Share of the body in paragraphs unlike the rest.
        entry_days: Number of different days between the paragraphs.
        table_ratio: Size of the text left out in tables, relative to the body.
    """

    tree: Any
    url: str | None
    heavy: bool
    linked: list[dict[str, Any]] = field(default_factory=list)
    elements: list[Any] = field(default_factory=list)
    teaser_share: float = 0.0
    uncertain_share: float = 0.0
    entry_days: int = 0
    table_ratio: float = 0.0


def parse(text: str, url: str | None = None) -> Page:
    """Parse a page. Raises ReadError if it has no elements or too many."""
    blocks: list[str] = []
    reduced = _reduce(text, blocks)
    if len(reduced) > MAX_MARKUP:
        raise ReadError(f"Its markup is larger than {MAX_MARKUP // 2**20} MB, too large for one article.")
    reduced, deep = limit_depth(reduced)
    tree = tree_of(reduced)
    heavy = deep or len(reduced) > MAX_LIGHT_CHARACTERS
    return Page(tree, url, heavy, load(blocks), [] if heavy else [*tree.iter("*")])


def tree_of(text: str) -> Any:
    """Return the element tree. Raises ReadError if the page is empty."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # By default, lxml calls a Python function for the class of every element.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise ReadError("It contains no HTML.") from None


def _reduce(text: str, blocks: list[str]) -> str:
    text = without_scripts(_XML_DECLARATION.sub("", text), blocks)
    # If the root is closed before the body, lxml drops the body. Browsers do not.
    text = _DATA_URI.sub("", text).replace("</html>", "").replace("</HTML>", "")
    step = MAX_TAG // 2  # a tag longer than MAX_TAG contains a whole step without "<"
    if all(text.find("<", at, at + step) >= 0 for at in range(0, len(text) - step, step)):
        return text
    return _LONG_TAG.sub(r"<\1>", text)


def without_scripts(text: str, blocks: list[str]) -> str:
    """Remove scripts, styles and comments in one pass, even if some are unclosed."""
    out: list[str] = []
    position = 0
    unclosed: set[str] = set()
    while opening := _REMOVED.search(text, position):
        kind = (opening[1] or "<!--").lower()
        out.append(text[position : opening.start()])
        position = opening.end()
        if kind in unclosed or (opening[2] or "").endswith("/"):
            continue
        closing = re.compile("-->" if kind == "<!--" else rf"</{kind}\b[^>]{{0,100}}>", re.I).search(
            text, position
        )
        if closing is None:
            unclosed.add(kind)
            continue  # do not search again: a page may open a million and close none
        if "ld+json" in (opening[2] or "") and closing.start() - position < _MAX_JSON_CHARACTERS:
            blocks.append(text[position : closing.start()])
        out.append(" ")
        position = closing.end()
    out.append(text[position:])
    return "".join(out)


def limit_depth(text: str) -> tuple[str, bool]:
    """Remove tags nested deeper than MAX_DEPTH. Also return whether there were any."""
    if text.count("<") < MAX_DEPTH:
        return text, False
    deepest = max(accumulate(map(_DEPTH_CHANGES.__getitem__, _NESTING.findall(text))), default=0)
    if deepest <= MAX_DEPTH:
        return text, False
    depth = 0

    def cut(tag: re.Match[str]) -> str:
        nonlocal depth
        before = depth
        depth = max(0, depth - 1) if tag[1] else depth + 1
        return tag[0] if max(before, depth) <= MAX_DEPTH else " "

    return _NESTING.sub(cut, text), True


class Meta:
    """The meta elements of a page by lower-case name."""

    def __init__(self, page: Page) -> None:
        self._values: dict[str, list[str]] = {}
        for element in page.tree.iter("meta"):
            kind = next((a for a in ("property", "name", "itemprop", "http-equiv") if element.get(a)), "")
            # Some programs write "value" instead of "content".
            content = (element.get("content") or element.get("value") or "").strip()
            if kind and content:
                named = element.get(kind).strip().lower()
                # RDFa and microdata attributes may hold several names.
                for name in named.split() if kind in ("property", "itemprop") else [named]:
                    self._values.setdefault(re.sub(r"^dc:", "dc.", name), []).append(content)

    def each(self, names: str) -> list[list[str]]:
        """Return the values of each of these names on the page."""
        return [self._values[name] for name in names.split() if name in self._values]

    def first(self, names: str) -> str:
        return next((values[0] for values in self.each(names)), "")

    def matching(self, pattern: re.Pattern[str]) -> list[str]:
        """Return the values of the first name that matches ``pattern``."""
        return next((values for name, values in self._values.items() if pattern.search(name)), [])


def first(linked: list[dict[str, Any]], name: str) -> str:
    """Return the first text under ``name`` in JSON-LD objects."""
    return next((text for item in linked if (text := jsonld.text_of(item.get(name)))), "")


def words(element: Any) -> str:
    """Return the text of an element with spaces between its parts."""
    return " ".join(" ".join(element.itertext()).split())
