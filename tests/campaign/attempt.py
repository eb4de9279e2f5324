"""Run attempts of one kind in a process of their own: ``python -m tests.campaign.attempt KIND SEED FOLDER NUMBER…``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.campaign.kinds import KINDS
from tests.campaign.stage import Stage


def main(kind: str, seed: str, length: str, folder: str, *numbers: str) -> None:
    """Print what each attempt tried and lost, one JSON object a line."""
    for number in numbers:
        place = Path(folder) / number
        place.mkdir()
        os.environ["HOME"] = str(place / "own")
        (place / "own").mkdir()
        os.chdir(place / "own")  # where random keys may export something
        stage = Stage(kind, int(seed), int(number), place, short=length == "short")
        KINDS[kind].attempt()(stage)
        outcome = {"number": int(number), "tries": stage.tries, "losses": stage.losses}
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
