"""Quotations labelled by us in articles of the sets of names and of pages: ``labels.jsonl``, which is learned
from, ``unread.jsonl``, which no weights read (some numbers of ``extract/quotes`` were chosen on it), and
``left_out.jsonl`` in languages of which no quotation was learned from;
``described.jsonl`` only says whom nouns mean ("the bank"), as ``training.antecedents`` does.

The files hold places, speakers and a digest of each text, never its words. A line is an article; its
``quotes`` are ``[start, end, type, mention start, mention end, speaker, how, by a dash]``, by the conventions
of ``quotes/languages-dev.jsonl``. What stands between marks and is no quotation of theirs is no speech.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from searcher.extract.quotes.marks import find_spans
from searcher.readers.decode import decode
from searcher.readers.html import article_from_html
from training.encoder.articles import Article, article_of, with_words
from training.encoder.paragraphs import in_paragraphs

__all__ = ["LEFT_OUT", "UNREAD", "described_rows", "read_described", "read_labelled", "read_rows"]

LABELS: Final = Path(__file__).parent / "labels.jsonl"
UNREAD: Final = Path(__file__).parent / "unread.jsonl"
LEFT_OUT: Final = Path(__file__).parent / "left_out.jsonl"
DESCRIBED: Final = Path(__file__).parent / "described.jsonl"
PAGES: Final = frozenset(
    {"aeb", "fundus", "mozilla", "trafeval", "wcxb"}
)  # sets of saved pages; the others are of names
NAMED: Final = frozenset({"name", "hand"})  # ways in which a label became a name
DIGITS: Final = 12  # of a digest (SHA-256)


def read_labelled(data: Path) -> list[Article]:
    """The labelled articles as questions."""
    return [article_of(in_paragraphs(row)) for row in read_rows(data)]


def read_described(data: Path) -> list[Article]:
    """English articles in which it is known whom nouns mean that govern a verb of speech."""
    return [with_words(row) for row in described_rows(data)]


def described_rows(data: Path) -> list[dict[str, Any]]:
    """The same as ``who``: start, end and names of each noun; no names where it means nobody named."""
    return _with_texts(
        data, [json.loads(line) for line in DESCRIBED.read_text(encoding="utf-8").splitlines()]
    )


def read_rows(data: Path, file: Path = LABELS) -> list[dict[str, Any]]:
    """The labelled articles whose text is at hand and still the same, in the form of
    ``quotes/languages-dev.jsonl``; stderr says how many are not."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = []
    for row in _with_texts(data, [json.loads(line) for line in lines]):
        quotes = list(_quotes(row, row["text"]))
        found.append({**row, "quotes": quotes, "not_quotes": _others(row["text"], quotes)})
    return found


def _with_texts(data: Path, labels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    texts = _texts(data, labels)
    found = []
    for label in labels:
        text = texts.get((label["set"], label["id"]), "")
        if hashlib.sha256(text.encode()).hexdigest()[:DIGITS] == label["digest"]:
            found.append({**label, "text": text})
    if len(found) < len(labels):
        print(f"{len(labels) - len(found)} labelled articles have another text now", file=sys.stderr)
    return found


def _texts(data: Path, labels: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    texts = {}
    for label in labels:
        if label["set"] in PAGES:
            page = data / "pages" / label["set"] / f"{label['id']}.html.gz"
            if page.exists():
                texts[label["set"], label["id"]] = article_from_html(
                    decode(gzip.decompress(page.read_bytes()))
                ).body
    languages = sorted({label.get("lang", "en") for label in labels if label["set"] not in PAGES} - {"en"})
    names = data / "names"
    paths = [path for one in languages for path in sorted((names / "languages").glob(f"{one}-*.jsonl"))]
    for path in [*paths, names / "news-train.jsonl"]:
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            texts[article.get("set", "news-train"), article["id"]] = article["text"]
    return texts


def _quotes(label: dict[str, Any], text: str) -> Iterator[dict[str, Any]]:
    aliases = label.get("aliases", {})
    for number, (start, end, kind, first, last, speaker, how, dash) in enumerate(label["quotes"]):
        quote = {"start": start, "end": end, "type": kind, "speaker_start": first, "speaker_end": last}
        quote |= {"speaker_canonical": speaker, "resolved_by": how, "aliases": aliases.get(speaker, [])}
        quote |= {"named": how in NAMED}
        quote |= {"speaker_text": None if first is None else text[first:last], "event": number}
        yield (
            quote
            | ({"marks": "dash"} if dash else {})
            | ({"fragments": [[start, end]]} if kind == "mixed" else {})
        )


def _others(text: str, quotes: list[dict[str, Any]]) -> list[list[int]]:
    """What stands between marks and is not labelled."""
    return [
        [span.outer_start, span.outer_end]
        for span in find_spans(text)
        if not any(min(span.end, q["end"]) > max(span.start, q["start"]) for q in quotes)
    ]
