"""Tests of tui_reader.sources.sync."""
