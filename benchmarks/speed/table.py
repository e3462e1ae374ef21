"""The measurements as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.speed.corpus import CLASSES
from benchmarks.speed.results import Asked, Indexing, Measured, Pipeline, Reading, Stage, percentiles
from benchmarks.speed.starting import WHOLE

_MEGABYTE = 1 << 20
_NONE = "–"
OWN = "searcher"


def render(measured: Sequence[Measured]) -> str:
    """What was measured with one number of articles, times as multiples of Searcher's too."""
    parts = [
        f"### {measured[0].articles:,} articles",
        *_questions(measured),
        _costs(measured),
        *_starts(measured),
        *_readings(measured),
    ]
    return "\n\n".join(parts) + "\n"


def pipeline(found: Pipeline) -> str:
    """The way of saved pages into the index."""
    rest = found.one_core.cpu - sum(stage.cpu for stage in found.stages)
    stages = [*found.stages, Stage("starting processes, passing articles on, ledger", rest)]
    rows = [[stage.name, f"{stage.cpu:.1f}", f"{stage.cpu / found.one_core.cpu:.0%}"] for stage in stages]
    each = [
        [says, f"{found.articles / run.wall:.1f}", *(f"{t:.1f}" for t in (run.wall, run.cpu, run.parent))]
        for says, run in (("one core", found.one_core), ("two cores", found.two_cores))
    ]
    parts = [
        f"### {found.pages:,} saved pages, {found.articles:,} articles",
        _table(["stage", "CPU s", "share"], rows),
        _table(["", "articles a second", "s", "CPU s", "… in the parent process"], each),
        f"Two cores are {found.one_core.wall / found.two_cores.wall:.2f} times as fast as one.",
    ]
    return "\n\n".join(parts) + "\n"


def _questions(measured: Sequence[Measured]) -> list[str]:
    engines = [one for one in measured if one.rounds]
    if not engines:
        return []
    return [
        "CPU milliseconds, p50 / p95; in brackets, as a multiple of Searcher's with the same questions.",
        _times(engines, lambda row: row.first, "Asked for the first time"),
        _times(engines, lambda row: row.again, "Asked again"),
        "Questions asked: "
        + ", ".join(f"{one.engine} {len(one.asked())}" for one in engines)
        + ". A slow engine is asked fewer of a class.",
    ]


def _times(engines: Sequence[Measured], value: Callable[[Asked], float], title: str) -> str:
    asked = {one.engine: one.asked() for one in engines}
    own = asked.get(OWN, {})
    rows = []
    for kind, says in (("", "all but whole"), *CLASSES.items()):
        row = [says]
        for name, questions in asked.items():
            wanted = [q for q in questions.values() if q.kind == kind or (not kind and q.kind != "whole")]
            same = [own[q.number] for q in wanted if q.number in own]
            row.append(_cell(map(value, wanted), () if name == OWN else map(value, same)))
        rows.append(row)
    return f"**{title}**\n\n{_table(['', *asked], rows)}"


def _cell(times: Iterable[float], own: Iterable[float]) -> str:
    times, own = list(times), list(own)
    if not times:
        return _NONE
    text = " / ".join(f"{seconds * 1e3:.2f}" for seconds in percentiles(times))
    if not own:
        return text
    ratios = [here / there for here, there in zip(percentiles(times), percentiles(own))]
    return f"{text} ({' / '.join(f'{ratio:.1f}×' for ratio in ratios)})"


def _costs(measured: Sequence[Measured]) -> str:
    engines = [one for one in measured if one.indexing]
    rows = [[says, *map(show, engines)] for says, show in _COSTS.items()]
    rows = [row for row in rows if set(row[1:]) != {_NONE}]
    return f"**Costs**\n\n{_table(['', *(one.engine for one in engines)], rows)}"


def _indexing(show: Callable[[Indexing], str]) -> Callable[[Measured], str]:
    return lambda one: show(one.indexing) if one.indexing else _NONE


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.0f}" if size else _NONE


def _hits(one: Measured) -> str:
    counted = [row.hits for row in one.asked().values() if row.hits >= 0]
    return f"{sum(counted) / len(counted):,.0f}" if counted else _NONE


_COSTS: dict[str, Callable[[Measured], str]] = {
    "indexing, CPU s": _indexing(lambda found: f"{found.cpu:.1f}"),
    "indexing, peak MB": _indexing(lambda found: _megabytes(found.memory)),
    "… without mapped files": _indexing(lambda found: _megabytes(found.own or 0)),
    "index, MB": _indexing(lambda found: _megabytes(found.size)),
    "searching, peak MB": lambda one: _megabytes(one.memory),
    "hits a question, mean": _hits,
    "one more article found after s, median": lambda one: f"{one.adding.middle:.3f}" if one.adding else _NONE,
    "… longest of ten": lambda one: f"{one.adding.longest:.3f}" if one.adding else _NONE,
}


def _starts(measured: Sequence[Measured]) -> list[str]:
    engines = [one for one in measured if one.starts]
    if not engines:
        return []
    sizes = sorted({start.articles for start in engines[0].starts})
    rows = []
    for word in dict.fromkeys(start.word for start in engines[0].starts):
        for size in sizes:
            row = [f"“{word}” among {size:,}{', a whole answer' if word == WHOLE else ''}"]
            for one in engines:
                start = next((s for s in one.starts if (s.articles, s.word) == (size, word)), None)
                row.append(f"{start.cpu * 1e3:.0f} / {start.wall * 1e3:.0f}" if start else _NONE)
            rows.append(row)
    title = "**One question in a new process**: milliseconds of CPU time / of the clock"
    return [f"{title}\n\n{_table(['', *(one.engine for one in engines)], rows)}"]


def _readings(measured: Sequence[Measured]) -> list[str]:
    engines = [one for one in measured if one.readings]
    if not engines:
        return []
    rows = []
    for one in engines:
        still = [_reading(reading) for reading in one.readings if reading.commits is None]
        writing = [_reading(reading) for reading in one.readings if reading.commits is not None]
        rows.append([one.engine, *still, *(writing or [_NONE])])
    threads = [reading.threads for reading in engines[0].readings if reading.commits is None]
    header = ["", *(f"{n} thread{'s' * (n > 1)}" for n in threads), "1 thread, beside a writer"]
    title = "**Questions of all classes by threads**: answers a second (milliseconds of the clock, p50 / p95)"
    return [f"{title}\n\n{_table(header, rows)}"]


def _reading(found: Reading) -> str:
    digits = 0 if found.per_second >= 10 else 2
    return f"{found.per_second:,.{digits}f} ({found.p50 * 1e3:.2f} / {found.p95 * 1e3:.1f})"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)
