"""Articles, stories, topics and queries: immutable data and pure functions, standard library only."""
