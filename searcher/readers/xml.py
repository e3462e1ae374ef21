"""Parse XML safely: without entities, network access or unlimited depth."""

from __future__ import annotations

import re
from typing import Any

from searcher.errors import ReadError

_ENTITY = re.compile(rb"<!ENTITY\s", re.I)
#: Maximum number of elements and attributes, which take about two hundred bytes each. A book in Word has a
#: million.
MAX_MARKS = 3_000_000


#: References to external DTDs, which agencies declare and which are never fetched.
_EXTERNAL_DTD = re.compile(
    rb"<!ENTITY\s+%\s+([\w.-]{1,40})\s+(?:SYSTEM|PUBLIC\s+\"[^\"<>]{0,300}\")\s+\"[^\"<>]{0,300}\"\s*>\s*%\1;"
)


def refuse_entities(data: bytes) -> None:
    """Raise ReadError if a document declares entities, which XML bombs are built of."""
    wide = data.replace(b"\0", b"") if b"\0" in data[:4] else data
    if _ENTITY.search(wide):
        raise ReadError("It declares entities, which no news format needs and bombs are built of.")


_CHARACTER = re.compile(rb"<!ENTITY\s+(\w+)\s+(?P<mark>[\"'])(&#\w{1,8};)(?P=mark)\s*>")
_REFERENCE = re.compile(rb"&(\w{1,20});")


def with_characters(data: bytes) -> bytes:
    """Replace entities that stand for single characters, and remove their declarations."""
    declared = {name: code for name, _, code in _CHARACTER.findall(data)}
    if not declared:
        return data
    return _REFERENCE.sub(lambda match: declared.get(match[1], match[0]), _CHARACTER.sub(b"", data))


def refuse_many(data: bytes, limit: int = MAX_MARKS) -> None:
    """Raise ReadError if a document has too many elements and attributes."""
    if data.count(b"<") + data.count(b"=") > limit:
        raise ReadError(f"It has more than {limit:,} elements and attributes, too many for one document.")


def parse_xml(data: bytes) -> Any:
    """Parse a document, repairing small faults. Raises ReadError."""
    from lxml import etree

    data = _EXTERNAL_DTD.sub(b"", data)
    refuse_entities(data)
    refuse_many(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n\0"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"It is not valid XML ({error}).") from None
    if root is None:
        raise ReadError("It is not valid XML.")
    return root


def local(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return the value of an attribute in any namespace, or ""."""
    return next((str(v) for key, v in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")


def own_elements(root: Any) -> list[list[Any]]:
    """Return for each paragraph (``p``) the elements in it, excluding those of nested paragraphs."""
    from lxml import etree

    groups: list[list[Any]] = []
    opened: list[list[Any]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if local(element) != "p":
            if event == "start" and opened:
                opened[-1].append(element)
        elif event == "start":
            opened.append([])
            groups.append(opened[-1])
        else:
            opened.pop()
    return groups


def text_of(element: Any) -> str:
    """Return all text in an element as one line."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
