"""Files that strangers saved: is every article in them found, with its title, its day and its authors?

``strangers.jsonl`` says what is right, as it was read in the files before Searcher was asked. A line with
``repo`` names a source: a public repository, its commit, its licence where it has one, and its ``half``: “a”
to “d” were developed on, of “e” only the sums were looked at. The lines below it are its
files: each has ``count`` articles (where readers may differ, up to ``most``), and ``articles`` says of all or
of a sample, at the places ``n``, which ``title`` (or titles) is right, which ``date`` and which ``authors``;
what is not said is not judged, and none is null or an empty list.

The files are not in the project. ``python -m benchmarks.quality.strangers CLONES DATA`` copies them to
``DATA/strangers`` from clones of the repositories, ``CLONES/owner+name``.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from searcher import readers
from searcher.errors import ReadError
from searcher.ingest.pipeline import MAX_MEMORY, MAX_READ_SECONDS
from searcher.ingest.worker_pool import Pool, TaskFailure

LABELS = Path(__file__).with_suffix(".jsonl")
FOLDER = "strangers"
#: Letters of a title that, in the text of another article, are no accident.
_MIN_TITLE = 20
#: Words of a name at most: longer bylines are sentences.
_MAX_NAME = 6
_NO_NAMES = re.compile(
    r"(admin|administrator|anonymous|author|by|editor|follow|news|owner|redaktion|staff|unknown|user|view)\b"
)
_COLUMNS = ("found", "lost", "silent", "extra", "merged")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source, and what is right of it."""

    repo: str
    commit: str
    half: str
    path: str
    kind: str
    count: int
    most: int
    articles: tuple[dict[str, Any], ...]

    def below(self, data: Path) -> Path:
        """Where the file lies."""
        return data / FOLDER / self.repo.replace("/", "+") / self.path


@dataclass(frozen=True, slots=True)
class Found:
    """What the program says of an article."""

    title: str
    day: str | None
    authors: tuple[str, ...]
    body: str


@dataclass(slots=True)
class Tally:
    """Sums over files: ``counts`` of articles, and for each fact how often it is right, wrong, missing."""

    files: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.files += other.files
        self.counts += other.counts
        for name, verdicts in other.facts.items():
            self.facts[name] += verdicts

    def share(self, fact: str, verdict: str = "right") -> float:
        return self.facts[fact][verdict] / max(1, self.facts[fact].total())


def main(data: Path, verbose: str = "") -> None:
    """Print the sums by kind and half, and each failure of the half ``verbose``."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for file, tally in _tallies(data):
        for kind in (file.kind, "all"):
            tallies[kind, file.half].add(tally)
        if file.half == verbose:
            for failure in tally.failures:
                print(f"{file.kind:9} {file.repo}/{file.path}: {failure}")
    heads = ("files", "articles", *_COLUMNS, "titles", "days", "wrong", "missing", "authors", "no name")
    print(f"{'kind':9} half" + "".join(f"{head:>9}" for head in heads))
    for (kind, half), tally in sorted(tallies.items(), key=lambda pair: (pair[0][0] == "all", pair[0])):
        print(f"{kind:9} {half:4}" + "".join(f"{cell:>9}" for cell in _cells(tally)))


def measure(data: Path) -> dict[str, float]:
    """For each half the share of articles that are found, and of titles, days and authors that are right."""
    halves: dict[str, Tally] = defaultdict(Tally)
    for file, tally in _tallies(data):
        halves[file.half].add(tally)
    return {
        f"{name}, half {half}": value
        for half, tally in sorted(halves.items())
        for name, value in {
            "found": tally.counts["found"] / max(1, tally.counts["articles"]),
            **{fact: tally.share(fact) for fact in ("titles", "days", "authors")},
        }.items()
    }


def _cells(tally: Tally) -> Iterator[str]:
    yield from (str(tally.files), str(tally.counts["articles"]))
    yield from (str(tally.counts[name] or "") for name in _COLUMNS)
    days = tally.facts["days"]
    yield f"{tally.share('titles'):.3f}" if tally.facts["titles"] else ""
    yield f"{tally.share('days'):.3f}" if days else ""
    yield from (str(days[verdict] or "") for verdict in ("wrong", "missing"))
    yield f"{tally.share('authors'):.3f}" if tally.facts["authors"] else ""
    yield str(tally.counts["no name"] or "")


def labelled(lines: Iterable[str]) -> Iterator[File]:
    """The files that the labels name."""
    source: dict[str, Any] = {}
    for line in lines:
        row = json.loads(line)
        if "repo" in row:
            source = {name: row[name] for name in ("repo", "commit", "half")}
        else:
            articles = tuple({"n": n, **one} for n, one in enumerate(row.pop("articles")))
            yield File(**source, most=row.pop("most", row["count"]), articles=articles, **row)


def copy_files(clones: Path, data: Path) -> None:
    """Copy the labelled files, as they were at the commit, from clones of their repositories."""
    for file in labelled(LABELS.read_text("utf-8").splitlines()):
        clone = clones / file.repo.replace("/", "+")
        show = ["git", "-C", str(clone), "show", f"{file.commit}:{file.path}"]
        file.below(data).parent.mkdir(parents=True, exist_ok=True)
        file.below(data).write_bytes(subprocess.run(show, check=True, capture_output=True).stdout)


def _read(path: Path) -> Iterator[Found | str]:
    """In a worker: the articles of a file, and the reasons for what is not read."""
    for event in readers.events(path):
        if isinstance(event, ReadError):
            yield str(event)
        else:
            day = event.published.date().isoformat() if event.published else None
            yield Found(event.title, day, event.authors, event.body)


def _tallies(data: Path) -> Iterator[tuple[File, Tally]]:
    with Pool(1, MAX_READ_SECONDS, MAX_MEMORY) as pool:
        for file in labelled(LABELS.read_text("utf-8").splitlines()):
            results = [result for _, result in pool.stream(_read, [file.below(data)], ahead=1)]
            found = [result for result in results if isinstance(result, Found)]
            reasons = [
                r.reason if isinstance(r, TaskFailure) else r for r in results if not isinstance(r, Found)
            ]
            yield file, judge(file, found, reasons)


def judge(file: File, found: list[Found], reasons: list[str]) -> Tally:
    """Compare what is found in a file, and the reasons given for what is not, with what is right."""
    tally = Tally(files=1)
    lost, extra = max(0, file.count - len(found)), max(0, len(found) - file.most)
    tally.counts.update(articles=file.count, found=min(len(found), file.count), lost=lost, extra=extra)
    if lost:
        tally.counts["silent"] += 0 if reasons else lost
        tally.failures.append(f"{lost} of {file.count} lost: {'; '.join(reasons)[:120] or 'without a word'}")
    if extra:
        tally.failures.append(f"{extra} too many: {[one.title[:40] for one in found[:4]]}")
    for label, one in _pairs(file, found):
        _judge_article(tally, label, one, found)
    return tally


def _judge_article(tally: Tally, label: dict[str, Any], one: Found | None, found: list[Found]) -> None:
    if "title" in label:
        titles = _listed(label["title"])
        right = one is not None and (_plain(one.title) in map(_plain, titles) or _is_lead(one, titles))
        _note(tally, "titles", "right" if right else "wrong", titles, one and one.title)
        if one is None and any(_is_within(title, found) for title in titles):
            tally.counts["merged"] += 1
            tally.failures.append(f"merged: {titles[0]!r}")
    if "date" in label:
        days = _listed(label["date"])
        verdict = "missing" if one is None or one.day is None else "wrong"
        _note(tally, "days", "right" if one and one.day in days else verdict, days, one and one.day)
    if "authors" in label:
        right = one is not None and set(map(_plain, label["authors"])) == set(map(_plain, one.authors))
        _note(tally, "authors", "right" if right else "wrong", label["authors"], one and one.authors)
        tally.counts["no name"] += sum(map(is_no_name, one.authors if one and not right else ()))


def _note(tally: Tally, fact: str, verdict: str, wanted: list[Any], value: object) -> None:
    tally.facts[fact][verdict] += 1
    if verdict != "right" and value is not None:
        tally.failures.append(f"{fact} {verdict}: {wanted}, found {value!r}")
    elif verdict == "missing":
        tally.failures.append(f"{fact} missing: {wanted}")


def _pairs(file: File, found: list[Found]) -> Iterator[tuple[dict[str, Any], Found | None]]:
    """Each label with what is found of it: of the same title, else, where as many are found as there are, at
    the same place."""
    free = dict(enumerate(found))
    paired: dict[int, Found] = {}
    for place, label in enumerate(file.articles):
        titles = {_plain(title) for title in _listed(label.get("title", []))}
        same = [at for at, one in free.items() if _plain(one.title) in titles - {""}]
        if same:
            paired[place] = free.pop(label["n"] if label["n"] in same else same[0])
    in_place = file.count <= len(found) and (file.count == 1 or len(found) <= file.most)
    for place, label in enumerate(file.articles):
        one = paired.get(place)
        yield label, free.pop(label["n"], None) if one is None and in_place else one


def is_no_name(author: str) -> bool:
    """Whether no person or body can be called so."""
    return (
        len(author.split()) > _MAX_NAME
        or author.islower()
        or re.search(r"[\d@/\\<>{}=]", author) is not None
        or _NO_NAMES.match(author.casefold()) is not None
    )


def _is_lead(one: Found, titles: list[str]) -> bool:
    """Whether an article without a title is called by its first words."""
    return titles == [""] and _plain(one.body).startswith(_plain(one.title))


def _is_within(title: str, found: list[Found]) -> bool:
    """Whether a title stands in the text of another article."""
    plain = _plain(title)
    return len(plain) >= _MIN_TITLE and any(plain in _plain(one.body) for one in found)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(text: str) -> str:
    """The letters and digits of a text alone: spaces, case and marks make no difference."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=copy_files.__doc__)
    parser.add_argument("clones", type=Path)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    copy_files(options.clones, options.data)
