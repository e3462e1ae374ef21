"""Recognise records of parliaments by the first bytes of a file."""

from __future__ import annotations

import re
from typing import Final

#: Patterns in the first bytes of pages and texts.
PAGES: Final = {
    "json": re.compile(rb'\A\s*\{\s*"header": \{[^{}]*"chamber":'),
    "congress": re.compile(rb"\[Congressional Record Volume \d|\[(?:House|Senate|Joint) Hearing[, ]"),
    "hansard": re.compile(rb'class="anchor-column"|name="column_\d'),
    "assembly": re.compile(rb'name="QUANTIEME_SEANCE"'),
    "corpus": re.compile(rb"\A\s*<CHAPTER ID=[^>]*>[^<]*<SPEAKER ID="),
    "europe": re.compile(rb"/doceo/document/CRE-|TEXT\+CRE|doc_subtitle_level1_bis"),
}
#: Root elements of XML.
_TEI = re.compile(rb"<(?:\w+:)?(?:TEI|teiCorpus)\b")
_RECORD = re.compile(
    rb"<(?:\w+:)?(?:akomaNtoso|[Hh]ansard|house(?:commons|lords)|dbtplenarprotokoll|cri)\b"
    rb"|<(?:compteRendu\s[^>]*assemblee-nationale|DEBATS\b|CHAPTER NUMBER=)"
    rb"|<(?:!DOCTYPE )?publicwhip\b|uk\.org\.publicwhip/"
)


def ending_of(head: bytes, suffix: str) -> str | None:
    """Return the file name ending for a record, or None for other files."""
    if suffix in (".xml", "") and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return ".tei" if _TEI.search(head) else ".akn" if _RECORD.search(head) else None
    pages = suffix in (".htm", ".html", ".txt", ".json") and any(m.search(head) for m in PAGES.values())
    return ".akn" if pages else None
