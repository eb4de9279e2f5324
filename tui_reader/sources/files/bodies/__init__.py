"""Bodies of files in each markup, made into plain Markdown."""
