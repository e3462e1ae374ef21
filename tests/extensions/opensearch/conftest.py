"""A cluster of OpenSearch, as conformance uses it."""

from tests.engines.conftest import cluster, emptied_opensearch, location, make_opensearch, shared_location

__all__ = ["cluster", "emptied_opensearch", "location", "make_opensearch", "shared_location"]
