"""Tests of ``tui_reader.index``."""
