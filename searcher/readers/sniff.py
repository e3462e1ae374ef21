"""What a file is by its first bytes, as the ending by which readers are chosen."""

from __future__ import annotations

import re

__all__ = ["by_content"]

_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"\x1f\x8b", ".gz"),
    (b"WARC/", ".warc"),
    (b"{\\rtf", ".rtf"),
)
_ZIPS = frozenset({".zip", ".docx", ".epub", ".wacz"})
_BINARY = frozenset({".pdf", ".doc", ".rtf", *_ZIPS})
_ROOTS = (
    (re.compile(rb"<(?:\w+:)?nitf\b", re.I), ".nitf"),
    (re.compile(rb"<(?:\w+:)?(?:newsMessage|newsItem|packageItem|knowledgeItem|NewsML)\b"), ".newsml"),
    (re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I), ".rss"),
    (re.compile(rb"<html\b", re.I), ".html"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_MESSAGE = re.compile(
    rb"(?:From|Received|Return-Path|Delivered-To|Subject|Message-ID|MIME-Version|Date):[ \t]", re.I
)


def by_content(head: bytes, suffix: str) -> str:
    """The ending that ``head`` calls for, or ``suffix`` where it is plausible or nothing better is known."""
    for magic, ending in _MAGIC:
        if head.startswith(magic):
            return suffix if suffix.endswith(ending) else ending
    if head.startswith(b"PK\x03\x04"):
        return suffix if suffix in _ZIPS else ".zip"
    if suffix in _BINARY and _HTML.search(head[:500]):
        return ".html"  # a server's page saved under the name of what was asked for
    if suffix == ".xml":
        return next((ending for root, ending in _ROOTS if root.search(head)), suffix)
    if suffix in (".htm", ".html", ".txt", "") and head.startswith(b"From ") and _MESSAGE.search(head):
        return ".mbox"
    return suffix or _guess(head)


def _guess(head: bytes) -> str:
    """For names without an ending."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.search(head):
        return ".html"
    if start.startswith(b"<"):
        return next((ending for root, ending in _ROOTS if root.search(head)), "")
    if start.startswith((b"{", b"[")):
        return ".jsonl"
    if _MESSAGE.match(start):
        return ".eml"
    return "" if b"\0" in head else ".txt"
