"""The model of whom nouns mean: ``python -m training.quotes.referents DATA FOLDER FOLDER… --out FILE``.

Learned from the nouns of ``training/encoder/described.jsonl``, with what the encoder says when it is asked
about each. Folder ``n`` of ``N`` holds weights that have not read the publishers whose digest is ``n`` modulo
``N`` (as :func:`training.encoder.tune.fold_of` divides them): an encoder that knew the answers would be
believed more than one that meets new articles. Prints how many nouns are understood by models of the other
folders; FILE is the model's file with this part exchanged.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searcher.article import Article
from searcher.extract.encoder import read_article
from searcher.extract.names import find_names
from searcher.extract.names.wrapping import body_offset
from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.multilingual.pointers import Table, pointed
from searcher.extract.quotes.referents import Referent, referents
from searcher.extract.quotes.scene import Ref, Scene
from searcher.extract.quotes.second_opinion import shares_by_name
from searcher.extract.quotes.weights import SHIPPED, score
from training.encoder.labelled import described_rows
from training.encoder.measure import SHIPPED as SHIPPED_WEIGHTS
from training.encoder.measure import use_weights
from training.quotes.fitting import Groups, fit_choice
from training.quotes.train import store, whole

RIDGE = 2.0  # with 1 and 4, 1,893 and 1,865 nouns of the other half are understood and not 1,879

#: Start, end and names of a noun.
Labelled = tuple[int, int, list[str]]


@dataclass(frozen=True, slots=True)
class Described:
    """A noun with everybody it may mean, those it does mean, and the folder whose weights were asked."""

    found: Sequence[Referent]
    right: Sequence[bool]
    fold: int


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("model.json"))
    options = parser.parse_args(arguments)
    nouns = list(described(described_rows(options.data), options.folders))
    print(understood(nouns, len(options.folders)))
    learned = json.loads(SHIPPED.read_text(encoding="utf-8"))
    store(learned | {"referents": whole(fitted(nouns))}, options.out)


def described(rows: Sequence[dict[str, Any]], folders: Sequence[Path]) -> Iterator[Described]:
    """The labelled nouns of all articles; each article is read by weights that do not know its publisher."""
    named = [find_names(Article(row["id"], "", row["text"], language="en")) for row in rows]
    for fold, folder in enumerate(folders):
        use_weights(folder)
        for row, article in zip(rows, named):
            if zlib.crc32(row["publisher"].encode()) % len(folders) == fold:
                yield from _of_article(row["who"], article, fold)
    use_weights(SHIPPED_WEIGHTS)


def _of_article(who: Sequence[Labelled], article: Article, fold: int) -> Iterator[Described]:
    reading, offset = read_article(article), body_offset(article)
    scene = Scene(article.body, find_spans(article.body), [m for m in article.mentions if m.part == "body"])
    table = Table(article.mentions, reading, offset)
    for start, end, names in sorted(who):
        words = start + offset, end + offset
        if words[1] > reading.end or table.within(*words):
            continue
        asked = pointed(reading.ask_far(words), reading, table)
        shares = shares_by_name(asked.names, asked.nobody) or {}
        i = scene.tokens.at(start)
        noun = Ref(i, max(i + 1, scene.tokens.at(end)), "noun", None, None, False)
        found = referents(scene, noun, shares, 1 - sum(shares.values()))
        right = [_is_meant(one, names) for one, _ in found]
        if any(right):
            yield Described(found, right, fold)


def _is_meant(who: Entity | None, names: Sequence[str]) -> bool:
    """Nobody is meant where the label names nobody; a name is known by its last word."""
    if who is None:
        return not names
    return any(who.name.split()[-1] == name.split()[-1] for name in names)


def fitted(nouns: Sequence[Described]) -> dict[str, float]:
    groups = Groups()
    for noun in nouns:
        groups.add([features for _, features in noun.found], list(noun.right))
    return fit_choice(groups, RIDGE)


def understood(nouns: Sequence[Described], folds: int) -> str:
    """How many nouns a model understands that was fitted to those of the other folders."""
    right = 0
    for fold in range(folds):
        weights = fitted([noun for noun in nouns if noun.fold != fold])
        for noun in nouns:
            if noun.fold == fold:
                scores = [score(weights, features) for _, features in noun.found]
                right += noun.right[scores.index(max(scores))]
    return f"{right} of {len(nouns)} nouns are understood by what other publishers teach"


if __name__ == "__main__":
    main()
