"""How bash completes: as click does it, for values with spaces too."""

from __future__ import annotations

import os
import re
from typing import ClassVar

from click.shell_completion import BashComplete, CompletionItem, add_completion_class


class _QuotingBash(BashComplete):
    """click's bash completion, for values with spaces: these are quoted, and backslashes survive."""

    source_template: ClassVar[str] = BashComplete.source_template.replace(
        "read type value", "read -r type value"
    )

    def get_completion_args(self) -> tuple[list[str], str]:
        """Without the "=" that bash splits ``--org=Nor`` at."""
        args, incomplete = super().get_completion_args()
        return [arg for arg in args if arg != "="], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        if item.type != "plain" or _in_quotes():
            return super().format_completion(item)
        quoted = re.sub(r"([^\w@%+=:,./-])", r"\\\1", str(item.value))
        return f"{item.type},{quoted}"


def _in_quotes() -> bool:
    """Whether the word being completed began with a quotation mark; bash closes it itself."""
    typed = os.environ.get("COMP_WORDS", "").split("\n")
    at = int(os.environ.get("COMP_CWORD", "0"))
    return at < len(typed) and typed[at].startswith(('"', "'"))


add_completion_class(_QuotingBash, "bash")
