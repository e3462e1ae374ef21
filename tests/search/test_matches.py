from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import tokens
from searcher.query.spans import spans
from searcher.query.tree import Fuzzy, Near, Phrase, SpanExpr, SpanOr, Term, Wildcard
from searcher.search.highlight import Mark, MatchFinder

WORDS = [
    "fee", "Fees,", "(fee)", "fees-free", "re-fee", "US", "us", "U.S.", "J.", "D.", "“J.", "A. B. Fee", "AT",
    "&", "AT & T", "T", "a", "a", "“No.”", "straße", "STRASSE", ".", "--", "e-mail", "email", "ﬁn", "$14bn",
    "14", "billion", "l'Élysée", "#MeToo", "me", "too", "北京大学", "colour", "color", "pct", "%", "x" * 70,
    "fee\u00adfee", "_fee_", "first", "1st", "oesophagus", "Esophagus", "govt", "government", "dying", "die",
]  # fmt: skip
SPACES = [" ", " ", " ", "\n", "\n\n", "\xa0", "  ", "\t", "\u2028", "\x1c"]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES))).map(
    lambda parts: "".join(word + space for word, space in parts)
)
SIMPLE = st.one_of(
    st.sampled_from(WORDS).map(Term),
    st.sampled_from(WORDS).map(lambda word: Term(word, exact=True)),
    st.lists(st.sampled_from(WORDS), max_size=3).map(lambda words: Phrase(" ".join(words))),
    st.sampled_from(["f*", "*e", "?s", "e*l", "*"]).map(Wildcard),
    st.sampled_from(["fee", "us", "strase"]).map(Fuzzy),
)
LEAVES: st.SearchStrategy[SpanExpr] = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(Near, inner, inner, st.integers(1, 4), st.booleans()),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: SpanOr(tuple(parts))),
    ),
    max_leaves=4,
)


def by_definition(leaves: list[SpanExpr], text: str) -> list[Mark]:
    """What :mod:`searcher.query.spans` says, position by position."""
    words = tokens(text)
    forms = [word.forms for word in words]
    return sorted(
        {
            (words[first].start, -words[last].end, number)
            for number, leaf in enumerate(leaves)
            for first, last in spans(leaf, forms)
        }
    )


@given(st.lists(LEAVES, max_size=3), st.lists(TEXTS, min_size=1, max_size=3))
def test_a_finder_finds_what_matching_defines(leaves: list[SpanExpr], texts: list[str]) -> None:
    finder = MatchFinder(leaves)
    found = [finder.marks(text) for text in texts]

    assert [by_definition(leaves, text) for text in texts] == found


@given(st.lists(LEAVES, min_size=1, max_size=2), st.text())
def test_any_text_will_do(leaves: list[SpanExpr], text: str) -> None:
    assert by_definition(leaves, text) == MatchFinder(leaves).marks(text)


def test_of_a_very_long_text_the_beginning_is_looked_at() -> None:
    text = "storm " + "sea " * 300_000 + "storm"

    assert [(0, -5, 0)] == MatchFinder([Term("storm")]).marks(text)


def test_one_text_is_looked_through_for_one_question_after_another() -> None:
    text = "A storm, then calm."
    storm, calm = MatchFinder([Term("storm")]), MatchFinder([Term("calm")])
    found = [finder.marks(text) for finder in (storm, calm, storm)]

    assert [[(2, -7, 0)], [(14, -18, 0)], [(2, -7, 0)]] == found
