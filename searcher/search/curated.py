"""An engine with what people decide beside its index: names, synonyms and fields of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from searcher import own_fields, textfiles
from searcher.engines.base import Engine
from searcher.errors import IndexDamaged, UsageError
from searcher.names import decisions
from searcher.names.decisions import Curation
from searcher.names.resolution import Identities
from searcher.search.answering import Answering
from searcher.textfiles import Texts, Watched

if TYPE_CHECKING:
    from searcher.query.synonyms import Synonyms

__all__ = ["CuratedEngine", "DecidedNames", "watched_names"]


class DecidedNames(NamedTuple):
    """The decisions about names beside an index: None where they cannot be understood, for which reason."""

    identities: Identities | None
    problem: str = ""


def watched_names(texts: Texts) -> Watched[DecidedNames]:
    """Return the decisions about names beside an index, which are read again once their text changes."""
    return Watched(texts, decisions.FILE, _names_in)


class CuratedEngine:
    """An engine that follows the texts of decisions, synonyms and own fields beside its index."""

    def __init__(self, engine: Engine, texts: Texts, names: Watched[DecidedNames] | None) -> None:
        """``names``: those that the engine resolves by, where they were read already."""
        self._opened: Engine | None = engine
        self._texts = texts
        self._names = names or watched_names(texts)
        self._names_in_use = self._names.current() if names else None
        self._synonyms = Watched(texts, textfiles.SYNONYMS, _synonyms_in)
        self._fields = Watched(texts, own_fields.FILE, own_fields.load)

    def require_open(self) -> Engine:
        """Return the engine, by the names that were used last. Raises UsageError once it is closed."""
        if self._opened is None:
            raise UsageError("This index is closed: open it again with open_index.")
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def answering(self) -> Answering:
        """The engine with the names and synonyms as their files are now."""
        engine, names = self.require_open(), self._names.current()
        self._fields.current()  # which declares them
        if names is not self._names_in_use:
            if names.identities is not None:
                engine.use_names(names.identities)
            self._names_in_use = names
        return Answering(engine, self._synonyms.current())

    def decided(self) -> DecidedNames:
        """The decisions about names as their file is now."""
        return self._names.current()

    def decide(self, curation: Curation) -> None:
        """Replace the decisions about names, but for what others have decided since these were read."""
        self.require_open()
        decisions.save(self._texts, curation)
        self.answering()

    def set_synonyms(self, changed: Synonyms) -> None:
        """Replace the synonyms, but for what others have added since these were read."""
        from searcher.query import synonyms

        self.require_open()
        synonyms.save(self._texts, changed)


def _names_in(texts: Texts) -> DecidedNames:
    try:
        return DecidedNames(Identities(decisions.load(texts)))
    except IndexDamaged as error:
        return DecidedNames(None, str(error))


def _synonyms_in(texts: Texts) -> Synonyms | None:
    """Return the synonyms beside an index; None, and nothing of them loaded, where there are none."""
    if not textfiles.says_something(texts.read(textfiles.SYNONYMS)):
        return None
    from searcher.query import synonyms

    return synonyms.load(texts)
