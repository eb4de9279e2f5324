"""The addresses of articles on the site they are of, built as its generator builds them."""
