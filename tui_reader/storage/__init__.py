"""The SQLite files: the index, which can be rebuilt at any time, and the marks and fetched entries, which cannot."""
