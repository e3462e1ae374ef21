"""How fast an index on a cluster is loaded and asked."""
