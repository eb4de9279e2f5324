"""Tests of tui_reader.storage."""
