"""Bytes and files from anywhere become articles: front matter, folders, archives."""
