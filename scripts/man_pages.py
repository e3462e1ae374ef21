"""Generate manual pages from the help of the commands, for write_cli_docs.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click

from searcher import __version__

ABOUT = {
    "search": "search your articles, people, organisations and quotations",
    "searcher": "create and maintain an index of your articles",
}


def pages(contexts: Iterable[click.Context]) -> dict[str, str]:
    """Return the pages of search and searcher. The latter has a section for each of its commands."""
    found: dict[str, list[click.Context]] = {name: [] for name in ABOUT}
    for context in contexts:
        found[context.command_path.split()[0]].append(context)
    # Python versions differ in trailing spaces of docstrings.
    return {f"{name}.1": re.sub(" +\n", "\n", "".join(page(name, of_one))) for name, of_one in found.items()}


def page(name: str, contexts: list[click.Context]) -> Iterator[str]:
    first, *others = contexts
    yield '.\\" Written by scripts/write_cli_docs.py from the help.\n'
    yield f'.TH {name.upper()} 1 "" "searcher {__version__}" "User Commands"\n'
    yield f".SH NAME\n{name} \\- {escaped(ABOUT[name])}\n"
    yield f".SH SYNOPSIS\n.B {name}\n{escaped(' '.join(first.command.collect_usage_pieces(first)))}\n"
    yield f".SH DESCRIPTION\n{paragraphs(first.command.help)}"
    yield f".SH OPTIONS\n{options(first)}"
    if others:
        yield ".SH COMMANDS\n"
    for context in others:
        usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
        yield f".SS {escaped(usage)}\n{paragraphs(context.command.help)}{options(context)}"
        yield paragraphs(context.command.epilog)
    yield f".SH NOTES\n{paragraphs(first.command.epilog)}"
    others_page = {"search": "searcher", "searcher": "search"}[name]
    yield f".SH SEE ALSO\n.BR {others_page} (1)\n"


def options(context: click.Context) -> str:
    params = context.command.get_params(context)
    records = (param.get_help_record(context) for param in params if isinstance(param, click.Option))
    return "".join(f".TP\n.B {escaped(names)}\n{escaped(about)}\n" for names, about in filter(None, records))


def paragraphs(text: str | None) -> str:
    """Fill paragraphs, except preformatted ones, which start with \\b."""
    out = []
    for part in re.split(r"\n\s*\n", (text or "").strip("\n")):
        lines = part.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            out.append(kept(line for line in lines[1:]))
        elif lines:
            out.append(f".PP\n{escaped(' '.join(line.strip() for line in lines))}\n")
    return "".join(out)


def kept(lines: Iterable[str]) -> str:
    return ".PP\n.nf\n" + "".join(f"{escaped(line)}\n" for line in lines) + ".fi\n"


def escaped(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^(?=[.'])", r"\\&", text)
