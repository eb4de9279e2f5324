"""The SQLite index, which can always be thrown away, and the marks, which never may."""
