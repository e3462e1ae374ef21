"""The query language: what is read, what is written, what is refused and how."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.errors import QueryError, QueryTooBroad
from searcher.fields import FIELDS
from searcher.query.language import parse, plain, render
from searcher.query.spans import span_expr
from searcher.query.tree import (
    And,
    AtLeast,
    Expr,
    Fuzzy,
    HasAny,
    HasValue,
    InQuote,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Range,
    SpanOr,
    Term,
    Wildcard,
    all_of,
    any_of,
)

TODAY = dt.date(2025, 7, 10)
A, B, C = Term("a1"), Term("b1"), Term("c1")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", MatchAll()),
        ("*:*", MatchAll()),
        ("*", MatchAll()),
        ("a1 b1", And((A, B))),
        ("a1 AND b1", And((A, B))),
        ("a1 OR b1 c1", Or((A, And((B, C))))),
        ("(a1 OR b1) c1", And((Or((A, B)), C))),
        ("a1 OR (b1 OR c1)", Or((A, B, C))),
        ("a1 -b1", And((A, Not(B)))),
        ("a1 NOT b1", And((A, Not(B)))),
        ("a1 AND NOT b1", And((A, Not(B)))),
        ("a1 -(b1 OR c1)", And((A, Not(Or((B, C)))))),
        ('"b1 c1"', Phrase("b1 c1")),
        ("“b1 c1”", Phrase("b1 c1")),
        ('"elections"', Term("elections", exact=True)),
        ("elect*", Wildcard("elect*")),
        ("wom?n", Wildcard("wom?n")),
        ("*phobia", Wildcard("*phobia")),
        ("Lekun~", Fuzzy("Lekun")),
        ("Lekun~2", Fuzzy("Lekun", 2)),
        ("a1 NEAR/3 b1", Near(A, B, 3)),
        ("a1 w/5 b1", Near(A, B, 5)),
        ("a1 pre/5 b1", Near(A, B, 5, ordered=True)),
        ("a1 w/2 b1 w/3 c1", Near(Near(A, B, 2), C, 3)),
        ("a1 w/5 (b1 OR c1)", Near(A, SpanOr((B, C)), 5)),
        ('"climat* change"', Near(Wildcard("climat*"), Term("change"), 1, ordered=True)),
        ("atleast3(a1)", AtLeast(A, 3)),
        ("atleast3 a1", AtLeast(A, 3)),
        ("ATLEAST3(a1 OR b1)", AtLeast(SpanOr((A, B)), 3)),
        ("title:a1", Term("a1", "title")),
        ("headline:(a1 OR b1)", Or((Term("a1", "title"), Term("b1", "title")))),
        ('title:"b1 c1"', Phrase("b1 c1", "title")),
        ("title:(a1 w/2 b1)", Near(Term("a1", "title"), Term("b1", "title"), 2)),
        ('person:"Ada Brenk"', HasValue("person", "Ada Brenk")),
        ("person:(Ada Brenk)", HasValue("person", "Ada Brenk")),
        ("person:(Brenk OR Sörli)", Or((HasValue("person", "Brenk"), HasValue("person", "Sörli")))),
        (
            "person:(Brenk AND NOT Sörli)",
            And((HasValue("person", "Brenk"), Not(HasValue("person", "Sörli")))),
        ),
        ("PEOPLE:O'Keefe", HasValue("person", "O'Keefe")),
        ("org:AT&T", HasValue("organisation", "AT&T")),
        ("by:Brenk", HasValue("author", "Brenk")),
        ("source:tarnbypost.example", HasValue("source", "tarnbypost.example")),
        ("-source:Courier", Not(HasValue("source", "Courier"))),
        ("said:a1", InQuote(A)),
        ('quote:"dead end"', InQuote(Phrase("dead end"))),
        ("said:(a1 speaker:Brenk)", InQuote(And((A, HasValue("speaker", "Brenk"))))),
        ("speaker:Brenk", HasValue("speaker", "Brenk")),
        ("has:tag", HasAny("tag")),
        ("-has:Org", Not(HasAny("organisation"))),
        ("has:(tag OR author)", Or((HasAny("tag"), HasAny("author")))),
        ("has:published", Range("date", None, None)),
        ("has:length", Range("length", 1, None)),
        ("has:speech", InQuote(MatchAll(), "speech")),
        ("said:(a1 -has:speaker)", InQuote(And((A, Not(HasAny("speaker")))))),
        ("is:undated", Not(Range("date", None, None))),
        ("-tag:*", Not(HasAny("tag"))),
        ("tag:(* NOT x)", And((HasAny("tag"), Not(HasValue("tag", "x"))))),
        ("date:*", Range("date", None, None)),
        ("title:*", HasAny("title")),
        ("What it is: fire", And(tuple(map(Term, ("What", "it", "is", "fire"))))),
        ("url:https://example.org/a?b=1", HasValue("url", "https://example.org/a?b=1")),
        ("said:http://example.org", InQuote(Term("http://example.org"))),
        ("/etc/init.d/", Term("/etc/init.d/")),
        ("length:>500", Range("length", 501, None)),
        ("length:>=500", Range("length", 500, None)),
        ("length:<500", Range("length", None, 499)),
        ("length:100..300", Range("length", 100, 300)),
        ("length:..1,000", Range("length", None, 1000)),
        ("and or not", And((Term("and"), Term("or"), Term("not")))),
        ("And Or Not", And((Term("And"), Term("Or"), Term("Not")))),
        ('"OR"', Term("OR", exact=True)),
        ("storm, flood.", And((Term("storm"), Term("flood")))),
        ("storm – flood", And((Term("storm"), Term("flood")))),
        ("What did she say?", And(tuple(map(Term, ("What", "did", "she", "say"))))),
        ("J. D. Harrow", And((Term("J. D."), Term("Harrow")))),
        ("R & D budget", And((Term("R & D"), Term("budget")))),
    ],
)
def test_what_is_written_is_read(text: str, tree: Expr) -> None:
    assert tree == parse(text)
    assert tree == parse(render(tree))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("2024/03/05", "2024-03-05", "2024-03-05"),
        ("2024-03-01..2024-04-01", "2024-03-01", "2024-04-01"),
        ("2024..2025-03", "2024-01-01", "2025-03-31"),
        ("2024..", "2024-01-01", None),
        ("..2024", None, "2024-12-31"),
        ('"march 2024"', "2024-03-01", "2024-03-31"),
        ('"Sept. 2024"', "2024-09-01", "2024-09-30"),
        ('"5 march 2024"', "2024-03-05", "2024-03-05"),
        ('"March 5, 2024"', "2024-03-05", "2024-03-05"),
        ("(march 2024)", "2024-03-01", "2024-03-31"),
        (">2024-03-05", "2024-03-06", None),
        (">=2024-03", "2024-03-01", None),
        ("<2024", None, "2023-12-31"),
        ("today", "2025-07-10", "2025-07-10"),
        ("yesterday", "2025-07-09", "2025-07-09"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2020w53", "2020-12-28", "2021-01-03"),
        ('"last 7 days"', "2025-07-03", "2025-07-10"),
        ('"last week"', "2025-06-30", "2025-07-06"),
        ('"this month"', "2025-07-01", "2025-07-31"),
        ('"last month"', "2025-06-01", "2025-06-30"),
        ('"last year"', "2024-01-01", "2024-12-31"),
    ],
)
def test_dates(text: str, low: str | None, high: str | None) -> None:
    first = dt.date.fromisoformat(low) if low else None
    last = dt.date.fromisoformat(high) if high else None

    assert Range("date", first, last) == parse(f"date:{text}", today=TODAY)


def test_after_and_before_include_the_day() -> None:
    march = dt.date(2024, 3, 1)

    assert Range("date", march, None) == parse("after:2024-03-01")
    assert Range("date", None, march) == parse("before:2024-03-01")


def test_a_span_of_years_is_a_span_of_dates() -> None:
    assert Range("date", dt.date(2020, 1, 1), dt.date(2024, 12, 31)) == parse("year:2020..2024")
    assert Range("date", dt.date(2021, 1, 1), None) == parse("year:>2020")
    assert HasValue("year", "2024") == parse("year:2024")


@pytest.mark.parametrize("name", sorted(name for f in FIELDS for name in (f.name, *f.aliases)))
def test_every_field_and_alias_can_be_asked(name: str) -> None:
    dated = name in ("date", "day", "length", "month", "published", "week", "year")
    value = "2024" if dated else "Brenk"

    assert parse(f"{name}:{value}") == parse(render(parse(f"{name}:{value}")))


# What Whoosh's own parser gets wrong.


def test_a_hyphen_before_a_word_excludes_it() -> None:
    assert And((Term("LeCun"), Not(Term("Meta")))) == parse("LeCun -Meta")


@pytest.mark.parametrize("operator", ["NEAR/3", "near/3", "near3", "NEAR3", "w/3", "W/3"])
def test_near_is_an_operator(operator: str) -> None:
    assert Near(Term("dead"), Term("end"), 3) == parse(f"dead {operator} end")


@pytest.mark.parametrize("operator", ["pre/3", "adj3", "ADJ3"])
def test_before_is_an_operator(operator: str) -> None:
    assert Near(Term("dead"), Term("end"), 3, ordered=True) == parse(f"dead {operator} end")


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("hd=opec", "title:opec"),
        ("oil date=1987", "date:1987"),
        ("wc>500 oil", "length:>500"),
        ("length>=500", "length:>=500"),
        ("headline(opec)", "headline:(…)"),
        ("hlead(opec) oil", "title:(…)"),
        ("date aft 2024-03-01", "after:2024-03-01"),
        ("oil date from 01/03/2024 to 01/04/2024", "date:2024-03-01..2024-04-01"),
        ("oil /5 price", "w/5"),
        ("oil /s price", "w/15"),
        ("oil /n5 price", "w/5"),
        ("oil /F50/", "title:(…)"),
        ("oil SAME price", "w/50"),
        ("oil ADJ price", "ADJ5"),
        ("oil not w/5 price", "one NOT (one w/5 other)"),
        ("tax NOT W/10 cut", "one NOT (one W/10 other)"),
        ("child$3", "child*"),
        ("ALLCAPS(WTO)", "capital letters make no difference"),
        ("plural(child)", "in quotation marks"),
        ("subject(oil)", "write the words"),
        ("ns=gpol and oil", "write the words"),
        ("re=usa", "“re=” is not supported"),
        ("date bef 2019-05-01", "before:2019-03-01"),
        ("ti:opec", "“title”"),
    ],
)
def test_the_language_of_others_is_refused_with_what_to_write(query: str, instead: str) -> None:
    with pytest.raises(QueryError, match=re.escape(instead)):
        parse(query)


@pytest.mark.parametrize(
    "query",
    [
        "E=mc2",
        "source(s) said",
        "a (title) fight",
        "launch date from 1987",
        "the same price",
        "a village near the subject (oil)",
        "US$5",
        "usd$5",
        "ALL THE SAME",
        "it costs 5$",
        "not with/out",
    ],
)
def test_what_only_looks_like_it_is_words(query: str) -> None:
    assert ":" not in render(parse(query))


def test_an_apostrophe_does_not_cut_a_word() -> None:
    assert Term("o'keefe") == parse("o'keefe")


def test_an_ampersand_does_not_empty_a_word() -> None:
    assert Term("AT&T") == parse("AT&T")


def test_a_span_of_dates_has_two_ends() -> None:
    expected = Range("date", dt.date(2024, 3, 1), dt.date(2024, 4, 1))

    assert expected == parse("date:2024-03-01..2024-04-01")


def test_a_double_negation_is_no_error() -> None:
    assert Not(Not(Term("x"))) == parse("NOT NOT x")


def test_repeated_words_are_kept() -> None:
    assert And((Term("a1"), Term("a1"))) == parse("a1 a1")


def test_a_value_with_a_comma_is_one_value() -> None:
    assert HasValue("organisation", "Norvane, Inc.") == parse('org:"Norvane, Inc."')


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com/?q=a*b",
        "https://x.example",
        "10:30",
        "std::string",
        "Re: budget",
        "12:5",
        "a-b:c",
    ],
)
def test_a_colon_in_what_is_plainly_no_field_is_part_of_the_words(text: str) -> None:
    tree = parse(text)

    assert all(isinstance(part, Term) for part in (tree.parts if isinstance(tree, And) else (tree,)))


@pytest.mark.parametrize(
    ("text", "position", "advice"),
    [
        ("a1 OR", 3, "A word must follow “OR”"),
        ("OR a1", 0, "A word must precede “OR”"),
        ("a1 AND OR b1", 7, "“OR” cannot follow “AND”"),
        ("a1 (b1", 3, "never closed"),
        ("a1) b1", 2, "never opened"),
        ("a1 ()", 3, "no word to search for"),
        ('a1 "b1 c1', 3, "quotation mark is never closed"),
        ("NOT", 0, "A word must follow “NOT”"),
        ("a1 w/5", 3, "A word must follow “w/5”"),
        ("w/5 a1", 0, "A word must precede"),
        ("a1 w/0 b1", 3, "between 1 and"),
        ("a1 w/s b1", 3, "w/15"),
        ("a1 NEAR b1", 3, "NEAR/5"),
        ("(a1 b1) w/5 c1", 8, "takes words, phrases"),
        ("a1 w/5 -b1", 7, "cannot follow"),
        ("title:a1 w/5 b1", 9, "in the same field"),
        ("atleast3(a1 b1)", 0, "takes words, phrases"),
        ("persn:Brenk", 0, "Did you mean “person”? To search for the words, put them in quotation marks."),
        ("publishd:2024", 0, "Did you mean “published”?"),
        ("has:persn", 4, "Did you mean “person”?"),
        ("has:after", 4, "There is no field “after”"),
        ("is:read", 3, "There is no is:read. Write is:doubtful"),
        ("tag:f*", 4, "For any value: has:tag"),
        ("/colou?r/", 0, "Regular expressions are not supported"),
        ("(/fir./)", 1, "Regular expressions are not supported"),
        ("/(a|b)+c/", 0, "Regular expressions are not supported"),
        ("foo:bar", 0, "Fields: "),
        ("title: budget", 5, "without a space"),
        ("title:(person:x)", 7, "cannot be used inside title:"),
        ("said:(said:x)", 6, "cannot be used inside said:"),
        ("date:soon", 5, "is not a date"),
        ("date:2024-13", 5, "is not a date"),
        ("date:03/04/2024", 5, "is not a date"),
        ("date:2025..2024", 5, "end is before the beginning"),
        ("date:..", 0, "A value must follow"),
        ("date:[2024", 5, "two dots"),
        ("length:long", 7, ">500"),
        ("year:soon", 5, "is not a year"),
        ("year:2024-03", 5, "is not a year"),
        ("person:Bre*", 7, "Remove the *"),
        ("ab~", 0, "three letters"),
        ("word~3", 0, "1 or 2"),
        ('"a1 b1"~5', 7, "w/5"),
        ("a1^2", 0, "weights"),
        ("a1 || b1", 3, "Write OR"),
        ("a1 && b1", 3, "Write AND"),
        ("a1 !b1", 3, "Write - or NOT"),
        ('!"b1 c1"', 0, "Write - or NOT"),
        ("***", 0, "at least one letter"),
        ("foo/ba*", 0, "one word"),
        ("!!!", 0, "no searchable word"),
    ],
)
def test_an_error_points_at_the_place_and_says_what_to_write(text: str, position: int, advice: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert (text, position) == (caught.value.text, caught.value.position)
    assert advice in caught.value.problem


@pytest.mark.parametrize(
    "text", ["(" * 500 + "a" + ")" * 500, "NOT " * 500 + "a", "a w/2 " * 500 + "a", "a " * 5000]
)
def test_a_query_without_measure_is_refused(text: str) -> None:
    with pytest.raises(QueryTooBroad):
        parse(text)


SOME = r"""
    a bee C. elect* wom?n *ing word~ two~2 "b c" "exact" “x y” AT&T U.S. o'keefe start-up #MeToo 3.5% C++ ,
    – …
    AND OR NOT - -a
    ( ) (( )) NEAR/3 w/5 pre/2 w/x atleast2( atleast3 title: title:a headline:(a person:"A B"
    person:(A said:(a quote:a speaker:B date:2024 date:"march 2024" date:2024.. date:( length:>5
    foo:bar http://x.y
    Re: 10:30 * *:* ? ?a a? ^2 a^2 ~ | || " ' « » \\ / : ; [a TO b] J. D. R & D 北京 Müller ­
"""
PIECES = st.sampled_from(SOME.split())
QUERIES = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40)


@settings(max_examples=6 * settings().max_examples)
@given(QUERIES)
@example('“x elect* NEAR/3 date:"march')
@example(r"NOT \ w/x")
@example('person:(A B" )')
def test_any_text_is_read_or_refused_and_what_is_read_can_be_written(text: str) -> None:
    tree = read(text)

    if isinstance(tree, QueryError):
        assert tree.problem
        assert 0 <= tree.position <= len(text)
    else:
        assert tree == parse(render(tree), today=TODAY)


def test_of_a_long_query_a_message_shows_the_part_where_the_trouble_is() -> None:
    with pytest.raises(QueryError) as caught:
        parse("storm " * 40 + '"ferry' + " storm" * 40)

    _, line, mark = str(caught.value).splitlines()

    assert len(line) < 90
    assert line[mark.index("^") :].startswith('"ferry')


def read(text: str) -> Expr | QueryError:
    try:
        return parse(text, today=TODAY)
    except QueryError as error:
        return error


WORDS = st.sampled_from(["storm", "Brenk", "o'keefe", "AT&T", "start-up", "U.S", "北京", "Müller"])


def positional(field: str) -> st.SearchStrategy[Expr]:
    leaf = st.one_of(
        st.builds(Term, WORDS, st.just(field), st.booleans()),
        st.builds(Phrase, st.sampled_from(["dead end", "to be or"]), st.just(field)),
        st.builds(Wildcard, st.sampled_from(["elect*", "wom?n", "*ing"]), st.just(field)),
        st.builds(Fuzzy, st.just("word"), st.integers(1, 2), st.just(field)),
    )
    several = st.lists(leaf, min_size=2, max_size=3).map(tuple)
    near = st.recursive(
        leaf | several.map(SpanOr),
        lambda inner: st.builds(Near, inner, inner, st.integers(1, 9), st.booleans()),
        max_leaves=4,
    )
    return st.one_of(leaf, several.map(Or), near.filter(lambda part: isinstance(part, Near)))


POSITIONAL = positional("text") | positional("title")
INSIDE_QUOTES = st.one_of(
    POSITIONAL,
    st.builds(AtLeast, POSITIONAL.map(span_expr), st.integers(1, 9)),
    st.builds(
        HasValue, st.sampled_from(["person", "speaker", "source"]), st.sampled_from(["Ada Brenk", "X, Inc."])
    ),
    st.builds(Range, st.just("date"), st.dates(), st.none()),
    st.builds(Range, st.just("length"), st.none(), st.integers(0, 999)),
)


def combined(leaf: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.recursive(
        leaf, lambda inner: st.builds(Not, inner) | joined(inner, And) | joined(inner, Or), max_leaves=6
    )


def joined(inner: st.SearchStrategy[Expr], kind: type[And] | type[Or]) -> st.SearchStrategy[Expr]:
    """As the parser joins: without needless layers."""
    joint = all_of if kind is And else any_of
    return st.lists(inner, min_size=2, max_size=3).map(lambda parts: joint(*parts))


TREES = combined(INSIDE_QUOTES | combined(INSIDE_QUOTES).map(InQuote))


def test_initials_side_by_side_stay_two_words() -> None:
    tree = parse("C. C. - D. D. Lee")

    assert tree == parse(render(tree))


@settings(max_examples=6 * settings().max_examples)
@given(TREES)
def test_a_tree_is_written_so_that_it_is_read_as_itself(tree: Expr) -> None:
    assert tree == parse(render(tree))


@pytest.mark.parametrize("text", ['"elect* & vote"', '"elect* &"', 'title:"elect* &"', "elect* pre/1 &"])
def test_a_lone_ampersand_is_the_word_and_wherever_it_stands(text: str) -> None:
    tree = parse(text)

    assert parse(text.replace("&", "and")) == tree == parse(render(tree))


def test_plain_words_have_no_operators() -> None:
    expected = Or(tuple(map(Term, ("title", "flood", "OR", "storm", "rain"))))

    assert expected == plain('title:flood OR (storm -rain*"')


def test_plain_words_of_a_headline_in_capitals_are_no_acronyms() -> None:
    assert Or(tuple(map(Term, ("oil", "prices", "may", "rise")))) == plain("OIL PRICES MAY RISE")
    assert Or((Term("US"), Term("GDP"))) == plain("US GDP")


def test_of_no_words_plain_finds_nothing() -> None:
    assert Not(MatchAll()) == plain("?!")


@given(st.text())
def test_plain_reads_anything(text: str) -> None:
    plain(text)
