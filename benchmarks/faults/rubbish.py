"""Bad queries, options and files, through commands and module: no traceback, no hang, nothing lost."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from click.testing import CliRunner

from benchmarks.faults import junk
from benchmarks.faults.made import article
from benchmarks.faults.outcome import Outcome, scratch
from searcher import open_index, readers
from searcher.article import Article
from searcher.cli.search import search
from searcher.cli.searcher import searcher
from searcher.errors import SearcherError
from searcher.extract import annotate

#: Seconds that one input may take in this process.
MAX_SECONDS = 30.0
#: Longer texts are annotated by ``searcher index`` only, in a worker that is stopped when it takes too long.
_MAX_ANNOTATED = 50_000
#: Files that go through ``searcher index`` at a time.
_MAX_FILES = 100
_FORMS = (
    (),
    ("--json",),
    ("--jsonl",),
    ("--csv",),
    ("--ids",),
    ("-c",),
    ("--in", "quotes"),
    ("--any",),
    ("--explain",),
)
#: What no output may hold: escapes, other control characters, and what turns the direction of text.
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_FORMULA = re.compile(r'(?:^|,)"?[=+@＝]', re.MULTILINE)


class _TooLong(BaseException):
    """Raised into whatever is still at work after ``MAX_SECONDS``; no handler of errors catches it."""


def run(inputs: int, seed: int) -> Outcome:
    outcome = Outcome(f"{inputs:,} bad inputs")
    random_ = random.Random(seed)  # repeatable on purpose
    with scratch() as folder, chdir(folder), _own_index(folder / "index"):
        _make(folder / "index", random_)
        kinds: tuple[tuple[float, str, Callable[[random.Random], Iterator[str]]], ...] = (
            (0.35, "queries through “search”", _query_by_command),
            (0.2, "queries through the module", _query_by_module),
            (0.25, "files through the readers", _file_by_module),
            (0.15, "options of every command", _options),
        )
        for share, name, attempt in kinds:
            for number in range(int(inputs * share)):
                outcome.counts[name] += 1
                one = random.Random(f"{seed}/{name}/{number}")
                outcome.bad += [f"{name} {number}: {problem}"[:400] for problem in _patiently(attempt, one)]
        _files_by_command(folder, int(inputs * 0.05), random_, outcome)
        _processes(random_, outcome)
        outcome.bad += [f"it is not what it was: {problem}" for problem in _kept()]
        if escaped := list(folder.parent.glob("escaped*")):
            outcome.bad.append(f"archives wrote {escaped}")
    return outcome


@contextmanager
def _own_index(folder: Path) -> Iterator[None]:
    before = os.environ.get("SEARCHER_INDEX")
    os.environ["SEARCHER_INDEX"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SEARCHER_INDEX"]
        else:
            os.environ["SEARCHER_INDEX"] = before


def _make(folder: Path, random_: random.Random) -> None:
    with open_index(folder) as index:
        index.add((article(number) for number in range(60)), annotate=False)
        hostile = (
            Article(f"hostile-{n}", junk.hostile_text(random_), f"The bridge {junk.hostile_text(random_)}.",
                    source=junk.hostile_text(random_), authors=(junk.hostile_text(random_),))
            for n in range(40)
        )  # fmt: skip
        index.add(hostile, annotate=False)


def _patiently(attempt: Callable[[random.Random], Iterator[str]], random_: random.Random) -> list[str]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    try:
        return list(attempt(random_))
    except _TooLong:
        return [f"hangs for {MAX_SECONDS:g} s"]
    except Exception as error:  # noqa: BLE001  # outside the error tree: the finding
        return [f"raises {type(error).__name__}: {error}"]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _invoke(command: Any, name: str, args: list[str], given: bytes | None = None) -> Iterator[str]:
    """Run a command in this process; yields what is wrong with how it ended."""
    result = CliRunner().invoke(command, args, prog_name=name, input=given)
    said = f"{name} {args!r:.200}"
    if result.exception and not isinstance(result.exception, SystemExit):
        yield f"{said} raises {type(result.exception).__name__}: {result.exception}"
    elif result.exit_code not in (0, 1, 2):
        yield f"{said} ends with {result.exit_code}"
    if "should not have happened" in result.stderr or (
        "Traceback" in result.stderr and "--debug" not in args
    ):
        yield f"{said}: {result.stderr.strip():.300}"
    if "always" not in args and (found := _COMMANDING.search(result.stdout + result.stderr)):
        yield f"{said} prints {found[0]!r}"
    if "--csv" in args and (formula := _FORMULA.search(result.stdout)):
        yield f"{said} prints the formula {result.stdout[formula.start() :][:30]!r}"


def _query_by_command(random_: random.Random) -> Iterator[str]:
    args = [*random_.choice(_FORMS), "--limit", "5", "--", junk.query(random_)]
    yield from _invoke(search, "search", args)


def _query_by_module(random_: random.Random) -> Iterator[str]:
    with open_index("index", create=False) as index:
        text = junk.query(random_)
        asks: tuple[Callable[[], object], ...] = (
            lambda: index.search(text, facets=("person", "year")),
            lambda: index.search(text, match="any"),
            lambda: index.quotes(text, speaker=text),
            lambda: index.search(person=text, exclude={"source": text}),
            lambda: index.search(text, after=text, before=text),
        )
        try:
            random_.choice(asks)()
        except SearcherError as error:
            if not str(error).strip():
                yield f"{text!r:.200}: an error that says nothing"


def _file_by_module(random_: random.Random) -> Iterator[str]:
    suffix, data = junk.data(random_)
    try:
        for number, found in enumerate(readers.read_bytes(data, f"junk{suffix}")):
            if number < 3 and len(found.body) < _MAX_ANNOTATED:
                annotate(found)
    except SearcherError as error:
        if not str(error).strip():
            yield f"{suffix} {data!r:.200}: an error that says nothing"


def _options(random_: random.Random) -> Iterator[str]:
    name, command, path = random_.choice(_commands())
    options = [
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    ]
    flags = [
        option
        for option in options
        if option.startswith("-") and option not in ("-i", "--index", "--version")
    ]
    args = [*path, *junk.arguments(random_, flags or ["--debug"])]
    root = _roots()[name]
    if name == "searcher" and path[0] in ("delete", "rebuild", "serve", "watch"):
        args += ["--nosuch"]  # parsed all the same; what changes the index or goes on has tests of its own
    yield from _invoke(root, name, args, given=junk.query(random_)[:2000].encode("utf-8", "replace"))


def _roots() -> dict[str, Any]:
    return {"search": search, "searcher": searcher}


def _commands() -> list[tuple[str, Any, list[str]]]:
    """Every command: of which program, the command, and the words that lead to it."""

    def below(name: str, command: Any, path: list[str]) -> Iterator[tuple[str, Any, list[str]]]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for word in command.list_commands(context):
                yield from below(name, command.get_command(context, word), [*path, word])
        else:
            yield name, command, path

    return [one for name, root in _roots().items() for one in below(name, root, [])]


def _files_by_command(folder: Path, number: int, random_: random.Random, outcome: Outcome) -> None:
    """Files through ``searcher index``, with a good one among them that must arrive."""
    for start in range(0, number, _MAX_FILES):
        files = folder / f"files-{start}"
        files.mkdir()
        (files / "good.jsonl").write_text(f'{{"id": "good-{start}", "body": "A lighthouse opens."}}\n')
        for place in range(start, min(start + _MAX_FILES, number)):
            suffix, data = junk.data(random_)
            (files / f"junk{place}{suffix}").write_bytes(data)
            outcome.counts["files through “searcher index”"] += 1
        outcome.bad += _invoke(searcher, "searcher", ["index", "--workers", "2", str(files)])
        outcome.bad += _missing(f"good-{start}")


def _missing(id: str) -> Iterator[str]:
    with open_index("index", create=False) as index:
        if index.articles.get(id) is None:
            yield f"{id} did not arrive"


def _kept() -> Iterator[str]:
    with open_index("index", create=False) as index:
        yield from (f"verify names {name}" for name in index.verify())
        yield from (
            f"{number}" for number in range(60) if index.articles.get(f"made-{number}") != article(number)
        )


def _processes(random_: random.Random, outcome: Outcome) -> None:
    """A few inputs through real processes, with bytes that are no text."""
    for _ in range(5):
        given = (junk.query(random_)[:1000].encode("utf-8", "surrogatepass"), random_.randbytes(9))
        args = [arg.replace(b"\x00", b"") for arg in given]
        command = [sys.executable.encode(), b"-m", b"searcher.cli.search", b"--", *args]
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": ""}
        done = subprocess.run(
            command, capture_output=True, env=environment, timeout=MAX_SECONDS * 2, check=False
        )
        outcome.counts["queries through processes"] += 1
        if (
            done.returncode not in (0, 1, 2)
            or b"Traceback" in done.stderr
            or b"should not have" in done.stderr
        ):
            outcome.bad.append(f"search {args!r:.200}: {done.returncode}, {done.stderr[-300:]!r}")
