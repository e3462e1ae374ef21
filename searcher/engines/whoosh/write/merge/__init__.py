"""Merging: one segment made of several, streamed so that memory stays flat."""
