"""Simple questions are answered without NumPy, and a command that asks one does not import it."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from searcher.article import Article
from searcher.engines.whoosh import EngineOptions, WhooshEngine, without_numpy
from searcher.engines.whoosh.without_numpy import LightPolicy, LightSearcher
from searcher.names.table import Identities
from searcher.query.tree import MatchAll, Query, Term
from searcher.results import Hit, Results
from tests.engines import worlds
from tests.engines.test_conformance import WITHOUT_NUMPY, fill

ONE_QUESTION = """
import sys
from pathlib import Path
from searcher.engines.whoosh import EngineOptions, WhooshEngine
from searcher.names.table import Identities
from searcher.query.tree import And, Filter, HasValue, Query, Term

engine = WhooshEngine(Path(sys.argv[1]), identities=Identities())
where = And((Term("bank"), Term("loans")))
engine.search(Query(where, (Filter("year", ("2024",)),), facets=("person", "speaker", "year")))
engine.count(), engine.get("a1"), list(engine.scan(Query(HasValue("year", "2024"), sort="oldest")))
print(*sorted(name for name in ("numpy", "whoosh", "lxml", "onnxruntime") if name in sys.modules))
"""


def opened(folder: Path, policy: LightPolicy) -> WhooshEngine:
    return WhooshEngine(
        folder, identities=Identities(), create=True, options=EngineOptions(light_policy=policy)
    )


def test_simple_questions_are_answered_with_scores(tmp_path: Path) -> None:
    engine = opened(tmp_path, WITHOUT_NUMPY.light_policy)
    rng = random.Random(1)
    with engine.writer() as writer:
        for number in range(30):
            writer.add(worlds.article(rng, f"a{number}"))
    found = [light_answer(engine, worlds.simple_query(rng)) for _ in range(200)]
    scored = [results for results in found if results is not None and any(hit.score for hit in results)]

    assert 200 == sum(results is not None for results in found)
    assert 60 < len(scored)


def light_answer(engine: WhooshEngine, query: Query) -> Results | None:
    return engine._latest_reader()._light_answer(lambda light: light.search(query))


def test_one_question_imports_no_heavy_module(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, worlds.world(3).batches)
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", ONE_QUESTION, str(tmp_path)]

    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)

    assert "" == done.stdout.strip()


def test_only_few_articles_are_scanned_without_numpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(tmp_path, WITHOUT_NUMPY.light_policy)
    fill(engine, (tuple(Article(f"a{n}", "rare" if n < 3 else "common") for n in range(9)),))
    monkeypatch.setattr(without_numpy, "MAX_SCANNED", 3)

    hits = {word: engine._latest_reader()._light_answer(partial(scan, word)) for word in ("rare", "common")}
    assert hits["common"] is None
    assert 3 == len(list(hits["rare"] or ()))


def scan(word: str, light: LightSearcher) -> Iterator[Hit]:
    return light.scan(Query(Term(word)))


def questions_until_numpy(engine: WhooshEngine) -> int:
    """Return which of five questions was the first to be answered on arrays; 6 if none was."""
    reader = engine._latest_reader()
    for number in range(1, 6):
        engine.search(Query(MatchAll()))
        if reader._searcher is not None:
            return number
    return 6


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (LightPolicy(ignores_numpy=True), 6),
        (LightPolicy(ignores_numpy=False), 1),
        (LightPolicy(max_queries=2, ignores_numpy=True), 3),
        (LightPolicy(max_entries=29, ignores_numpy=True), 1),
        (LightPolicy(max_entries=60, ignores_numpy=True), 4),
    ],
    ids=["within all bounds", "NumPy is there", "many questions", "a long question", "long ones together"],
)
def test_a_policy_bounds_what_is_answered_without_numpy(
    policy: LightPolicy, expected: int, tmp_path: Path
) -> None:
    engine = opened(tmp_path, policy)
    fill(engine, (tuple(Article(f"a{n}") for n in range(30)),))

    assert expected == questions_until_numpy(engine)
