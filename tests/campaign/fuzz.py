"""Gives every parser mutated and generated input: only the documented errors may come out, in bounded time."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.campaign.mutation import TOKENS, mutated
from tests.campaign.parsers import PARSERS, Parser
from tests.campaign.stage import Stage

_MUTATED, _GENERATED = 120, 50  # inputs for one parser
_SHORT = 8  # times fewer
_SECONDS = 10.0  # of processor time for one input: a hundred times what the slowest should take


def attempt(stage: Stage) -> None:
    """Try one parser with some inputs; the number of the attempt says which parser."""
    parser = PARSERS[stage.number % len(PARSERS)]
    part = _SHORT if stage.short else 1
    for _ in range(_MUTATED // part):
        data = mutated(stage.random, stage.random.choice(parser.samples), parser.samples)
        with stage.trying(parser.name):
            _check(parser, data, stage)
    _generate(parser, stage, _GENERATED // part)


def _generate(parser: Parser, stage: Stage, count: int) -> None:
    """Let hypothesis make inputs of the pieces of the samples; it shrinks one that fails."""
    pieces = [piece for sample in parser.samples for piece in TOKENS.findall(sample)]
    made = st.lists(st.sampled_from(pieces) | st.text(max_size=20).map(_encoded), max_size=200).map(b"".join)

    @seed(stage.random.getrandbits(32))
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(made | st.binary(max_size=500))
    def check(data: bytes) -> None:
        _check(parser, data, stage)

    with stage.trying(parser.name, count):
        check()


def _check(parser: Parser, data: bytes, stage: Stage) -> None:
    start = time.thread_time()
    try:
        parser.check(data, stage.folder)
    except Exception as error:
        # The input is part of what to report: it may be long, so it is kept beside.
        raise RuntimeError(f"{parser.name} with {data[:300]!r}… of {len(data)} bytes") from error
    spent = time.thread_time() - start
    assert spent < _SECONDS, f"{spent:.0f} s of processor time for {data[:300]!r}… of {len(data)} bytes"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
