"""Settings and fixtures for all tests: hypothesis, and web servers on loopback addresses."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support.forking import forking
from tests.support.servers import CERTIFICATE, Loopback, Site
from tui_reader.sources.http import transport

# A slow or busy machine is no failure: no deadline, and no check of how long examples take to make.
# CI tries the same examples every time, so that a commit passes or fails for its own reasons.
settings.register_profile(
    "tests", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
# For a fault that was put in on purpose, any example that fails will do: the smallest one is not looked for.
settings.register_profile(
    "mutation", settings.get_profile("tests"), phases=(Phase.explicit, Phase.generate), derandomize=True, database=None
)
settings.load_profile("mutation" if "NEWS_TUI_MUTATION" in os.environ else "tests")

# Whoever starts the tests in the background, or with nohup, ignores these signals, and what the tests start would
# inherit that. A handler is not inherited.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda number, frame: None)


def pytest_collection_finish() -> None:
    """Leave all that was imported out of later garbage collections, of which the reader makes one a closed screen."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)  # as the program does


@pytest.fixture(scope="session", autouse=True)
def forks() -> Iterator[None]:
    """Let commands be forked instead of started anew, where nothing about the start is tested."""
    with forking():
        yield


@pytest.fixture
def net() -> Iterator[Loopback]:
    """Start servers that stop with the test."""
    with Loopback() as net:
        yield net


@pytest.fixture
def certified(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Trust the certificate of the servers with TLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    transport._certificates.cache_clear()
    yield
    transport._certificates.cache_clear()


@pytest.fixture
def site(net: Loopback) -> Site:
    """Start one server."""
    return net.site()
