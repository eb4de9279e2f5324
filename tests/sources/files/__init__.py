"""Tests of tui_reader.sources.files."""
