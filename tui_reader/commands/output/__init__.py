"""How commands print: tables, JSON lines and progress, on a terminal or elsewhere."""
