"""The current folder may be a stranger's: nothing that lies in it is run, only read."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import searcher
from searcher.extensions.watching.folders import WatchOptions, watch
from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access
from searcher.ingest.worker_pool import Pool
from searcher.readers.base import installed_program, run_program

pytestmark = pytest.mark.processes

#: Modules that every worker imports, that its libraries do, and that Python does when it starts.
MODULES = [
    *["pickle", "struct", "re", "threading", "signal", "queue", "json", "enum", "tempfile", "datetime"],
    *["searcher", "numpy", "lxml", "onnxruntime", "bs4"],
    *["sitecustomize", "usercustomize", "encodings"],
]
SAYS_THAT_IT_RAN = "open({mark!r}, 'a').write(__name__ + ' ')\n"


class Stranger:
    """A folder with modules of well-known names, and an article."""

    def __init__(self, folder: Path, mark: Path) -> None:
        self.folder, self._mark = folder, mark
        self.article = folder / "a.txt"
        folder.mkdir()
        self.article.write_text("Ferry\n\nThe ferry sails again in June, the company said on Tuesday.")
        for name in MODULES:
            (folder / f"{name}.py").write_text(SAYS_THAT_IT_RAN.format(mark=str(mark)))

    @property
    def ran(self) -> str:
        return self._mark.read_text() if self._mark.exists() else ""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    planted = Stranger(tmp_path / "archive", tmp_path / "ran")
    monkeypatch.chdir(planted.folder)
    return planted


def load(index: searcher.Index, stranger: Stranger) -> None:
    index.load(["."])


def rebuild(index: searcher.Index, stranger: Stranger) -> None:
    index.load([stranger.article])
    index.rebuild()


def watch_it(index: searcher.Index, stranger: Stranger) -> None:
    stop = threading.Event()
    watch(
        index,
        ["."],
        WatchOptions(settle=0.1),
        on_report=lambda _report, _seconds: stop.set(),
        on_failure=lambda _error: stop.set(),
        stop=stop,
    )


def drop_on_the_page(index: searcher.Index, stranger: Stranger) -> None:
    app = create_app(index, Access(token="secret-of-sixteen-letters"), stranger.folder.parent / "index")
    headers = {"authorization": "Bearer secret-of-sixteen-letters"}
    with TestClient(app, base_url="http://127.0.0.1:8080", headers=headers) as client:
        client.post("/inbox", files={"file": ("a.txt", stranger.article.read_bytes())})
        while "Reading:" in client.get("/inbox").text:
            threading.Event().wait(0.1)


@pytest.mark.parametrize("use", [load, rebuild, watch_it, drop_on_the_page], ids=lambda use: use.__name__)
def test_no_module_of_the_current_folder_is_run(
    use: Callable[[searcher.Index, Stranger], None], stranger: Stranger
) -> None:
    with searcher.open_index(stranger.folder.parent / "index") as index:
        use(index, stranger)

        assert ("", 1) == (stranger.ran, index.count())


def path(_: object) -> Iterator[list[str]]:
    yield sys.path


def test_a_worker_leaves_out_the_current_folder_of_an_interactive_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", ["", ".", *sys.path])
    with Pool(1, 60.0, 1 << 30) as pool:
        ((_, found),) = pool.stream(path, [None], ahead=1)

    assert isinstance(found, list)
    assert {"", ".", os.getcwd()}.isdisjoint(set(found) - set(sys.path[2:]))
    assert set(filter(os.path.isabs, sys.path)) <= set(found)


@pytest.mark.skipif(os.name == "nt", reason="programs have other names there")
@pytest.mark.parametrize("folders", [".", "", ".:/bin", "/bin:", "/bin::/usr/bin", "bin:../archive"])
def test_a_program_is_not_taken_from_the_current_folder(
    folders: str, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stranger.folder / "bin").mkdir()
    for program in (stranger.folder / "antiword", stranger.folder / "bin" / "antiword"):
        program.write_text("#!/bin/sh\n")
        program.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", folders)

    assert installed_program("antiword") is None


@pytest.mark.skipif(os.name == "nt", reason="programs have other names there")
def test_a_program_runs_in_a_folder_of_its_own(stranger: Stranger, tmp_path: Path) -> None:
    printed = run_program([sys.executable, "-c", "import pickle, os; print(os.getcwd())"], tmp_path)

    assert ("", str(tmp_path)) == (stranger.ran, printed.decode().strip())
