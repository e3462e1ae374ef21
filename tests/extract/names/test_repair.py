"""Mending the tagger's spans with what the whole article shows."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.extract.names.repair import repair
from searcher.extract.names.tagger import TYPES, Span

_PAIRS = ["ORG Marlowe & Quill", "PER Ada", "PER Ben Moss"]
_SHARES = ["ORG Dover Greens", "ORG Channel 4", "ORG Reds"]
_MARKED = re.compile(r"<(\w+) ([^<>]+)>")


def repaired(marked: str) -> list[str]:
    """The spans after repair, as "KIND words"; in ``marked`` they stand as <KIND words>."""
    text, spans, position = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[position : match.start()]
        kind = next(kind for kind in TYPES if kind == match[1])
        spans.append(Span(len(text), len(text) + len(match[2]), kind, 0.9))
        text += match[2]
        position = match.end()
    text += marked[position:]
    return [f"{span.kind} {text[span.start : span.end]}" for span in repair(text, spans)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("_<PER _Ada Quill>", ["PER Ada Quill"]),
        ("rated by Marlowe and <PER P.>", []),
        ("John Paul, <PER Jr.>", []),
        ("<ORG Co Inc> said", []),
        ("<PER Quill’s> boat", ["PER Quill"]),
        ("<PER Quill’s AI> reorg", ["PER Quill"]),
        ("<PER President Ada Quill>", ["PER Ada Quill"]),
        ("<ORG the Harbour Weekly>", ["ORG Harbour Weekly"]),
        ("<ORG “Harbour Weekly”>,", ["ORG Harbour Weekly"]),
        ("told <ORG HW.> Then", ["ORG HW"]),
        ("<ORG Marlowe Inc.> grew", ["ORG Marlowe Inc."]),
        ("<PER Ada Quill\nBen Marlowe>", ["PER Ada Quill", "PER Ben Marlowe"]),
        ("<PER Ada Quill\nWe are sorry to hear that you left>", ["PER Ada Quill"]),
        ("<ORG Quay Street. Marlowe Ltd> grew", ["ORG Marlowe Ltd"]),
        ("<ORG Marlowe Inc. Quill Holdings> grew", ["ORG Marlowe Inc", "ORG Quill Holdings"]),
        ("<ORG Marlowe / Harbour Weekly>", ["ORG Marlowe", "ORG Harbour Weekly"]),
        ("<ORG University of> <LOC Ayr>", ["ORG University of Ayr"]),
        ("<PER Ada B.> <PER Quill> said", ["PER Ada B. Quill"]),
        ("<ORG Dover QB> <PER Ada Quill>", ["ORG Dover", "PER Ada Quill"]),
        ("<ORG Harbour Office Press> Secretary <PER Ada Quill>", ["ORG Harbour Office", "PER Ada Quill"]),
        ("<ORG MARLOWE CORP BUYS> BOATS", ["ORG MARLOWE CORP"]),
        ("<ORG Deal d. Dover> 3-1", ["ORG Deal", "ORG Dover"]),
        ("<ORG Ayr Port Board> (APB) met. The APB is", ["ORG Ayr Port Board", "ORG APB", "ORG APB"]),
        ("<PER Ada> “<PER Ben> left,” she said", ["PER Ada", "PER Ben"]),
        ("of Somerset, <PER Calif>.", []),
        ("of <ORG Somerset>, Calif., and", []),
        ("<ORG Marlowe Corp> (<ORG MRL.O>)", ["ORG Marlowe Corp"]),
        ("<PER Ada B>. <PER Quill> said", ["PER Ada B. Quill"]),
        ("<PER Cmdr>. <PER Ada Quill>", ["PER Ada Quill"]),
        ("<ORG Dover Reds 2380> 2 3 <ORG Deal>", ["ORG Dover Reds", "ORG Deal"]),
        ("<PER Ada Quill> (D-<ORG Ore>.)", ["PER Ada Quill"]),
        ("<PER Ada Quill (D>)", ["PER Ada Quill"]),
        ("<PER Ada Quill leave> Dover?", ["PER Ada Quill"]),
        ("at https://www.<ORG marlowe>.com/x", []),
        ("<LOC Dover> and <NORP Danes>", []),
        ("<PER -->", []),
        ("the (<ORG UN) General Assembly> voted", ["ORG General Assembly"]),
        ("<PER Ada Quill, 41> left", ["PER Ada Quill"]),
        ("told Mark <PER Quill>’s aunt", ["PER Mark Quill"]),
        ("a mark <PER Quill> left", ["PER Quill"]),
        ("He left. Mark <PER Quill>’s words", ["PER Quill"]),
        ("the <ORG Marlowe CEO>’s boat", ["ORG Marlowe"]),
        ("<ORG Marlowe Corp> <<ORG MRL>>", ["ORG Marlowe Corp"]),
        ("<ORG Marlowe Inc (>", ["ORG Marlowe Inc"]),
        ("<<ORG Marlowe Inc>> said", ["ORG Marlowe Inc"]),
        ("<ORG Marlowe Corp. common stock>", ["ORG Marlowe Corp."]),
        ("<ORG Soccer-Dover United> win", ["ORG Dover United"]),
        ("<ORG UPDATE 2-Marlowe> grows", ["ORG Marlowe"]),
        ("the <ORG Dover> industrial average, the <ORG Marlowe Composite>", []),
        ("the <ORG Quay 500>", []),
        ("<ORG DOVER>, N.H. — It rained", []),
        ("<ORG DOVER>, Aug. 3 (Wire) - It rained", []),
        ("on <ORG Marlowe Street>, <ORG Texas Democrat>", []),
        ("the <ORG corporation>", []),
        ("He left.\n<ORG WIRE>", []),
        ("He left.\n <PER Reuter>", []),
        ("Regards,\n<PER Benjamin>", ["PER Benjamin"]),
        ("<PER QB Ada Quill>", ["PER Ada Quill"]),
        ("at <ORG McDonald’s> and <ORG Google’s>", ["ORG McDonald’s", "ORG Google"]),
        ("<ORG Marlowe> (<ORG Japan) Ltd> grew", ["ORG Marlowe (Japan) Ltd"]),
        ("the <ORG Dover> <ORG Harbour Council>", ["ORG Dover Harbour Council"]),
        ("<ORG Dover 2> <ORG Deal> 1", ["ORG Dover", "ORG Deal"]),
        ("<ORG HW> <ORG DW>", ["ORG HW", "ORG DW"]),
        ("<PER Ada Quill> and <ORG Marlowe Co> said", ["PER Ada Quill", "ORG Marlowe Co"]),
        ("the <ORG U.S.> <ORG Harbour Department>", ["ORG Harbour Department"]),
        ("<ORG Dover>, <ORG NH> | <ORG Deal, NH> | Quay, <ORG CO>", []),
        ("<ORG Marlowe Corp> <MRL.<ORG SE>>", ["ORG Marlowe Corp"]),
        ("He left.\n<ORG WIRE>...", []),
        ("<ORG Dover Greens 31> pct, <ORG Channel 4> and <ORG Reds 4>.5 %", _SHARES),
        ("<ORG Dover 75> Deal 19, **<PER Ada Quill>**", ["ORG Dover", "PER Ada Quill"]),
        ("at <ORG Marlowe> & <ORG Quill>, <PER Ada> & <PER Ben Moss>", _PAIRS),
        ("the U.<PER S.> envoy, the U.<ORG S. Coast Office>", ["ORG Coast Office"]),
        ("<ORG A.><ORG P. Marlowe> and A.<PER P. Moss>", ["ORG A.P. Marlowe", "PER A.P. Moss"]),
        ("<PER Moss Ada>-in and <PER Ada Quill>-led", ["PER Moss Ada-in", "PER Ada Quill"]),
        ("<PER Ada Quill cruised> past <PER Ben van Moss>", ["PER Ada Quill", "PER Ben van Moss"]),
        ("<PER Ada Quill> (<PER R-Wash>.), <ORG D-Ohio>", ["PER Ada Quill"]),
        ("<ORG Rival Marlowe> grew", ["ORG Marlowe"]),
        ("the <ORG Inc>, the <ORG Co.>", []),
        ("<PER Saks Fifth Avenue>", ["ORG Saks Fifth Avenue"]),
        ("Mr Ada B. <ORG Quay> and <ORG Moss>", ["ORG Quay", "ORG Moss"]),
        ("Series A. <ORG Marlowe> said", ["ORG Marlowe"]),
        ("the U.S. <ORG Coast Office>, in H.K. <ORG Quay Ltd>", ["ORG Coast Office", "ORG Quay Ltd"]),
        ("rated by <ORG S and Q>", ["ORG S and Q"]),
        ("<ORG Quay> and <ORG Moss Inc>. <ORG Quay> grew", ["ORG Quay", "ORG Moss Inc", "ORG Quay"]),
        ("<ORG QX> and <ORG Moss Inc> grew", ["ORG QX", "ORG Moss Inc"]),
        ("the <ORG federal Coast Office>", ["ORG Coast Office"]),
        ("the <ORG national statistics institute Marstat>", ["ORG Marstat"]),
        ("the lower house <ORG of Parliament>, G-5 <ORG and Dover>", ["ORG Parliament"]),
        ("shares of <ORG Marlowe Quay common>, its <ORG Quay unit>", ["ORG Marlowe Quay", "ORG Quay"]),
        ("a <PER Quill-Moss-Marlowe> filing, <ORG Quill-Moss-Marlowe> filings", []),
        ("<ORG CTS Corp>. <ORG CTS> pays 9 <ORG cts>", ["ORG CTS Corp", "ORG CTS"]),
        ("<ORG RAM> chief executive <PER Ada Quill>", ["ORG RAM", "PER Ada Quill"]),
        ("<ORG Marlowe AG> [<ORG MRLG>.F]", ["ORG Marlowe AG"]),
        ("at <ORG St>. Quay, an <ORG SRL>", []),
        ("<ORG Quay> (1987) Ltd", ["ORG Quay"]),
        ("<ORG Quay Ltd of Dover>, <ORG Quay Corp of Dover>", ["ORG Quay Ltd", "ORG Quay Corp of Dover"]),
        ("<LOC Dover>-<ORG Quay United>", ["ORG Quay United"]),
        ("on May 1, <ORG Dover Quay, NV>, and <ORG Dover College, NV>", ["ORG Dover College, NV"]),
        ("rated <ORG AA>, now <ORG Baa>-3, its <ORG AAA> senior debt", []),
        ("members of the <ORG AAA>", ["ORG AAA"]),
        (
            "<PER Ada Quill - adaquill>.example, <ORG Quay – Dover Dues>",
            ["PER Ada Quill", "ORG Quay – Dover Dues"],
        ),
        (
            "<ORG DOVER - Quay Corp>, <ORG Moss Quay - MQA>",
            ["ORG DOVER", "ORG Quay Corp", "ORG Moss Quay", "ORG MQA"],
        ),
        ("<PER Ada Al - Quill>", ["PER Ada Al - Quill"]),
        ("an <ORG S-corp> or <ORG B Corporation>", []),
    ],
)
def test_a_span_is_the_name_alone(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # the surname of a person of the article is no body
        ("<PER Ada Quill> left. <ORG Quill> said", ["PER Ada Quill", "PER Quill"]),
        ("<PER Ada Quill> left. <ORG Ada> said", ["PER Ada Quill", "PER Ada"]),
        # however often, where the full name came first …
        (
            "<PER Ada Quill> left. <ORG Quill>, <ORG Quill>, <ORG Quill>",
            ["PER Ada Quill", *["PER Quill"] * 3],
        ),
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
            "<ORG Marlowe Ltd> grew. <PER Marlowe>, <PER Marlowe>, <PER Marlowe>",
            ["ORG Marlowe Ltd", *["ORG Marlowe"] * 3],
        ),
        (
            "<ORG Ada Quill Ltd> grew. <PER Ada Quill>, <PER Ada Quill>",
            ["ORG Ada Quill Ltd", *["PER Ada Quill"] * 2],
        ),
        # a company's staff and shares tell it from a person, in every place
        ("<PER Sam Li> founder Ada; <PER Sam Li> said", ["ORG Sam Li", "ORG Sam Li"]),
        ("<PER Marlowe> said. Shares in <PER Marlowe> fell", ["ORG Marlowe", "ORG Marlowe"]),
        ("<PER Marlowe> said on Friday that quarterly profit rose. <PER Marlowe> fell", ["ORG Marlowe"] * 2),
        (
            "<PER Ada Quill> spoke. <PER Quill> said that annual sales rose",
            ["PER Ada Quill", "PER Quill"],
        ),
        ("<PER Marlowe> analyst Ada", ["ORG Marlowe"]),
        ("<PER Ada Marlowe> and the <ORG Marlowes>, the <PER Marlowes>", ["PER Ada Marlowe"]),
        ("<PER Ada Marlowe> and <ORG Marlowes> grew", ["PER Ada Marlowe", "ORG Marlowes"]),
        ("<PER Ada St. Quay> left. <ORG St. Quay> said", ["PER Ada St. Quay", "PER St. Quay"]),
        ("they named <PER Marlowe> chief executive", ["PER Marlowe"]),
        ("<PER Marlowe> <MRL.L> and <PER Quill> <QLL> grew", ["ORG Marlowe", "ORG Quill"]),
        ("rivals of carmaker <PER Quill> said", ["ORG Quill"]),
        ("lawmaker <PER Quill> said", ["PER Quill"]),
        (
            "<ORG J.C. Marlowe Co> grew. <PER Marlowe>, <PER Marlowe>",
            ["ORG J.C. Marlowe Co", *["ORG Marlowe"] * 2],
        ),
        # a company that is better known than the person
        ("<PER Hugo Boss> said", ["ORG Hugo Boss"]),
        # most places decide
        ("<PER Fendi>, <ORG Fendi>, <ORG Fendi>", ["ORG Fendi", "ORG Fendi", "ORG Fendi"]),
        ("<Product Llama>, <ORG Llama>, <Product Llama>", []),
        ("to <LOC Quay>, in <LOC Quay>; <PER Quay> is", []),
        ("the <Misc Quay Cup>, <ORG Quay Cup>, the <Misc Quay Cup>", []),
        ("<Facility Quay Museum>, <ORG Quay Museum>, <Facility Quay Museum>", ["ORG Quay Museum"] * 3),
        # a city may be its club
        ("in <LOC Dover>, in <LOC Dover>; <ORG Dover> won", ["ORG Dover"]),
    ],
)
def test_places_of_one_name_vote(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("<PER Ada Quill> spoke. Then Ada Quill left.", ["PER Ada Quill", "PER Ada Quill"]),
        ("<PER Ada Quill> spoke. Then Quill left.", ["PER Ada Quill", "PER Quill"]),
        ("<PER Ada Quill> spoke. Then Ben Quill left.", ["PER Ada Quill"]),
        ("<PER Ada Quill> spoke on Quill Street.", ["PER Ada Quill"]),
        ("<PER Ada Young> spoke. Young people left.", ["PER Ada Young"]),
        ("<ORG Harbour Weekly> said. The Harbour Weekly said.", ["ORG Harbour Weekly", "ORG Harbour Weekly"]),
        ("<ORG Marlowe> said. Marlowe said.", ["ORG Marlowe"]),
        (
            "<ORG Marlowe Harbour Ltd> said. Marlowe Harbour too.",
            ["ORG Marlowe Harbour Ltd", "ORG Marlowe Harbour"],
        ),
        # not where the tagger saw a town
        ("<ORG Dover> won. In <LOC Dover>, <ORG Dover> won.", ["ORG Dover", "ORG Dover"]),
        ("<ORG Marlowe> rose. A stake in <LOC Marlowe>. <ORG Marlowe> fell.", ["ORG Marlowe"] * 3),
        # a part of what is whole elsewhere
        (
            "<ORG Times> of Dover. The <ORG Times of Dover> said.",
            ["ORG Times of Dover", "ORG Times of Dover"],
        ),
    ],
)
def test_repeats_are_found(marked: str, expected: list[str]) -> None:
    assert expected == repaired(marked)


def test_companies_that_are_surely_some_are_no_partners_of_one() -> None:
    text = "Marlowe, Quill and Quay Inc"
    spans = [Span(0, 7, "ORG", 0.99), Span(9, 14, "ORG", 0.99), Span(19, 27, "ORG", 0.99)]

    assert spans == repair(text, spans)


def test_a_text_all_in_capitals_keeps_its_names() -> None:
    assert ["ORG MARLOWE", "PER ADA QUILL"] == repaired("<ORG MARLOWE> SUES <PER ADA QUILL> OVER PROFITS")


def test_a_city_where_the_tagger_is_unsure_is_no_club() -> None:
    text = "Dover, Dover, Dover, Dover"
    spans = [Span(n, n + 5, "LOC", 0.9) for n in (0, 7, 14)] + [Span(21, 26, "ORG", 0.85)]

    assert [] == repair(text, spans)


@pytest.mark.parametrize("kind", ["PER", "ORG"])
def test_a_name_must_be_sure_in_one_place_at_least(kind: Literal["PER", "ORG"]) -> None:
    text = "Marlowe, Marlowe, Quill"
    unsure = Span(18, 23, kind, 0.5)
    found = repair(text, [Span(0, 7, kind, 0.5), Span(9, 16, kind, 0.95), unsure])

    assert [(0, 7), (9, 16)] == [(span.start, span.end) for span in found]


def test_a_name_whose_words_say_what_it_is_may_be_less_sure() -> None:
    text = "Mark Quill, Fisheries Department"
    spans = [Span(0, 10, "PER", 0.6), Span(12, 32, "ORG", 0.6)]

    assert spans == repair(text, spans)


@pytest.mark.parametrize(("text", "kept"), [("Shares in Marlowe fell", 1), ("We saw Marlowe there", 0)])
def test_a_body_may_be_less_sure_where_words_beside_it_show_it(text: str, kept: int) -> None:
    start = text.index("Marlowe")

    assert kept == len(repair(text, [Span(start, start + 7, "ORG", 0.6)]))


def test_what_was_found_by_repetition_is_less_sure() -> None:
    spans = repair("Ada Quill. Ada Quill.", [Span(0, 9, "PER", 0.97)])

    assert [0.97, 0.8] == [span.confidence for span in spans]


@given(
    st.text("Aab .’s\n(“", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from(TYPES)), max_size=6),
)
def test_spans_lie_in_the_text_and_apart(text: str, marks: list[tuple[int, int, str]]) -> None:
    spans = [
        Span(s, s + n, next(k for k in TYPES if k == kind)) for s, n, kind in marks if s + n <= len(text)
    ]
    found = repair(text, spans)
    edges = [edge for span in found for edge in (span.start, span.end)]

    assert sorted(edges) == edges
    assert all(text[span.start : span.end].strip() for span in found)
