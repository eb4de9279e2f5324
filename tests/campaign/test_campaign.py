"""The short form of the campaign: nothing is lost."""

from __future__ import annotations

import pytest

from tests.campaign.__main__ import table
from tests.campaign.campaign import run_short
from tests.campaign.kinds import KINDS

_SEED = 1


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost(kind: str) -> None:
    results = run_short(kind, _SEED)
    assert not results.losses, "\n\n".join(f"{loss.what}: {loss.words}\nagain: {loss.again}" for loss in results.losses)
    assert results.attempts[kind] == KINDS[kind].short
    assert "| 0 |" in table(results)
