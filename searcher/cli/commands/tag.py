"""``searcher tag``: tags, cases and notes of one's own."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import find_article, open_existing
from searcher.cli.options import index_option, value_option
from searcher.cli.query_arguments import QueryCommand
from searcher.cli.streams import note, write
from searcher.errors import UsageError

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.records.tags import Tagged

__all__ = ["tag"]


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher tag ID +lead -read                   put a tag on, take another off
  searcher tag 'dockers strike' +lead           on everything that a query finds
  search --ids --said-by Reyl | searcher tag - +reyl
  searcher tag ID --case "Port fire" --note "Ask her about the pallets"
  search tag:lead --case "Port fire" note:pallets
  searcher tag                                  the tags there are, with their numbers
  searcher tag --export > tags.jsonl            to keep, or for another index
""",
)
@click.argument("words", nargs=-1, metavar="[QUERY|ID…] [+TAG|-TAG…]")
@value_option("--case", field="case", help="Put the articles in this case: a folder of yours.")
@click.option(
    "--note", "remark", metavar="TEXT", help="A note on the articles, in the place of an earlier one."
)
@click.option("--export", "exporting", is_flag=True, help="Print all that was tagged, as JSON Lines.")
@click.option("--import", "file", type=click.File(), metavar="FILE", help="Take over what --export printed.")
@index_option
def tag(
    words: Sequence[str],
    case: tuple[str, ...],
    remark: str | None,
    exporting: bool,
    file: Any,
    folder: str | None,
) -> int:
    """Put tags of your own on articles, in cases, with notes.

    Searches find them at once: tag:lead, --case NAME, note:WORD, and --facets tag,case counts them. They stay
    when files are read again and the index is rebuilt. “+desk=foreign” is a value of a field of your own. A
    tag or a query of several words stands in quotation marks, and “-” reads ids from stdin, one a line.
    """
    signed = [word for word in words if len(word) > 1 and word[0] in "+-"]
    asked = [word for word in words if word not in signed]
    changing = bool(signed or case or remark is not None)
    if exporting + bool(file) + bool(asked or changing) > 1:
        raise UsageError("--export and --import stand alone: no articles and no tags with them.")
    with open_existing(folder) as index:
        if file:
            return _said(index.import_tags(_records(file)), "changed")
        if exporting:
            return _export(index)
        if not (asked or changing):
            return _list(index)
        if not asked:
            raise UsageError("Which articles? Give their ids, a query, or “-” for ids on stdin.")
        add = [word[1:] for word in signed if word[0] == "+"] + [f"case={name}" for name in case]
        remove = [word[1:] for word in signed if word[0] == "-"]
        ids = list(_ids(index, asked))
        changed = index.tag(ids, add, remove, note=remark)
    if not ids:
        note("Nothing was found, and nothing tagged.")
        return NOTHING
    return _said(len(ids), "found", f", {changed:,} changed")


def _ids(index: Index, asked: Sequence[str]) -> Iterator[str]:
    """The ids of the articles that are asked for: by id or address, on stdin, or by a query."""
    on_stdin = list(asked) == ["-"]
    if on_stdin:
        asked = [line.strip() for line in sys.stdin if line.strip()]
        if not asked:
            return
    elif not any(word.strip() for word in asked):
        raise UsageError("Which articles? An empty query would be all of them: tag “*” for that.")
    known = [find_article(index, word) for word in asked]
    articles = [article for article in known if article]
    if len(articles) < len(asked) and (articles or on_stdin):
        missing = next(word for word, article in zip(asked, known) if article is None)
        signs = "" if on_stdin else f" A tag is written with its sign: “+{missing}”."
        raise UsageError(f"There is no article with the id “{missing}”. Nothing was tagged.{signs}")
    if articles:
        yield from (article.id for article in articles)
        return
    found = index.scan(" ".join(asked), snippets=False, correct=False)
    yield from (hit.article.id for hit in found)


def _list(index: Index) -> int:
    counts = Counter(tag for one in index.own_tags() for tag in one.add)
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        write(f"{count:7,}  {_plain(name)}\n")
    if not counts:
        note("Nothing is tagged yet: searcher tag ID +TAG")
    return OK if counts else NOTHING


def _export(index: Index) -> int:
    from searcher.cli.output.data import dumps

    decided = index.own_tags()
    for one in decided:
        write(dumps(one.to_dict()) + "\n")
    return OK if decided else NOTHING


def _records(file: Any) -> Iterator[Tagged]:
    from searcher.records.tags import Tagged

    try:
        lines = list(enumerate(file, 1))
    except UnicodeDecodeError:
        raise UsageError(f"{file.name} is not written in UTF-8.") from None
    for number, line in lines:
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            yield Tagged.from_dict(read if isinstance(read, dict) else {})
        except (ValueError, UsageError) as error:
            raise UsageError(f"Line {number} of {file.name}: {error}") from None


def _said(count: int, what: str, more: str = "") -> int:
    write(f"{count:,} article{'' if count == 1 else 's'} {what}{more}\n")
    return OK


def _plain(text: str) -> str:
    from searcher.sanitize import clean

    return clean(text)
