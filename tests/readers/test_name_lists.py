"""Lists of names: which column of a table has them."""

from __future__ import annotations

import pytest

from searcher import UsageError
from searcher.readers.name_lists import names_in

TABLE = 'No.;Full name;Born\n1;"Reyl; Tomas";1960\n2;Mara  Lindqvist;\n3\n'


@pytest.mark.parametrize(
    ("text", "origin", "column", "names"),
    [
        ("Tomas Reyl\n\nMara Lindqvist\nTomas Reyl\n-\n", "", "", ["Tomas Reyl", "Mara Lindqvist"]),
        (TABLE, "board.csv", "full name", ["Reyl; Tomas", "Mara Lindqvist"]),
        (TABLE, "", "Full name", ["Reyl; Tomas", "Mara Lindqvist"]),
        ("id,Name\n1,Tomas Reyl\n", "board.csv", "", ["Tomas Reyl"]),
        ("Tomas Reyl\nMara Lindqvist\n", "names.csv", "", ["Tomas Reyl", "Mara Lindqvist"]),
        ("Name\nTomas Reyl\n", "names.csv", "", ["Tomas Reyl"]),
    ],
)
def test_names_of_a_list(text: str, origin: str, column: str, names: list[str]) -> None:
    assert names == names_in(text.encode(), origin, column)


@pytest.mark.parametrize("column", ["", "Surname"])
def test_a_column_that_cannot_be_told_is_asked_for(column: str) -> None:
    with pytest.raises(UsageError, match=r"There are: No\., Full name, Born"):
        names_in(TABLE.encode(), "board.csv", column)


def test_a_list_that_is_too_long() -> None:
    with pytest.raises(UsageError, match="20,000 names"):
        names_in("\n".join(map(str, range(20_001))).encode())
