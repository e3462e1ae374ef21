"""The labels of other publishers' pages: places and speakers, never the text."""

from __future__ import annotations

import json
from pathlib import Path

LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "held_out/labels.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_labels_hold_no_text():
    keys = {key for row in LABELS for quote in row["quotes"] for key in quote}

    assert {"start", "end", "speaker", "aliases", "unnamed"} == keys


def test_labels_name_each_page_once_with_its_digest():
    assert len(LABELS) == len({row["page"] for row in LABELS})
    assert {64} == {len(row["sha256"]) for row in LABELS}


def test_labelled_quotations_do_not_overlap():
    for row in LABELS:
        edges = [edge for quote in row["quotes"] for edge in (quote["start"], quote["end"])]

        assert sorted(edges) == edges
