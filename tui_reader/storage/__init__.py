"""SQLite storage: the index, the marks and the feed store."""
