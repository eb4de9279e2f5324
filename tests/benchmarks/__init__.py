"""Benchmarks of the reader, a bare Textual app and other readers; not part of the test command."""
