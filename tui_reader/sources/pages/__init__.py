"""Web pages of articles: what of them is the article."""
