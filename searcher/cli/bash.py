"""Bash completion for values with spaces."""

from __future__ import annotations

import os
import re
from typing import ClassVar

from click.shell_completion import BashComplete, CompletionItem, add_completion_class


class _QuotingBash(BashComplete):
    """Click's bash completion, with quoted spaces and preserved backslashes."""

    source_template: ClassVar[str] = BashComplete.source_template.replace(
        "read type value", "read -r type value"
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """Drop the "=" at which bash splits ``--org=Nor``."""
        args, incomplete = super().get_completion_args()
        return [arg for arg in args if arg != "="], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        if item.type != "plain" or _in_quotes():
            return super().format_completion(item)
        quoted = re.sub(r"([^\w@%+=:,./-])", r"\\\1", str(item.value))
        return f"{item.type},{quoted}"


def _in_quotes() -> bool:
    """Return True if the completed word starts with a quotation mark, which bash closes itself."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    number = int(os.environ.get("COMP_CWORD", "0"))
    return number < len(words) and words[number].startswith(('"', "'"))


add_completion_class(_QuotingBash, "bash")
