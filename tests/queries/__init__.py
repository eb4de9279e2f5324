"""Tests of tui_reader.queries."""
