"""PDF, Word, EPUB, RTF and XML: cut short, referring to themselves, full of entities."""

from __future__ import annotations

from benchmarks.hostile.case import MEGABYTE, TEXT, Case
from benchmarks.hostile.made import BOMB, WORD, docx, epub, pdf

DAMAGED = (
    Case(
        "PDF cut short", "a.pdf", lambda: pdf(b"BT /F1 12 Tf 20 700 Td (Ferry) Tj ET" * 20)[:200], "refused"
    ),
    Case("PDF whose page unpacks to 200 MB", "a.pdf", lambda: pdf(b"q Q " * (50 * MEGABYTE)), "refused"),
    Case(
        "PDF that refers to itself",
        "a.pdf",
        lambda: pdf(b"", b"6 0 obj 6 0 R endobj\n").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        "refused",
    ),
    Case("XML 100,000 deep", "a.xml", lambda: b"<nitf>" + b"<a>" * 100_000, "either"),
    Case("Word 50,000 deep", "a.docx", lambda: docx(f"<w:document {WORD}>" + "<w:p>" * 50_000), "either"),
    Case("EPUB without a package", "a.epub", lambda: epub("<container/>"), "refused"),
    Case(
        "EPUB with a path upwards",
        "a.epub",
        lambda: epub('<container><rootfile full-path="../../../etc/passwd"/></container>'),
        "refused",
    ),
    Case("RTF 200,000 deep", "a.rtf", lambda: b"{\\rtf1 " + b"{" * 200_000 + TEXT.encode(), "either"),
)

ENTITIES = (
    Case(
        "entity bomb in RSS",
        "a.rss",
        lambda: f"{BOMB}<rss><channel><item><title>&j;</title></item></channel></rss>".encode(),
        "refused",
    ),
    Case("entity bomb in NITF", "a.xml", lambda: f"{BOMB}<nitf><body>&j;</body></nitf>".encode(), "refused"),
    Case(
        "entity bomb in Word", "a.docx", lambda: docx(f"{BOMB}<w:document {WORD}>&j;</w:document>"), "refused"
    ),
    Case(
        "file entity in XML",
        "a.xml",
        lambda: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>',
        "refused",
    ),
)
