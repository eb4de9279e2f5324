"""Asks before addresses in a private network are added that a page or a list names, not the person."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tui_reader.model.counted import counted
from tui_reader.model.text import visible


def confirm_private(named_by: str, addresses: Sequence[str], *, confirmed: bool) -> bool:
    """Return whether ``addresses``, which ``named_by`` names, may be added.

    ``confirmed`` is what the command line says (``--private``). Without it,
    ask on a terminal, and do not add them where there is none.
    """
    if confirmed or not addresses:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    print(f"{visible(named_by)} names {counted(len(addresses), 'address', 'addresses')} in your private network:")
    for address in addresses:
        print(f"  {visible(address)}")
    return input("Add them? Only if you know them. [y/N] ").strip().lower() in {"y", "yes"}
