"""Tests of tui_reader.sources.http.client."""
