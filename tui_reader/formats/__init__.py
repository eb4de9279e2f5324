"""Stories as documents for people and other programs: text, Markdown, HTML, JSON, EPUB and mail."""
