"""Tests of ``tui_reader.model``."""
