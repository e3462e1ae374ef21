"""Parts of the rules are switched off one by one, and on again."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest

from benchmarks.ablation.parts import parts_of, without
from searcher.extract.names.tagger import NameSpan

TEXT = "Shares of Marlowe Ltd of Dover fell"
SEEN = [NameSpan(10, 30, "ORG", 0.9)]


@pytest.fixture
def modules() -> list[ModuleType]:
    return [importlib.import_module(f"searcher.extract.names.{name}") for name in ("consolidation", "repair")]


@pytest.mark.parametrize("name", ["repair.trim_edges", "repair._without_edges", "repair._ADDITION"])
def test_a_step_a_function_or_a_pattern_is_off_for_a_while(name: str, modules: list[ModuleType]) -> None:
    (part,) = (part for part in parts_of(modules) if part.name == name)
    with without(part, modules):
        off = modules[1].repair(TEXT, SEEN)
    on = modules[1].repair(TEXT, SEEN)

    assert ["Marlowe Ltd of Dover", "Marlowe Ltd"] == [TEXT[s.start : s.end] for (s,) in (off, on)]
