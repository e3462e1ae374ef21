"""What a pack holds, and which pack serves a text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import Stemmer

from searcher.languages import SERVED, Pack, common_words, has_word_forms, pack, pack_codes, word_language

FOLDER = Path(__file__).resolve().parents[2] / "searcher" / "languages"


@pytest.mark.parametrize("code", pack_codes())
def test_a_pack_has_known_fields_only_and_what_it_names_is_there(code: str) -> None:
    written = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    read = pack(code)

    assert read is not None
    assert set() == written.keys() - set(Pack._fields)
    assert read.stemmer in ("", *Stemmer.algorithms())
    assert read.stemmer or read.suffixes
    assert all(
        word == word.lower() for word in (*read.common, *read.elisions, *read.prefixes, *read.suffixes)
    )


def test_there_is_a_pack_for_every_language_that_newsrooms_ask_for() -> None:
    wanted = ("ar", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it")
    more = ("nl", "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk")

    assert [] == [code for code in (*wanted, *more) if pack(code) is None]


@pytest.mark.parametrize(
    ("declared", "word", "common"),
    [
        ("fr", "les", True),
        ("fr-CA", "les", True),
        ("el", "τησ", True),
        ("en", "the", False),
        (None, "les", False),
        ("xx", "les", False),
    ],
)
def test_the_commonest_words_of_a_language(declared: str | None, word: str, common: bool) -> None:
    assert common == (word in common_words(declared))


def test_a_language_that_is_not_there_has_no_pack() -> None:
    assert pack("xx") is None


@pytest.mark.parametrize(
    ("declared", "code"),
    [(None, "en"), ("", "en"), ("en-GB", "en"), ("de-AT", "de"), ("nb", "no"), ("pt_BR", "pt"), ("sw", "")],
)
def test_a_text_is_indexed_by_the_words_of_its_language(declared: str | None, code: str) -> None:
    assert code == word_language(declared)


def test_every_pack_has_a_row_in_the_documentation(project: Path) -> None:
    page = (project / "docs" / "languages.md").read_text("utf-8")

    assert [] == [code for code in pack_codes() if f"| `{code}` |" not in page]


def test_every_language_with_names_is_said_to_have_them(project: Path) -> None:
    page = (project / "docs" / "languages.md").read_text("utf-8")

    assert [] == [code for code in sorted(SERVED) if not re.search(rf"\| `{code}` \|.*\| yes \|\n", page)]


@pytest.mark.parametrize(("code", "served"), [("de", True), ("en", True), ("zh", True), ("sk", False)])
def test_words_are_served_where_their_forms_are_known_or_there_are_none(code: str, served: bool) -> None:
    assert served == has_word_forms(code)
