"""Opening pages outside the reader."""
