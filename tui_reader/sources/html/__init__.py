"""Conversion of HTML to Markdown and to plain text."""
