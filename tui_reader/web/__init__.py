"""The reader in a browser: a web server, who may come in, and a process of the reader for each page."""
