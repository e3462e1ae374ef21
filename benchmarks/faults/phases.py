"""kill -9 at random moments of a load that searches text first: while it reads, and while it finds names.

A process loads some hundred short articles (:func:`main`) and is killed; others go on, by “load”, “resume” or
“annotate”, until one comes to its end. After each kill the index must verify, hold all that it held, and wait
for no name that it had; at the end it must answer as if all had been loaded at once, in the same order.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.faults.asking import answers
from benchmarks.faults.made import article
from benchmarks.faults.outcome import Outcome, scratch
from benchmarks.faults.victim import open_small
from searcher.article import PENDING, Article
from searcher.ingest.report import Progress

FILES, PER_FILE = 24, 5
#: Signs of life, one for some articles that are read or have their names, after which a process is killed at
#: the latest, and the seconds that it has then: between two of them it commits, decides names, and merges.
MAX_SIGNS, MAX_SECONDS = 45, 1.0
#: How a process goes on: with the same paths, with the run that was stopped, or with names alone.
WAYS = ("load", "resume", "annotate")


def write_articles(folder: Path) -> None:
    """Files of short articles with a day each, without what is found in them."""
    folder.mkdir()
    for file in range(FILES):
        made = (article(file * PER_FILE + n) for n in range(PER_FILE))
        fields = ("id", "title", "body", "source")
        rows = [{**{f: getattr(a, f) for f in fields}, "published": str(a.published)} for a in made]
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{file:03}.jsonl").write_text(text, "utf-8")


def run(kills: int, seed: int) -> Outcome:
    """Kill ``kills`` processes, index after index."""
    outcome = Outcome(f"kill -9 at {kills} moments of text first and names behind it")
    with scratch() as folder:
        write_articles(folder / "articles")
        at_once = open_small(folder / "at once")
        at_once.load([folder / "articles"], text_first=False)
        expected = answers(at_once)
        random_ = random.Random(seed)  # repeatable on purpose
        number = done = 0
        while done < kills:
            number += 1
            done += _one_index(folder, folder / f"index{number}", random_, expected, outcome)
            outcome.counts["indexes that came to their end"] += 1
    return outcome


def _one_index(
    folder: Path, index: Path, random_: random.Random, expected: list[str], outcome: Outcome
) -> int:
    """Kill until a process comes to its end; return how often."""
    kills, before, ways = 0, dict[str, Article](), ["first"]
    while True:
        report = _victim(folder / "articles", index, ways[-1], random_)
        opened = open_small(index)
        now = {one.id: one for one in opened.articles}
        problems = list(_problems(opened, before, now))
        ended = report is not None and _all_read(now)
        if report is None:
            kills += 1
            outcome.counts[f"killed in {ways[-1]}, {'names' if _all_read(now) else 'text'}"] += 1
        elif ended:
            waited = sum(one.annotator == PENDING for one in before.values())
            if _all_read(before) and report["annotated"] != waited:
                problems.append(f"{waited} waited, {report['annotated']} were annotated")
            given = zip(expected, answers(opened), strict=True)
            problems += [f"answers otherwise: {one[:80]}" for one, other in given if one != other]
        outcome.bad += [f"{index.name}, {' '.join(ways)}: {problem}" for problem in problems[:3]]
        outcome.counts["verified, nothing lost"] += not problems
        if ended:
            return kills
        before = now
        ways.append("load" if report is not None else random_.choice(WAYS))  # names alone read no text


def _all_read(articles: dict[str, Article]) -> bool:
    return len(articles) == FILES * PER_FILE


def _problems(index: Any, before: dict[str, Article], now: dict[str, Article]) -> Iterator[str]:
    """What a killed process has lost."""
    if wrong := index.verify():
        yield f"verify names {wrong}"
    if lost := before.keys() - now.keys():
        yield f"{len(lost)} articles are lost"
    if changed := [a.id for a in before.values() if a.annotator != PENDING and now.get(a.id) != a]:
        yield f"{len(changed)} articles with names are others"
    if index.articles.count_pending() != sum(one.annotator == PENDING for one in now.values()):
        yield "stats do not count what waits"


def _victim(articles: Path, index: Path, way: str, random_: random.Random) -> dict[str, Any] | None:
    """Let a process work and kill it; return its report if it came to its end before."""
    signs, seconds = random_.randrange(MAX_SIGNS), random_.uniform(0.0, MAX_SECONDS)
    command = [sys.executable, "-m", "benchmarks.faults.phases", str(articles), str(index), way]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        last = [victim.stdout.readline() for _ in range(signs + 1)][-1]
        with suppress(subprocess.TimeoutExpired):
            victim.wait(seconds)
        victim.kill()
        lines = [last, *victim.stdout]
    reports = [json.loads(line) for line in lines if line.startswith(b"{") and line.endswith(b"}\n")]
    return reports[0] if reports else None


def main() -> None:
    """Load, resume or annotate with a sign of life for each step, and print what was done."""
    articles, folder, way = sys.argv[1:]
    index = open_small(Path(folder))
    print("begins", flush=True)
    if way in ("first", "load"):
        first = True if way == "first" else None
        report = index.load([Path(articles)], text_first=first, workers=1, progress=_tell)
    else:
        report = getattr(index, way)(workers=1, progress=_tell)
    print(json.dumps({"annotated": report.annotated if report else 0}), flush=True)


def _tell(progress: Progress) -> None:
    print(progress.step, flush=True)


if __name__ == "__main__":
    main()
