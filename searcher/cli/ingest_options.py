"""The options of the commands that read files."""

from __future__ import annotations

from collections.abc import Iterable

import click

from searcher.errors import UsageError

__all__ = [
    "date_from_option",
    "fields_of",
    "json_option",
    "map_option",
    "mapping_of",
    "ocr_option",
    "optional_paths",
    "part_option",
    "progress_option",
    "required_paths",
    "set_option",
    "workers_option",
]

workers_option = click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes to use (default: one a core)."
)


progress_option = click.option(
    "--progress/--no-progress", default=None, help="Say on stderr how far it is (default: on a terminal)."
)


json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")


map_option = click.option(
    "--map",
    "mappings",
    multiple=True,
    metavar="FIELD=COLUMN,…",
    help="Which column or key of CSV and JSON records holds a field.",
)


set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Set source, section, language, author, tag or a field of your own (desk=foreign) of every article.",
)


date_from_option = click.option(
    "--date-from",
    type=click.Choice(["name", "mtime"]),
    help="Date articles without a date by the day in their file's name, or by its time.",
)


ocr_option = click.option(
    "--ocr", metavar="LANGUAGES", help="Have ocrmypdf recognise scanned PDFs, in these languages: eng+deu."
)


def _part_of(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Read “3/16”."""
    if text is None:
        return None
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise click.BadParameter("Write which part of how many: 3/16.")
    return int(number), int(of)


part_option = click.option(
    "--part", metavar="K/N", callback=_part_of, help="Read the Kth of N parts of the files alone."
)


required_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH…")


optional_paths = click.argument("paths", nargs=-1, metavar="PATH…")


def fields_of(given: Iterable[str]) -> dict[str, list[str]] | None:
    """``["source=BBC", "tag=2004"]`` as fields with their values. Raises UsageError."""
    fields: dict[str, list[str]] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"--set: “{pair}” is no FIELD=VALUE, as in source=BBC.")
        fields.setdefault(name.strip(), []).append(value.strip())
    return fields or None


def mapping_of(given: Iterable[str]) -> dict[str, str] | None:
    """``["title=headline,body=text"]`` as a mapping. Raises UsageError."""
    mapping = {}
    for pair in ",".join(given).split(","):
        if not pair.strip():
            continue
        name, equals, column = pair.partition("=")
        if not equals or not name.strip() or not column.strip():
            raise UsageError(f"--map: “{pair}” is no FIELD=COLUMN, as in title=headline.")
        mapping[name.strip()] = column.strip()
    return mapping or None
