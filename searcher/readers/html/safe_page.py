"""A saved page as it looks, in which nothing acts: no script, no form, no frame, no address that is fetched.

The policy that it is served with says as much, but Chromium opens some connections before it asks that.
"""

from __future__ import annotations

import re
from typing import Any

from searcher.errors import ReadError
from searcher.readers.html.page import MAX_MARKUP, shallow, tree_of
from searcher.readers.original_bytes import Passage, find

#: Elements that go with all that is in them; SVG and MathML, since other rules of parsing hold within them.
_GONE = frozenset({
    "script", "template", "iframe", "frame", "frameset", "object", "applet", "link", "meta", "base", "title",
    "svg", "math", "audio", "video",
})  # fmt: skip
#: Elements whose content stays, but would be markup here: browsers take it for mere text.
_PLAIN = frozenset({
    "noscript", "form", "xmp", "noembed", "noframes", "plaintext", "listing", "textarea", "embed", "source",
    "track", "param",
})  # fmt: skip
#: Attributes that stay, besides those of pictures and links.
_KEPT = frozenset({
    "class", "id", "style", "title", "lang", "dir", "alt", "width", "height", "colspan", "rowspan",
    "align", "valign", "bgcolor", "color", "face", "size", "border", "cellpadding", "cellspacing",
    "start", "type", "datetime", "open", "hidden", "role", "span", "clear",
})  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_DATA = re.compile(r"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=\s%]+")
#: What style sheets fetch.
_FETCHED = re.compile(r"@import[^;}]*;?|url\(\s*(?![\"']?data:)[^)]*\)?|image-set\([^)]*\)?", re.I)

#: A letter of a style sheet that is written otherwise: “\\75rl(” is “url(”.
_ESCAPED = re.compile(r"\\(?:0{0,4}(2d|[46][1-9a-f]|[57][0-9a])(?![0-9a-f])\s?|([g-z-]))", re.I)
#: What lxml reads where it stands as a number, “&#1;”, and does not write.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def inert(text: str, passage: Passage) -> tuple[str, bool]:
    """The page, and whether the passage was found in it, marked then. Raises ReadError."""
    from lxml import html as lxml_html

    if len(_DATA.sub("", text)) > MAX_MARKUP:
        raise ReadError("It is too large to be shown here.")
    lean, _ = shallow(re.sub(r"^\s*<\?xml[^>]{0,300}\?>", "", text))
    tree = tree_of(lean)
    for element in list(tree.iter()):
        _disarm(element)
    found = _mark(tree, passage)
    return f'<!DOCTYPE html>\n<meta charset="utf-8">\n{lxml_html.tostring(tree, encoding="unicode")}', found


def _disarm(element: Any) -> None:
    tag = element.tag
    if tag in _GONE:
        if element.getparent() is not None:
            element.drop_tree()
        return
    if tag in _PLAIN or not _NAME.fullmatch(tag):
        element.tag = "div" if tag == "form" else "span"
    if tag == "style":
        element.text = _unfetched(element.text or "")
    given = {name: value for name, value in element.attrib.items() if name in _KEPT}
    kept = {name: _unfetched(value) if name == "style" else value for name, value in given.items()}
    address = (element.get("href") or "").strip()
    if tag == "a" and address:  # which leads nowhere else here
        kept = {**kept, "href": address} if address.startswith("#") else {"title": address, **kept}
    if tag == "img" and (element.get("src") or "").lower().startswith("data:image/"):
        kept["src"] = element.get("src")
    element.attrib.clear()
    element.attrib.update({name: _CONTROL.sub("", value) for name, value in kept.items()})


def _unfetched(style: str) -> str:
    plain = _ESCAPED.sub(lambda found: found[2] or chr(int(found[1], 16)), style)
    return _FETCHED.sub("", plain).replace("</", "")


def _mark(tree: Any, passage: Passage) -> bool:
    """Put the passage into marks, of which the first has the id; tell whether it is there."""
    from lxml import etree

    pieces: list[tuple[Any, bool, str]] = []  # the element, whether the text follows it, the text
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        text = element.tail if event == "end" else element.text if element.tag != "style" else ""
        if text and element is not tree:
            pieces.append((element, event == "end", _CONTROL.sub("", text)))
    found = find("".join(text for _, _, text in pieces), passage)
    if found is None:
        return False
    for old in tree.xpath("//*[@id='passage']"):
        del old.attrib["id"]
    start, end = found
    at, spans = 0, []
    for element, behind, text in pieces:
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last and text[first:last].strip():
            spans.append((element, behind, text, first, last))
        at += len(text)
    for number in reversed(range(len(spans))):
        _wrap(*spans[number], first=number == 0)
    return True


def _wrap(element: Any, behind: bool, text: str, start: int, end: int, *, first: bool) -> None:
    mark = element.makeelement("mark", {"id": "passage"} if first else {})
    mark.text, mark.tail = text[start:end], text[end:]
    if behind:
        element.tail = text[:start]
        parent = element.getparent()
        parent.insert(parent.index(element) + 1, mark)
    else:
        element.text = text[:start]
        element.insert(0, mark)
