from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from searcher import locations
from searcher.analysis import query_terms
from searcher.errors import IndexDamaged, UsageError
from searcher.query import language
from searcher.query.synonyms import Rule, Synonyms, load, save
from searcher.query.tree import And, Term, all_of, any_of
from searcher.textfiles import FolderTexts, MemoryTexts

SYNONYMS = Synonyms.parse("""\
# banks and boats
ECB, European Central Bank
vehicle => car, lorry
US, United States
start-up, young firm
C#, C sharp
MeToo => women speaking up
""")


def widened(query: str) -> str:
    return language.render(SYNONYMS.expand(language.parse(query)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ECB", 'ECB OR "European Central Bank"'),
        ("european central banks", "(european central banks) OR ECB"),
        ("rates ECB 2024", 'rates (ECB OR "European Central Bank") 2024'),
        ("the European Central Bank rates", "the ((European Central Bank) OR ECB) rates"),
        ("central bank", "central bank"),
        ("vehicles", "vehicles OR car OR lorry"),
        ("car", "car"),
        ("US", 'US OR "United States"'),
        ("us", "us"),
        ("startup", 'startup OR "young firm"'),
        ("start-ups", 'start-ups OR "young firm"'),
        ("C#", 'C# OR "C sharp"'),
        ("#MeToo", '#MeToo OR "women speaking up"'),
        ("storm -vehicle", "storm NOT (vehicle OR car OR lorry)"),
        ("title:vehicle", "title:vehicle OR title:car OR title:lorry"),
        ("said:(vehicle crash)", "said:((vehicle OR car OR lorry) crash)"),
        ("vehicle w/5 crash", "(vehicle OR car OR lorry) w/5 crash"),
        ("atleast2(vehicle)", "atleast2(vehicle OR car OR lorry)"),
        ("storm OR vehicle", "storm OR vehicle OR car OR lorry"),
        ("European OR Central OR Bank", "European OR Central OR Bank"),
    ],
)
def test_words_are_also_their_synonyms(query: str, expected: str) -> None:
    assert expected == widened(query)


@pytest.mark.parametrize(
    "query",
    ['"ECB"', '"vehicle crash"', '"vehicle cra*"', "vehicle pre/1 crash", "vehic*", "vehicle~", "person:ECB"],
)
def test_what_is_meant_as_written_stays(query: str) -> None:
    assert language.parse(query) == SYNONYMS.expand(language.parse(query))


def test_in_a_text_without_operators_a_row_of_words_is_an_entry_too() -> None:
    tree = SYNONYMS.expand(language.plain("European Central Bank rates"), any_order=True)

    assert "(European Central Bank) OR ECB OR rates" == language.render(tree)


def test_a_line_leads_to_no_other_line() -> None:
    chained = Synonyms.parse("a1, b1\nb1, c1")

    assert "a1 OR b1" == language.render(chained.expand(language.parse("a1")))


def test_the_lines_of_one_word_are_all_its_own() -> None:
    several = Synonyms.parse("b1, a1\nb1 => c1\nd1 => b1")

    assert "b1 OR a1 OR c1" == language.render(several.expand(language.parse("b1")))


def test_words_with_synonyms_are_known() -> None:
    tree = language.parse("vehicle European Central Bank storm")

    assert {"vehicle", "European", "Central", "Bank"} == {term.text for term in SYNONYMS.covered_terms(tree)}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("alone", "a line needs two words"),
        ("a1, a1", "a line needs two words"),
        ("a1,, b1", "a word is missing"),
        ("a1 =>", "a word is missing"),
        ("a1 => b1 => c1", "once in a line"),
        ("a1, …", "“…” contains no word"),
        ("a1, walk*", "leave out the *"),
        ('"a b", c', 'leave out the "'),
        ("a1, b1 # note", "leave out the #"),
        (", ".join(f"w{n}" for n in range(101)), "100 words"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / locations.SYNONYMS).write_text(f"# fine\na, b\n{line}\n", "utf-8")

    with pytest.raises(IndexDamaged, match=rf"{locations.SYNONYMS}, line 3: .*{re.escape(problem)}"):
        load(FolderTexts(tmp_path))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / locations.SYNONYMS).write_bytes(b"a, \xff\n")

    with pytest.raises(IndexDamaged, match=locations.SYNONYMS):
        load(FolderTexts(tmp_path))


def test_numbers_keep_their_commas() -> None:
    assert (Rule(("1,000", "thousand")),) == Synonyms.parse("1,000, thousand").rules


def test_remarks_stay_where_they_are() -> None:
    texts = MemoryTexts()
    texts.change(locations.SYNONYMS, lambda _: "# mine\n\na, b\n# more\n")
    save(texts, load(texts).add("c => d").remove("A,  b"))

    assert "# mine\n\n# more\nc => d\n" == texts.read(locations.SYNONYMS)


def test_a_new_file_says_what_may_be_written() -> None:
    texts = MemoryTexts()
    save(texts, Synonyms().add("a, b"))

    assert "each finds the other" in texts.read(locations.SYNONYMS)
    assert (Rule(("a", "b")),) == load(texts).rules


def test_lines_that_others_have_added_or_removed_since_are_so() -> None:
    texts = MemoryTexts()
    save(texts, Synonyms.parse("a, b\nc, d\n"))
    mine, others = load(texts), load(texts)
    save(texts, others.add("e, f").remove("a, b"))
    save(texts, mine.add("e, f").add("g, h").remove("c, d"))

    assert ["e, f", "g, h"] == list(map(str, load(texts).rules))


def test_a_line_is_added_once() -> None:
    with pytest.raises(UsageError, match="already exists"):
        SYNONYMS.add("ECB,  European  Central Bank")


def test_one_line_at_a_time() -> None:
    with pytest.raises(UsageError, match="one line at a time"):
        SYNONYMS.add("a, b\nc, d")


def test_only_what_is_there_can_be_removed() -> None:
    with pytest.raises(UsageError, match="no line"):
        SYNONYMS.remove("a, b")


def lines(text: str) -> bool:
    try:
        Rule.parse(text)
    except UsageError:
        return False
    return True


entries = st.text(st.characters(categories=["L", "N", "P", "S", "Z"]), min_size=1, max_size=12)
sides = st.lists(entries, min_size=1, max_size=4).map(", ".join)
rule_lines = st.one_of(sides, st.tuples(sides, sides).map(" => ".join)).filter(lines)


@given(st.lists(rule_lines, max_size=5))
def test_synonyms_survive_their_file(texts: list[str]) -> None:
    made = Synonyms(tuple(Rule.parse(text) for text in texts))

    assert made == Synonyms.parse(made.render())


@given(sides)
def test_every_entry_is_known_again_in_a_query(text: str) -> None:
    assume(lines(text))
    entry = Rule.parse(text).words[0]
    words = [word for word in entry.split() if query_terms(word)]  # a query leaves a lone “$” out
    typed = all_of(*map(Term, words))

    assert any_of(typed, Term("zzyzx")) == Synonyms.parse(f"{entry} => zzyzx").expand(typed)


def test_a_line_that_makes_no_sense_is_shown_by_its_beginning() -> None:
    with pytest.raises(UsageError, match=r"^line 1: .*word0") as told:
        Synonyms.parse(", ".join(f"word{number}" for number in range(100_000)))

    assert 200 > len(str(told.value))


def test_words_of_two_fields_are_no_neighbours() -> None:
    asked = And((Term("start", "title"), Term("up")))

    assert asked == Synonyms.parse("start up, startup").expand(asked)
