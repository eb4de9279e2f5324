"""Tests of the web pages of articles."""
