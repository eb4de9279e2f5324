"""Articles, stories, topics and queries: immutable data and pure functions; needs only the Public Suffix List."""
