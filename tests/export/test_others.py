"""Tables and entities, as pandas, pyarrow and FollowTheMoney understand them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from searcher import Index
from searcher.export.database import save_tables, written_entities
from searcher.export.schema import TABLES
from tests.export.conftest import DEVELOPMENT


def test_pandas_reads_parquet(index: Index, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason=DEVELOPMENT)
    pandas = pytest.importorskip("pandas", reason=DEVELOPMENT)
    counts = save_tables("parquet", tmp_path / "tables", index.scan(snippets=False))
    tables = {
        table.name: pandas.read_parquet(tmp_path / "tables" / f"{table.name}.parquet") for table in TABLES
    }

    assert counts == {name: len(table) for name, table in tables.items()}
    assert dict(index.values("person")) == dict(tables["people"].set_index("name")["articles"])
    by_year = tables["articles"]["published"].dt.year.value_counts()
    assert dict(index.values("year")) == {f"{year:.0f}": count for year, count in by_year.items()}


def test_pandas_reads_csv(index: Index, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason=DEVELOPMENT)
    counts = save_tables("tables", tmp_path / "tables", index.scan(snippets=False))
    tables = {table.name: pandas.read_csv(tmp_path / "tables" / f"{table.name}.csv") for table in TABLES}

    assert counts == {name: len(table) for name, table in tables.items()}
    quoted = tables["quotations"].query("kind != 'indirect' and speaker_kind != 'unnamed'")
    assert dict(index.values("speaker")) == dict(quoted.groupby("speaker")["article"].nunique())


def test_follow_the_money_takes_the_entities(index: Index) -> None:
    model = pytest.importorskip("followthemoney", reason=DEVELOPMENT).model
    entities = [model.get_proxy(json.loads(line)) for line in written_entities(index.scan(snippets=False))]
    by_id = {one.id: one for one in entities}
    given = [json.loads(line) for line in written_entities(index.scan(snippets=False))]

    assert len(entities) == len(by_id)
    for entity, raw in zip(entities, given):
        assert set(raw["properties"]) == set(entity.properties), entity.schema.name
        for prop, value in entity.itervalues():
            assert prop.range is None or by_id[value].schema.is_a(prop.range), prop.name
    named = {one.caption for one in entities if one.schema.name == "Person"}
    assert set(index.values("person")) == named
    assert index.count() == sum(one.schema.name == "Article" for one in entities)


def test_entities_have_the_same_ids_every_time(index: Index) -> None:
    once, again = (list(written_entities(index.scan("Norvane", snippets=False))) for _ in range(2))

    assert once == again
