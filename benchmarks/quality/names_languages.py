"""People and organisations in languages other than English: exact spans, as the index gets them.

``python -m benchmarks.quality names --languages``. The articles are those of ``names/languages``: LANG-dev
(of sets whose other part was trained on) and LANG-judge-dev (never trained on), at most
:data:`MAX_ARTICLES` of each set, evenly drawn. Old newspapers with reading errors are left out. Spans are
compared without what guidelines differ on, as in :mod:`.names`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean

from benchmarks.quality.names import KINDS, Found, Tally, trimmed
from searcher.article import Article
from searcher.extract.names import find_names
from searcher.languages import SERVED

#: Articles of each set for the report, and for the floors, which are measured often.
MAX_ARTICLES, MAX_FOR_FLOORS = 40, 10
#: Those whose mean is asked for.
MEAN_OF = ("de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "no", "cs", "ru", "uk", "tr")
_KIND = {"person": "PER", "organisation": "ORG"}

#: By language and set of labels, then by "people" or "organisations".
Tallies = dict[tuple[str, str], dict[str, Tally]]


def measure(data: Path) -> dict[str, float]:
    """F1 of people and organisations by language, and their mean over fourteen."""
    return _figures(_by_language(tallies(data, MAX_FOR_FLOORS)))


def main(data: Path) -> None:
    """Print a table by set and one by language."""
    found = tallies(data, MAX_ARTICLES)
    print("| language | set | people | organisations |\n|---|---|---|---|")
    for (language, name), of in found.items():
        print(f"| {language} | {name} | {_cells(of)} |")
    by_language = _by_language(found)
    print("\n| language | people | organisations |\n|---|---|---|")
    for language, of in by_language.items():
        print(f"| {language} | {_cells(of)} |")
    for name, value in _figures(by_language).items():
        if name.startswith("mean"):
            print(f"{name}: {value:.3f}")


def tallies(data: Path, most: int) -> Tallies:
    """Counts by language and set, of so many articles of each."""
    found: Tallies = defaultdict(lambda: {what: Tally() for what in KINDS.values()})
    for language, name, text, labels in _articles(data / "names" / "languages", most):
        mentions = find_names(Article(id="", body=text, language=language)).mentions
        spans = {trimmed(text, (m.start, m.end, _KIND[m.kind])) for m in mentions}
        labelled = {trimmed(text, span) for span in labels}
        for kind, what in KINDS.items():
            found[language, name][what].add(
                {span for span in spans if span[2] == kind}, {span for span in labelled if span[2] == kind}
            )
    return dict(sorted(found.items()))


def _articles(folder: Path, most: int) -> Iterator[tuple[str, str, str, list[Found]]]:
    """Language, set, text and labelled spans, in the languages that are served."""
    for file in sorted(folder.glob("*-dev.jsonl")):
        if "-ocr-" in file.name or file.name.split("-")[0] not in SERVED:
            continue
        sets = defaultdict(list)
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            sets[record["set"]].append(record)
        for name, records in sets.items():
            step = max(1.0, len(records) / most)
            for number in range(min(len(records), most)):
                record = records[int(number * step)]
                spans = [(start, end, kind) for start, end, kind in record["spans"]]
                yield file.name.split("-")[0], name, record["text"], spans


def _by_language(found: Tallies) -> dict[str, dict[str, Tally]]:
    """The sets of each language together."""
    sums: dict[str, dict[str, Tally]] = defaultdict(lambda: {what: Tally() for what in KINDS.values()})
    for (language, _), of in found.items():
        for what, tally in of.items():
            one = sums[language][what]
            one.right += tally.right
            one.found += tally.found
            one.labelled += tally.labelled
    return dict(sums)


def _figures(by_language: Mapping[str, Mapping[str, Tally]]) -> dict[str, float]:
    figures = {
        f"{language} {what}": tally.f1
        for language, of in by_language.items()
        for what, tally in of.items()
        if tally.found
    }
    for what in KINDS.values():
        values = [by_language[language][what].f1 for language in MEAN_OF if language in by_language]
        figures[f"mean of {len(values)} {what}"] = mean(values)
    return figures


def _cells(of: Mapping[str, Tally]) -> str:
    """F1 of both kinds in hundredths, with the number of labels."""
    return " | ".join(f"{100 * tally.f1:.1f} of {tally.labelled}" for tally in of.values())
