"""Feeds and site APIs: discovery and parsing."""
