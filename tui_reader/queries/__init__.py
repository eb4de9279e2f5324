"""Questions that a person asks about articles and sources, answered as data."""
