"""Lets ``python -m tui_reader`` do what the ``news-tui`` command does."""

import sys

from tui_reader.cli import main

sys.exit(main())
