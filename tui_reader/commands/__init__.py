"""What each command does; the reader itself lives in ``ui``."""
