"""Progress is passed between processes as JSON."""

import json

from tui_reader.model.progress import Progress


def test_the_json_format_keeps_its_names() -> None:
    assert list(Progress().as_json()) == [
        *("done", "total", "changed", "gone", "stored", "finished", "failures", "asked", "asking", "new", "gathering")
    ]


def test_progress_survives_a_round_trip_through_json() -> None:
    progress = Progress(1, 2, 3, 4, 5, True, ("a failure",), 6, 7, 8, clustering=True)
    restored = Progress.from_json(json.loads(json.dumps(progress.as_json())))
    assert restored._replace(failures=tuple(restored.failures)) == progress


def test_the_failures_of_all_lines_are_put_together() -> None:
    lines = [Progress(failures=("a",)), Progress(done=1), Progress(done=2, failures=("b", "c"))]
    progress = Progress()
    for line in lines:
        progress = line.after(progress)
    assert progress == Progress(done=2, failures=("a", "b", "c"))
