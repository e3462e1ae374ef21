"""Which mentions within one article mean the same, and under which name they are shown."""

from __future__ import annotations

import re

import pytest

from searcher.extract.names.consolidation import (
    consolidate,
    initials,
    name_words,
    organisation_words,
    same_given,
    same_person,
)
from searcher.extract.names.tagger import Kind, NameSpan

_MARKED = re.compile(r"\[([^\]]+)\]|\{([^}]+)\}")


def groups(marked: str) -> dict[str, list[str]]:
    """For each name the mentions as written; in ``marked`` [people] and {bodies} stand in brackets."""
    text, spans = "", []
    position = 0
    for match in _MARKED.finditer(marked):
        text += marked[position : match.start()]
        kind: Kind = "PER" if match[1] else "ORG"
        spans.append(NameSpan(len(text), len(text) + len(match[1] or match[2]), kind))
        text += match[1] or match[2]
        position = match.end()
    text += marked[position:]
    return {c.name: [text[s.start : s.end] for s in c.spans] for c in consolidate(text, spans)}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Ada Quill", ("ada", "quill")),
        ("Sen. Ada Quill Jr.", ("ada", "quill")),
        ("Prime Minister Quill’s", ("quill",)),
        ("J.K. O’Neil", ("j", "k", "o'neil")),
        ("ZOË MARLOWE", ("zoe", "marlowe")),
        ("Lady", ("lady",)),
        ("Quill,", ("quill",)),
        ("Ada] Quill", ("ada", "quill")),
        ("James'", ("james",)),
    ],
)
def test_the_words_of_a_person(written: str, words: tuple[str, ...]) -> None:
    assert words == name_words(written)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("The Marlowe Group, Inc.’s", ("marlowe",)),
        ("Marlowe & Sons Ltd", ("marlowe", "&", "sons")),
        ("Marlowe Quay S.p.A.", ("marlowe", "quay")),
        ("U.N.", ("un",)),
        ("Holdings", ("holdings",)),
        ("’s Ambulance", ("ambulance",)),  # the end of a name whose begin was not seen
    ],
)
def test_the_words_of_a_body(written: str, words: tuple[str, ...]) -> None:
    assert words == organisation_words(written)


@pytest.mark.parametrize(
    ("one", "other"), [("alexander", "alex"), ("robert", "bob"), ("j", "john"), ("ada", "ada")]
)
def test_given_names_of_one_person(one: str, other: str) -> None:
    assert same_given(one, other)
    assert same_given(other, one)


@pytest.mark.parametrize(("one", "other"), [("ada", "ben"), ("jo", "john"), ("k", "john")])
def test_given_names_of_two_people(one: str, other: str) -> None:
    assert not same_given(one, other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ada quill", "ada j quill", True),
        ("ada k quill", "ada j quill", False),
        ("gabriel garcia", "gabriel garcia marquez", True),
        ("ada quill", "ben quill", False),
    ],
)
def test_full_names(one: str, other: str, expected: bool) -> None:
    assert expected == same_person(tuple(one.split()), tuple(other.split()))


def test_a_name_without_words_has_no_acronym() -> None:
    expected: frozenset[str] = frozenset()

    actual = initials(organisation_words("’s"))

    assert expected == actual


def test_acronyms_leave_small_words_out_or_not() -> None:
    assert {"fda", "fada", "f&da"} == initials(("food", "and", "drug", "administration"))


PEOPLE = [
    ("[Ada Quill] met him. [Quill] left. [QUILL’s] boat", {"Ada Quill": ["Ada Quill", "Quill", "QUILL’s"]}),
    (
        "[Ada Quill] and [Ben Quill]. [Ben] left.",
        {"Ada Quill": ["Ada Quill"], "Ben Quill": ["Ben Quill", "Ben"]},
    ),
    ("[Alexandr Moss] is late. [Alex] is never late.", {"Alexandr Moss": ["Alexandr Moss", "Alex"]}),
    ("[Bashar al Quill] came. [al-Quill] left.", {"Bashar al Quill": ["Bashar al Quill", "al-Quill"]}),
    ("[Quill] said so. [Ada Quill], 40, is a poet.", {"Ada Quill": ["Quill", "Ada Quill"]}),
    (
        "[Lotte van Houten] spoke. [Van Houten] left.",
        {"Lotte van Houten": ["Lotte van Houten", "Van Houten"]},
    ),
    ("[Ada Quill] met [Mr Moss].", {"Ada Quill": ["Ada Quill"], "Moss": ["Mr Moss"]}),
    ("[ADA QUILL] [ADA QUILL]", {"Ada Quill": ["ADA QUILL", "ADA QUILL"]}),
    ("[Ada J. Quill], [Ada Quill], [Ada Quill]", {"Ada Quill": ["Ada J. Quill", "Ada Quill", "Ada Quill"]}),
    ("[Zoë Moss-Quill] and [Quill]", {"Zoë Moss-Quill": ["Zoë Moss-Quill", "Quill"]}),
    ("[T. Ada Quill] left. [Quill], [Quill]", {"T. Ada Quill": ["T. Ada Quill", "Quill", "Quill"]}),
    ("[T B Quill] left. [Quill], [Quill]", {"T B Quill": ["T B Quill", "Quill", "Quill"]}),
    (
        "[Ada Marlowe], [Marlowe]; the [Marlowes]",
        {"Ada Marlowe": ["Ada Marlowe", "Marlowe"], "Marlowes": ["Marlowes"]},
    ),
    (
        "[Ada Quill] spoke. [Ben Quill] spoke. [Quill] left.",
        {"Ada Quill": ["Ada Quill"], "Ben Quill": ["Ben Quill", "Quill"]},
    ),
    (
        "[Jane Quill] came, [J. Quill] spoke, [James Quill] left. [Jane Quill]",
        {"Jane Quill": ["Jane Quill"] * 2, "J. Quill": ["J. Quill"], "James Quill": ["James Quill"]},
    ),
    ("[J. Quill] spoke. [Jane Quill] left.", {"Jane Quill": ["J. Quill", "Jane Quill"]}),
    (
        "[Lucy Quill] and Mr. [Quill]. [Mr Quill] left, Ms. [Quill] stayed.",
        {"Lucy Quill": ["Lucy Quill", "Quill"], "Mr. Quill": ["Quill", "Mr Quill"]},
    ),
    (
        "Mr [Quill] and Mrs [Quill] came. [Quill] left.",
        {"Mr Quill": ["Quill"], "Mrs Quill": ["Quill", "Quill"]},
    ),
    (
        "[Peter Moss] and [Lucy Moss]. Mr [Moss] left.",
        {"Peter Moss": ["Peter Moss", "Moss"], "Lucy Moss": ["Lucy Moss"]},
    ),
    ("[Robin Wren] did miss [Wren]. Mr [Wren] left.", {"Robin Wren": ["Robin Wren", "Wren", "Wren"]}),
]
_SEA_BANK = ["Dover Sea Bank of Commerce", "Dover Sea Bank"]
BODIES = [
    ("{Harbour Weekly} ({HW}) said. The {HW} said.", {"Harbour Weekly": ["Harbour Weekly", "HW", "HW"]}),
    ("{Marlowe Platforms} grew. {Marlowe’s} boss", {"Marlowe Platforms": ["Marlowe Platforms", "Marlowe’s"]}),
    ("{Marlowe} and {Marlowe AI}", {"Marlowe": ["Marlowe"], "Marlowe AI": ["Marlowe AI"]}),
    ("{Orbit Mining Ltd} dug. {Orbit} sold.", {"Orbit Mining Ltd": ["Orbit Mining Ltd", "Orbit"]}),
    ("{Dover United} won. {United} sang.", {"Dover United": ["Dover United", "United"]}),
    ("{Sea Bank} and {River Bank}", {"Sea Bank": ["Sea Bank"], "River Bank": ["River Bank"]}),
    (
        "{Department of Fish} and the {Fish Department}",
        {"Department of Fish": ["Department of Fish", "Fish Department"]},
    ),
    (
        "{University of Ayr}. {University}",
        {"University of Ayr": ["University of Ayr"], "University": ["University"]},
    ),
    (
        "the {US Coast Office} and the {Coast Office}",
        {"US Coast Office": ["US Coast Office", "Coast Office"]},
    ),
    ("{Fish Deposit Corp} and {FDC}", {"Fish Deposit Corp": ["Fish Deposit Corp", "FDC"]}),
    ("<{Harbour Marlowe Ltd}> ({HMX})", {"Harbour Marlowe Ltd": ["Harbour Marlowe Ltd", "HMX"]}),
    ("{Dover Sea Bank of Commerce}. {Dover Sea Bank}", {"Dover Sea Bank of Commerce": _SEA_BANK}),
    ("{G-7} and the {Group of Seven}", {"Group of Seven": ["G-7", "Group of Seven"]}),
    ("{Sea Office} said. The {Office} left.", {"Sea Office": ["Sea Office", "Office"]}),
    ("{VW} and {VW} and {Volkswagen}", {"Volkswagen": ["VW", "VW", "Volkswagen"]}),
    ("{The Times}", {"Times": ["The Times"]}),
    ("the {BBC} said {BBC Sport} grew", {"BBC": ["BBC"], "BBC Sport": ["BBC Sport"]}),
    ("{QXM} up\n\n{QXM Royal Airlines} grew.", {"QXM Royal Airlines": ["QXM", "QXM Royal Airlines"]}),
    (
        "{Sea Bank} and {Sea Bank of Canada}",
        {"Sea Bank": ["Sea Bank"], "Sea Bank of Canada": ["Sea Bank of Canada"]},
    ),
    ("{Sea Bank of Canada} or {Sea Bank}", {"Sea Bank of Canada": ["Sea Bank of Canada", "Sea Bank"]}),
    ("<{Harbour Marlowe Ltd}>, ({HMX})", {"Harbour Marlowe Ltd": ["Harbour Marlowe Ltd", "HMX"]}),
    (
        "{USDA} and the {Agriculture Department}",
        {"Agriculture Department": ["USDA", "Agriculture Department"]},
    ),
    ("{Ayr} and {Ayr University}", {"Ayr University": ["Ayr", "Ayr University"]}),
    (
        "{Sea Security}, the {Office of Sea Security}",
        {"Office of Sea Security": ["Sea Security", "Office of Sea Security"]},
    ),
    (
        "{Foreign Office}, {Office of Foreign Affairs}",
        {"Office of Foreign Affairs": ["Foreign Office", "Office of Foreign Affairs"]},
    ),
    ("{Marlowe.com} and {Marlowe}", {"Marlowe.com": ["Marlowe.com", "Marlowe"]}),
    ("{Sea Labour Party of Ayr}, {SLP}", {"Sea Labour Party of Ayr": ["Sea Labour Party of Ayr", "SLP"]}),
    ("{New York Quails} beat {Quails}", {"New York Quails": ["New York Quails", "Quails"]}),
    (
        "{MARLOWE} UP\n\n{Marlowe Quay Inc} and {Marlowe Quay Capital Markets}",
        {
            "Marlowe Quay Inc": ["MARLOWE", "Marlowe Quay Inc"],
            "Marlowe Quay Capital Markets": ["Marlowe Quay Capital Markets"],
        },
    ),
    (
        "{Marlowe Ltd} and {Marlowe Boats}",
        {"Marlowe Ltd": ["Marlowe Ltd"], "Marlowe Boats": ["Marlowe Boats"]},
    ),
    (
        "the {House Sea Committee}, the {House}",
        {"House Sea Committee": ["House Sea Committee"], "House": ["House"]},
    ),
    ("{East Dover} beat {Dover}", {"East Dover": ["East Dover"], "Dover": ["Dover"]}),
    (
        "{MARLOWE} UP\n\n{Marlowe Sea Isle Inc}. {Marlowe Sea} won.",
        {"Marlowe Sea Isle Inc": ["MARLOWE", "Marlowe Sea Isle Inc", "Marlowe Sea"]},
    ),
    (
        "{National Boats Inc} grew. {National} sold.",
        {"National Boats Inc": ["National Boats Inc", "National"]},
    ),
    (
        "{Marlowe Ltd} and {Marlowe Boats Ltd}",
        {"Marlowe Ltd": ["Marlowe Ltd"], "Marlowe Boats Ltd": ["Marlowe Boats Ltd"]},
    ),
    (
        "{Standard & Quay}: {S&Q}, {S and Q}, {S/Q}",
        {"Standard & Quay": ["Standard & Quay", "S&Q", "S and Q", "S/Q"]},
    ),
    ("{U.S. Sea Life Agency} and {SLA}", {"U.S. Sea Life Agency": ["U.S. Sea Life Agency", "SLA"]}),
    (
        "{United Boat Workers union}: {UBW}",
        {"United Boat Workers union": ["United Boat Workers union", "UBW"]},
    ),
    ("{Broken Quay Pty Co Ltd}: {BQP}", {"Broken Quay Pty Co Ltd": ["Broken Quay Pty Co Ltd", "BQP"]}),
    (
        "{EC}, {EC Office}, {European Council}",
        {"European Council": ["EC", "European Council"], "EC Office": ["EC Office"]},
    ),
    ("{Marlowe Canada Ltd}. {Marlowe} said", {"Marlowe Canada Ltd": ["Marlowe Canada Ltd", "Marlowe"]}),
    (
        "{Marlowe} said {Marlowe Canada Ltd} grew",
        {"Marlowe": ["Marlowe"], "Marlowe Canada Ltd": ["Marlowe Canada Ltd"]},
    ),
    ("the {Federal Reserve Board}, the {Fed}", {"Federal Reserve Board": ["Federal Reserve Board", "Fed"]}),
    ("{Sky Quay}, {SkyQuay}, {Sky-Quay}", {"Sky Quay": ["Sky Quay", "SkyQuay", "Sky-Quay"]}),
    (
        "{Marlowe (Sea) Ltd}, {Marlowe Sea Ltd}",
        {"Marlowe (Sea) Ltd": ["Marlowe (Sea) Ltd", "Marlowe Sea Ltd"]},
    ),
    (
        "{QUILL}: {QU and L}, {Quay United and Lines Co}",
        {"QUILL": ["QUILL"], "Quay United and Lines Co": ["QU and L", "Quay United and Lines Co"]},
    ),
    ("{Quay Mining Ltd} <QM.S> ({QuM})", {"Quay Mining Ltd": ["Quay Mining Ltd", "QuM"]}),
    ("{Moss’s Inc} and {Moss} grew", {"Moss’s Inc": ["Moss’s Inc", "Moss"]}),
    ("{Ada Moss and Co}, {Moss}", {"Ada Moss and Co": ["Ada Moss and Co", "Moss"]}),
    (
        "{Sea Masters}. {Sea Masters Association}",
        {"Sea Masters": ["Sea Masters"], "Sea Masters Association": ["Sea Masters Association"]},
    ),
]


@pytest.mark.parametrize(("marked", "expected"), PEOPLE + BODIES, ids=lambda value: str(value)[:30])
def test_who_is_who(marked: str, expected: dict[str, list[str]]) -> None:
    assert expected == groups(marked)


def test_a_person_and_a_body_of_one_name_stay_apart() -> None:
    assert 2 == len(groups("[Marlowe] founded {Marlowe Ltd}."))
