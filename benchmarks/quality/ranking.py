"""Is the best article first? nDCG@10 over sets of queries with judged documents, beside other engines.

Each folder below ``retrieval`` holds ``docs.jsonl`` (id, title, text), ``queries.jsonl`` (id, text) and
``qrels.tsv`` (query, document, grade). The index is a real one in a temporary folder and the queries are put
as programs put them, ``match="any"``. Then a typo is put into every query of two sets, to see how much of
what it costs is won back by searching for the word that was meant.
"""

from __future__ import annotations

import json
import math
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import searcher
from benchmarks.quality.peers import PEERS, Ranking
from searcher.query.stop_words import is_stop_word

TOP = 10  # documents that count: nDCG@10
#: Asked for, so that documents with equal scores at the end of the first ten are all seen.
FETCHED = 20
#: Sets in whose queries a typo is put; what people type, not abstracts.
MISTYPED = ("checkthat20-train", "reuters-ki-train")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries, and for each query the grades of the relevant documents by their place."""

    name: str
    ids: tuple[str, ...]
    documents: tuple[searcher.Article, ...]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[int, int]]

    @property
    def texts(self) -> list[str]:
        return [f"{document.title}\n{document.body}" for document in self.documents]


def main(data: Path) -> None:
    """A line for each set as soon as it is measured, and what is won back after typos."""
    engines = ("searcher", *PEERS)
    print(f"{'nDCG@10':20}" + "".join(f"{name:>14}" for name in engines))
    rows: list[list[float]] = []
    typos: list[str] = []
    for folder in _folders(data):
        collection = _read(folder)
        figures = _ours(collection)
        peers = (peer(collection.texts, collection.queries, FETCHED) for peer in PEERS.values())
        rows.append([figures["clean"], *(_ndcg(collection, ranking) for ranking in peers)])
        print(f"{folder.name:20}" + "".join(f"{value:14.4f}" for value in rows[-1]), flush=True)
        if "typo" in figures:
            typos.append(
                f"{collection.name}: clean {figures['clean']:.4f}, with a typo {figures['typo']:.4f}, "
                f"corrected {figures['corrected']:.4f}: {figures['recovered']:.1%} of the loss recovered"
            )
    means = [sum(values) / len(values) for values in zip(*rows, strict=True)]
    print(f"{'mean':20}" + "".join(f"{value:14.4f}" for value in means))
    print("\nA typo in every query", *typos, sep="\n  ")


def measure(data: Path) -> dict[str, float]:
    """Searcher's own figures: nDCG@10 of each set, and the share of the typos' cost that is recovered."""
    found = {}
    for folder in _folders(data):
        figures = _ours(_read(folder))
        found[folder.name] = figures["clean"]
        if "recovered" in figures:
            found[f"{folder.name} typos recovered"] = figures["recovered"]
    return found


def _folders(data: Path) -> list[Path]:
    return sorted(path.parent for path in (data / "retrieval").glob("*/qrels.tsv"))


def _read(folder: Path) -> Collection:
    raw = [json.loads(line) for line in (folder / "docs.jsonl").read_text("utf-8").splitlines()]
    place = {document["id"]: i for i, document in enumerate(raw)}
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    grades: dict[str, dict[int, int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[place[document]] = int(grade)
    return Collection(
        folder.name,
        tuple(place),
        tuple(
            searcher.Article(id=str(i), title=document["title"], body=document["text"])
            for i, document in enumerate(raw)
        ),
        {query["id"]: query["text"] for query in queries},
        grades,
    )


def _ours(collection: Collection) -> dict[str, float]:
    """nDCG@10, and for some sets what a typo costs without and with correction."""
    with tempfile.TemporaryDirectory() as folder, searcher.open_index(Path(folder) / "index") as index:
        index.add(collection.documents, annotate=False)
        figures = {"clean": _ndcg(collection, _search(index, collection.queries, correct=True))}
        if collection.name in MISTYPED:
            chance = random.Random(5)
            mistyped = {name: _mistype(text, chance) for name, text in collection.queries.items()}
            figures["typo"] = _ndcg(collection, _search(index, mistyped, correct=False))
            figures["corrected"] = _ndcg(collection, _search(index, mistyped, correct=True))
            without = _ndcg(collection, _search(index, collection.queries, correct=False))
            lost = without - figures["typo"]
            figures["recovered"] = (figures["corrected"] - figures["typo"]) / lost if lost else 1.0
    return figures


def _search(index: searcher.Index, queries: Mapping[str, str], *, correct: bool) -> Ranking:
    ranking: Ranking = {}
    for name, text in queries.items():
        search = searcher.Search(text, match="any", limit=FETCHED, snippets=False)
        found = index.search(search)
        if correct and found.corrections:
            found = index.search(search.corrected(found.corrections))
        ranking[name] = {int(hit.article.id): hit.score for hit in found}
    return ranking


def _ndcg(collection: Collection, ranking: Ranking) -> float:
    """The mean over all judged queries; one without an answer counts 0. Equal scores go by descending id,
    as in trec_eval, whatever order an engine returns them in."""
    gains = []
    for query, grades in collection.grades.items():
        scores = ranking.get(query, {})
        order = sorted(
            scores, key=lambda place: (round(scores[place], 5), collection.ids[place]), reverse=True
        )
        gains.append(_query_ndcg(order, grades))
    return sum(gains) / len(gains)


def _query_ndcg(places: Sequence[int], grades: Mapping[int, int]) -> float:
    best = _gain(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:TOP])
    return _gain([max(0, grades.get(place, 0)) for place in places[:TOP]]) / best if best else 0.0


@cache
def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 2)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade * _discount(rank) for rank, grade in enumerate(grades))


def _mistype(text: str, chance: random.Random) -> str:
    """The text with one letter swapped, left out, put in or changed in one word of four letters or more."""
    words = text.split()
    long = [i for i, word in enumerate(words) if word.isalpha() and len(word) > 3 and not is_stop_word(word)]
    if not long:
        return text
    chosen = chance.choice(long)
    word = words[chosen].lower()
    wrong = word
    while wrong == word:
        at = chance.randrange(len(word) - 1)
        letter = chance.choice(ALPHABET)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        wrong = chance.choice(
            [
                swapped,
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
            ]
        )
    words[chosen] = wrong.upper() if words[chosen].isupper() else wrong
    return " ".join(words)
