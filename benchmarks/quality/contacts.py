"""Are the contacts and places of articles found?

``contacts.jsonl`` names 200 articles and mails of ``files/`` and ``pages/``: 110 drawn from those with what
may be an address or a long number in their bodies, 90 from the others. Every contact was read before the
program was asked, and stands there as its kind and the beginning of the SHA-256 of how it is compared; what
may be one or not is in ``doubt``. Half “b” was looked at once, at the end. Places are those that three sets
in ``names/`` label, each once an article, as they are written.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from searcher import Article, readers
from searcher.extract.contacts import find_contacts
from searcher.extract.names import find_names

LABELS = Path(__file__).with_suffix(".jsonl")
#: What each set calls a place, and how many of its articles are read.
PLACES = {"wikigold": ("LOC", 212), "news-dev": ("Location", 79), "crossner": ("LOC", 400)}


def main(data: Path) -> None:
    """Print what is found of each kind, for each half, and of each set of places."""
    for half in "ab":
        print(f"contacts, half {half}")
        _print(_contacts(data, half))
    print("places")
    _print({name: _places(data, name) for name in PLACES})


def measure(data: Path) -> dict[str, float]:
    """Precision and recall of contacts of all kinds, and of places."""
    counts = {"contacts": Counter[str](), "places": Counter[str]()}
    for half in "ab":
        for count in _contacts(data, half).values():
            counts["contacts"] += count
    for name in PLACES:
        counts["places"] += _places(data, name)
    return {
        f"{what} {measured}": count["found"] / (count["found"] + count[other])
        for what, count in counts.items()
        for measured, other in (("precision", "wrong"), ("recall", "missed"))
    }


def _print(counts: dict[str, Counter[str]]) -> None:
    for name, count in counts.items():
        found, wrong, missed = count["found"], count["wrong"], count["missed"]
        precision, recall = found / max(found + wrong, 1), found / max(found + missed, 1)
        print(f"  {name:10}{found:5} found{wrong:4} wrong{missed:4} missed  {precision:.3f} {recall:.3f}")


def _contacts(data: Path, half: str) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in map(json.loads, LABELS.read_text("utf-8").splitlines()):
        if row["half"] == half:
            made = {_compared(one) for one in find_contacts(_article(data, row)).contacts}
            found = {(kind, _hash(text)) for kind, text in made if _hash(text) not in row["doubt"]}
            labelled = {(kind, hash) for kind, hash in row["contacts"]}
            for outcome, some in (
                ("found", found & labelled),
                ("wrong", found - labelled),
                ("missed", labelled - found),
            ):
                for kind, _ in some:
                    counts[kind][outcome] += 1
    return counts


def _article(data: Path, row: dict[str, Any]) -> Article:
    path = data / row["file"]
    zipped = path.name.endswith(".html.gz")
    content, name = path.read_bytes(), str(path)
    if zipped:
        content, name = gzip.decompress(content), name.removesuffix(".gz")
    return next(islice(readers.read_bytes(content, name), row["number"], None))


def _compared(contact: str) -> tuple[str, str]:
    """The kind of a contact, and how it is compared: numbers without what parts them."""
    kind, _, number = contact.rpartition(" ")
    if contact.startswith("+"):
        return "phone", contact.replace(" ", "").replace("-", "")
    if kind:
        return kind.lower(), f"{kind}:{number}".lower()
    return ("email" if "@" in contact else "domain"), contact


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _places(data: Path, name: str) -> Counter[str]:
    label, most = PLACES[name]
    count: Counter[str] = Counter()
    for text, labelled in islice(_labelled(data / "names" / f"{name}.jsonl", label), most):
        found = {*find_names(Article("1", "", text, language="en")).places}
        count += Counter(
            found=len(found & labelled), wrong=len(found - labelled), missed=len(labelled - found)
        )
    return count


def _labelled(path: Path, label: str) -> Iterator[tuple[str, set[str]]]:
    with path.open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            yield row["text"], {row["text"][start:end] for start, end, kind in row["all"] if kind == label}
