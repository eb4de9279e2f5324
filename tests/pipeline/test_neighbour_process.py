"""The processes that make vectors and find neighbours: the same ones in the same order, whatever becomes of them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Generator, Iterator
from itertools import islice

import pytest

from tui_reader.pipeline.neighbour_process import WORTH_A_PROCESS, Arrival, Compared, Text, compared
from tui_reader.stories.neighbours import Comparer, Neighbours
from tui_reader.stories.rules import GroupedArticle, Rules
from tui_reader.stories.similarity import vector

STOP_WORDS = frozenset({"storm"})
MINUTES = 30  # between two articles


def texts(count: int = WORTH_A_PROCESS) -> list[Text]:
    return [(f"Storm number {number} closes port {number % 7}", f"Ferries {number} wait") for number in range(count)]


def arrivals(every: list[Text], first: int = 0) -> list[Arrival]:
    """Return articles without vectors; one of each hundred is in no story with others."""
    return [
        Arrival(MINUTES * 60 * number, f"{number % 5}.example", b"", compared=number % 100 != 50)
        for number in range(first, first + len(every))
    ]


def packed(every: list[Text]) -> list[bytes]:
    return [vector(title, excerpt, STOP_WORDS).pack() for title, excerpt in every]


def begun(every: list[Text]) -> Generator[Compared]:
    return compared(arrivals(every), lambda: every, STOP_WORDS)


def neighbours(every: list[Text]) -> list[Neighbours]:
    """Return what is found in this process."""
    articles: dict[int, GroupedArticle] = {}
    times: list[int] = []
    comparer = Comparer(Rules(), articles, times)
    found = []
    for arrival, (title, excerpt) in zip(arrivals(every), every, strict=True):
        article = GroupedArticle(0, arrival.published, arrival.domain, vector(title, excerpt, STOP_WORDS), 0)
        found.append(comparer.neighbours(article) if arrival.compared else Neighbours({}, ()))
        if arrival.compared:
            articles[len(times)] = article
            times.append(article.published)
    return found


@pytest.fixture(autouse=True)
def two_processors_and_no_process_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield
    assert not multiprocessing.active_children()


def test_vectors_and_neighbours_are_made_beside_in_the_order_of_the_articles() -> None:
    every = texts()
    made = begun(every)
    first = next(made)
    assert len(multiprocessing.active_children()) == 2
    assert [first, *made] == list(map(Compared, packed(every), neighbours(every)))


def test_articles_are_compared_with_earlier_ones_and_stored_vectors_are_not_made_again() -> None:
    every = texts(WORTH_A_PROCESS + 40)
    stored = [one._replace(packed=made) for one, made in zip(arrivals(every), packed(every), strict=True)]
    earlier = [one for one in stored[:40] if one.compared]
    new = [one if number % 2 else one._replace(packed=b"") for number, one in enumerate(stored[40:])]
    made = compared(new, lambda: every[40::2], STOP_WORDS, earlier)
    assert list(made) == list(map(Compared, packed(every), neighbours(every)))[40:]


def test_a_run_that_is_stopped_ends_the_processes() -> None:
    made = begun(texts())
    next(made)
    made.close()


@pytest.mark.parametrize("which", [0, 1])
def test_the_vectors_that_a_dead_process_did_not_send_are_made_here(which: int) -> None:
    every = texts(2 * WORTH_A_PROCESS)
    made = begun(every)
    first = next(made)
    sorted(multiprocessing.active_children(), key=lambda process: process.pid or 0)[which].kill()
    assert [one.packed for one in (first, *made)] == packed(every)


def test_an_exception_is_raised_where_its_text_is_due(capfd: pytest.CaptureFixture[str]) -> None:
    every: list[Text] = texts()
    every[700] = ("A title", None)  # type: ignore[assignment]  # as a bug would have it
    made = begun(every)
    assert [one.packed for one in islice(made, 700)] == packed(every[:700])
    with pytest.raises(TypeError):
        next(made)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("count", "processors"), [(WORTH_A_PROCESS, 1), (WORTH_A_PROCESS - 1, 2)])
def test_no_process_where_it_does_not_pay(count: int, processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    every = texts(count)
    made = begun(every)
    first = next(made)
    assert not multiprocessing.active_children()
    assert [first, *made] == [Compared(one, None) for one in packed(every)]
