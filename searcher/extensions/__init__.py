"""Features that few people need. Each folder uses only the hooks that a plug-in has."""
