"""Tests of ``tui_reader.stories``."""
