"""``python -m tests.benchmarks.stories``: the quality of stories on real articles, and the time to form them.

Needs the evaluation scripts in ``../shared/eval`` and an unpacked collection,
whose labels are removed first.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tui_reader.model.topic import Topic
from tui_reader.model.weights import Weights
from tui_reader.stories.facts import Facts, chronological
from tui_reader.stories.grouping import Grouping
from tui_reader.stories.quality import quality
from tui_reader.stories.similarity import Probe, Vector, unpack, vector
from tui_reader.stories.topics import Matcher, compile_topics
from tui_reader.stories.wording import SAMPLE, frequent_words

EVAL = Path(__file__).parents[2].parent / "shared" / "eval"
WEEK = 7 * 86_400  # seconds within which the measure looks for related articles
TOPICS = [
    Topic("Azure", keywords=("azure",)),
    Topic("AI", "Azure", keywords=("machine learning", "cognitive", "ai", "artificial intelligence")),
    *(Topic(f"Subject {n}", "Azure", keywords=(f"subject {n}", f"matter-{n}", f"thing {n}")) for n in range(20)),
]


def read(folder: Path) -> dict[int, tuple[str, Facts]]:
    """Return the articles of an evaluation set by page: their ids in the set, and their facts."""
    articles = {}
    with (folder / "items.jsonl").open() as lines:
        for item in map(json.loads, lines):
            published = round(datetime.fromisoformat(item["published"]).timestamp())
            page = int(item["id"], 16)
            facts = Facts(page, published, item["title"], item["excerpt"], item["domain"], item["n_images"] > 0)
            articles[page] = item["id"], facts
    return articles


def stories_of(articles: Sequence[Facts], vectors: dict[int, Vector]) -> dict[int, int]:
    """Return the story of each article that has a date, by page."""
    grouping = Grouping()
    return {
        one.page: grouping.add(one, vectors[one.page]).story
        for one in sorted(articles, key=chronological)
        if one.published is not None
    }


def _score(script: str, folder: Path, lines: list[str], *options: str) -> None:
    command = [sys.executable, str(EVAL / script), str(folder), *options, "--judged", str(EVAL / "judged_pairs.json")]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    print(done.stdout)


def goodness(folder: Path, matcher: Matcher) -> None:
    """Print the scores of the evaluation."""
    articles = read(folder)
    every = [facts for _, facts in articles.values()]
    common = matcher.root_words() | frequent_words([one.title for one in sorted(every)[:SAMPLE]])
    vectors = {one.page: vector(one.title, one.excerpt, common) for one in every}
    stories = stories_of(every, vectors)
    lines = [f"{articles[page][0]}\t{story}" for page, story in stories.items()]
    _score("eval_cluster.py", folder, lines, "--max-size", "11")
    ordered = sorted(every, key=chronological)
    times = [one.published or 0 for one in ordered]
    lines = []
    for one, at in zip(ordered, times, strict=True):
        probe = Probe(vectors[one.page])
        near = ordered[bisect_left(times, at - WEEK) : bisect_right(times, at + WEEK)]
        alike = sorted(((probe.similarity(vectors[other.page]), other.page) for other in near), reverse=True)
        lines += [f"{articles[one.page][0]}\t{articles[page][0]}\t{value:.4f}" for value, page in alike[:21]]
    _score("eval_related.py", folder, lines, "--max-related", "10", "--window", "7")


def made(real: Sequence[Facts], count: int, days: float) -> list[Facts]:
    """Return ``count`` articles over ``days`` days: real ones with every other word replaced by one of another."""
    rng = random.Random(5)
    pages = list(range(count))
    result = []
    for page in pages:
        one, other = rng.choice(real), rng.choice(real)
        texts = []
        for some, more in ((one.title, other.title), (one.excerpt, other.excerpt)):
            ours, theirs = some.split(), more.split()
            theirs = (theirs * len(ours))[: len(ours)] or ours
            ours[1::2] = theirs[1::2]
            texts.append(" ".join(ours))
        published = 1_600_000_000 + round(page * days * 86_400 / count)
        result.append(one._replace(page=page, published=published, title=texts[0], excerpt=texts[1]))
    return result


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # MB, on Linux


def speed(real: Sequence[Facts], count: int, days: float, matcher: Matcher) -> None:
    """Print the milliseconds an article takes for topics, quality and stories, and for one more at the end."""
    articles = made(real, count, days)
    weights = Weights()
    vector("load the background frequencies")
    grouping = Grouping()
    packed = []
    before = _peak()
    begin = time.process_time()
    for one in articles:
        topics = matcher.match(one.title)
        quality(one, subtopics=matcher.subtopics(topics), weights=weights)
        made_vector = vector(one.title, one.excerpt, matcher.root_words())
        packed.append(made_vector.pack())
        grouping.add(one, made_vector)
    took = (time.process_time() - begin) * 1000 / count
    held = _peak() - before
    last = articles[-1]
    begin = time.process_time()
    again = vector(last.title, last.excerpt, matcher.root_words())
    grouping.add(last._replace(page=count), again)
    more = (time.process_time() - begin) * 1000
    begin = time.process_time()
    for data in packed:
        unpack(data)
    loaded = (time.process_time() - begin) * 1000 / count
    size = sum(map(len, packed)) / count
    print(
        f"{count:,} articles in {days:g} days: {took:.2f} ms an article, one more {more:.1f} ms, "
        f"unpacking {loaded:.3f} ms, {size:.0f} bytes a vector, {held:.0f} MB"
    )


def main() -> None:
    """Run all measures, or only the fast ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.stories", description=__doc__)
    parser.add_argument("collection", type=Path, help="an unpacked collection, or the output folder of evalset.py")
    parser.add_argument("--quick", action="store_true", help="skip the 50,000 articles")
    chosen = parser.parse_args()
    matcher = compile_topics(TOPICS, root="Azure")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.collection
        if not (folder / "items.jsonl").exists():
            folder = Path(temporary)
            subprocess.run([sys.executable, str(EVAL / "evalset.py"), str(chosen.collection), temporary], check=True)
        goodness(folder, matcher)
        real = [facts for _, facts in read(folder).values()]
        speed(real, 5_000, 30, matcher)
        if not chosen.quick:
            speed(real, 50_000, 120, matcher)


if __name__ == "__main__":
    main()
