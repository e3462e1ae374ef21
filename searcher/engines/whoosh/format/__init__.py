"""The file format: reads and verifies the files of an index folder."""
