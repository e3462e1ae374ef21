"""Names decided commit by commit are those that are decided all at once."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from searcher.article import Article, Mention
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import EngineOptions, WhooshEngine, name_decisions
from searcher.engines.whoosh.without_numpy import LightPolicy
from searcher.names.decisions import Curation
from searcher.names.table import SAID_BY, Identities
from searcher.query.tree import Filter, MatchAll, Query, QuoteQuery
from tests.engines import worlds
from tests.engines.test_conformance import agree, agree_on_quotations, fill

ASKED = (*worlds.PEOPLE, *worlds.BODIES, "quill", "OpenAI", "FT", "F.T.", "Labs", "nurse", "Ada B. Moss")
DECISIONS = (
    Curation(),
    Curation().merge("person", "Ada Quill", ["Moss", "Jean Müller"]),
    Curation().split("person", "Quill").ignore("organisation", "Meta"),
    Curation().rename("organisation", "Norvane Labs", "Norvane").deny("person", "Quill", "Ada Quill"),
    Curation().rename("person", "a nurse", "Ada Moss").ignore("person", "Muller"),
)


def named(name: str, *people: str) -> Article:
    return Article(name, mentions=tuple(Mention(person, "person", 0, 1) for person in people))


@pytest.mark.parametrize("min_changes", [0, 3, 2_000], ids=["all anew", "now and then", "by groups"])
@pytest.mark.parametrize("seed", worlds.seeds(12, 3))
def test_names_are_those_of_the_memory_engine_whatever_was_decided_meanwhile(
    seed: int, min_changes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_decisions, "MIN_CHANGES", min_changes)
    monkeypatch.setattr(name_decisions, "CHANGES_SHARE", 0)
    rng = random.Random(seed)
    identities = Identities(rng.choice(DECISIONS))
    judge = MemoryEngine(identities=identities)
    engine = WhooshEngine(
        tmp_path, identities=identities, create=True, options=EngineOptions(light_policy=LightPolicy.always())
    )
    for batch in (*worlds.world(seed).batches, *worlds.world(seed + 100).batches):
        fill(judge, (batch,))
        fill(engine, (batch,))
        if rng.random() < 0.5:
            identities = Identities(rng.choice(DECISIONS))
            judge.use_names(identities)
            engine.use_names(identities)
        expect_the_same(judge, engine, rng)
        engine.close()
        engine = WhooshEngine(tmp_path, identities=identities)
        expect_the_same(judge, engine, rng)


def expect_the_same(judge: MemoryEngine, engine: WhooshEngine, rng: random.Random) -> None:
    for field in worlds.FACETS:
        expected = worlds.values(judge, field)

        assert expected == worlds.values(engine, field)
    for field in ("person", "organisation", "speaker", SAID_BY, "source"):
        for asked in ASKED:
            assert judge.names().meant(field, asked) == engine.names().meant(field, asked), (field, asked)
    agree(judge, engine, Query(MatchAll(), (Filter("speaker", (rng.choice(ASKED),)),), worlds.FACETS))
    agree_on_quotations(judge, engine, QuoteQuery(worlds.tree(rng, 2)))


def test_a_commit_writes_the_changed_values_of_the_groups_that_it_touches(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, ((named("1", "Ada Lindqvist", "Bo Moss"),), (named("2", "Lindqvist"),)))
    (file,) = tmp_path.glob("*.changes")
    content = json.loads(file.read_bytes().partition(b"\n")[2])

    assert [["Lindqvist", "lindqvist", 1, "Lindqvist"]] == content["values"]["person"]


def test_an_index_that_was_committed_without_names_decides_them_when_asked(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, ((named("1", "Ada Lindqvist"), named("2", "Ada K. Lindqvist")),))
    reader = engine._latest()
    reader.manifest = reader.manifest._replace(names=None)
    reader._names = None

    assert [("Ada Lindqvist",), ("Ada Lindqvist",)] == [hit.people for hit in engine.scan(Query(MatchAll()))]
    assert {"Ada Lindqvist": 2} == worlds.values(engine, "person")


def test_decisions_are_those_of_the_last_commit_where_none_are_given(tmp_path: Path) -> None:
    decided = Identities(Curation().merge("person", "Ada Quill", ["Bo Moss"]))
    fill(WhooshEngine(tmp_path, identities=decided, create=True), ((named("1", "Bo Moss"),),))
    engine = WhooshEngine(tmp_path, identities=None)
    fill(engine, ((named("2", "Bo Moss"),),))

    assert {"Ada Quill": 2} == worlds.values(engine, "person")
