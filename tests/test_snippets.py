from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.model import Article, Mention
from searcher.query import And, Expr, Filter, Is, Not, Or, Phrase, Said, Term, Wildcard
from searcher.snippets import passages, quote_marks, sentences, title_marks

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


def shown(where: Expr, article: Article = ARTICLE) -> list[tuple[str, list[str]]]:
    return [(s.text, [s.text[a:b] for a, b in s.marks]) for s in passages(article, where)]


def test_the_best_passage_shows_most_words_of_the_query_closest_together() -> None:
    first = shown(And((Term("vote"), Term("breakwater"))))[0]

    assert (
        "A vote on the fees and the breakwater is due in March. Critics call the breakwater a folly.",
        ["vote", "breakwater", "breakwater"],
    ) == first


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
        (Said(Term("nobody")), ["Nobody"]),
        (Or((Term("fees"), Not(Term("spring")))), ["fees", "fees", "fees"]),
    ],
)
def test_matches_of_every_kind_are_marked(where: Expr, expected: list[str]) -> None:
    marked = [word for _, words in sorted(shown(where), key=lambda s: BODY.index(s[0])) for word in words]

    assert expected == marked


def test_a_name_that_was_asked_for_is_marked_by_any_alias() -> None:
    found = passages(ARTICLE, Is("person", "quill"))

    assert ["Ada Quill"] == [s.text[a:b] for s in found for a, b in s.marks]


def test_a_filter_marks_the_name_too() -> None:
    found = passages(ARTICLE, Term("fees"), [Filter("person", ("Ada Quill",))])

    assert "Ada Quill" in [s.text[a:b] for s in found for a, b in s.marks]


def test_with_nothing_to_mark_the_beginning_is_shown() -> None:
    first = passages(ARTICLE, Is("source", "x"))

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
    (snippet,) = passages(article, Term("needle"))

    assert (True, ["needle"], False) == (
        len(snippet.text) < 500,
        [snippet.text[a:b] for a, b in snippet.marks],
        snippet.text.startswith("ord"),
    )


def test_at_most_as_many_passages_as_asked_for() -> None:
    assert len(passages(ARTICLE, Term("fees"), limit=1)) == 1


def test_title_marks() -> None:
    assert ((8, 12),) == title_marks(ARTICLE, Term("fee"))


def test_overlapping_marks_are_joined() -> None:
    assert ((0, 8),) == quote_marks("dead end", And((Phrase("dead end"), Term("end"))))


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
    for snippet in passages(Article("1", body=body), where):
        edges = [0, *(edge for mark in snippet.marks for edge in mark), len(snippet.text)]

        assert snippet.text == body[snippet.start : snippet.start + len(snippet.text)]
        assert edges == sorted(edges)


@given(TEXTS)
def test_sentences_are_disjoint_and_hold_all_but_space(text: str) -> None:
    bounds = sentences(text)

    assert "".join(text.split()) == "".join("".join(text[a:b].split()) for a, b in bounds)
