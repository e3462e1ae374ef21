"""The address of an index on OpenSearch, and what proves who asks. Secrets are in the environment alone."""

from __future__ import annotations

import base64
import os
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from searcher.errors import UsageError

_PORT = 9200
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|\[?::1\]?")
#: Names that OpenSearch allows, without those that it keeps for itself.
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_EXAMPLE = "Write it as opensearch+https://host:9200/archive."


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is: the addresses of one or more nodes and its name there.

    ``shards`` and ``copies`` (beside the first one) are those of a new index; None to suit the cluster.
    """

    location: str
    nodes: tuple[str, ...]
    name: str
    shards: int | None = None
    copies: int | None = None

    @classmethod
    def parse(cls, location: str, environment: Mapping[str, str] = os.environ) -> Self:
        """Read ``opensearch+https://host:9200,other:9200/archive?shards=3&copies=1``. Raises UsageError."""
        parts = urllib.parse.urlsplit(location)
        protocol = parts.scheme.partition("+")[2]
        if protocol not in ("http", "https"):
            raise UsageError(f"“{location}” is no address of an index. {_EXAMPLE}")
        if "@" in parts.netloc:
            raise UsageError(
                "A password does not belong into an address, which ends up in histories and lists of "
                "processes. Set SEARCHER_OPENSEARCH_USER and SEARCHER_OPENSEARCH_PASSWORD."
            )
        hosts = [host for host in parts.netloc.split(",") if host]
        name = parts.path.strip("/")
        if not hosts or not _NAME.fullmatch(name):
            raise UsageError(
                f"“{location}” names no index: small letters, digits, hyphens and dots. {_EXAMPLE}"
            )
        if protocol == "http" and not environment.get("SEARCHER_OPENSEARCH_INSECURE"):
            _require_loopback(hosts)
        options = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        shards, copies = _number(options.pop("shards", None)), _number(options.pop("copies", None))
        if options or shards == 0:
            raise UsageError(f"“?{parts.query}” is unknown: an address may end in ?shards=3&copies=1.")
        nodes = tuple(f"{protocol}://{_with_port(host)}" for host in hosts)
        return cls(location.partition("?")[0], nodes, name, shards, copies)

    def __str__(self) -> str:
        return self.location


def headers(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the headers that prove who asks; none where the environment names nobody. Raises UsageError."""
    key, token = (environment.get(f"SEARCHER_OPENSEARCH_{name}") for name in ("API_KEY", "TOKEN"))
    user, password = (environment.get(f"SEARCHER_OPENSEARCH_{name}") for name in ("USER", "PASSWORD"))
    if bool(user) != bool(password):
        raise UsageError("Set both, SEARCHER_OPENSEARCH_USER and SEARCHER_OPENSEARCH_PASSWORD.")
    if key:
        return {"authorization": f"ApiKey {key}"}
    if token:
        return {"authorization": f"Bearer {token}"}
    if user:
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return {"authorization": f"Basic {pair}"}
    return {}


def _require_loopback(hosts: list[str]) -> None:
    for host in hosts:
        if not _LOOPBACK.fullmatch(host.rpartition(":")[0] if re.search(r":\d+$", host) else host):
            raise UsageError(
                f"{host} would be asked in clear: anybody on the way could read and change everything. "
                "Use opensearch+https://… (or set SEARCHER_OPENSEARCH_INSECURE=1 in a network you trust)."
            )


def _with_port(host: str) -> str:
    return host if re.search(r":\d+$", host) else f"{host}:{_PORT}"


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}", text):
        raise UsageError(f"“{text}” is no number of shards or copies.")
    return int(text)
