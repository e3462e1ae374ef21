"""What a server allows: who may ask it, what may be changed, and the bounds of every request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from searcher.errors import UsageError

__all__ = [
    "MAX_BODY",
    "MAX_FIELDS",
    "MAX_HITS",
    "MAX_QUERY",
    "MAX_URL",
    "MCP_PATH",
    "PATIENCE_SECONDS",
    "Settings",
]

#: Bytes of a path with its parameters, and of a body. Browsers send up to some 8 kB of address without harm.
MAX_URL: Final = 16_384
MAX_BODY: Final = 64 * 1024 * 1024
#: Characters of a query, parameters of a request, hits of a page.
MAX_QUERY: Final = 2_000
MAX_FIELDS: Final = 300
MAX_HITS: Final = 100
#: Where language models ask, which changes nothing though it is by POST.
MCP_PATH: Final = "/mcp"
#: Seconds after which a search is given up: somebody waits for a page, where a command may take longer.
PATIENCE_SECONDS: Final = 10.0
#: What a program can send as it is (RFC 6750, b64token).
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass(frozen=True, slots=True)
class Settings:
    """``hosts`` are the names, besides this machine's own, that a request may be addressed to. ``token``:
    whoever asks has to know it. ``read_only``: nothing can be changed through the page. ``mcp``: language
    models may ask too, at MCP_PATH. Raises UsageError for a token that is empty or cannot be sent."""

    hosts: frozenset[str] = frozenset()
    token: str | None = None
    read_only: bool = False
    mcp: bool = False

    def __post_init__(self) -> None:
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            wrong = "holds letters, digits and . _ ~ + / - alone" if self.token else "is not empty"
            raise UsageError(f"A token {wrong}. Leave it out, and one is made up where others could ask.")

    @property
    def may_add(self) -> bool:
        """Whether files can be added: by those only who know a token."""
        return self.token is not None and not self.read_only
