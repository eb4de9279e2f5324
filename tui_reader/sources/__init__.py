"""Sources: files, feeds, site APIs and web pages, parsed into articles."""
