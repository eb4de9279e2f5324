"""The front page and the screens that open above it."""
