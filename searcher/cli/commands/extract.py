"""``searcher extract``: prints the articles in files, without an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.ingest_options import (
    date_from_option,
    fields_of,
    map_option,
    mapping_of,
    ocr_option,
    part_option,
    required_paths,
    set_option,
    workers_option,
)
from searcher.cli.output.report import print_failures
from searcher.cli.streams import note, write

__all__ = ["extract"]


@click.command(
    epilog="""\b
Examples:
  searcher extract page.html
  searcher extract articles/ | jq -r '.quotes[] | [.speaker, .text] | @tsv'
  searcher extract --part 3/16 archive/ | gzip > 3.jsonl.gz    then: searcher index --annotated 3.jsonl.gz

\b
Exit status: 0 fine, 1 some files could not be read, 2 an error.
"""
)
@required_paths
@part_option
@map_option
@set_option
@date_from_option
@ocr_option
@workers_option
def extract(paths: Sequence[str], workers: int | None, **given: Any) -> int:
    """Print the articles in files as JSON Lines.

    No index is used. Each has id, title, body, authors, published, source, url, language, mentions and
    quotes; offsets are those of characters in the body. With the same options, “searcher index --annotated”
    makes of them what it would have made of the files.
    """
    from searcher.cli.output.data import dumps
    from searcher.ingest.paths import expand, part_of
    from searcher.ingest.pipeline import ReadTask, max_seconds, process
    from searcher.ingest.report import Failure, ProblemGroups, ProblemKind
    from searcher.ingest.settings import Settings, canonical_mapping, own_fields_of

    listing = expand(map(Path, paths))
    mapping = canonical_mapping(mapping_of(given["mappings"]))
    settings = Settings.of(fields_of(given["settings"]), given["date_from"], given["ocr"])
    files = list(part_of(listing.files, *given["part"]) if given["part"] else listing.files)
    failed, problems = list(listing.failures), ProblemGroups()
    if files:
        tasks = (ReadTask(path, mapping, settings) for path in files)
        workers = workers or (1 if len(files) == 1 and _small(files[0]) else None)
        for chunk in process(tasks, lambda _: False, workers, seconds=max_seconds(settings)):
            for article in chunk.articles:
                write(dumps(article.to_dict()) + "\n")
            for problem in chunk.problems:
                problems.add(problem)
    for name in dict.fromkeys((*settings.own_fields, *own_fields_of(mapping or ()))):
        note(
            f"“{name}” is a field of your own, and a tag in what was printed: with --map {name}={name} "
            "“searcher index --annotated” makes it a field again."
        )
    failed += [Failure(problem.origin, problem.reason) for problem in problems.all(ProblemKind.PART)]
    print_failures(failed)
    return NOTHING if failed else OK


def _small(path: Path) -> bool:
    """Whether starting one worker costs less than sharing the work."""
    return path.stat().st_size < 1 << 20
