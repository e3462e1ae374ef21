"""``searcher together``: who appears with whom, as text, table, JSON and network."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_lists(run_searcher: Run) -> None:
    lines = run_searcher("together", "Lindqvist").stdout.splitlines()

    assert ["Mara Lindqvist: in 1 article, mentioned with", ""] == lines[:2]
    assert ["People           Organisations", "  Tomas Reyl 1     Norvane   1"] == lines[2:]


def test_pairs(run_searcher: Run) -> None:
    rows = list(csv.reader(io.StringIO(run_searcher("together", "--csv", "-n", "2").stdout)))

    assert ["one", "one_kind", "other", "other_kind", "articles"] == rows[0]
    assert [["Norvane", "organisation", "Tomas Reyl", "person", "2"]] == rows[1:]


def test_everybody(run_searcher: Run) -> None:
    assert "2 Norvane · Tomas Reyl" == run_searcher("together").stdout.splitlines()[0]


def test_json(run_searcher: Run) -> None:
    document = json.loads(run_searcher("together", "Norvane", "--in", "dockers", "--json").stdout)

    assert ("searcher.together/1", "Norvane", 1) == (
        document["schema"],
        document["center"]["name"],
        document["center"]["articles"],
    )
    assert [{"one": "Norvane", "other": "Tomas Reyl", "articles": 1}] == document["links"]


def test_networkx_reads_the_network(run_searcher: Run, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx", reason="a development tool: pip install -e '.[dev]'")
    file = tmp_path / "network.gexf"
    file.write_text(run_searcher("together", "Lindqvist", "--gexf").stdout, "utf-8")
    read = networkx.read_gexf(file)
    names = {number: data["label"] for number, data in read.nodes(data=True)}

    assert {"Mara Lindqvist": 1, "Tomas Reyl": 2, "Norvane": 2} == {
        data["label"]: data["articles"] for _, data in read.nodes(data=True)
    }
    assert {
        ("Mara Lindqvist", "Tomas Reyl"): 1,
        ("Mara Lindqvist", "Norvane"): 1,
        ("Norvane", "Tomas Reyl"): 2,
    } == {
        tuple(sorted((names[a], names[b]), key=lambda n: (n != "Mara Lindqvist", n))): weight
        for a, b, weight in read.edges(data="weight")
    }


def test_nobody(run_searcher: Run) -> None:
    result = run_searcher("together", "Xerxes")

    assert (1, "", "No one is mentioned with “Xerxes”.\n") == (
        result.exit_code,
        result.stdout,
        result.stderr,
    )
