from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from searcher.analysis import tokens
from searcher.article import MAX_PASSAGE, Article, Mention
from searcher.names.table import Identities, NameTable, PlainTable
from searcher.query.spans import spans
from searcher.query.tree import And, AtLeast, Expr, Filter, HasValue, InQuote, Not, Or, Phrase, Term, Wildcard
from searcher.results import Snippet
from searcher.search.highlight import USUAL_LENGTH, Highlighter, sentences

BODY = (
    "Harbour fees will rise in spring, the port said on Monday. Fishermen were not asked.\n\n"
    "“Nobody told us,” said Ada Quill, who has fished here for thirty years. "
    "Mr. Moss of the U.S. office agreed. The fees pay for a new breakwater.\n\n"
    "A vote on the fees and the breakwater is due in March. Critics call the breakwater a folly."
)
ARTICLE = Article(
    "1",
    title="Harbour fees to rise",
    body=BODY,
    mentions=(Mention("Ada Quill", "person", BODY.index("Ada Quill"), BODY.index("Ada Quill") + 9),),
)


def names() -> NameTable:
    return PlainTable(Identities().rules, {"person": {"Ada Quill": 1}})


def shown(where: Expr, article: Article = ARTICLE) -> list[tuple[str, list[str]]]:
    return [(s.text, [s.text[a:b] for a, b in s.marks]) for s in Highlighter(where).passages(article)]


def test_the_best_passage_shows_most_words_of_the_query_closest_together() -> None:
    first = shown(And((Term("vote"), Term("breakwater"))))[0]

    assert (
        "A vote on the fees and the breakwater is due in March. Critics call the breakwater a folly.",
        ["vote", "breakwater", "breakwater"],
    ) == first


def test_one_text_is_shown_by_what_is_asked_each_time() -> None:
    once = [shown(Term("vote")), shown(Term("ask")), shown(Term("vote"))]

    assert [["vote"], ["asked"], ["vote"]] == [marked for [(_, marked)] in once]


def test_what_was_found_in_a_text_is_not_looked_for_again() -> None:
    once = shown(Term("vote"))
    with patch("searcher.search.highlight._passage", side_effect=AssertionError):
        again = shown(Term("vote"))

    assert once == again


def test_a_passage_begins_and_ends_with_a_sentence() -> None:
    assert [("Fishermen were not asked.", ["asked"])] == shown(Term("ask"))


def test_an_abbreviation_ends_no_sentence() -> None:
    texts = [BODY[a:b] for a, b in sentences(BODY)]

    assert "Mr. Moss of the U.S. office agreed." in texts


def test_a_paragraph_ends_a_sentence() -> None:
    assert [(0, 9), (11, 13)] == sentences("No period\n\nOk")


def test_a_paragraph_that_ends_with_an_abbreviation_ends_a_sentence_too() -> None:
    assert [(0, 12), (14, 21)] == sentences("Made in U.S.\n\nMr. Fox")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Phrase("harbour fees"), ["Harbour fees"]),
        (Wildcard("fish*"), ["Fishermen", "fished"]),
        (Term("US"), ["U.S"]),
        (InQuote(Term("nobody")), ["Nobody"]),
        (Or((Term("fees"), Not(Term("spring")))), ["fees", "fees", "fees"]),
    ],
)
def test_matches_of_every_kind_are_marked(where: Expr, expected: list[str]) -> None:
    marked = [word for _, words in sorted(shown(where), key=lambda s: BODY.index(s[0])) for word in words]

    assert expected == marked


def test_a_name_that_was_asked_for_is_marked_by_any_alias() -> None:
    found = Highlighter(HasValue("person", "quill"), (), names).passages(ARTICLE)

    assert ["Ada Quill"] == [s.text[a:b] for s in found for a, b in s.marks]


def test_a_filter_marks_the_name_too() -> None:
    found = Highlighter(Term("fees"), [Filter("person", ("Ada Quill",))], names).passages(ARTICLE)

    assert "Ada Quill" in [s.text[a:b] for s in found for a, b in s.marks]


def test_with_nothing_to_mark_the_beginning_is_shown() -> None:
    first = Highlighter(HasValue("source", "x")).passages(ARTICLE)

    assert [("Harbour fees will rise in spring, the port said on Monday. Fishermen were not asked.", ())] == [
        (s.text, s.marks) for s in first
    ]


def test_a_match_across_paragraphs_fits_no_passage_so_that_the_beginning_is_shown() -> None:
    article = Article("1", body="Fees\n\nrise again.")

    assert [("Fees", [])] == shown(Phrase("fees rise"), article)


def test_words_that_count_for_nothing_are_not_marked_beside_others() -> None:
    marked = [word for _, words in shown(And((Term("the"), Term("folly")))) for word in words]

    assert ["folly"] == marked


def test_an_endless_sentence_is_cut_at_words_around_the_match() -> None:
    article = Article("1", body=f"{'word ' * 400}needle {'word ' * 400}end.")
    (snippet,) = Highlighter(Term("needle")).passages(article)

    assert (True, ["needle"], False) == (
        len(snippet.text) < 500,
        [snippet.text[a:b] for a, b in snippet.marks],
        snippet.text.startswith("ord"),
    )


def test_a_sentence_goes_on_after_a_wrapped_line_that_ends_with_an_abbreviation() -> None:
    article = Article("1", body="Ports.\nHarbours of the U.S.\nasked for fees. Nobody paid.")

    assert [("Harbours of the U.S.\nasked for fees. Nobody paid.", ["fees"])] == shown(Term("fee"), article)


def test_an_endless_sentence_is_cut_at_its_end_only_where_it_begins_with_the_match() -> None:
    article = Article("1", body=f"needle {'word ' * 400}end.")
    (snippet,) = Highlighter(Term("needle")).passages(article)

    assert (0, ((0, 6),), True) == (snippet.start, snippet.marks, snippet.text.endswith(" word"))


def test_at_least_so_many_matches_are_marked_one_by_one() -> None:
    marked = [word for _, words in shown(AtLeast(Term("breakwater"), 2)) for word in words]

    assert ["breakwater"] * 3 == marked


def test_the_values_of_other_fields_are_not_marked() -> None:
    marked = [word for _, words in shown(And((Term("folly"), Term("harbour", "author")))) for word in words]

    assert ["folly"] == marked


LETTER = Article(
    "2",
    body=(
        "Tell us at once.\n\nPay into DE89 3704 0044 0532 0130 00 before May.\n\nCall (030) 227-32152, or "
        "+49 (0)30/22732152, or write to Press@Norvane.example.\n\nThe U.S. port of New\nAurel and the US."
    ),
    places=("U.S.", "US", "New Aurel"),
    contacts=("IBAN DE89370400440532013000", "+49 30 22732152", "press@norvane.example"),
)


@pytest.mark.parametrize(
    ("field", "asked", "marked"),
    [
        ("contact", "iban", ["DE89 3704 0044 0532 0130 00"]),
        ("contact", "+49 30 22732152", ["030) 227-32152", "+49 (0)30/22732152"]),
        ("contact", "norvane.example press", ["Press@Norvane.example"]),
        ("place", "United States", ["U.S.", "US"]),
        ("place", "New Aurel", ["New\nAurel"]),
    ],
)
def test_a_place_and_a_contact_are_marked_as_they_are_written(
    field: str, asked: str, marked: list[str]
) -> None:
    values = {"place": dict.fromkeys(LETTER.places, 1), "contact": dict.fromkeys(LETTER.contacts, 1)}
    table = PlainTable(Identities().rules, values)
    found = Highlighter(HasValue(field, asked), (), lambda: table).body_marks(LETTER)

    assert marked == [LETTER.body[start:end] for start, end in found]


def test_at_most_as_many_passages_as_asked_for() -> None:
    assert len(Highlighter(Term("fees")).passages(ARTICLE, limit=1)) == 1


def test_title_marks() -> None:
    assert ((8, 12),) == Highlighter(Term("fee")).title_marks(ARTICLE)


def test_overlapping_marks_are_joined() -> None:
    assert ((0, 8),) == Highlighter(And((Phrase("dead end"), Term("end")))).quote_marks("dead end")


TEXTS = st.lists(
    st.sampled_from(
        ["fee", "Fees,", "US", "us", "a", "“No.”", "x" * 60, "straße", ".", "!", "\n\n", "e-mail", "ﬁn"]
    )
).map(" ".join)
WHERES = st.sampled_from(
    [Term("fee"), Term("US"), Wildcard("s*"), And((Term("fee"), Term("email"))), Phrase("a fee"), Term("fin")]
)


@given(TEXTS, WHERES)
def test_snippets_are_slices_with_marks_inside(body: str, where: Expr) -> None:
    for snippet in Highlighter(where).passages(Article("1", body=body)):
        edges = [0, *(edge for mark in snippet.marks for edge in mark), len(snippet.text)]

        assert snippet.text == body[snippet.start : snippet.start + len(snippet.text)]
        assert edges == sorted(edges)


SENTENCES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["fee", "Mr.", "a", "dead", "end", "U.S.", "harbour", "port " * 30])),
        st.sampled_from([". ", ".\n", ".\n\n", "? ", " ", "\n", ".” "]),
    )
).map(lambda parts: "".join("A " + " ".join(words) + stop for words, stop in parts))
PARTS: list[Expr] = [Term("fee"), Term("harbour"), Phrase("dead end"), Phrase("end a"), Wildcard("p*")]
ASKED = st.lists(st.sampled_from(PARTS), min_size=1, unique=True).map(lambda parts: Or(tuple(parts)))


def by_definition(body: str, where: Or) -> list[tuple[int, int]]:
    """Where the passages are, found with all marks and all sentences at hand. None is cut."""
    placed = tokens(body)
    marks = sorted(
        (placed[first].start, placed[last].end, number)
        for number, leaf in enumerate(where.parts)
        for first, last in spans(leaf, [word.forms for word in placed])  # type: ignore[arg-type]
    )
    bounds = sentences(body)
    left = []
    for number, (start, end) in enumerate(bounds):
        if any(start <= mark[0] < end for mark in marks):
            for following, further in bounds[number + 1 :]:
                if further - start > USUAL_LENGTH or "\n" in body[end:following]:
                    break
                end = further
            left.append((start, end, [m for m in marks if start <= m[0] and m[1] <= end]))
    best: list[tuple[int, int]] = []
    shown: set[int] = set()
    while (left := [p for p in left if p[2] and all(p[1] <= a or p[0] >= b for a, b in best)]) and len(
        best
    ) < 3:
        kinds = [{number for _, _, number in p[2]} for p in left]
        worth = [
            (len(kind - shown), len(kind), (p[2][0][0] - p[2][-1][1]) * (len(kind) > 1), -p[0])
            for p, kind in zip(left, kinds)
        ]
        chosen = worth.index(max(worth))
        best.append(left[chosen][:2])
        shown |= kinds[chosen]
    return best


@given(SENTENCES, ASKED)
def test_passages_are_those_of_the_whole_text_sentence_by_sentence(body: str, where: Or) -> None:
    assume(all(end - start <= MAX_PASSAGE for start, end in sentences(body)))
    with patch("searcher.article.PART", 20), patch("searcher.search.highlight.PART", 20):
        found: tuple[Snippet, ...] = Highlighter(where).passages(Article("1", body=body))

    assert by_definition(body, where) == [(s.start, s.start + len(s.text)) for s in found if s.marks]


@given(TEXTS)
def test_sentences_are_disjoint_and_hold_all_but_space(text: str) -> None:
    bounds = sentences(text)

    assert "".join(text.split()) == "".join("".join(text[a:b].split()) for a, b in bounds)


def test_matches_that_touch_one_another_stay_two() -> None:
    assert ((1, 3), (3, 5)) == Highlighter(And((Term("14"), Term("billion")))).quote_marks("$14bn a year")
