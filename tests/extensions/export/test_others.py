"""Tables and entities, as pandas, pyarrow and FollowTheMoney understand them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from searcher import Index
from searcher.extensions.export.database import entity_lines, save_tables
from searcher.extensions.export.schema import TABLES
from tests.extensions.export.conftest import DEVELOPMENT

# The schemata and properties that the export uses, as published in followthemoney 4.11. The package itself
# is not a development tool: it depends on PyICU, which has no wheels.
FOLLOW_THE_MONEY: Final = json.loads(Path(__file__).with_name("followthemoney.json").read_text("utf-8"))
PATTERNS: Final = {
    "language": "[a-z]{2,3}",
    "name": r"\S.*",
    "string": r"\S.*",
    "text": r".*\S.*",
    "url": r"https?://\S+",
}


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


def test_entities_follow_the_published_schema(index: Index) -> None:
    entities = [json.loads(line) for line in entity_lines(index.scan(snippets=False))]
    by_id = {entity["id"]: entity for entity in entities}

    assert len(entities) == len(by_id)
    for entity in entities:
        schema, properties = FOLLOW_THE_MONEY[entity["schema"]], entity["properties"]
        assert set() == set(schema["required"]) - set(properties)
        assert set() == set(properties) - set(schema["properties"])
        for name, values in properties.items():
            kind = schema["properties"][name]
            assert [] == [value for value in values if not _has_type(value, kind, by_id)], name


def _has_type(value: str, kind: str, entities: Mapping[str, Any]) -> bool:
    """Return True if a value is valid for a property of this type. The name of a schema is the type of a
    reference to an entity."""
    if kind == "date":
        return bool(dt.datetime.fromisoformat(value))
    if kind in PATTERNS:
        return re.fullmatch(PATTERNS[kind], value, re.DOTALL) is not None
    return kind in FOLLOW_THE_MONEY[entities[value]["schema"]]["is"]


def test_people_and_articles_become_entities(index: Index) -> None:
    entities = [json.loads(line) for line in entity_lines(index.scan(snippets=False))]
    people = [entity["properties"]["name"] for entity in entities if entity["schema"] == "Person"]

    assert sorted([name] for name in dict(index.values("person"))) == sorted(people)
    assert index.count() == sum(entity["schema"] == "Article" for entity in entities)


def test_entities_have_the_same_ids_every_time(index: Index) -> None:
    once, again = (list(entity_lines(index.scan("Norvane", snippets=False))) for _ in range(2))

    assert once == again
