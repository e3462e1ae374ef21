"""``python -m benchmarks.quality.joins --data FOLDER --cache FILE``: whom do surnames alone go to, in a
collection of strangers?

Articles of many years, countries and languages are one collection: those whose names carry Wikidata ids, a
wire of 1987 that says who is in it, political news, and the labelled news of other languages. For each
surname that an article gives alone and whose person is known it counts whether the name shown is right,
wrong, or the surname as it is printed, by the number of articles that give the full name. Of the sets without
ids every seventh full name of an article is cut to its surname, and the cut name is who is meant. Beside that
it says what the share of the main bearer alone would do. Names are found once and kept in FILE.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from benchmarks.quality.names import linked_articles, table_of
from searcher.article import Article, Mention, MentionKind
from searcher.engines.field_values import values_of
from searcher.extensions.languages.foreign_names import group_names
from searcher.extract.names import find_names
from searcher.extract.names.consolidation import Cluster, consolidate
from searcher.extract.names.tagger import Kind, NameSpan
from searcher.names.nearness import ShortName
from searcher.names.normalise import fold
from searcher.names.people import is_first_name

_KINDS: Final[Mapping[Kind, MentionKind]] = {"PER": "person", "ORG": "organisation"}
#: Articles of each other language, and of the wire of 1987 with and without people in its labels.
_LANGUAGE_ARTICLES, _WIRE_ARTICLES = 150, (700, 1300)
#: Languages whose names are not words between blanks, and texts with errors of reading.
_LEFT_OUT: Final = re.compile(r"^(?:zh|ja|ko|th|am|hi|ar|fa|he)-|-ocr-")
_DATE = re.compile(r"(?:19|20)\d\d[-_]\d\d[-_]\d\d")
#: One full name in so many is cut to its surname; two spellings this much alike are one.
_CUT_ONE_IN, _MIN_ALIKE = 7, 0.8
#: Numbers of articles with the full name that are told apart, each up to which.
_BANDS: Final = ((1, "1"), (2, "2"), (9, "3 to 9"), (1 << 40, "more"))

Row = dict[str, Any]


def collected(data: Path) -> Iterator[Row]:
    """Yield every article of the collection: where it is from, whom it names, and who that is."""
    chance = random.Random(7)
    for text, meant in linked_articles(data / "names" / "linking-dev.jsonl"):
        clusters = consolidate(text, sorted(meant))
        ids = {c.name: Counter(meant[s] for s in c.spans).most_common(1)[0][0] for c in clusters}
        yield _row("ids", "en", "wire of 1996", text, _named(text, clusters), ids)
    for file in sorted((data / "names").glob("languages/*.jsonl")):
        if not _LEFT_OUT.search(file.name):
            lines = file.read_text(encoding="utf-8").splitlines()
            chance.shuffle(lines)
            yield from map(_of_language(file.name[:2]), lines[:_LANGUAGE_ARTICLES])
    for name in ("news-train", "news-dev"):
        lines = (data / "names" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        yield from map(_of_language("en"), lines)
    for file in sorted((data / "quotes").glob("polnear-*.jsonl")):
        for record in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            id = record["id"].rpartition("/")[2]
            article = find_names(Article("", "", record["text"], language="en"))
            yield _row("politics", "en", id.partition("_")[0], id, article)
    wire = (data / "corpus" / "reuters-21578.jsonl").read_text(encoding="utf-8").splitlines()
    for records, most in zip(_with_people(map(json.loads, wire)), _WIRE_ARTICLES):
        chance.shuffle(records)
        for record in records[:most]:
            article = find_names(Article("", record["title"], record["body"], language="en"))
            yield _row("1987", "en", "wire of 1987", record["date"] or "", article, record["people"])


def _with_people(records: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    every = list(records)
    return [one for one in every if one["people"]], [one for one in every if not one["people"]]


def _of_language(language: str) -> Callable[[str], Row]:
    def row(line: str) -> Row:
        record = json.loads(line)
        text, spans = record["text"], [NameSpan(*span) for span in record["spans"]]
        clusters = consolidate(text, spans) if language == "en" else group_names(text, spans, language)
        source = record.get("set") or record["id"].split("_")[1]
        return _row(
            "news" if language == "en" else "languages",
            language,
            source,
            record["id"],
            _named(text, clusters),
        )

    return row


def _named(text: str, clusters: Iterable[Cluster]) -> Article:
    mentions = (Mention(c.name, _KINDS[s.kind], s.start, s.end) for c in clusters for s in c.spans)
    return Article("", "", text, mentions=tuple(mentions))


def _row(set_: str, language: str, source: str, dated: str, article: Article, who: Any = ()) -> Row:
    date = _DATE.search(dated)
    names = {kind: values_of(article, kind) for kind in ("person", "organisation")}
    day = date and dt.date.fromisoformat(date.group().replace("_", "-")).toordinal()
    return {"set": set_, "language": [language], "source": [source], "day": day, "who": who, **names}


@dataclass(frozen=True, slots=True)
class Case:
    """A surname that an article gives alone, and what tells whether a full name is who is meant."""

    set: str
    surname: str
    is_meant: Callable[[str], bool]


def cut(rows: Iterable[Row]) -> tuple[list[Row], list[Case]]:
    """Return the collection in which some surnames stand alone, and the cases of those that are known."""
    rows = list(rows)
    ids = {fold(name): id for row in rows if row["set"] == "ids" for name, id in row["who"].items()}
    cases: list[Case] = []
    kept = []
    for number, row in enumerate(rows):
        people = []
        for name in row["person"]:
            words = fold(name).split()
            if len(words) == 1:
                cases += _known(row, name, ids)
            elif row["set"] != "ids" and _is_cut(number, name, words, row["person"]):
                cases.append(Case(row["set"], words[-1], _alike(" ".join(words))))
                name = name.split()[-1]
            people.append(name)
        kept.append({**row, "person": people})
    return kept, cases


def _is_cut(number: int, name: str, words: list[str], people: Iterable[str]) -> bool:
    bearers = sum(fold(other).split()[-1:] == words[-1:] for other in people)
    chosen = crc32(f"{number} {name}".encode()) % _CUT_ONE_IN == 0
    return chosen and bearers == 1 and len(words) == 2 == len(name.split()) and len(words[0]) > 1


def _known(row: Row, name: str, ids: Mapping[str, str]) -> Iterator[Case]:
    surname = fold(name)
    if row["set"] == "ids":
        meant = row["who"][name]
        yield Case("ids", surname, lambda full: ids.get(fold(full)) == meant)
    elif row["set"] == "1987":
        for label in row["who"]:
            if (words := label.split("-"))[-1] == surname:
                yield Case("1987", surname, partial(_holds, {*words}))


def _holds(words: set[str], full: str) -> bool:
    return words <= {*fold(full).split()}


def _alike(meant: str) -> Callable[[str], bool]:
    def is_meant(name: str) -> bool:
        full = fold(name)
        some, others = {*full.split()}, {*meant.split()}
        return some <= others or others <= some or SequenceMatcher(None, full, meant).ratio() >= _MIN_ALIKE

    return is_meant


def by_share(asked: ShortName) -> str | None:
    """Return the bearer who has nine in ten of the articles with a full name, whatever else they say."""
    most = max(asked.candidates, key=lambda one: one.articles)
    least = 2 if is_first_name(asked.name) else 1
    enough = most.articles >= max(least, 0.9 * sum(one.articles for one in asked.candidates))
    return most.name if enough else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.joins", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled data")
    parser.add_argument("--cache", type=Path, required=True, help="where found names are kept")
    options = parser.parse_args()
    if not options.cache.exists():
        lines = [json.dumps(row, ensure_ascii=False) for row in collected(options.data)]
        options.cache.write_text("\n".join(lines), encoding="utf-8")
    rows, cases = cut(map(json.loads, options.cache.read_text(encoding="utf-8").splitlines()))
    table = table_of(rows)
    print(f"{len(rows):,} articles, {len(cases):,} surnames alone whose person is known")
    surnames = {case.surname for case in cases}
    asked = {
        one.name: one
        for group in map(partial(table.members, "person"), surnames)
        for one in table.rules.short_names("person", group)
        if one.name in surnames
    }
    print_counts("by share alone", asked, cases, by_share)
    print_counts("as an index decides", asked, cases, attrgetter("certain_name"))


def print_counts(
    title: str,
    asked: Mapping[str, ShortName],
    cases: Iterable[Case],
    shown: Callable[[ShortName], str | None],
) -> None:
    """Print what became of the surnames, by set and by the number of articles with the full name."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        one = asked.get(case.surname)
        name = shown(one) if one else None
        what = "alone" if name is None else "right" if case.is_meant(name) else "wrong"
        keys = ["all", case.set]
        if one and name is not None:
            articles = next(bearer.articles for bearer in one.candidates if bearer.name == name)
            keys.append("full name in " + next(text for most, text in _BANDS if articles <= most))
        for key in keys:
            found[key][what] += 1
    print(f"\n{title:28}  right  wrong  alone")
    for key, counts in sorted(found.items()):
        joined = counts["right"] + counts["wrong"]
        share = f"{counts['right'] / joined:.3f}" if joined else ""
        print(f"{key:28} {counts['right']:6,} {counts['wrong']:6,} {counts['alone']:6,}  {share}")


if __name__ == "__main__":
    main()
