"""Tests of tui_reader.sources.html."""
