from __future__ import annotations

import subprocess
import sys

import searcher


def test_every_public_name_is_there_and_in_order() -> None:
    assert sorted(searcher.__all__) == searcher.__all__
    assert all(hasattr(searcher, name) for name in searcher.__all__)


def test_all_names_have_a_docstring_or_are_data() -> None:
    undocumented = [name for name in searcher.__all__ if not getattr(searcher, name).__doc__]

    assert [] == undocumented


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(searcher, "nothing")


def test_import_searcher_loads_nothing_else() -> None:
    code = (
        "import sys, typing, importlib, __future__; before = set(sys.modules);"
        "import searcher; print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"searcher"} == set(done.stdout.split())
