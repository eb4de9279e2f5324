"""HTML to Markdown, and to one plain line."""
