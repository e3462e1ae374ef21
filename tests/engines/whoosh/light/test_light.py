"""Simple questions have the same answers without NumPy, and a command that asks one does not import it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from searcher.engines.whoosh import WhooshEngine
from searcher.names.resolution import Identities
from searcher.query.tree import Query
from tests.engines import worlds
from tests.engines.test_conformance import answer, fill

ONE_QUESTION = """
import sys
from pathlib import Path
from searcher.engines.whoosh import WhooshEngine
from searcher.names.resolution import Identities
from searcher.query.tree import And, Filter, Query, Term

engine = WhooshEngine(Path(sys.argv[1]), identities=Identities())
where = And((Term("bank"), Term("loans")))
engine.search(Query(where, (Filter("year", ("2024",)),), facets=("person", "speaker", "year")))
engine.count(), engine.get("a1")
print(*sorted(name for name in ("numpy", "whoosh", "lxml", "onnxruntime") if name in sys.modules))
"""


@pytest.mark.parametrize("seed", range(12))
def test_what_is_not_declined_is_answered_alike(seed: int, tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, worlds.world(seed).batches)
    state = engine._current()
    rng = random.Random(seed)
    answered = 0
    for _ in range(60):
        query = worlds.query(rng)
        found = state._light().search(query)
        if found is not None:
            answered += 1

            assert answer(state.answers.search(query)) == answer(found), query

    assert answered > 5
    assert all(state._light().get(f"a{n}") == state.answers.get(f"a{n}") for n in range(30))


def test_one_question_imports_no_heavy_module(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, worlds.world(3).batches)
    root = Path(__file__).resolve().parents[4]
    command = [sys.executable, "-c", ONE_QUESTION, str(tmp_path)]

    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)

    assert "" == done.stdout.strip()


def test_what_would_take_long_is_declined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, worlds.world(1).batches)
    monkeypatch.setattr("searcher.engines.whoosh.light.collection.MAX_ENTRIES", 0)

    assert engine._current()._light().search(Query(worlds.MatchAll())) is None


def test_many_questions_that_take_a_while_together_are_worth_the_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, worlds.world(1).batches)
    monkeypatch.delitem(sys.modules, "numpy")
    state = engine._current()
    monkeypatch.setattr("searcher.engines.whoosh.reader.MAX_ENTRIES", 2 * state.count())
    asked = 0
    while state._light_will_do():
        state.search(Query(worlds.MatchAll()))
        asked += 1

    assert 3 == asked
