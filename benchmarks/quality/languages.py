"""Is the language of a text known?

Bodies of saved pages (``pages/fundus``), with what the page declares and without; and texts of forty words,
or of a hundred characters in scripts without spaces, cut from the articles of ``names/languages``, of which
nothing is declared, or that they are English: about :data:`MAX_TEXTS` a language. Old newspapers with reading
errors are left out.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from searcher.errors import ReadError
from searcher.languages import has_word_forms, language_code
from searcher.languages.detection import detect
from searcher.readers.encodings import decode
from searcher.readers.html.reader import article_from_html

TEXT_WORDS, TEXT_CHARACTERS, MAX_TEXTS = 40, 100, 60
_UNSPACED = ("ja", "th", "zh")


class Case(NamedTuple):
    """A text of a known language, and what it declares."""

    language: str
    text: str
    declared: str | None = None

    def found(self) -> str | None:
        return detect(self.text, self.declared)


def main(data: Path) -> None:
    """Print each set by language, with what the others were taken for."""
    for name, cases in _sets(data).items():
        print(name)
        wrong: dict[str, Counter[str | None]] = defaultdict(Counter)
        for case in cases:
            if (found := case.found()) != case.language:
                wrong[case.language][found] += 1
        for language, count in sorted(Counter(case.language for case in cases).items()):
            taken = ", ".join(f"{other} {n}" for other, n in wrong[language].most_common())
            print(f"  {language}{count - wrong[language].total():6} of {count:4}  {taken}")
        missed = sum(counts.total() for counts in wrong.values())
        print(f"  all{len(cases) - missed:5} of {len(cases):4}  {1 - missed / len(cases):.1%}\n")


def measure(data: Path) -> dict[str, float]:
    """The share of each set whose language is right."""
    return {
        name: sum(case.found() == case.language for case in cases) / len(cases)
        for name, cases in _sets(data).items()
    }


def _sets(data: Path) -> dict[str, list[Case]]:
    """Short texts are parted into languages whose words are served and others, which are harder."""
    bodies = list(_bodies(data / "pages" / "fundus"))
    short = list(_short(data / "names" / "languages"))
    return {
        "bodies": bodies,
        "bodies, nothing declared": [case._replace(declared=None) for case in bodies],
        "forty words": [case for case in short if has_word_forms(case.language)],
        "forty words, declared English": [
            case._replace(declared="en") for case in short if has_word_forms(case.language)
        ],
        "forty words, other languages": [case for case in short if not has_word_forms(case.language)],
    }


def _bodies(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        page = decode(gzip.decompress(path.with_suffix(".html.gz").read_bytes()))
        if truth["body"]:
            yield Case(truth["lang"], truth["body"], _declared(page))


def _declared(page: str) -> str | None:
    try:
        return language_code(article_from_html(page).language)
    except ReadError:  # no article is found in it
        return None


def _short(folder: Path) -> Iterator[Case]:
    texts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*-dev.jsonl")):
        if "-ocr-" not in path.name:
            language = path.name.split("-")[0]
            with path.open(encoding="utf-8") as lines:
                texts[language] += [_beginning(json.loads(line)["text"], language) for line in lines]
    for language, of in texts.items():
        for text in islice(of, 0, None, max(1, len(of) // MAX_TEXTS)):
            yield Case(language, text)


def _beginning(text: str, language: str) -> str:
    return text[:TEXT_CHARACTERS] if language in _UNSPACED else " ".join(text.split()[:TEXT_WORDS])
