"""The arguments of a command that takes a query: options stand anywhere among its words."""

from __future__ import annotations

import re

import click

from searcher.cli.exits import Guarded


class QueryCommand(Guarded):
    """A command that takes options anywhere among the words of a query; ``--`` ends the options. ``-Meta``
    excludes a word, where click would read the options -M, -e, -t and -a. So one-letter options stand alone
    (``-n 5``; ``-n5`` is understood too). ``--persn`` is reported as an unknown option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._options_first(ctx, args) if args else args)

    def _options_first(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reorder the arguments: options first, then ``--``, then the words of the query."""
        takes_value = {
            name: not (option.is_flag or option.count)
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        words: list[str] = []
        waiting = iter(args)
        for arg in waiting:
            if arg == "--":
                words += waiting
            elif glued := _glued_number(arg, takes_value):
                options += glued
            elif arg in takes_value or arg.startswith("--"):
                options.append(arg)
                if takes_value.get(arg):
                    if (value := next(waiting, None)) is None:
                        return options  # click says what is missing
                    options.append(value)
            else:
                words.append(arg)
        return [*options, "--", *words]


def _glued_number(arg: str, takes_value: dict[str, bool]) -> list[str]:
    match = re.fullmatch(r"(-[a-z])=?(\d+)", arg)
    return [match[1], match[2]] if match and takes_value.get(match[1]) else []
