"""The benchmarks run: a quick round at the smallest size, without looking at the figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.corpora import BIG_COLLECTION, SIZES, Shape, make
from tests.benchmarks.feed_server import server
from tests.benchmarks.readers import NewsTui, all_can_be_read, step
from tests.benchmarks.results import Figure, percentile, write
from tui_reader.model.progress import Progress

ROOT = Path(__file__).parent.parent


def test_a_quick_round_yields_every_figure(tmp_path: Path) -> None:
    # They wait for a terminal most of the time: three at once.
    parts = (("screen", "search"), ("keys", "large"), ("changing", "searches", "size"))
    runs = []
    for number, measures in enumerate(parts):
        folder, saved = tmp_path / f"bench{number}", tmp_path / f"figures{number}.json"
        options = ["--articles", "1000", "--runs", "1", "--folder", str(folder), "--save", str(saved)]
        command = [sys.executable, "-m", "tests.benchmarks", *measures, *options]
        runs.append(
            (saved, subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        )
    printed, figures = "", []
    for saved, process in runs:
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        printed += output
        figures += json.loads(saved.read_text())["figures"]
    names = [figure["name"] for figure in figures]
    assert any(name.startswith("first screen, 1,000") for name in names)
    assert any(name.startswith("search as you type") for name in names)
    assert all(value > 0 for figure in figures for value in figure["values"])
    for name in names:
        assert name in printed


def test_a_refresh_is_measured_from_outside(tmp_path: Path) -> None:
    with server(3, 4) as served:
        reader = NewsTui(tmp_path / "home", served.addresses(3), {"PATH": os.environ["PATH"]})
        done = reader.refresh()
    assert done.new == 12
    assert 0 < done.read <= done.ended
    assert not sys.platform.startswith("linux") or done.memory > 1_000_000


def test_progress_without_what_is_measured_by_is_an_error() -> None:
    done = Progress(sources_done=2, sources_total=2, changed=9, new=9)
    printed = done.as_json()
    assert all_can_be_read(step(json.dumps(printed).encode()))
    assert not all_can_be_read(done._replace(changed=8).as_json())
    assert not all_can_be_read(done._replace(sources_done=1).as_json())
    assert not all_can_be_read(Progress().as_json())
    for name in ("asking", "asked", "changed", "new"):
        without = {key: value for key, value in printed.items() if key != name}
        with pytest.raises(ValueError, match=f"no longer prints {name}"):
            step(json.dumps(without).encode())


def test_the_table_goes_into_its_place(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n", encoding="utf-8")
    write("| new |", page)
    assert page.read_text(encoding="utf-8") == (
        "before\n<!-- figures -->\n\n| new |\n\n<!-- end of figures -->\nafter\n"
    )


def test_a_generated_collection_is_reproducible(tmp_path: Path) -> None:
    shape = Shape("small", 40, 200)
    one, other = make(tmp_path / "one", shape), make(tmp_path / "other", shape)
    names = sorted(path.name for path in (one / "_news").iterdir())
    assert len(names) == 40
    for name in names:
        assert (one / "_news" / name).read_bytes() == (other / "_news" / name).read_bytes()


def test_the_big_collection_has_the_size_of_the_real_one() -> None:
    assert (BIG_COLLECTION.articles, BIG_COLLECTION.related) == (4_958, 161_223)
    assert list(SIZES) == [1_000, 10_000, 100_000]


def test_percentiles_are_values_of_the_sample() -> None:
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7.0], 95) == 7.0
    assert Figure("x", "ms", (1.0, 2.0, 9.0), "", limit=5).met == "yes"
    assert Figure("x", "ms", (1.0, 2.0, 9.0), "", limit=5, of="p95").met == "no"
