"""A search request as the parameters of a URL, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from searcher.errors import UsageError
from searcher.query.arguments import OPTIONS

#: The names of options in a URL, where they are others than in JSON.
_IN_URL: Final = {"query": "q", "kinds": "kind", "facets": "facet"}
_FROM_URL: Final = {short: name for name, short in _IN_URL.items()}
_ONLY: Final = "only_"
_NOT: Final = "not_"
_LISTS: Final = frozenset({"said_by", "kinds"})
_FLAGS: Final = {"0": False, "false": False, "1": True, "true": True}


def to_pairs(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """JSON-ready data as the pairs of a URL."""
    for name, value in data.items():
        match name, value:
            case (("only" | "exclude"), dict()):
                parameter = _excluded if name == "exclude" else _included
                yield from ((parameter(field), one) for field, values in value.items() for one in values)
            case _, list():
                yield from ((_IN_URL.get(name, name), one) for one in value)
            case _:
                yield _IN_URL.get(name, name), str(int(value) if isinstance(value, bool) else value)


def from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The pairs of a URL as arguments. Names of fields may stand in one pair, with commas between them."""
    given: dict[str, Any] = {}
    sides: dict[str, dict[str, list[str]]] = {"only": {}, "exclude": {}}
    for parameter, value in pairs:
        name = _FROM_URL.get(parameter, parameter)
        if name in ("facets", "every"):
            named = (one.strip() for one in value.split(","))
            given.setdefault(name, []).extend(one for one in named if one)
        elif name in _LISTS:
            given.setdefault(name, []).append(value)
        elif name == "query" or name in OPTIONS:
            if name in given:
                raise UsageError(f"{parameter} stands twice in the URL.")
            given[name] = _read(name, value)
        else:
            side = sides["exclude" if name.startswith(_NOT) else "only"]
            side.setdefault(name.removeprefix(_NOT).removeprefix(_ONLY), []).append(value)
    return {**given, **sides}


def _included(field: str) -> str:
    """The parameter of a field. One of one's own that has the name of an option is told apart from it."""
    return _ONLY + field if field in OPTIONS or field in _FROM_URL or field in _IN_URL else field


def _excluded(field: str) -> str:
    return _NOT + field


def _read(name: str, value: str) -> Any:
    """A value as its option takes it; as it is where it cannot be read, for the check to refuse it."""
    usual = OPTIONS[name][0] if name in OPTIONS else ""
    try:
        if isinstance(usual, bool):
            return _FLAGS.get(value.lower(), value)
        if name in ("limit", "offset"):
            return int(value)
        return float(value) if name == "confidence" else value
    except ValueError:
        return value
