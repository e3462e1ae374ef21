from __future__ import annotations

import re
import subprocess
import sys

import searcher


def test_every_public_name_is_there_and_in_order() -> None:
    assert sorted(searcher.__all__) == searcher.__all__
    assert all(hasattr(searcher, name) for name in searcher.__all__)


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
