import numpy as np

from searcher.readers.html.block_choice import context
from searcher.readers.html.blocks import layout
from searcher.readers.html.outline import Outline
from searcher.readers.html.page import parse

ROWS = "".join(f"<tr><td>{name}</td></tr>" for name in ("Ann Lee", "Bo Quill", "Cy Moss"))
PAGE = f"<html><body><h2>Crews</h2><table>{ROWS}</table><p>All rights reserved.</p></body></html>"


def judged(*probabilities):
    page = Outline(layout(parse(PAGE).tree))
    return context(page, np.arange(len(probabilities)), np.array(probabilities, np.float32))


def test_every_block_has_its_own_probability_first():
    rows = judged(0.25, 0.5, 0.75, 1, 0)

    assert [0.25, 0.5, 0.75, 1, 0] == rows[:, 0].tolist()


def test_a_doubtful_cell_differs_by_what_the_other_cells_are():
    doubtful = 2
    changed = judged(0.5, 1, 0.5, 1, 0)[doubtful] != judged(0.5, 0, 0.5, 0, 0)[doubtful]

    assert changed.sum() > 10


def test_blocks_that_are_not_worth_judging_count_as_unlikely():
    page = Outline(layout(parse(PAGE).tree))
    some = context(page, np.array([1, 2]), np.array([1, 0.5], np.float32))
    every = context(page, np.arange(5), np.array([0, 1, 0.5, 0, 0], np.float32))
    of_all = [column for column in range(every.shape[1]) if not np.array_equal(some, every[1:3][:, [column]])]

    assert (2, len(of_all)) == some.shape


def test_a_block_has_the_mean_of_the_sections_before_and_behind():
    parts = [
        f"<h2>{name}</h2>{'<p>The boats sail again in June.</p>' * 9}" for name in ("Crews", "Boats", "Piers")
    ]
    page = Outline(layout(parse(f"<html><body>{''.join(parts)}</body></html>").tree))
    rows = context(page, np.arange(30), np.repeat(np.array([0.25, 0.75, 0.4375], np.float32), 10))
    middle = rows[15].tolist()

    assert (1, 1) == (middle.count(0.25), middle.count(0.4375))
