"""Feeds and site APIs: from the bytes of a response to articles."""
