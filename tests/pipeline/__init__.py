"""Tests of tui_reader.pipeline."""
