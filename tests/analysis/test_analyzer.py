"""What counts as one word, and which words are the same. Whole cases: ``tests/matching``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher.analysis import (
    chunk_terms,
    chunks,
    fold_pattern,
    index_terms,
    is_surface,
    pattern_matches,
    query_terms,
    tokens,
    within_edits,
)
from searcher.analysis.analyzer import chunk_positions, tokenize_chunk
from searcher.analysis.terms import terms_of
from searcher.languages import all_languages

CASES = sorted(Path(__file__).parent.joinpath("matching").glob("*.jsonl"))
LETTERS = st.text("abcdé", max_size=9)


def surfaces(text: str) -> list[list[str]]:
    return [[form for form in forms if is_surface(form)] for forms in index_terms(text)]


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_query_finds_what_its_author_means(file: Path) -> None:
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    wrong = []
    for case in cases:
        with searcher.open_index(":memory:") as index:
            index.add([_article(case)], annotate=False)
            found = index.search(case["query"])
        if case["match"] != bool(found.total and not found.relaxed):
            wrong.append(case)

    assert [] == wrong


def _article(case: dict[str, Any]) -> searcher.Article:
    return searcher.Article(id="1", body=case["text"], language=case.get("lang"))


@given(st.text() | st.text("aA1.-'’&%#+ @\u00adéüß北京_"))
def test_tokens_lie_in_the_text_in_order_and_have_the_forms_that_are_indexed(text: str) -> None:
    found = tokens(text)

    assert index_terms(text) == [token.forms for token in found]
    assert all(0 <= token.start < token.end <= len(text) and token.forms for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)
    assert all(form for token in found for form in token.forms)


@given(st.text("abcdeést-'’.& 12%", max_size=30))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    forms = index_terms(text)
    wanted = [query_terms(word) for word in text.split()]

    assert all(any(set(acceptable) & set(some) for some in forms) for word in wanted for acceptable in word)


@given(st.text() | st.text("aAB1.&'“” \xa0\u2028", max_size=30))
def test_the_chunks_of_a_text_have_its_forms(text: str) -> None:
    assert [token.forms for token in tokens(text)] == [
        forms for chunk in chunks(text) for forms in chunk_terms()[chunk]
    ]


@given(st.text("([{\"'“‘«„"), st.text("aAbs.1-'’&+%é北", min_size=1), st.text(".,;:!?)]}\"'”’»…"))
def test_marks_around_a_word_do_not_change_it(before: str, word: str, after: str) -> None:
    chunk = before + word + after

    assert index_terms(chunk) == [token.forms for token in tokens(chunk)]


def test_the_stem_of_a_word_is_that_of_the_language_of_the_text() -> None:
    forms = {language: tokens("Hafenarbeiter", language)[0].forms for language in ("en", "de")}

    assert ("hafenarbeiter", "~hafenarbeit") == forms["en"]
    assert ("hafenarbeiter", "~de:hafenarbeit", "~de:hafenarbeiter") == forms["de"]


def test_a_cached_text_has_the_same_forms() -> None:
    text = "Müller’s start-up, “Norvane”, paid $14bn for AT&T’s 5G unit."
    uncached = [forms for chunk in text.split() for _, _, forms in tokenize_chunk(chunk)]

    assert [uncached, uncached] == [index_terms(text), index_terms(text)]


def test_offsets_are_into_the_text_even_where_folding_changes_lengths() -> None:
    text = "Straße, oﬃce: presi\u00addent’s"

    assert ["Straße", "oﬃce", "presi\u00addent’s"] == [text[t.start : t.end] for t in tokens(text)]


def test_every_word_has_its_stem_marked_as_such() -> None:
    assert [("elections", "~elect"), ("loom", "~loom")] == index_terms("Elections loom")


def test_the_stems_of_other_languages_are_marked_with_the_language() -> None:
    assert [("wahlen", "~de:wahl", "~de:wahlen")] == index_terms("Wahlen", "de")


def test_a_language_without_a_pack_has_no_stems() -> None:
    assert [("elections",)] == index_terms("elections", "")


def test_a_query_asks_for_the_stems_of_every_language_of_the_texts() -> None:
    assert (("wahlen", "~wahlen", "~de:wahl", "~de:wahlen"),) == query_terms("Wahlen", languages=("en", "de"))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("O'Keefe", ("okeefe", "~okeef", "~tr:okeef", "~tr:okeefe")),
        ("don't", ("dont", "~dont", "~tr:don")),
        ("Arkan'da", ("arkanda", "~arkanda", "~tr:arka", "~tr:arkan")),
        ("De'Aaron", ("deaaron", "~deaaron")),
        ("Da'esh", ("daesh", "~daesh")),
        ("Sana'a", ("sanaa", "~sanaa")),
        ("Mu'ammar", ("muammar", "~muammar")),
    ],
)
def test_what_an_apostrophe_cuts_off_in_one_language_is_sought_there_only(
    word: str, expected: tuple[str, ...]
) -> None:
    assert (expected,) == query_terms(word, languages=("en", "tr"))


@pytest.mark.parametrize("languages", [("en",), ("en", "tr"), all_languages()], ids=len)
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dell'Italia", (("dellitalia", "italia"),)),
        ("o'keefe", (("okeefe",),)),
        ("Arkan'da", (("arkanda",),)),
        ("l'été", (("ete", "lete"),)),
        ("l'FBI", (("lfbi", "fbi"),)),
        ("l'última", (("lultima", "ultima"),)),
        ("l'11", (("l11", "11"),)),
        ("N'Golo", (("ngolo",),)),
        ("D'Marcus", (("dmarcus",),)),
        ("c’mon", (("cmon",),)),
        ("12:30", (("12",), ("30",))),
        ("90's", (("90s",),)),
        ("90’S", (("90s",),)),
        ("6'2", (("62",),)),
        ("1'000", (("1000",),)),
        ("10'da", (("10da", "10"),)),
        ("10.000", (("10.000", "10000"),)),
        ("1.200.000.000", (("1.200.000.000", "1200000000"),)),
        ("1.234.567.890", (("1.234.567.890", "1234567890"),)),
        ("0.125", (("0.125",),)),
        ("192.168.001.100", (("192.168.001.100",),)),
    ],
)
def test_words_as_written_are_sought_whatever_the_languages_of_the_texts(
    word: str, expected: tuple[tuple[str, ...], ...], languages: tuple[str, ...]
) -> None:
    assert expected == query_terms(word, True, languages)


def test_stems_are_sought_of_the_languages_of_the_texts() -> None:
    assert (("dellitalia", "italia", "~dellitalia"),) == query_terms("dell'Italia")


def test_stop_words_are_their_own_stems() -> None:
    assert [("because",), ("was",), ("very",)] == index_terms("because was very")


def test_an_exact_query_looks_for_the_surface_only() -> None:
    assert (("elections",),) == query_terms("elections", exact=True)


def test_a_query_looks_for_the_surface_and_the_stem() -> None:
    assert (("elections", "~elect"),) == query_terms("elections")


def test_an_ordinal_is_found_in_figures_and_in_letters() -> None:
    assert (("first", "~1st", "1st"),) == query_terms("first")


def test_an_acronym_that_is_also_a_word_keeps_its_case() -> None:
    assert (("^US",),) == query_terms("US") == query_terms("U.S.")
    assert [("us", "^US")] == index_terms("U.S.")
    assert "^US" not in query_terms("us")[0]


@pytest.mark.parametrize("nothing", ["", "  ", "–", "…", "!?", "\u200b", "“”", "\u0301"])
def test_punctuation_holds_no_word(nothing: str) -> None:
    assert () == query_terms(nothing)


def test_an_umlaut_is_indexed_in_both_ways_to_write_it() -> None:
    assert [["muller", "mueller"]] == surfaces("Müller")


def test_a_compound_is_its_parts_and_at_the_first_of_them_the_whole() -> None:
    assert [["start", "startup"], ["up"]] == surfaces("start-up")


def test_a_magnitude_is_a_word_of_its_own() -> None:
    assert [["14", "14bn"], ["billion"]] == surfaces("$14bn")


def test_scripts_without_spaces_are_indexed_in_pairs() -> None:
    assert [["北京", "北"], ["京"]] == surfaces("北京")


def test_encoded_data_is_cut() -> None:
    assert all(len(form) <= 65 for forms in index_terms("Q" * 5000) for form in forms)


@pytest.mark.parametrize(
    ("pattern", "folded"),
    [("Mü*", "mu*"), ("O’Ke?fe", "oke?fe"), ("**a**b", "*a*b"), ("start-*", "start*"), ("3.5*", "3.5*")],
)
def test_patterns_fold_as_words_do(pattern: str, folded: str) -> None:
    assert folded == fold_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "surface", "expected"),
    [
        ("elect*", "elections", True),
        ("*phobia", "xenophobia", True),
        ("*pho*a", "xenophobia", True),
        ("wom?n", "women", True),
        ("wom?n", "womn", False),
        ("elect*", "select", False),
        ("c++*", "c++", True),
        ("a*b*a", "aba", True),
        ("a*b*a", "ab", False),
    ],
)
def test_a_pattern_matches_whole_words(pattern: str, surface: str, expected: bool) -> None:
    assert expected is pattern_matches(pattern, surface)


def test_many_stars_take_no_time() -> None:
    assert not pattern_matches("*a" * 30 + "b", "a" * 64)


@given(LETTERS, LETTERS, st.integers(1, 2))
def test_edits_are_counted_as_in_the_textbook(a: str, b: str, edits: int) -> None:
    assert within_edits(a, b, edits) is (textbook_distance(a, b) <= edits)


def textbook_distance(a: str, b: str) -> int:
    """Optimal string alignment, as it is written down everywhere."""
    table = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            )
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def test_what_is_marked_is_stemmed_in_the_language_of_the_text() -> None:
    (position,) = chunk_positions("Häusern", "de")

    assert index_terms("Häusern", "de") == [position[2]]


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_an_ending_without_a_word_has_no_terms(language: str) -> None:
    terms = terms_of("'s", language, sought=True), terms_of("'s", language)

    assert ((), ()) == terms
