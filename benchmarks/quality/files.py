"""Files of many kinds, broken ones among them: does each end in articles or in a reason?

A table of the outcomes by kind. ``measure`` is the share of files with an outcome that is right to have: an
article with a text, or an error; nothing raised, nothing empty, nothing that takes longer than a reader may.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searcher import Article, readers
from searcher.errors import Doubt, ReadError
from searcher.ingest.pipeline import MAX_MEMORY, MAX_READ_SECONDS
from searcher.ingest.worker_pool import Pool, TaskFailure
from searcher.readers.dispatch import ending


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a file ended: "read" whole, "partly" read, "refused", or wrongly: "stopped", "empty", "silent"."""

    path: Path
    articles: int
    verdict: str
    reason: str


def main(data: Path) -> None:
    outcomes = list(_outcomes(data))
    by_kind: dict[str, list[_Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[ending(outcome.path.name) or "(none)"].append(outcome)
    columns = ("read", "partly", "refused", "stopped", "empty", "silent")
    print(f"{'kind':10} {'files':>5} {'articles':>8} " + " ".join(f"{name:>7}" for name in columns))
    for kind, group in sorted(by_kind.items(), key=lambda pair: -len(pair[1])):
        found = Counter(outcome.verdict for outcome in group)
        sums = " ".join(f"{found[name] or '':>7}" for name in columns)
        print(f"{kind[:10]:10} {len(group):5} {sum(o.articles for o in group):8} {sums}")
    print()
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.verdict == "refused")
    for reason, count in reasons.most_common():
        print(f"{count:4} {reason[:110]}")


def measure(data: Path) -> dict[str, float]:
    """The share of files that end as they should, and of those that give an article."""
    outcomes = list(_outcomes(data))
    right = sum(outcome.verdict in ("read", "partly", "refused") for outcome in outcomes)
    return {
        "with an outcome": right / len(outcomes),
        "with an article": sum(outcome.articles > 0 for outcome in outcomes) / len(outcomes),
    }


def _read(path: Path) -> Iterator[tuple[str, str]]:
    """In a worker: what the file holds."""
    for event in readers.events(path):
        if not isinstance(event, Doubt):  # which is told of what was read
            yield ("error", str(event)) if isinstance(event, ReadError) else ("article", _body(event))


def _body(article: Article) -> str:
    return article.body


def _outcomes(data: Path) -> Iterator[_Outcome]:
    paths = sorted(path for path in (data / "files").rglob("*") if not path.is_dir())
    with Pool(1, MAX_READ_SECONDS, MAX_MEMORY) as pool:
        for path in paths:
            yield _outcome(path, [result for _, result in pool.stream(_read, [path], ahead=1)])


def _outcome(path: Path, results: list[tuple[str, str] | TaskFailure]) -> _Outcome:
    pairs = [result for result in results if not isinstance(result, TaskFailure)]
    stopped = [result.reason for result in results if isinstance(result, TaskFailure)]
    bodies = [text for kind, text in pairs if kind == "article"]
    errors = [text for kind, text in pairs if kind == "error"]
    if stopped:
        verdict = "stopped"
    elif not all(bodies):
        verdict = "empty"
    elif not pairs:
        verdict = "silent"
    else:
        verdict = "refused" if not bodies else "partly" if errors else "read"
    return _Outcome(path, len(bodies), verdict, next(iter([*stopped, *errors]), ""))
