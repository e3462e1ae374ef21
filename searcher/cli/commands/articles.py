"""Commands for single articles."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from searcher.article import Article, Quote, format_iso
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
from searcher.sanitize import clean_line, web_link

if TYPE_CHECKING:
    from searcher.extract.quotes.reasons import ExplainedQuote
    from searcher.index import Index
    from searcher.records.tags import TagDecisions
    from searcher.results.versions import ArticleVersion


@click.command(
    epilog="""\b
Examples:
  searcher show ID
  searcher show --mark ID | less        with names between [[ and ]]
  searcher show --jsonl ID             everything about it, for programs
  searcher show --why ID               explain the speakers of its quotations
  searcher show https://example.org/news/1
"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@records_options
@click.option("--mark", is_flag=True, help="Put names between [[ and ]].")
@click.option("--why", is_flag=True, help="Explain how the speaker of each quotation was found.")
@color_option
@index_option
def show(ids: Sequence[str], folder: str | None, form: str | None, mark: bool, why: bool, color: str) -> int:
    """Show articles.

    Names are highlighted and quotations are labelled with their speaker. ID is an id, the start of one, or
    the web address of an article.
    """
    with open_existing(folder) as index:
        articles_by_id = {id: article_meant(index, id) for id in ids}
        versions = {
            one.id: len(index.articles.versions(one.id))
            for one in articles_by_id.values()
            if one and not form
        }
    articles = [article for article in articles_by_id.values() if article is not None]
    missing = [id for id, article in articles_by_id.items() if article is None]
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
            if versions[article.id] > 1:
                write(f"\n{versions[article.id]:,} versions: searcher versions {article.id}\n")
    return _report_missing(missing)


def _report_missing(ids: Sequence[str]) -> int:
    """Report ids without an article and return the exit code."""
    for id in ids:
        note(f"There is no article with the id “{id}”.")
    return NOTHING if ids else OK


def _reasons(article: Article) -> Sequence[ExplainedQuote]:
    """Extract the quotations of an article again: the index does not store reasons."""
    from searcher import plugins
    from searcher.extract.quotes import explained_quotes
    from searcher.ingest.site_lines import with_site_line_doubts

    quotes = explained_quotes(plugins.load("searcher.extractors")["names"](article))
    return with_site_line_doubts(article, quotes)


def _with_reasons(article: Article) -> dict[str, Any]:
    rows = [asdict(one.quote) | {"why": asdict(one.reason)} for one in _reasons(article)]
    return article.to_dict() | {"quotes": rows}


@click.command(
    "open",
    epilog="""\b
Examples:
  searcher open ID                     the file it was read from
  searcher open --web ID               its web address
  less "$(searcher open --print ID)"
""",
)
@click.argument("id", metavar="ID")
@click.option("--web", is_flag=True, help="Open the web address instead of the file.")
@click.option("--print", "print_only", is_flag=True, help="Print the file or address instead of opening it.")
@index_option
def open_article(id: str, folder: str | None, web: bool, print_only: bool) -> int:
    """Open the original of an article.

    Opens the file it was read from in its default program. If the file is gone or has changed, opens the web
    address instead.
    """
    with open_existing(folder) as index:
        if (article := article_meant(index, id)) is None:
            return _report_missing([id])
        place = web_link(article.url) if web else _file_of(index, article) or web_link(article.url)
    if place is None:
        note(f"The article has no {'web address' if web else 'file or web address'}: searcher show {id}")
        return NOTHING
    if print_only:
        write(f"{place}\n")
        return OK
    if click.launch(place) != 0:
        note(f"No program can open {place}")
        return ERROR
    return OK


def _file_of(index: Index, article: Article) -> str | None:
    """Return the file of an article (for a member of an archive, the archive) if it has not changed."""
    from searcher.readers.dispatch import file_of_origin

    if not article.origin:
        return None
    try:
        index.articles.original(article, with_data=False)
    except ReadError as error:
        note(str(error))
        return None
    place = str(file_of_origin(article.origin))
    if member := article.origin.removeprefix(place).removeprefix("!"):
        note(f"The article is in this archive, as {member}")
    return place


@click.command()
@click.argument("id", metavar="ID")
@limit_option(10, minimum=1)
@records_options
@color_option
@index_option
def related(id: str, folder: str | None, limit: int, form: str | None, color: str) -> int:
    """Find similar articles.

    Similar articles share distinctive words and names. The most similar come first.
    """
    with open_existing(folder) as index:
        if (article := article_meant(index, id)) is None:
            return _report_missing([id])
        hits = index.articles.related(article, limit)
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
@click.option("--copies", is_flag=True, help="Compare with copies in other sources instead.")
@records_options
@index_option
def versions(id: str, copies: bool, folder: str | None, form: str | None) -> int:
    """Compare the versions of an article, or its copies.

    Versions of a page are stored by “searcher index --keep-versions”. The oldest comes first; [-deleted-] and
    {+added+} words are marked in each later one. Copies are articles with nearly the same text at other
    addresses.
    """
    with open_existing(folder) as index:
        if (article := article_meant(index, id)) is None:
            return _report_missing([id])
        others_of_article = (
            index.articles.copies(article.id) if copies else index.articles.versions(article.id)
        )
    if form:
        name = "copies" if copies else "versions"
        write_records(form, name, (one.to_dict() for one in others_of_article), id=article.id)
    else:
        for number, one in enumerate(others_of_article, 1):
            _print_version(one, number)
        if copies and not others_of_article:
            note("There are no copies of this article.")
        elif not copies and len(others_of_article) < 2:
            note("There is only one version. To keep the versions of a page: searcher index --keep-versions")
    return OK if others_of_article else NOTHING


#: Marks around inserted and deleted words, as in wdiff.
_MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}


def _print_version(one: ArticleVersion, number: int) -> None:
    from searcher.results.versions import changes_in_context

    article, words = one.article, f"{len(one.article.body.split()):,} words"
    facts = (article.source, format_iso(article.published), words, article.origin, article.id)
    write(f"{number}. {clean_line(heading(article))}\n   {clean_line(' · '.join(filter(None, facts)))}\n")
    changes = ((*_MARKS[change.kind], change.text) for change in changes_in_context(one.changes))
    if difference := " ".join(f"{start}{text}{end}" for start, end, text in changes):
        write(f"   {clean_line(difference)}\n")


@click.command(
    epilog="""\b
Examples:
  searcher delete ID
  search --ids "press release" | searcher delete -
  searcher deleted                  list the ids of deleted articles
  searcher deleted undo ID
"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@document_option
@index_option
def delete(ids: Sequence[str], folder: str | None, as_json: bool) -> int:
    """Delete articles.

    They stay out of the index when files are indexed again and when it is rebuilt. “-” reads ids from stdin,
    one per line.
    """
    ids = ids_or_stdin(ids)
    with open_existing(folder) as index:
        unknown = [id for id in dict.fromkeys(ids) if index.articles.get(id) is None]
        count = index.delete(ids)
    if as_json:
        write_document("delete", {"deleted": count, "unknown": unknown})
    else:
        write(f"{amount(count, 'article')} deleted\n")
    return _report_missing(unknown)


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

    After undoing, run “searcher rebuild” to get the articles back.
    """
    with open_existing(folder) as index:
        ids = sorted(index.files.deleted_ids())
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
    """Undo the deletion of articles. “-” reads ids from stdin, one per line.

    Then run “searcher rebuild” to get the articles back. Their files must still exist.
    """
    ids = ids_or_stdin(ids)
    with open_existing(folder) as index:
        unknown = sorted({*ids} - {*index.files.deleted_ids()})
        count = index.files.restore(ids)
    if as_json:
        write_document("undo", {"undone": count, "unknown": unknown})
    elif count:
        write(f"{amount(count, 'deletion')} undone. To get the articles back: searcher rebuild\n")
    for id in unknown:
        note(f"“{id}” is not the id of a deleted article.")
    return NOTHING if unknown else OK


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher tag ID +lead -read                   add a tag and remove another
  searcher tag 'dockers strike' +lead           tag all results of a query
  search --ids --said-by Reyl | searcher tag - +reyl
  searcher tag ID --case "Port fire" --note "Ask her about the pallets"
  search tag:lead --case "Port fire" note:pallets
  searcher tags                                 list tags with their number of articles
""",
)
@click.argument("words", nargs=-1, metavar="QUERY|ID… [+TAG|-TAG…]")
@value_option("--case", field="case", help="Add the articles to this case, a folder of your own.")
@click.option(
    "--note", "note_text", metavar="TEXT", help="Add a note to the articles. It replaces an earlier note."
)
@index_option
def tag(words: Sequence[str], case: tuple[str, ...], note_text: str | None, folder: str | None) -> int:
    """Add tags, cases and notes to articles.

    Find them with tag:lead, --case NAME or note:WORD; --facets tag,case counts them. They survive re-indexing
    and rebuilding. “+desk=foreign” sets a field of your own. Quote a tag or query of several words. “-” reads
    ids from stdin, one per line.
    """
    signed = [word for word in words if len(word) > 1 and word[0] in "+-"]
    targets = [word for word in words if word not in signed]
    if not targets:
        raise UsageError("Which articles? Give their ids, a query, or “-” to read ids from stdin.")
    with open_existing(folder) as index:
        add = [word[1:] for word in signed if word[0] == "+"] + [f"case={name}" for name in case]
        remove = [word[1:] for word in signed if word[0] == "-"]
        ids = list(_target_ids(index, targets))
        changed = index.tags.update(ids, add, remove, note=note_text)
    if not ids:
        note("No articles found. Nothing was tagged.")
        return NOTHING
    write(f"{amount(len(ids), 'article')} found, {changed:,} changed\n")
    return OK


@listing_group(
    epilog="""\b
Examples:
  searcher tags
  searcher tags export > tags.jsonl      as a backup, or for another index
  searcher tags import tags.jsonl
"""
)
def tags(folder: str | None) -> int:
    """List your tags, or export and import them."""
    with open_existing(folder) as index:
        own = [tag for one in index.tags.all() for tag in one.add if not tag.startswith("speaker=")]
    rows = sorted(Counter(own).items(), key=lambda pair: (-pair[1], pair[0]))
    write("".join(f"{count:7,}  {clean_line(tag)}\n" for tag, count in rows))
    return OK if rows else _nothing_tagged()


@tags.command("export")
@index_option
def export_tags(folder: str | None) -> int:
    """Print all tags, cases and notes as JSON Lines."""
    with open_existing(folder) as index:
        records = [one.to_dict() for one in index.tags.all()]
    write("".join(f"{dumps(one)}\n" for one in records))
    return OK if records else _nothing_tagged()


@tags.command("import")
@click.argument("file", type=click.File())
@index_option
def import_tags(file: Any, folder: str | None) -> int:
    """Import the output of “searcher tags export”. “-” reads stdin."""
    with open_existing(folder) as index:
        changed = index.tags.merge(_tags_in(file))
    write(f"{amount(changed, 'article')} changed\n")
    return OK


@click.command(
    epilog="""\b
Examples:
  searcher speakers seeds/harbour-committee.md                               list the speakers
  searcher speakers seeds/harbour-committee.md SPEAKER_03="Odile Marchetti"  name a speaker
  searcher speakers seeds/harbour-committee.md SPEAKER_03=                   remove the name
"""
)
@click.argument("file", metavar="FILE|ID")
@click.argument("names", nargs=-1, metavar="[LABEL=NAME…]")
@records_options
@index_option
def speakers(file: str, names: Sequence[str], form: str | None, folder: str | None) -> int:
    """Name the speakers of a transcript.

    LABEL is the name of a speaker in the transcript. The new name survives re-indexing, rebuilding, and
    moving or renaming the file.
    """
    named = {label: name for label, _, name in (one.partition("=") for one in names)}
    with open_existing(folder) as index:
        ids = _transcripts(index, file)
        labels = {quote.label or quote.speaker for quote in _turns(index, ids)}
        if unknown := [label for label in named if label not in labels]:
            raise UsageError(f"{file} has no speaker “{unknown[0]}”. Use: LABEL=NAME")
        if named:
            index.names.name_speakers(ids, named)
        turns = list(_turns(index, ids))
    counts = Counter((quote.label or quote.speaker or "", quote.speaker or "") for quote in turns)
    rows = [
        {"label": label, "speaker": name, "turns": count} for (label, name), count in counts.most_common()
    ]
    return print_list(
        form, "speakers", rows, dict, _speaker_line, f"“{clean_line(file)}” is not a transcript."
    )


def _speaker_line(row: dict[str, Any]) -> str:
    label = "" if row["label"] == row["speaker"] else f"  ({row['label']})"
    return clean_line(f"{row['turns']:7,}  {row['speaker'] or 'unknown'}{label}")


def _turns(index: Index, ids: Sequence[str]) -> Iterator[Quote]:
    return (quote for id in ids if (article := index.articles.get(id)) for quote in article.speech)


def _transcripts(index: Index, file: str) -> list[str]:
    """Return the ids of the articles in a file, or the id of an article."""
    if article := find_article(index, file):
        return [article.id]
    paths = dict.fromkeys((file, os.path.abspath(file)))
    return sorted(id for path in paths for id in index.files.ids_of(path))


def _target_ids(index: Index, targets: Sequence[str]) -> Iterator[str]:
    """Yield the ids of articles given by id or address, on stdin, or by a query."""
    on_stdin = list(targets) == ["-"]
    if on_stdin:
        if not (targets := ids_or_stdin(targets)):
            return
    elif not any(word.strip() for word in targets):
        raise UsageError("Which articles? The query is empty. For all articles, use “*”.")
    chosen_articles = [find_article(index, word) for word in targets]
    articles = [article for article in chosen_articles if article]
    if len(articles) < len(targets) and (articles or on_stdin):
        missing = next(word for word, article in zip(targets, chosen_articles) if article is None)
        advice = "" if on_stdin else f" To add it as a tag: +{missing}"
        raise UsageError(f"There is no article with the id “{missing}”. Nothing was tagged.{advice}")
    if articles:
        yield from (article.id for article in articles)
    else:
        yield from (hit.article.id for hit in index.scan(" ".join(targets), snippets=False))


def _nothing_tagged() -> int:
    note("There are no tags yet. Add one: searcher tag ID +TAG")
    return NOTHING


def _tags_in(file: Any) -> Iterator[TagDecisions]:
    from searcher.records.tags import TagDecisions

    try:
        lines = list(enumerate(file, 1))
    except UnicodeDecodeError:
        raise UsageError(f"{file.name} is not UTF-8 text.") from None
    for number, line in lines:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            yield TagDecisions.from_dict(record if isinstance(record, dict) else {})
        except (ValueError, UsageError) as error:
            raise UsageError(f"Line {number} of {file.name}: {error}") from None
