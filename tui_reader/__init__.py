"""news-tui: the front page of your field, in your terminal."""

__version__ = "0.1.0"
