"""The faults of ``python -m benchmarks.faults``, in the short form."""

from __future__ import annotations

import pytest

from benchmarks.faults import damage, killing, memory, phases, pickles, rubbish, space, together

pytestmark = pytest.mark.slow
SEED = 20


def test_killed_at_any_moment_it_opens_with_all_that_was_acknowledged() -> None:
    assert [] == killing.run(5, SEED).bad


def test_killed_between_text_and_names_it_ends_as_if_loaded_at_once() -> None:
    assert [] == phases.run(4, SEED).bad


def test_a_full_or_read_only_disk_loses_nothing() -> None:
    assert [] == space.run(8, SEED).bad


def test_damage_is_without_effect_or_named() -> None:
    assert [] == damage.run(100, SEED).bad


def test_writers_and_readers_together() -> None:
    assert [] == together.run(4.0, 2, 2).bad


def test_no_pickle_of_a_stranger_runs() -> None:
    assert [] == pickles.run().bad


def test_bad_input_ends_in_a_reason() -> None:
    assert [] == rubbish.run(200, SEED).bad


def test_memory_is_measured() -> None:
    assert [] == memory.run(500).bad
