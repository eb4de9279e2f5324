"""Measures the reader beside a floor and its peers; no part of the test command."""
