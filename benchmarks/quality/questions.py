"""``python -m benchmarks.quality.questions INDEX QUESTIONS KEYWORDS``: are questions read as they are meant?

QUESTIONS has a question a line, as JSON: ``question``, ``lang``, and ``expected``, which is null for a text
that is to stay a keyword query, or has a ``kind`` (said, find_quote, articles) with ``speaker``, ``about``,
``quote``, ``names``, ``after`` and ``before``. KEYWORDS has real queries: ``query``, ``reading`` (true if it
is such a question after all), and ``doubt``. Words are compared by their first letters, since names are
declined. A speaker is right if it shares a word with the expected one: a question may add a title, and the
reading a first name. The names and the subject of articles are compared together. A statement is asked for
"said" and "about" alike: whether a word is looked for in the quotation or in its article is not compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from searcher.analysis.terms import fold
from searcher.index import Index, open_index
from searcher.query.request import Search
from searcher.query.stop_words import is_stop_word
from searcher.search.question_reader import Reading, read_question

#: The day on which the questions were asked.
TODAY: Final = dt.date(2026, 12, 2)
#: Letters by which two words are the same.
_STEM: Final = 5
#: The share of the words of either side that the other has to have.
_MIN_SHARE: Final = 0.6


def words(texts: Iterable[str | None]) -> set[str]:
    """Return the beginnings of the words of texts, without stop words."""
    found = [word for text in texts if text for word in fold(text.replace("'", " ")).split()]
    return {word[:_STEM] for word in found if not is_stop_word(word) and (len(word) > 2 or word.isdigit())}


def same(expected: set[str], found: set[str], share: float = _MIN_SHARE) -> bool:
    """Return True if most words of each side are among those of the other."""
    common = len(expected & found)
    return expected == found or (bool(common) and common >= share * max(len(expected), len(found)))


def is_right(expected: Mapping[str, Any] | None, reading: Reading | None) -> bool:
    """Return True if a question is read as expected."""
    if expected is None or reading is None:
        return expected is None and reading is None
    search, fields = reading.search, reading.search.included
    kind = "find_quote" if reading.quotation else "said" if search.quotes else "articles"
    if kind != expected["kind"]:
        return False
    if kind == "find_quote":
        return same(words([expected["quote"]]), words([reading.quotation]), 0.8)
    days = [str(day) if day else None for day in (search.after, search.before)]
    if days != [expected["after"], expected["before"]]:
        return False
    named = [*fields.get("person", ()), *fields.get("organisation", ())]
    if kind == "articles":
        asked = words([*expected["names"], expected["about"]])
        return same(asked, words([*named, search.text])) or asked <= words([*named, search.text])
    speaker = words([expected["speaker"]])
    known = words(search.speakers)
    if bool(speaker) != bool(known) or (speaker and not speaker & known):
        return False
    return same(words([expected["about"]]), words([search.text, search.about]))


def read(index: Index, text: str) -> Reading | None:
    """Return the reading of a text on the day of the questions."""
    return read_question(index._session.answers(), Search(text), TODAY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("keywords", type=Path, nargs="?")
    parser.add_argument("--verbose", action="store_true", help="print what is read wrongly")
    options = parser.parse_args()
    with open_index(options.index, create=False) as index:
        report(index, _rows(options.questions), verbose=options.verbose)
        if options.keywords:
            report_keywords(index, _rows(options.keywords), verbose=options.verbose)


def report(index: Index, questions: Sequence[Mapping[str, Any]], *, verbose: bool) -> None:
    """Print how many questions are read rightly."""
    totals, right = Counter[str](), Counter[str]()
    for asked in questions:
        reading = read(index, asked["question"])
        group = "English" if asked["lang"] == "en" else "other languages"
        totals[group] += 1
        right[group] += is_right(asked["expected"], reading)
        if verbose and not is_right(asked["expected"], reading):
            print(asked["lang"], asked["question"], "|", reading and reading.sentence, "|", asked["expected"])
    for group, total in totals.items():
        print(f"{group}: {right[group]} of {total} read rightly ({right[group] / total:.1%})")


def report_keywords(index: Index, queries: Sequence[Mapping[str, Any]], *, verbose: bool) -> None:
    """Print how many keyword queries are read as a question."""
    plain = [one["query"] for one in queries if not one["reading"] and not one.get("doubt")]
    wrong = {query: reading for query in plain if (reading := read(index, query))}
    share = len(wrong) / len(queries)
    print(f"keyword queries: {len(wrong)} of {len(queries)} read as a question ({share:.1%})")
    for query, reading in wrong.items() if verbose else ():
        print(query, "|", reading.sentence)


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
