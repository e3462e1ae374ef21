"""``searcher copy``: puts the articles of one index into another."""

from __future__ import annotations

import click

from searcher.cli.exits import OK
from searcher.cli.ingest_options import json_option
from searcher.cli.streams import write
from searcher.errors import UsageError

__all__ = ["copy"]


@click.command(
    epilog="""\b
Examples:
  searcher copy index opensearch+https://host:9200/archive    onto a cluster
  searcher copy opensearch+https://host:9200/archive index    and back
  searcher copy part-3 opensearch+https://host:9200/archive   what another machine has read and annotated

\b
Exit status: 0 copied, 2 an error.
"""
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
def copy(source: str, target: str, as_json: bool) -> int:
    """Put the articles of one index into another.

    Folders and addresses alike; nothing is read or annotated again. Your tags, cases and notes come with the
    articles. An empty index also gets what stands beside the other: decisions about names, synonyms, fields
    of your own, saved searches, and which files were loaded. In another one articles of the same id are
    replaced.
    """
    from searcher.index import open_index

    if source == target:
        raise UsageError("An index cannot be copied into itself.")
    with open_index(source, create=False) as old, open_index(target) as new:
        report = old.copy_to(new)
        count = new.count()
    if as_json:
        from searcher.cli.output.records import write_document

        figures = {"added": report.added, "updated": report.updated}
        write_document("copy", {"from": source, "to": target, "count": count, **figures})
        return OK
    write(f"{report.added:,} articles added, {report.updated:,} replaced.\n")
    write(f"The index in {target} holds {count:,} articles.\n")
    return OK
