"""Tests of tui_reader.subscriptions."""
