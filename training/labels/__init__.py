"""What was labelled by reading, of texts that are not part of the project: what training needs most.

The files hold places, names and a digest of each text, never its words; a line is an article.

- ``labels.jsonl``: quotations from which the shipped weights learned. ``unread.jsonl``: such from which none
  did (some numbers of ``extract/quotes`` were chosen on it). ``left_out.jsonl``: in languages of which no
  quotation was learned from. ``quotes`` are ``[start, end, type, mention start, mention end, speaker, how, by
  a dash]``, by the conventions of ``quotes/languages-dev.jsonl``; what else marks hold is no speech.
- ``antecedents.jsonl``: whom the words mean that attribute a quotation of PolNeAR, which leaves descriptions
  unnamed ("the campaign") and had a machine resolve its pronouns, one in seven of them wrongly. ``who`` are
  ``[start, end, names]``: no names where the article names nobody, null where it cannot be told.
- ``described.jsonl``: the same of nouns in English news of many countries.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from searcher.extract.quotes.marks import find_spans
from searcher.readers.encodings import decode
from searcher.readers.html.reader import article_from_html

__all__ = ["FOLDER", "read_rows", "with_antecedents"]

FOLDER: Final = Path(__file__).parent
#: The sets of saved pages; the others are of names.
PAGES: Final = frozenset({"aeb", "fundus", "mozilla", "trafeval", "wcxb"})
NAMED: Final = frozenset({"name", "hand"})  # ways in which a label became a name
DIGEST_DIGITS: Final = 12  # of a digest (SHA-256)

Row = dict[str, Any]
Place = tuple[int, int]


def with_antecedents(rows: Iterable[Row], file: Path = FOLDER / "antecedents.jsonl") -> list[Row]:
    """The labelled articles with these speakers: ``resolved_by`` is "hand" where a pronoun's name was found,
    "described" where a noun's was, "nominal" where there is none, "unknown" where it cannot be told. Articles
    whose text is another stay as they are."""
    read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    known = {one["digest"]: {(start, end): names for start, end, names in one["who"]} for one in read}
    return [_resolved(row, known.get(_digest(row["text"]))) for row in rows]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_DIGITS]


def _resolved(row: Row, known: dict[Place, list[str] | None] | None) -> Row:
    if known is None:
        return row
    return row | {"quotes": [_with_speaker(quote, known) for quote in row["quotes"]]}


def _with_speaker(quote: Row, known: dict[Place, list[str] | None]) -> Row:
    place = (quote["speaker_start"], quote["speaker_end"])
    if place not in known or quote["resolved_by"] not in ("nominal", "coref", "pron"):
        return quote
    names = known[place]
    found = "described" if quote["resolved_by"] == "nominal" else "hand"
    how = "unknown" if names is None else found if names else "nominal"
    first, others = (names[0], names[1:]) if names else (None, [])
    return quote | {"speaker_canonical": first, "aliases": others, "resolved_by": how}


def read_rows(data: Path, file: Path = FOLDER / "labels.jsonl") -> list[dict[str, Any]]:
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
        if _digest(text) == label["digest"]:
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
