"""Articles, stories, topics and queries: frozen data and pure rules, standard library only."""
