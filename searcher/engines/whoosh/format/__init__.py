"""File format: what lies in the folder of an index, and how it is read and checked."""
