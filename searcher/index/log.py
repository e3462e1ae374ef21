"""What people have changed in an index, with an undo."""

from __future__ import annotations

from searcher.errors import UsageError
from searcher.index.names import Names
from searcher.index.session import Session
from searcher.names import decisions
from searcher.records.log import TAG, Log
from searcher.records.store import Store
from searcher.records.tags import TagDecisions


class IndexLog(Log):
    """The log of an index (:attr:`Index.log`): tags, cases, notes, names, saved searches and deletions."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.store)
        self._session = session

    @property
    def store(self) -> Store:
        """The records that the log is part of. Saved searches are stored there, too."""
        return self._session.store

    @property
    def is_persistent(self) -> bool:
        """Whether the records are stored; those of an index in memory are lost with it."""
        return self._session.is_persistent

    def share(self) -> None:
        """Send changes of the store to the other machines that use this index."""
        self._session.share()

    def undo(self, step: str) -> str:
        """Undo a change of names or tags, as far as it is still in effect. Return the id of the new step.

        Raises UsageError if nothing of it can be undone.
        """
        from searcher.ingest import loader

        changes = [change for one in self.steps(id=step) for change in one.changes]
        if about_names := [one for one in changes if one.kind in decisions.CURATED_KINDS]:
            added, removed = (
                {(one.kind, one.about, one.value) for one in about_names if one.added is state}
                for state in (True, False)
            )
            names = Names(self._session)
            return names.decide(names.decisions.undo(added, removed))
        tags: dict[str, tuple[list[str], list[str]]] = {}
        for one in changes:
            if one.kind == TAG:
                tags.setdefault(one.about, ([], []))[one.added].append(one.value)
        if not tags:
            raise UsageError("Only changes of names, tags, cases and notes can be undone.")
        tagged = [
            TagDecisions(id, tuple(restored), tuple(removed)) for id, (restored, removed) in tags.items()
        ]
        loader.import_tags(self._session.engine, self._session.records(), tagged)
        return self.steps(1)[0].id
