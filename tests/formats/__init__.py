"""Tests of ``tui_reader.formats``."""
