"""Compare feed parsers: import time, speed, and what they find in malformed feeds.

Run ``python -m tests.benchmarks.feed_parsers``, after ``pip install feedparser
fastfeedparser feedparser-rs``; parsers that are not installed are skipped. Ours
is measured up to finished articles with their bodies as Markdown.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

FEEDS, ITEMS = 200, 50

_ITEM = (
    "<item><title>Story {n}: rain &amp;amp; snow</title><link>https://cloud.example/{feed}/{n}</link>"
    "<guid isPermaLink='false'>{feed}-{n}</guid><pubDate>Fri, 01 Nov 2024 10:{m:02}:00 +0100</pubDate>"
    "<category>Weather</category><description>{short}</description>"
    "<content:encoded><![CDATA[{long}]]></content:encoded></item>"
)
_SHORT = "&lt;p&gt;It rained, and &lt;a href='/x'&gt;people&lt;/a&gt; said so.&lt;/p&gt;"
_LONG = "<h2>Rain</h2>" + "<p>It rained <em>hard</em> on <a href='/r?a=1&amp;b=2'>the river</a> all day long.</p>" * 12
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Rain</title><link>https://cloud.example/</link>'
)
_ONE = "<item><title>{0}</title><link>https://cloud.example/{0}</link></item>"
_THREE = "".join(_ONE.format(name) for name in "abc")
_LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{_LAUGHS}]>'

MALFORMED: dict[str, bytes] = {
    "bare &": (_HEAD + _THREE.replace("<title>b", "<title>a & b") + "</channel></rss>").encode(),
    "&nbsp;": (_HEAD + _THREE.replace("<title>b", "<title>a&nbsp;b") + "</channel></rss>").encode(),
    "control character": (_HEAD + _THREE.replace("<title>b", "<title>a\x0bb") + "</channel></rss>").encode(),
    "cut off": (_HEAD + _THREE)[:-20].encode(),
    "wrong end tag": (_HEAD + _THREE.replace("b</title>", "b</titel>") + "</channel></rss>").encode(),
    "no namespace": (
        _HEAD + _THREE.replace("</item>", "<media:thumbnail url='x'/></item>") + "</channel></rss>"
    ).encode(),
    "text before": ("Warning: no database\n" + _HEAD + _THREE + "</channel></rss>").encode(),
    "wrong encoding": (
        _HEAD.replace("utf-8", "us-ascii") + _THREE.replace("<title>b", "<title>é") + "</channel></rss>"
    ).encode(),
    "one bad byte": (_HEAD + _THREE + "</channel></rss>").encode().replace(b"<title>b", b"<title>b\xff"),
    "UTF-16": (_HEAD.replace("utf-8", "utf-16") + _THREE + "</channel></rss>").encode("utf-16"),
    "entity bomb": (_BOMB + _HEAD[38:] + "<item><title>&e9;</title></item>" + _THREE + "</channel></rss>").encode(),
}
"""Each contains three items that can be read, titled ``a``, ``b`` and ``c`` or almost so."""


def _feeds() -> list[bytes]:
    return [
        (
            _HEAD
            + "".join(_ITEM.format(feed=feed, n=n, m=n % 60, short=_SHORT, long=_LONG) for n in range(ITEMS))
            + "</channel></rss>"
        ).encode()
        for feed in range(FEEDS)
    ]


def _ours(data: bytes) -> list[str]:
    from tui_reader.sources.feeds.parser import parse_feed

    return [
        entry.article.title for entry in parse_feed(data, "", "https://cloud.example/feed", now=2_000_000_000).entries
    ]


def _other(name: str) -> Callable[[bytes], list[str]]:
    parse: Callable[[bytes], Any] = import_module(name).parse
    return lambda data: [str(entry.get("title", "")) for entry in parse(data).entries]


def _start(module: str) -> float:
    """Return the seconds that a new Python process takes to import ``module``, the best of five."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    runs = (subprocess.run([sys.executable, "-c", code], capture_output=True, check=True) for _ in range(5))
    return min(float(run.stdout) for run in runs)


def _outcome(parse: Callable[[bytes], list[str]], data: bytes) -> str:
    try:
        titles = parse(data)
    except Exception as error:  # noqa: BLE001 - the type of the error is the result
        return type(error).__name__
    return str(sum(bool(title) and len(title) < 100 for title in titles))


def main() -> None:
    """Print the figures of every parser that is installed."""
    feeds = _feeds()
    for module in ("tui_reader.sources.feeds.parser", "feedparser", "fastfeedparser", "feedparser_rs"):
        if find_spec(module) is None:
            print(f"{module}: not installed")
            continue
        parse = _ours if module.startswith("tui") else _other(module)
        parse(feeds[0])
        start = time.process_time()
        found = sum(len(parse(feed)) for feed in feeds)
        seconds = time.process_time() - start
        print(
            f"{module}: import {_start(module) * 1000:.0f} ms, {found} items in {seconds:.2f} s CPU; items found of 3:"
        )
        print("   " + ", ".join(f"{name} {_outcome(parse, data)}" for name, data in MALFORMED.items()))


if __name__ == "__main__":
    main()
