"""The process that makes vectors: the same ones in the same order, whatever becomes of it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from itertools import islice

import pytest

from tui_reader.pipeline.vector_process import WORTH_A_PROCESS, Text, packed_vectors
from tui_reader.stories.similarity import vector

STOP_WORDS = frozenset({"storm"})


def texts(count: int = WORTH_A_PROCESS) -> list[Text]:
    return [(f"Storm number {number} closes port {number % 7}", f"Ferries {number} wait") for number in range(count)]


def expected(every: list[Text]) -> list[bytes]:
    return [vector(title, excerpt, STOP_WORDS).pack() for title, excerpt in every]


@pytest.fixture(autouse=True)
def two_processors_and_no_process_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield
    assert not multiprocessing.active_children()


def test_vectors_are_made_beside_in_the_order_of_the_texts() -> None:
    made = packed_vectors(texts(), STOP_WORDS)
    first = next(made)
    assert len(multiprocessing.active_children()) == 1
    assert [first, *made] == expected(texts())


def test_a_run_that_is_stopped_ends_the_process() -> None:
    made = packed_vectors(texts(), STOP_WORDS)
    next(made)
    made.close()


def test_the_vectors_that_a_dead_process_did_not_send_are_made_here() -> None:
    every = texts(2 * WORTH_A_PROCESS)
    made = packed_vectors(every, STOP_WORDS)
    first = next(made)
    (process,) = multiprocessing.active_children()
    process.kill()
    assert [first, *made] == expected(every)


def test_an_exception_is_raised_where_its_text_is_due(capfd: pytest.CaptureFixture[str]) -> None:
    every: list[Text] = texts()
    every[700] = ("A title", None)  # type: ignore[assignment]  # as a bug would have it
    made = packed_vectors(every, STOP_WORDS)
    assert list(islice(made, 700)) == expected(every[:700])
    with pytest.raises(TypeError):
        next(made)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("count", "processors"), [(WORTH_A_PROCESS, 1), (WORTH_A_PROCESS - 1, 2)])
def test_no_process_where_it_does_not_pay(count: int, processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    made = packed_vectors(texts(count), STOP_WORDS)
    first = next(made)
    assert not multiprocessing.active_children()
    assert [first, *made] == expected(texts(count))
