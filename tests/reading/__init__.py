"""Opening pages."""
