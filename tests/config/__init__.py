"""Tests of tui_reader.config."""
