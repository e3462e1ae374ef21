"""Start a cluster and leave it running until the process is told to end."""

from __future__ import annotations

import signal
import sys

from tests.extensions.opensearch.node import local_cluster

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with local_cluster(int(sys.argv[1]) if sys.argv[1:] else 1, *sys.argv[2:3]) as cluster:
        print(f"SEARCHER_OPENSEARCH_URL={cluster.address}", flush=True)
        signal.pause()
