"""The recipe of whom nouns mean, from labels to weights."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("scipy")

from searcher.extract.encoder import model  # noqa: E402
from searcher.extract.quotes.entities import Entity  # noqa: E402
from training.quotes.referents import Described, described, fitted, understood  # noqa: E402

TEXT = """{0} raised its forecast on Monday, the company said.

Supply will stay short, the {1} said. A dealer agreed."""


def row(number: int, name: str, noun: str) -> dict[str, Any]:
    text = TEXT.format(name, noun)
    start, dealer = text.index(f"the {noun}"), text.index("A dealer")
    who = [[start, start + len(noun) + 4, [name]], [dealer, dealer + 8, []]]
    return {"id": str(number), "publisher": str(number), "text": text, "who": who}


@pytest.fixture(scope="module")
def nouns() -> list[Described]:
    names = [
        "Brindle Bank",
        "Halden Airlines",
        "Quillby Bank",
        "Calder Airlines",
        "Ashdale Bank",
        "Orrin Airlines",
    ]
    rows = [row(number, name, name.split()[-1].lower()) for number, name in enumerate(names)]
    return list(described(rows, [model.FOLDER, model.FOLDER]))


def test_every_labelled_noun_has_one_right_choice(nouns: list[Described]) -> None:
    assert [[True, False], [False, True]] * 6 == [list(noun.right) for noun in nouns]


def test_each_is_asked_of_the_folder_that_has_not_read_its_publisher(nouns: list[Described]) -> None:
    assert {0, 1} == {noun.fold for noun in nouns}


def test_a_word_of_the_name_tells_whom_a_noun_means(nouns: list[Described]) -> None:
    assert fitted(nouns)["in110o"] > 0


def test_other_publishers_teach_it() -> None:
    """A word of the name tells it in every half; what only one half shows cannot."""
    bank = Entity("Brindle Bank", "organisation", None, 0, True)
    told = [Described([(bank, ["in"]), (None, ["nobody"])], [True, False], fold) for fold in (0, 1) * 4]
    alone = Described([(bank, ["out", "rare"]), (None, ["in"])], [True, False], 0)

    assert "8 of 9 nouns are understood by what other publishers teach" == understood([*told, alone], 2)
