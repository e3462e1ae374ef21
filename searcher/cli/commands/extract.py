"""``searcher extract``: prints the articles in files, without an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.ingest_options import map_option, mapping_of, required_paths, workers_option
from searcher.cli.output.report import print_failures
from searcher.cli.streams import write

__all__ = ["extract"]


@click.command(
    epilog="""\b
Examples:
  searcher extract page.html
  searcher extract articles/ | jq -r '.quotes[] | [.speaker, .text] | @tsv'
"""
)
@required_paths
@map_option
@workers_option
def extract(paths: Sequence[str], mappings: Sequence[str], workers: int | None) -> int:
    """Print the articles in files as JSON Lines.

    No index is used. Each has id, title, body, authors, published, source, url, language, mentions and
    quotes; offsets are those of characters in the body.
    """
    from searcher.cli.output.data import dumps
    from searcher.ingest.paths import expand
    from searcher.ingest.pipeline import ReadTask, process
    from searcher.ingest.report import Failure, ProblemGroups, ProblemKind
    from searcher.ingest.settings import canonical_mapping

    listing = expand(map(Path, paths))
    failed, problems = list(listing.failures), ProblemGroups()
    if listing.files:
        first = next(iter(listing.files))
        mapping = canonical_mapping(mapping_of(mappings))
        tasks = (ReadTask(path, mapping) for path in listing.files)
        workers = workers or (1 if len(listing.files) == 1 and _small(first) else None)
        for chunk in process(tasks, lambda _: False, workers):
            for article in chunk.articles:
                write(dumps(article.to_dict()) + "\n")
            for problem in chunk.problems:
                problems.add(problem)
    failed += [Failure(problem.origin, problem.reason) for problem in problems.all(ProblemKind.PART)]
    print_failures(failed)
    return NOTHING if failed else OK


def _small(path: Path) -> bool:
    """Whether starting one worker costs less than sharing the work."""
    return path.stat().st_size < 1 << 20
