"""From sources to stories: fetching, parsing, indexing, labelling and clustering."""
