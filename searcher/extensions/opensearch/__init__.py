"""The OpenSearch engine: an index on a cluster, for more than one machine holds.

``client`` asks over HTTP the nodes that an address names. ``setup`` makes what lies there, ``index_settings``
and ``documents`` say how an article lies there, ``state`` what is committed, ``lease`` who may write,
``ledger`` what all share beside the articles, and ``replica`` the records of each machine; ``writer`` changes
the index. ``translation``, ``result_pages``, ``value_counts``, ``facets`` and ``reader`` answer; ``names`` is
the table of names.
"""

from __future__ import annotations

from searcher.engines.base import Opened
from searcher.names.table import Identities

__all__ = ["open_engine"]


def open_engine(
    location: str,
    *,
    identities: Identities,
    create: bool = True,
    repair: bool = False,  # noqa: ARG001  # the cluster repairs itself
    timeout: float = 60.0,
    patience: float = 30.0,
) -> Opened:
    """Open ``opensearch+https://host:9200/name``; see :func:`searcher.index.open_index`."""
    from searcher.extensions.opensearch.client import Address
    from searcher.extensions.opensearch.engine import OpenSearchEngine
    from searcher.extensions.opensearch.replica import Replica

    engine = OpenSearchEngine(
        Address.parse(location), identities=identities, create=create, timeout=timeout, patience=patience
    )
    return Opened(engine, engine.texts, lambda folder: Replica(folder, engine.ledger))
