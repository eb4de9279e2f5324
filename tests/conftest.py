"""Web servers on loopback addresses, for whatever asks the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import Loopback, Site


@pytest.fixture
def net() -> Iterator[Loopback]:
    """Servers that end with the test."""
    with Loopback() as net:
        yield net


@pytest.fixture
def site(net: Loopback) -> Site:
    """One server."""
    return net.site()
