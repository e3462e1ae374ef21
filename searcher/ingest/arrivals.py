"""The order in which articles came, which is kept while their names and quotations come in another one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from searcher.engines.base import Engine
from searcher.ingest.run import MAX_ARTICLES, Records
from searcher.records.store import from_sql, has_table, to_sql


class Arrivals:
    """The ids of articles that count as added later than they came, in the order in which they came."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def keep(self, ids: Iterable[str]) -> None:
        """Put ids behind those that are kept; one that is kept stays where it is."""
        with self._records.store.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO arrivals (id) VALUES (?)", ([to_sql(id)] for id in ids))

    def restore(self, engine: Engine) -> int:
        """Write the articles anew in the order in which they came, and return how many these are. Stopped
        on the way, it begins again the next time."""
        with self._records.store.reading() as db:
            rows = db.execute("SELECT id FROM arrivals ORDER BY number") if has_table(db, "arrivals") else ()
            ids = [from_sql(id) for (id,) in rows]
        remaining = iter(ids)
        while group := list(islice(remaining, MAX_ARTICLES)):
            self._move(engine, group)
        if ids:
            self.forget()
        return len(ids)

    def _move(self, engine: Engine, ids: Iterable[str]) -> None:
        """Write articles anew, so that they count as added last."""
        with self._records.writer(engine) as writer:
            self._records.write(writer, lambda: filter(None, map(engine.get, ids)))

    def forget(self) -> None:
        """Let articles have the order that they have."""
        with self._records.store.transaction() as db:
            db.execute("DELETE FROM arrivals")
