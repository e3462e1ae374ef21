"""Tokens of one stem lie together: however many they are, each is still found for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher.article import Article
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.write.segment_writer import group_key, write_tokens
from searcher.names.table import Identities
from searcher.query.tree import Expr, Phrase, Query, Term, Wildcard
from tests.engines.test_conformance import answer

TOKENS = (
    b"export",
    b"exporter\n~export",
    b"exports\n~export",
    b"exotic",
    b"non\nnonaligned\n~nonalign",
    b"non",
)


def test_tokens_of_one_stem_are_neighbours(tmp_path: Path) -> None:
    tokens = sorted(TOKENS, key=group_key)
    writer = ArrayWriter(tmp_path / "lexicon")
    groups = write_tokens(writer, [tokens[:3], tokens[3:]])
    writer.close({})

    assert [1, 3, 2] == [len(tokens[a:b]) for a, b in zip(groups.starts, groups.starts[1:])]
    assert [0, 1, 1, 1, 2, 2] == groups.of_token.tolist()
    assert [0, 0, 1, 2, 0, 1] == groups.variants.tolist()


QUESTIONS = (
    Term("non"),
    Term("exports"),
    Term("exports", exact=True),
    Term("nonqbh"),
    Term("non-qcjj"),
    Phrase("exports non"),
    Wildcard("nonqb*"),
    Wildcard("nonqb?"),
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[MemoryEngine, WhooshEngine]:
    """With a stem group of more variants than a byte counts, in one segment and, once merged, in another."""
    folder = tmp_path_factory.mktemp("index")
    engines = (
        MemoryEngine(identities=Identities()),
        WhooshEngine(folder, identities=Identities(), create=True),
    )
    for engine in engines:
        for batch in range(5):
            with engine.writer() as writer:
                for number in range(batch, 300, 5):
                    body = f"Export, exports non-q{_letters(number)} and non exported. Exporter non."
                    writer.add(Article(f"{number}", "Exports", body))
                if batch:
                    writer.delete(f"{batch - 1}")
    return engines


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(figure)] for figure in str(number))


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_variants_of_a_large_stem_group_are_told_apart(
    question: Expr, engines: tuple[MemoryEngine, WhooshEngine]
) -> None:
    judge, engine = engines

    assert answer(judge.search(Query(question, limit=400))) == answer(
        engine.search(Query(question, limit=400))
    )


def test_the_words_of_a_large_stem_group_are_told_apart(engines: tuple[MemoryEngine, WhooshEngine]) -> None:
    judge, engine = engines
    known = list(judge.terms("text"))

    assert known == list(engine.terms("text"))
    assert judge.frequencies("text", known) == engine.frequencies("text", known)


def test_every_form_is_found_and_nothing_else(engines: tuple[MemoryEngine, WhooshEngine]) -> None:
    for segment in engines[1]._latest_reader().segments:
        forms = list(segment.dictionary.texts())

        assert list(range(len(forms))) == [segment.dictionary.find(form) for form in forms]
        assert {-1} == {segment.dictionary.find(form + "!") for form in ("", *forms)}
