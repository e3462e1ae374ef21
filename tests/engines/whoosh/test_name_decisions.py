"""Names decided commit by commit are those that are decided all at once."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from searcher.article import Article, Mention, Quote
from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import WhooshEngine, name_decisions
from searcher.names.decisions import Curation
from searcher.names.table import SAID_BY, VALUE_KINDS, Identities
from searcher.query.tree import Filter, MatchAll, Query, QuoteQuery
from tests.engines import worlds
from tests.engines.test_conformance import WITHOUT_NUMPY, agree, agree_on_quotations, fill

ASKED = (*worlds.PEOPLE, *worlds.BODIES, "quill", "OpenAI", "FT", "F.T.", "Labs", "nurse", "Ada B. Moss")
DECISIONS = (
    Curation(),
    Curation().merge("person", "Ada Quill", ["Moss", "Jean Müller"]),
    Curation().split("person", "Quill").ignore("organisation", "Meta"),
    Curation()
    .rename("organisation", "Norvane Labs", "Norvane")
    .add_difference("person", "Quill", "Ada Quill"),
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
    engine = WhooshEngine(tmp_path, identities=identities, create=True, options=WITHOUT_NUMPY)
    for batch in (*worlds.world(seed).batches, *worlds.world(seed + 100).batches):
        identities = decided(batch, identities, rng, judge, engine)
        expect_the_same(judge, engine, rng)
        engine.close()
        engine = WhooshEngine(tmp_path, identities=identities)
        expect_the_same(judge, engine, rng)


def decided(
    batch: tuple[Article | str, ...], identities: Identities, rng: random.Random, *engines: Engine
) -> Identities:
    """Add a batch to engines, which have these decisions, and return those that they have then: one time in
    two others."""
    if changed := rng.random() < 0.5:
        identities = Identities(rng.choice(DECISIONS))
    for engine in engines:
        fill(engine, (batch,))
        if changed:
            engine.use_names(identities)
    return identities


def expect_the_same(judge: MemoryEngine, engine: WhooshEngine, rng: random.Random) -> None:
    for field in worlds.FACETS:
        expected = worlds.values(judge, field)

        assert expected == worlds.values(engine, field)
    for field in ("person", "organisation", "speaker", SAID_BY, "source"):
        for asked in ASKED:
            assert judge.names().names_meant(field, asked) == engine.names().names_meant(field, asked), (
                field,
                asked,
            )
    agree(judge, engine, Query(MatchAll(), (Filter("speaker", (rng.choice(ASKED),)),), worlds.FACETS))
    agree_on_quotations(judge, engine, QuoteQuery(worlds.tree(rng, 2)))


SURNAMES = ("Ada Quill", "Ada B. Quill", "Ada Brunn Quill", "Bo van Quill", "ADA QUILL", "Quill", "van Quill")
ACRONYMS = ("Nairn Bank", "The Nairn Bank plc", "Navy Board", "NB", "N.B.", "Nb", "NB Ltd", "BBC = Big")
OFFICES = ("Justice Dept", "Department of Justice", "DOJ", "Justice Department", "Dock Journal", "D.J.")
PARTIES = ("Tories", "Conservative Party", "The Conservative Party", "CONSERVATIVE PARTY", "Communist Party")
CENTRE = ("Centre Party", "Center Party", "The Centre Party Ltd", "Christian Party", "Democrats", "CP")
CROWDS = (*ACRONYMS, *OFFICES), (*PARTIES, *CENTRE)
DECIDED = (
    Curation(),
    Curation().rename("organisation", "Christian Party", "Centre Party"),
    Curation().split("organisation", "Tories").ignore("organisation", "Communist Party"),
    Curation()
    .add_difference("organisation", "NB", "Nairn Bank")
    .rename("organisation", "Navy Board", "Tories"),
    Curation().rename("organisation", "Centre Party", "The Centre").merge("person", "Ada Moss", ["Quill"]),
)


def crowd(rng: random.Random, id: str, bodies: Sequence[str]) -> Article:
    """An article of people and bodies whose names are in few groups, of which one explains an acronym."""
    printed = len("NB") if rng.random() < 0.3 else 1
    mentions = [Mention(name, "person", 0, 1) for name in rng.sample(SURNAMES, rng.randint(0, 2))]
    mentions += [Mention(name, "organisation", 0, printed) for name in rng.sample(bodies, rng.randint(0, 3))]
    said = rng.choice(mentions).name if mentions and rng.random() < 0.4 else None
    return Article(
        id, "", "NB was there.", source=rng.choice(worlds.SOURCES), language="en",
        published=rng.choice(worlds.DAYS[:3]),  # type: ignore[arg-type]  # days are converted
        mentions=tuple(mentions),
        quotes=(Quote("was there", said, "direct", 3, 12, 0.9),) if said else (),
    )  # fmt: skip


@pytest.mark.parametrize("seed", worlds.seeds(150, 17))
def test_every_value_has_the_weight_and_name_that_deciding_all_at_once_gives_it(
    seed: int, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    identities = Identities(rng.choice(DECIDED))
    judge = MemoryEngine(identities=identities)
    engine = WhooshEngine(tmp_path, identities=identities, create=True)
    ids, bodies = [f"c{n}" for n in range(rng.choice((6, 25)))], rng.sample(rng.choice(CROWDS), 7)
    first = tuple(crowd(rng, id, bodies) for id in ids)
    changes = [
        [
            one if rng.random() < 0.4 else crowd(rng, one, bodies)
            for one in rng.sample(ids, rng.choice((1, 4)))
        ]
        for _ in range(16)
    ]
    for batch in (first, *map(tuple, changes)):
        fill(judge, (batch,))
        fill(engine, (batch,))
        for kind in VALUE_KINDS:
            expected, actual = (
                {v: table.entry(kind, v) for v in table.values(kind)}
                for table in (judge.names(), engine.names())
            )

            assert expected == {v: entry for v, entry in actual.items() if entry}


def test_a_commit_writes_the_changed_values_of_the_groups_that_it_touches(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, ((named("1", "Ada Lindqvist", "Bo Moss"),), (named("2", "Lindqvist"),)))
    (file,) = tmp_path.glob("*.changes")
    content = json.loads(file.read_bytes().partition(b"\n")[2])

    assert [["Lindqvist", "lindqvist", 1, "Lindqvist"]] == content["values"]["person"]


def test_an_index_that_was_committed_without_names_decides_them_when_asked(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    fill(engine, ((named("1", "Ada Lindqvist"), named("2", "Ada K. Lindqvist")),))
    reader = engine._latest_reader()
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
