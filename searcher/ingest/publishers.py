"""Join sources that are one publication under a short name or address and its full name.

“NYTimes” is The New York Times if the pages of one host use both names and its letters begin the words of the
full name. The result is stored with the decisions about names and can be undone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress

from searcher import urls
from searcher.engines.base import Engine
from searcher.errors import IndexDamaged
from searcher.names import decisions
from searcher.names.normalise import fold
from searcher.names.rules import publication
from searcher.query.tree import HasValue, MatchAll, Query
from searcher.textfiles import Texts

#: Sample this many articles per source. At least _MIN_SHARE_OF_HOST of them must have the same host.
_MAX_SAMPLED_ARTICLES, _MIN_SHARE_OF_HOST = 20, 0.8
#: Maximum number of sources to compare. More would take minutes.
_MAX_SOURCES = 20_000
_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)+")
#: Words at the end of a publication's name that its address omits.
_GENERIC = frozenset({"news", "online", "magazine", "newspaper", "international"})
#: First labels of hosts that name a part of a newspaper: “edition.cnn.com”.
_PARTS = frozenset({"edition", "en", "international", "m", "mobile", "news", "online", "us", "web", "www"})


def join_sources(engine: Engine, texts: Texts, new: Collection[str]) -> None:
    """Join new sources with known ones, unless a user has decided about either."""
    with suppress(IndexDamaged):  # Damaged decisions are reported when they are used.
        before, names = decisions.load(texts), engine.names()
        new_names = {name for value in new if (name := names.name_of("source", value))}
        decided = {publication(one) for kind, *pair in before.decisions() if kind == "source" for one in pair}
        changed = before
        for short, full in _pairs(engine, new_names) if new_names else ():
            if not decided & {publication(short), publication(full)}:
                changed = changed.join("source", full, short)
        if changed != before:
            decisions.save(texts, changed)


def _pairs(engine: Engine, new: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each short name with its full name, if the hosts of their articles allow exactly one."""
    counts = engine.search(Query(MatchAll(), facets=("source",), limit=0)).facets["source"].values.counts
    if len(counts) > _MAX_SOURCES:
        return
    beginning: defaultdict[str, list[str]] = defaultdict(list)
    for name in counts:
        for letter in {word[:1] for word in fold(name).removeprefix("the ").split()[:1]}:
            beginning[letter].append(name)
    for short in counts:
        label = publication(short)
        candidates = [
            full
            for full in beginning[label[:1]]
            if full != short
            and not _ADDRESS.fullmatch(full)
            and (short in new or full in new)
            and is_label_of(label, full)
        ]
        host = _host(engine, short) if candidates else None
        confirmed = [full for full in candidates if host and _host(engine, full) == host]
        if len(confirmed) == 1:
            yield short, confirmed[0]


def is_label_of(label: str, name: str) -> bool:
    """Return True if a label consists of the initial letters of all words of a name, in order."""
    words = fold(name).removeprefix("the ").split()
    reached = {0}
    for place, word in enumerate(words):
        if place and word in _GENERIC and len(label) in reached:
            return True
        reached = {
            at + size
            for at in reached
            for size in range(1, min(len(word), len(label) - at) + 1)
            if label.startswith(word[:size], at)
        }
        if not reached:
            return False
    return len(words) > 1 and len(label) in reached


def _host(engine: Engine, name: str) -> str | None:
    """Return the domain that most articles of a source have."""
    sample = engine.search(Query(HasValue("source", name), limit=_MAX_SAMPLED_ARTICLES))
    hosts = Counter(host for hit in sample if (host := urls.host_of(hit.article.url)))
    if not hosts:
        return None
    host, count = hosts.most_common(1)[0]
    if count < _MIN_SHARE_OF_HOST * hosts.total():
        return None
    first, _, rest = host.partition(".")
    return rest if first in _PARTS and "." in rest else host
