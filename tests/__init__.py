"""The tests of news-tui; ``python -m tests`` runs them together with every other check."""
