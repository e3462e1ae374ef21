"""The OpenSearch engine: an index on a cluster, for collections larger than one machine.

``client`` sends requests to the nodes of an address, ``setup`` creates the indexes of ``index_settings``,
``documents`` turns articles into documents, ``state`` is the last commit, ``lease`` the write lock,
``ledger`` the shared records, and ``replica`` a machine's copy of them. ``writer`` changes the index.
``translation``, ``result_pages``, ``value_counts``, ``facets``, ``statements`` and ``reader`` answer
searches. ``names`` is the table of names.

Invariants:
    FORMAT in ``index_settings`` rises whenever ``documents``, ``index_settings`` or ``state`` change so that
        an older reader or writer would be wrong.
    A field is mapped in ``index_settings``, written by ``documents`` or ``names``, and read by
        ``translation``, ``facets``, ``value_counts`` or ``statements``.
    Every query for documents has the filters of ``ClusterState.live``. Only ``writer.purge`` deletes
        documents of other generations.
    Columns of shared tables in ``replica`` are those of the schema in ``records.store``.
"""

from __future__ import annotations

from searcher.engines.base import OpenedIndex
from searcher.names.table import Identities

__all__ = ["open_engine"]


def open_engine(
    location: str,
    *,
    identities: Identities,
    create: bool = True,
    repair: bool = False,  # noqa: ARG001  # The cluster repairs itself.
    timeout: float = 60.0,
    patience: float = 30.0,
) -> OpenedIndex:
    """Open ``opensearch+https://host:9200/name``. See :func:`searcher.index.open_index`."""
    from searcher.extensions.opensearch.client import Address
    from searcher.extensions.opensearch.engine import OpenSearchEngine
    from searcher.extensions.opensearch.replica import Replica

    engine = OpenSearchEngine(
        Address.parse(location), identities=identities, create=create, timeout=timeout, patience=patience
    )
    return OpenedIndex(engine, engine.texts, lambda folder: Replica(folder, engine.ledger))
