"""What few people need, beside the core: each folder uses only the hooks that a plug-in has."""
