"""Mending the tagger's spans with what the whole article shows."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.extract.names.repair import repair, repaired_names_and_places
from searcher.extract.names.tagger import TYPES, NameSpan

_MARKED = re.compile(r"<(\w+) ([^<>]+)>")


def repaired(marked: str, *, places: bool = False) -> list[str]:
    """The spans after repair, or of places, as "KIND words"; in ``marked`` they stand as <KIND words>."""
    text, spans, position = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[position : match.start()]
        kind = next(kind for kind in TYPES if kind == match[1])
        spans.append(NameSpan(len(text), len(text) + len(match[2]), kind, 0.9))
        text += match[2]
        position = match.end()
    text += marked[position:]
    return [
        f"{span.kind} {text[span.start : span.end]}"
        for span in repaired_names_and_places(text, spans)[places]
    ]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<PER Ada Quill\nBen Marlowe>", ["PER Ada Quill", "PER Ben Marlowe"]),
        ("<PER Ada Quill\nWe are sorry to hear that you left>", ["PER Ada Quill"]),
        ("at <ORG Marlowe / Quay> now", ["ORG Marlowe", "ORG Quay"]),
    ],
    ids=["two lines", "a sentence below a name", "a stroke"],
)
def test_a_name_ends_with_its_line(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("the <ORG Dover> <ORG Harbour Council>", ["ORG Dover Harbour Council"]),
        ("<ORG Dover 2> <ORG Deal> 1", ["ORG Dover 2", "ORG Deal"]),
        ("<ORG HW> <ORG DW>", ["ORG HW", "ORG DW"]),
        ("<PER Ada> <PER Ben>", ["PER Ada", "PER Ben"]),
        ("<PER Ada J>. <PER Quill> said", ["PER Ada J. Quill"]),
        ("<PER Ada J.> <PER Quill> said", ["PER Ada J. Quill"]),
        ("<PER Ada> has vitamin C. <PER Ben> said", ["PER Ada", "PER Ben"]),
        ("by <PER Ada X>. <PER Ben> knew <PER Ada X>", ["PER Ada X", "PER Ben", "PER Ada X"]),
        ("<PER Ada> “<PER Bee” Quill> said", ["PER Ada “Bee” Quill"]),
        ("<PER Ada> “<PER Bee>” <PER Quill> said", ["PER Ada “Bee” Quill"]),
        ("<PER Ada> “<PER Ben> left,” she said", ["PER Ada", "PER Ben"]),
        ("<PER Quill> allegedly “was tutoring” <PER Ben Moss>", ["PER Quill", "PER Ben Moss"]),
        ("<PER Quill> told <PER Ada “Bee” Moss> so", ["PER Quill", "PER Ada “Bee” Moss"]),
        ("<ORG Quay> and <ORG Moss Inc> grew", ["ORG Quay", "ORG Moss Inc"]),
    ],
    ids=[
        "nothing between",
        "a score",
        "letters",
        "people",
        "a middle initial",
        "its full stop",
        "a letter further on",
        "a surname of one letter",
        "nickname",
        "nickname seen alone",
        "quote",
        "quoted words between two people",
        "nickname of the second of two people",
        "a word between",
    ],
)
def test_parts_of_one_name_are_joined(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("_<PER _Ada Quill>", ["PER Ada Quill"]),
        ("told <ORG @ HarbourWeekly> so", ["ORG HarbourWeekly"]),
        ("<ORG “Harbour Weekly”>,", ["ORG Harbour Weekly"]),
        ("<ORG Marlowe Inc (>", ["ORG Marlowe Inc"]),
        ("<ORG Unite (UK)> said", ["ORG Unite (UK)"]),
        ("told <ORG HW.> Then", ["ORG HW"]),
        ("<ORG Marlowe Inc.> grew", ["ORG Marlowe Inc."]),
        ("<ORG Moss Inc> bought <ORG Marlowe Inc.> It grew", ["ORG Moss Inc", "ORG Marlowe Inc"]),
        ("<ORG Quay Ltd of Dover>, <ORG Quay Corp of Dover>", ["ORG Quay Ltd", "ORG Quay Corp of Dover"]),
        ("the <ORG Marlowe CEO>’s boat", ["ORG Marlowe"]),
    ],
    ids=[
        "marks",
        "address of an account",
        "quotes",
        "open",
        "closed",
        "stop",
        "abbreviated",
        "written without stop",
        "seat",
        "office",
    ],
)
def test_a_span_is_the_name_alone(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("rated by Marlowe and <PER P.>", []),
        ("<PER -->", []),
        ("at https://www.<ORG marlowe>.com/x", []),
        ("<LOC Dover> and <NORP Danes>", []),
        ("Write to <ORG Marlowe>@quay.com or ada@<ORG Quay>.", []),
        ("Thanks to @<ORG Marlowe>", ["ORG Marlowe"]),
        ("<ORG Marlowe Corp> <<ORG MRL>>", ["ORG Marlowe Corp"]),
        ("<ORG Marlowe Corp> <MRL.<ORG SE>>", ["ORG Marlowe Corp"]),
        ("<ORG Marlowe> (NYSE: <ORG MRL>)", ["ORG Marlowe"]),
        ("He left.\n<ORG WIRE>...", []),
        ("He left.\n <PER Wire>", []),
        ("He left.\n\n-- <ORG Quill Level Media>", []),
        ("Regards,\n<PER Benjamin>", ["PER Benjamin"]),
        ("An <ORG QLM> is one of many QLMs. The <ORG HBC> is one.", ["ORG HBC"]),
        ("<PER Condor> 4 was late. Makers of <PER Condor> waited for <PER Condor> 5.", []),
        ("<PER Condor> won 6-4 and <PER Condor> 6-3", ["PER Condor"] * 2),
        (
            "<ORG Marlowe> has <ORG IBAN GB29> MARL 6016, <ORG BIC MARLGB2L> at <ORG Quay>.",
            ["ORG Marlowe", "ORG Quay"],
        ),
        ("a BIC of <ORG BIC>, a LEI of <ORG BIC SPORT>", ["ORG BIC", "ORG BIC SPORT"]),
    ],
    ids=[
        *("letter", "mark", "small", "others", "mail", "account", "ticker", "end of a ticker", "exchange"),
        *("sign-off", "taken for a person", "behind a dash", "signed", "kind", "versions", "scores"),
        *("of a bank", "of a company"),
    ],
)
def test_what_cannot_be_a_name_is_none(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # the surname of a person of the article is no body
        ("<PER Ada Quill> left. <ORG Quill> said", ["PER Ada Quill", "PER Quill"]),
        ("<PER Ada Quill> left. <ORG Ada> said", ["PER Ada Quill", "PER Ada"]),
        # … but a company may bear its founder's name
        ("<ORG Quill>, <ORG Quill>, <PER Ada Quill>", ["ORG Quill", "ORG Quill", "PER Ada Quill"]),
        # the first word of an organisation of the article is no person …
        ("<ORG Marlowe Ltd> grew. <PER Marlowe> said", ["ORG Marlowe Ltd", "ORG Marlowe"]),
        # … unless somebody bears it
        (
            "<PER Ada Marlowe> of <ORG Marlowe Ltd>. <PER Marlowe> said",
            ["PER Ada Marlowe", "ORG Marlowe Ltd", "PER Marlowe"],
        ),
        (
            "<ORG Ada Quill Ltd> grew. <PER Ada Quill>, <PER Ada Quill>",
            ["ORG Ada Quill Ltd", *["PER Ada Quill"] * 2],
        ),
        # a company's staff and shares tell it from a person, in every place
        ("<PER Sam Li> founder Ada; <PER Sam Li> said", ["ORG Sam Li", "ORG Sam Li"]),
        ("<PER Marlowe> analyst Ada", ["ORG Marlowe"]),
        # most places decide
        ("<PER Fendi>, <ORG Fendi>, <ORG Fendi>", ["ORG Fendi", "ORG Fendi", "ORG Fendi"]),
        ("<Product Llama>, <ORG Llama>, <Product Llama>", []),
        ("to <LOC Quay>, in <LOC Quay>; <PER Quay> is", []),
        ("the <Misc Quay Cup>, <ORG Quay Cup>, the <Misc Quay Cup>", []),
        # a city may be its club
        ("in <LOC Dover>, in <LOC Dover>; <ORG Dover> won", ["ORG Dover"]),
        # the surname of a person of the article is no place, unless most places where it stands are one
        ("<PER Ada Quill>, <PER Ada Quill>; <LOC Quill> said", ["PER Ada Quill"] * 2 + ["PER Quill"]),
        ("<PER Ada Dover> is in <LOC Dover>, by <LOC Dover>", ["PER Ada Dover"]),
    ],
)
def test_places_of_one_name_vote(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<ORG Skerry Lines> sails; the boats of <LOC Skerry Lines>", []),
        ("in <LOC Port Aurel>, in <LOC Port Aurel>; <ORG Port Aurel> won", ["LOC Port Aurel"] * 2),
        ("in <LOC Dover>; <ORG Dover>, <ORG Dover> won", ["LOC Dover"]),
    ],
)
def test_what_is_a_body_as_often_is_no_place_unless_it_may_be_its_city(
    marked: str, expected: list[str]
) -> None:
    assert expected == repaired(marked, places=True)


def test_a_text_all_in_capitals_keeps_its_names() -> None:
    assert ["ORG MARLOWE", "PER ADA QUILL"] == repaired("<ORG MARLOWE> SUES <PER ADA QUILL> OVER PROFITS")


def test_a_city_where_the_tagger_is_unsure_is_no_club() -> None:
    text = "Dover, Dover, Dover, Dover"
    spans = [NameSpan(n, n + 5, "LOC", 0.9) for n in (0, 7, 14)] + [NameSpan(21, 26, "ORG", 0.85)]

    assert [] == repair(text, spans)


@pytest.mark.parametrize("kind", ["PER", "ORG"])
def test_a_name_must_be_sure_in_one_place_at_least(kind: Literal["PER", "ORG"]) -> None:
    text = "Marlowe, Marlowe, Quill"
    unsure = NameSpan(18, 23, kind, 0.5)
    found = repair(text, [NameSpan(0, 7, kind, 0.5), NameSpan(9, 16, kind, 0.95), unsure])

    assert [(0, 7), (9, 16)] == [(span.start, span.end) for span in found]


@given(
    st.text("Aab .’s\n(“", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from(TYPES)), max_size=6),
)
def test_spans_lie_in_the_text_and_apart(text: str, marks: list[tuple[int, int, str]]) -> None:
    spans = [
        NameSpan(s, s + n, next(k for k in TYPES if k == kind)) for s, n, kind in marks if s + n <= len(text)
    ]
    found = repair(text, spans)
    edges = [edge for span in found for edge in (span.start, span.end)]

    assert sorted(edges) == edges
    assert all(text[span.start : span.end].strip() for span in found)
