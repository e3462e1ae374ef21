"""The public facade: an :class:`Index` combines readers, extractors and a search engine."""

from __future__ import annotations

from pathlib import Path

from searcher import locations
from searcher.engines.base import Ledger
from searcher.index.asking import Asking
from searcher.index.changing import Changing
from searcher.names.resolution import Identities
from searcher.search.curated import watched_names
from searcher.textfiles import FolderTexts, Texts

__all__ = ["Index", "open_index"]

MEMORY = ":memory:"


class Index(Asking, Changing):
    """A collection of articles to search and to add to.

    Share one between threads freely. There is one writer at a time, in this process or another; a second
    one waits (``timeout`` seconds, then IndexLocked). Searches never wait; they see the last commit, and the
    synonyms and decisions about names that stand beside the index by then.

    Every method may raise IndexDamaged, which names the file, and UsageError once the index is closed. Those
    that change the index raise IndexFailure as well where the system refuses to write.
    """

    # Former names

    curation = Changing.decisions
    curate = Changing.set_decisions
    use_synonyms = Changing.set_synonyms
    restore = Changing.undelete


def open_index(
    location: str | Path = "index",
    *,
    create: bool = True,
    repair: bool = False,
    timeout: float = 60.0,
    patience: float = 30.0,
) -> Index:
    """Open the index in a folder, or a new one in memory (``":memory:"``).

    ``create``: make the folder an index if it is none yet; otherwise IndexMissing is raised. ``repair``: open
    damaged and outdated files too, for :meth:`Index.rebuild`; otherwise IndexDamaged or IndexOutdated is
    raised. ``timeout``: seconds that a change waits for another writer. ``patience``: seconds after which a
    search in a folder is given up with QueryTooBroad.

    ``opensearch+https://HOST/NAME`` is an index on a cluster. Any location with a scheme (``NAME://…``,
    ``NAME+http://…``) is opened by the entry point NAME of the group ``searcher.engines``. Raises UsageError
    where there is none.
    """
    if str(location) == MEMORY:
        from searcher.engines.memory import MemoryEngine

        return Index(MemoryEngine(identities=Identities(), timeout=timeout), None)
    if locations.scheme(location):
        return _open_by_plugin(str(location), create, repair, timeout, patience)
    folder = locations.folder_of(location)
    if not create and not locations.is_index(folder):
        raise locations.missing_index_error(folder)
    from searcher.engines.whoosh import EngineOptions, WhooshEngine

    texts = FolderTexts(folder)
    names = watched_names(texts)
    engine = WhooshEngine(
        folder,
        identities=names.current().identities,
        create=create and not repair,
        repair=repair,
        options=EngineOptions(timeout, patience),
    )
    return Index(engine, texts, names, folder)


def _open_by_plugin(location: str, create: bool, repair: bool, timeout: float, patience: float) -> Index:
    from searcher import plugins

    make = plugins.find("searcher.engines", locations.scheme(location) or "")
    options = {"create": create, "repair": repair, "timeout": timeout, "patience": patience}
    engine = make(location, identities=Identities(), **options)
    beside: Texts | None = getattr(engine, "texts", None)
    if beside is None:
        return Index(engine, None)
    names = watched_names(beside)
    engine.use_names(names.current().identities or Identities())
    ledger: Ledger | None = getattr(engine, "ledger", None)
    return Index(engine, beside, names, locations.local_folder(location), ledger)
