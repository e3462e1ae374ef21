from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import searcher


def test_every_public_name_is_there_and_in_order() -> None:
    assert sorted(searcher.__all__) == searcher.__all__
    assert all(hasattr(searcher, name) for name in searcher.__all__)


def test_type_checkers_see_every_public_name_and_no_other() -> None:
    [block] = (
        node
        for node in ast.parse(Path(searcher.__file__).read_text("utf-8")).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    names = [alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]

    assert sorted(map(str, names)) == searcher.__all__


def test_an_index_has_at_most_25_public_names() -> None:
    with searcher.open_index(":memory:") as index:
        assert len([name for name in dir(index) if not name.startswith("_")]) <= 25


def test_reports_indexes_and_fields_have_a_repr() -> None:
    with searcher.open_index(":memory:") as index:
        index.fields = index.fields.add("desk")
        report = index.add([searcher.Article("a", "Ferries sail", "They sail.")], annotate=False)

        assert "<Index: 1 articles>" == repr(index)
        assert "<Fields: 23 built-in, custom: desk>" == repr(index.fields)
        assert "<Report: 1 added>" == repr(report)


def test_every_public_name_says_what_it_is() -> None:
    said = {name: getattr(searcher, name).__doc__ or "" for name in searcher.__all__}

    # A dataclass without a docstring is given its signature for one.
    assert [] == [name for name, text in said.items() if not text.strip() or text.startswith(f"{name}(")]


def test_the_version_is_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", searcher.__version__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(searcher, "nothing")


def test_import_searcher_loads_nothing_else() -> None:
    code = (
        "import sys, typing, importlib, __future__; before = set(sys.modules);"
        "import searcher; print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"searcher", "searcher.collision"} == set(done.stdout.split())
