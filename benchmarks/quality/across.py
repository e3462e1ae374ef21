"""``python -m benchmarks.quality.across DATA DICTIONARIES INDEX``: does an index know what words mean in
its other languages?

DATA are the labelled articles, which INDEX is made of where it is not there; DICTIONARIES are FreeDict's as
Debian packs them (``freedict-eng-deu.index`` and ``.dict.dz`` of ``dict-freedict-eng-deu`` and so on), which
nothing else is done with. For 500 English words of each language, drawn by frequency, it says how often the
first of all stem groups of the index in that language is what the dictionary gives, and how often one of the
first five is; then how often words taken with a belief of .5 and more are, with the numbers that beliefs are
made of fitted to the other languages. Then articles: of topics of SlavicNER, asked in English as it is and
across, by what the dictionary gives for each word, and by what a person made of the question.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import string
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.extensions.languages.across import WordTable
from searcher.index import Index, open_index
from searcher.query.request import Search
from searcher.search.words_across import WordsAcross

#: Languages with the code that FreeDict has for each; the first five are the nearer ones.
LANGUAGES: Final = {
    "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "ru": "rus",
    "pl": "pol", "cs": "ces", "fi": "fin", "tr": "tur", "sv": "swe",
}  # fmt: skip
_WORDS, _COMMONEST, _FIRST = 500, 100, 5
#: Articles that are looked for.
_FOUND: Final = 100
_DIGITS: Final = {
    letter: n for n, letter in enumerate(string.ascii_uppercase + string.ascii_lowercase + "0123456789+/")
}


def articles(data: Path) -> Iterator[Article]:
    """Yield the labelled articles, each in its language."""
    files = {file: file.name[:2] for file in sorted((data / "names/languages").glob("*.jsonl"))}
    files |= {data / "names/news-train.jsonl": "en", data / "quotes/polnear-train.jsonl": "en"}
    for file, code in files.items():
        if code in ("en", *LANGUAGES) and "-ocr-" not in file.name:
            for number, line in enumerate(file.open(encoding="utf-8")):
                yield Article(f"{file.name} {number}", "", json.loads(line)["text"], language=code)


def dictionary(folder: Path, code: str) -> Mapping[str, set[str]]:
    """Return the single words that FreeDict gives for each English one."""
    text = gzip.decompress((folder / f"freedict-eng-{code}.dict.dz").read_bytes())
    found: dict[str, set[str]] = defaultdict(set)
    for line in (folder / f"freedict-eng-{code}.index").read_text("utf-8").splitlines():
        word, start, length = line.split("\t")[:3]
        if re.fullmatch("[a-z]{3,}", word):
            begin = _number(start)
            entry = text[begin : begin + _number(length)].decode("utf-8", "replace")
            for row in entry.split("\n")[1:]:
                if not re.search(r'["\[]|see:|syn|Note', row):
                    plain = re.sub(r"<[^>]*>|\([^)]*\)|/[^/]*/", "", row)
                    found[word] |= {part.strip() for part in re.split(r"[,;|]|\d+\.", plain)} - {""}
    return {word: {one for one in given if " " not in one} for word, given in found.items()}


def _number(written: str) -> int:
    number = 0
    for letter in written:
        number = number * 64 + _DIGITS[letter]
    return number


def asked(
    lexicon: WordTable, code: str, meant: Mapping[str, set[str]]
) -> Iterator[tuple[int, set[int], set[int]]]:
    """Yield English words, the words of a language that are right, and those that are the same, as rows."""
    first, end = lexicon.ranges["en"]
    of_language = range(*lexicon.ranges[code])

    def found() -> Iterator[tuple[int, set[int], set[int]]]:
        for row in sorted(range(first, end), key=lambda row: -int(lexicon.articles[row]))[_COMMONEST:]:
            given = (at for one in meant.get(lexicon.words[row], ()) for at in lexicon.matching_rows(one))
            same = {*lexicon.matching_rows(lexicon.words[row])}  # found as it is written
            if right := {at for at in given if at in of_language} - same:
                yield row, right, same

    return islice(found(), _WORDS)


def topics(index: Index, data: Path, dictionaries: Path) -> None:
    """Print how well articles of a topic are found: nDCG at ten and recall at a hundred."""
    rows = {}
    for file in (data / "names/languages").glob("*.jsonl"):
        for number, line in enumerate(file.open(encoding="utf-8")):
            rows[f"{file.name} {number}"] = json.loads(line)["id"]
    meant = {code: dictionary(dictionaries, LANGUAGES[code]) for code in ("pl", "cs", "ru")}
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    header, *questions = Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()
    for question in questions:
        topic, english, *by_person = question.split("\t")
        for code, own in zip(header.split("\t")[2:], by_person):
            right = {id for id, name in rows.items() if id.startswith(code) and topic in name}
            looked_up = [one for word in english.split() for one in sorted(meant[code].get(word, ()))]
            ways = {
                "as asked": english,
                "across": english,
                "by a dictionary": " ".join(looked_up),
                "by a person": own,
            }
            for way, text in ways.items() if own else ():
                search = Search(text or english, match="any", translate=way == "across", language=code)
                found = index.search(search, limit=_FOUND, snippets=False)
                scores[way].append(_scored([hit.article.id in right for hit in found], len(right)))
    for way, some in scores.items():
        gain, recall = np.mean(some, axis=0).round(3)
        print(f"{way}: nDCG@10 {gain}, recall@100 {recall} ({len(some)} questions)")


def _scored(right: list[bool], number: int) -> tuple[float, float]:
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(right[:10]) if one)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(10, number))), sum(right) / min(
        100, number
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "dictionaries", "index"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    with open_index(options.index) as index:
        if not index.count():
            index.add(articles(options.data), annotate=False)
        lexicon = cast(WordTable, WordsAcross(index._session.engine, options.index).current())
        topics(index, options.data, options.dictionaries)
    rows: dict[str, list[tuple[float, float, bool]]] = {}
    for code, name in LANGUAGES.items():
        first, end = lexicon.ranges[code]
        ranks, rows[code] = [], []
        for row, right, same in asked(lexicon, code, dictionary(options.dictionaries, name)):
            vector = lexicon.vectors[row].astype(np.float32)
            scores = lexicon.scores(first, end, vector / np.linalg.norm(vector), row)
            ranked = (first + np.argsort(-scores)[: 2 * _FIRST]).tolist()
            best = [at for at in ranked if at not in same][:_FIRST]
            ranks.append([at in right for at in best])
            rows[code] += [
                (float(scores[at - first]), float(scores[best[0] - first]), at in right) for at in best[:3]
            ]
        hits = np.array(ranks)
        shares = [hits[:, :number].any(1).mean().round(3) for number in (1, _FIRST)]
        print(f"{code} {end - first} words, {len(hits)} asked:", *shares, flush=True)
    for code in LANGUAGES:
        others = np.array([one for other in LANGUAGES if other != code for one in rows[other]])
        weights = fitted(others)
        own = np.array(rows[code])
        sure = _features(own) @ weights > 0
        print(f"{code} {weights.round(1)} {sure.sum()} of belief .5: {own[sure, 2].mean():.2f}")
    print(fitted(np.array([one for some in rows.values() for one in some])).round(2))


def _features(rows: NDArray[Any]) -> NDArray[Any]:
    return np.column_stack([np.ones(len(rows)), rows[:, 0], rows[:, 1] - rows[:, 0]])


def fitted(rows: NDArray[Any]) -> NDArray[Any]:
    """Fit the logistic function by Newton's method."""
    x, y, weights = _features(rows), rows[:, 2], np.zeros(3)
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(3)
        weights = weights + np.linalg.solve(hessian, x.T @ (y - p))
    return weights


if __name__ == "__main__":
    main()
