"""Tests of tui_reader.sources.feeds."""
