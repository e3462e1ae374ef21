"""The commands of single articles: show, open, related, versions, delete, deleted, speakers, tag, tags."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from searcher.article import Article, Quote, iso
from searcher.cli.exits import ERROR, NOTHING, OK
from searcher.cli.options import (
    QueryCommand,
    article_meant,
    color_option,
    document_option,
    find_article,
    ids_or_stdin,
    index_option,
    limit_option,
    listing_group,
    note_pending,
    open_existing,
    records_options,
    value_option,
)
from searcher.cli.output.data import dumps, print_list, write_document, write_records
from searcher.cli.output.terminal import amount, screen_of
from searcher.cli.output.text import article_lines, heading, hit_text, reason_lines, text_of_lines
from searcher.cli.streams import note, write
from searcher.errors import ReadError, UsageError
from searcher.sanitize import clean, web_link

if TYPE_CHECKING:
    from searcher.extract.quotes.reasons import ExplainedQuote
    from searcher.index import Index
    from searcher.records.tags import Tagged
    from searcher.results.versions import ArticleVersion


@click.command(
    epilog="""\b
Examples:
  searcher show ID
  searcher show --mark ID | less        names between [[ and ]]
  searcher show --jsonl ID             all that is known of it, for programs
  searcher show --why ID               why its quotations have their speakers
  searcher show https://example.org/news/1
"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@records_options
@click.option("--mark", is_flag=True, help="Put names between [[ and ]].")
@click.option("--why", is_flag=True, help="Say why each quotation has its speaker, as it is found now.")
@color_option
@index_option
def show(ids: Sequence[str], folder: str | None, form: str | None, mark: bool, why: bool, color: str) -> int:
    """Show articles.

    Names stand out, and each quotation says whose it is. The beginning of an id will do, and an article that
    came with an address is found by it too.
    """
    with open_existing(folder) as index:
        asked = {id: article_meant(index, id) for id in ids}
        kept = {one.id: len(index.versions(one.id)) for one in asked.values() if one and not form}
    articles = [article for article in asked.values() if article is not None]
    missing = [id for id, article in asked.items() if article is None]
    if form:
        rows = map(_with_reasons, articles) if why else (article.to_dict() for article in articles)
        write_records(form, "articles", rows, missing=missing)
    else:
        screen = screen_of(color, brackets=mark)
        for number, article in enumerate(articles):
            lines = (
                reason_lines(article, _reasons(article), screen) if why else article_lines(article, screen)
            )
            write("\n" * bool(number) + text_of_lines(lines))
            if kept[article.id] > 1:
                write(f"\n{kept[article.id]:,} versions: searcher versions {article.id}\n")
    return _code_of(missing)


def _code_of(missing: Sequence[str]) -> int:
    """Name the articles that are not there; returns the exit code."""
    for id in missing:
        note(f"There is no article with the id “{id}”.")
    return NOTHING if missing else OK


def _reasons(article: Article) -> Sequence[ExplainedQuote]:
    """The quotations of an article, which is read anew: the index keeps no reasons."""
    from searcher import plugins
    from searcher.extract.quotes import explained_quotes
    from searcher.ingest.site_lines import with_indexed_doubts

    found = explained_quotes(plugins.load("searcher.extractors")["names"](article))
    return with_indexed_doubts(article, found)


def _with_reasons(article: Article) -> dict[str, Any]:
    rows = [asdict(one.quote) | {"why": asdict(one.reason)} for one in _reasons(article)]
    return article.to_dict() | {"quotes": rows}


@click.command(
    "open",
    epilog="""\b
Examples:
  searcher open ID                     the file that it was read from
  searcher open --web ID               its address, in a browser
  less "$(searcher open --print ID)"
""",
)
@click.argument("id", metavar="ID")
@click.option("--web", is_flag=True, help="Its address rather than its file.")
@click.option("--print", "printing", is_flag=True, help="Print what would be opened.")
@index_option
def open_article(id: str, folder: str | None, web: bool, printing: bool) -> int:
    """Open the original of an article.

    The file that it was read from, with the program that opens such files; its address, if the file is gone
    or has changed.
    """
    with open_existing(folder) as index:
        if (article := article_meant(index, id)) is None:
            return _code_of([id])
        place = web_link(article.url) if web else _file_of(index, article) or web_link(article.url)
    if place is None:
        note(f"{'No address' if web else 'Neither a file nor an address'} of it is there: searcher show {id}")
        return NOTHING
    if printing:
        write(f"{place}\n")
        return OK
    if click.launch(place) != 0:
        note(f"No program opens it: {place}")
        return ERROR
    return OK


def _file_of(index: Index, article: Article) -> str | None:
    """Return the file that an article was read from, of an archive the archive. None if it is not the file
    that the index has read."""
    from searcher.readers.dispatch import file_of

    if not article.origin:
        return None
    try:
        index.original(article, shown=False)
    except ReadError as error:
        note(str(error))
        return None
    place = str(file_of(article.origin))
    if member := article.origin.removeprefix(place).removeprefix("!"):
        note(f"It is in this archive: {member}")
    return place


@click.command()
@click.argument("id", metavar="ID")
@limit_option(10, least=1)
@records_options
@color_option
@index_option
def related(id: str, folder: str | None, limit: int, form: str | None, color: str) -> int:
    """Find articles like one article.

    Those that share its telling words and its names, the most alike first.
    """
    with open_existing(folder) as index:
        if (article := article_meant(index, id)) is None:
            return _code_of([id])
        hits = index.related(article, limit)
        note_pending(index)
    if form:
        write_records(form, "related", (hit.to_dict() for hit in hits), id=article.id)
    else:
        screen = screen_of(color)
        for number, hit in enumerate(hits, 1):
            write(hit_text(replace(hit, snippets=hit.snippets[:1]), number, screen))
        if not hits:
            note("There are no similar articles.")
    return OK if hits else NOTHING


@click.command()
@click.argument("id", metavar="ID")
@click.option("--copies", is_flag=True, help="Its copies by others instead, each compared with it.")
@records_options
@index_option
def versions(id: str, copies: bool, folder: str | None, form: str | None) -> int:
    """Compare the versions of an article, or its copies.

    Versions are those of one page that “searcher index --keep-versions” kept, the earliest first, each with
    the words that are gone, [-so-], and new, {+so+}, since the one before. Copies are articles of other
    addresses with nearly the same text.
    """
    with open_existing(folder) as index:
        if (article := article_meant(index, id)) is None:
            return _code_of([id])
        found = index.copies(article.id) if copies else index.versions(article.id)
    if form:
        name = "copies" if copies else "versions"
        write_records(form, name, (one.to_dict() for one in found), id=article.id)
    else:
        for number, one in enumerate(found, 1):
            _print_version(one, number)
        if len(found) < 2 - copies:
            kept = "There is no other version of it: “searcher index --keep-versions” keeps those of a page."
            note("No other article has nearly its text." if copies else kept)
    return OK if found else NOTHING


#: How the words of a change are marked: as wdiff does.
_MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}


def _print_version(one: ArticleVersion, number: int) -> None:
    from searcher.results.versions import around_changes

    article, words = one.article, f"{len(one.article.body.split()):,} words"
    facts = (article.source, iso(article.published), words, article.origin, article.id)
    write(f"{number}. {clean(heading(article))}\n   {clean(' · '.join(filter(None, facts)))}\n")
    shown = ((*_MARKS[change.kind], change.text) for change in around_changes(one.changes))
    if told := " ".join(f"{start}{text}{end}" for start, end, text in shown):
        write(f"   {clean(told)}\n")


@click.command(
    epilog="""\b
Examples:
  searcher delete ID
  search --ids "press release" | searcher delete -
  searcher deleted                  the ids of what was deleted
  searcher deleted undo ID
"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@document_option
@index_option
def delete(ids: Sequence[str], folder: str | None, as_json: bool) -> int:
    """Delete articles.

    Indexing and rebuilding leave them out from now on. “-” reads ids from stdin, one a line.
    """
    wanted = ids_or_stdin(ids)
    with open_existing(folder) as index:
        unknown = [id for id in dict.fromkeys(wanted) if index.get(id) is None]
        count = index.delete(wanted)
    if as_json:
        write_document("delete", {"deleted": count, "unknown": unknown})
    else:
        write(f"{amount(count, 'article')} deleted\n")
    return _code_of(unknown)


@listing_group(
    epilog="""\b
Examples:
  searcher deleted
  searcher deleted undo ID && searcher rebuild
"""
)
@document_option
def deleted(folder: str | None, as_json: bool) -> int:
    """List the ids of deleted articles, or undo deletions.

    An article whose deletion was undone is back in the index after “searcher rebuild”.
    """
    with open_existing(folder) as index:
        ids = sorted(index.deleted())
    if as_json:
        write_document("deleted", {"deleted": ids})
    else:
        write("".join(f"{id}\n" for id in ids))
        if not ids:
            note("No articles were deleted. To delete one: searcher delete ID")
    return OK if ids else NOTHING


@deleted.command
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@document_option
@index_option
def undo(ids: Sequence[str], folder: str | None, as_json: bool) -> int:
    """Undo the deletion of articles. “-” reads ids from stdin, one a line.

    They are back in the index after “searcher rebuild”, if their files are still there.
    """
    wanted = ids_or_stdin(ids)
    with open_existing(folder) as index:
        unknown = sorted({*wanted} - {*index.deleted()})
        count = index.undelete(wanted)
    if as_json:
        write_document("undo", {"undone": count, "unknown": unknown})
    elif count:
        write(f"{amount(count, 'deletion')} undone. To read the articles again: searcher rebuild\n")
    for id in unknown:
        note(f"No article with the id “{id}” was deleted.")
    return NOTHING if unknown else OK


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher tag ID +lead -read                   put a tag on, take another off
  searcher tag 'dockers strike' +lead           on everything that a query finds
  search --ids --said-by Reyl | searcher tag - +reyl
  searcher tag ID --case "Port fire" --note "Ask her about the pallets"
  search tag:lead --case "Port fire" note:pallets
  searcher tags                                 the tags there are, with their numbers
""",
)
@click.argument("words", nargs=-1, metavar="QUERY|ID… [+TAG|-TAG…]")
@value_option("--case", field="case", help="Put the articles in this case: a folder of yours.")
@click.option(
    "--note", "remark", metavar="TEXT", help="A note on the articles, in the place of an earlier one."
)
@index_option
def tag(words: Sequence[str], case: tuple[str, ...], remark: str | None, folder: str | None) -> int:
    """Put tags of your own on articles, in cases, with notes.

    Searches find them at once: tag:lead, --case NAME, note:WORD, and --facets tag,case counts them. They stay
    when files are read again and the index is rebuilt. “+desk=foreign” is a value of a field of your own. A
    tag or a query of several words stands in quotation marks, and “-” reads ids from stdin, one a line.
    """
    signed = [word for word in words if len(word) > 1 and word[0] in "+-"]
    asked = [word for word in words if word not in signed]
    if not asked:
        raise UsageError("Which articles? Give their ids, a query, or “-” for ids on stdin.")
    with open_existing(folder) as index:
        add = [word[1:] for word in signed if word[0] == "+"] + [f"case={name}" for name in case]
        remove = [word[1:] for word in signed if word[0] == "-"]
        ids = list(_tagged_ids(index, asked))
        changed = index.tag(ids, add, remove, note=remark)
    if not ids:
        note("No article was found, so none was tagged.")
        return NOTHING
    write(f"{amount(len(ids), 'article')} found, {changed:,} changed\n")
    return OK


@listing_group(
    epilog="""\b
Examples:
  searcher tags
  searcher tags export > tags.jsonl      to keep, or for another index
  searcher tags import tags.jsonl
"""
)
def tags(folder: str | None) -> int:
    """List the tags that people gave to articles."""
    with open_existing(folder) as index:
        own = [tag for one in index.own_tags() for tag in one.add if not tag.startswith("speaker=")]
    rows = sorted(Counter(own).items(), key=lambda pair: (-pair[1], pair[0]))
    write("".join(f"{count:7,}  {clean(tag)}\n" for tag, count in rows))
    return OK if rows else _nothing_tagged()


@tags.command("export")
@index_option
def export_tags(folder: str | None) -> int:
    """Print all that was tagged, as JSON Lines."""
    with open_existing(folder) as index:
        decided = [one.to_dict() for one in index.own_tags()]
    write("".join(f"{dumps(one)}\n" for one in decided))
    return OK if decided else _nothing_tagged()


@tags.command("import")
@click.argument("file", type=click.File())
@index_option
def import_tags(file: Any, folder: str | None) -> int:
    """Take over what “searcher tags export” printed; “-” is the standard input."""
    with open_existing(folder) as index:
        changed = index.import_tags(_tags_in(file))
    write(f"{amount(changed, 'article')} changed\n")
    return OK


@click.command(
    epilog="""\b
Examples:
  searcher speakers seeds/harbour-committee.md                               who speaks, and how often
  searcher speakers seeds/harbour-committee.md SPEAKER_03="Odile Marchetti"  say who it is
  searcher speakers seeds/harbour-committee.md SPEAKER_03=                   take it back
"""
)
@click.argument("file", metavar="FILE|ID")
@click.argument("names", nargs=-1, metavar="[LABEL=NAME…]")
@records_options
@index_option
def speakers(file: str, names: Sequence[str], form: str | None, folder: str | None) -> int:
    """Name the speakers of a transcript.

    LABEL is what the transcript calls a speaker. The name is kept when the file is read again, moved or
    renamed, and when the index is rebuilt.
    """
    given = {label: name for label, _, name in (one.partition("=") for one in names)}
    with open_existing(folder) as index:
        ids = _transcripts(index, file)
        labels = {quote.label or quote.speaker for quote in _turns(index, ids)}
        if unknown := [label for label in given if label not in labels]:
            raise UsageError(f"Nobody is called “{unknown[0]}” in {file}: write LABEL=NAME.")
        if given:
            index.name_speakers(ids, given)
        turns = list(_turns(index, ids))
    counts = Counter((quote.label or quote.speaker or "", quote.speaker or "") for quote in turns)
    rows = [
        {"label": label, "speaker": name, "turns": count} for (label, name), count in counts.most_common()
    ]
    return print_list(form, "speakers", rows, dict, _line_of_speaker, f"“{clean(file)}” is not a transcript.")


def _line_of_speaker(row: dict[str, Any]) -> str:
    label = "" if row["label"] == row["speaker"] else f"  ({row['label']})"
    return clean(f"{row['turns']:7,}  {row['speaker'] or 'nobody known'}{label}")


def _turns(index: Index, ids: Sequence[str]) -> Iterator[Quote]:
    return (quote for id in ids if (article := index.get(id)) for quote in article.speech)


def _transcripts(index: Index, file: str) -> list[str]:
    """The ids of what a file gave, or of an article."""
    if found := find_article(index, file):
        return [found.id]
    paths = dict.fromkeys((file, os.path.abspath(file)))
    return sorted(id for path in paths for id in index.ids_of_file(path))


def _tagged_ids(index: Index, asked: Sequence[str]) -> Iterator[str]:
    """The ids of the articles that are asked for: by id or address, on stdin, or by a query."""
    on_stdin = list(asked) == ["-"]
    if on_stdin:
        if not (asked := ids_or_stdin(asked)):
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
    found = index.scan(" ".join(asked), snippets=False)
    yield from (hit.article.id for hit in found)


def _nothing_tagged() -> int:
    note("Nothing is tagged yet: searcher tag ID +TAG")
    return NOTHING


def _tags_in(file: Any) -> Iterator[Tagged]:
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
