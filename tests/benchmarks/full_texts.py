"""Measures how much of articles is extracted from web pages, and how much else.

``python -m tests.benchmarks.full_texts`` prints our own figures, those of
readability-lxml alone, and those of trafilatura where that is installed.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.benchmarks.page_shapes import WebPage, web_pages
from tui_reader.sources.html.markdown import html_to_markdown
from tui_reader.sources.pages.page_text import read_page

_WORD = re.compile(r"\w+")


class Score(NamedTuple):
    """How many sentences of the article were found, and how many of the others, of how many."""

    found: int
    article: int
    wrong: int
    rest: int

    def __str__(self) -> str:
        return f"{_percent(self.found, self.article)} of the article, {_percent(self.wrong, self.rest)} of the rest"


def score(page: WebPage, text: str) -> Score:
    """Compare an extracted text with what is known of the page."""
    words = f" {' '.join(_WORD.findall(text.casefold()))} "
    return Score(_found(page.article, words), len(page.article), _found(page.rest, words), len(page.rest))


def total(scores: Iterable[Score]) -> Score:
    """Return the sum of the scores of several pages."""
    return Score(*(sum(column) for column in zip(*scores, strict=True)))


def _found(sentences: Sequence[str], words: str) -> int:
    return sum(f" {' '.join(_WORD.findall(sentence.casefold()))} " in words for sentence in sentences)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole if whole else 0:5.1f} %"


def ours(page: WebPage) -> str:
    """Extract as the reader does."""
    return read_page(page.html.encode(), "text/html", page.address, title=page.title).text


def trafilatura_alone(page: WebPage) -> str:
    """Extract with trafilatura and its defaults; it is no dependency."""
    import trafilatura

    return trafilatura.extract(page.html, url=page.address) or ""


def readability(page: WebPage) -> str:
    """Extract with readability-lxml alone."""
    from readability import Document

    return html_to_markdown(Document(page.html).summary(html_partial=True), page.address)


EXTRACTORS: dict[str, Callable[[WebPage], str]] = {
    "news-tui": ours,
    "trafilatura": trafilatura_alone,
    "readability-lxml": readability,
}


def main() -> None:
    """Print the figures of each extractor; with an argument, those of each page that is not right."""
    pages = list(web_pages())
    for name, extract in EXTRACTORS.items():
        try:
            extract(pages[0])
        except ImportError as error:
            print(f"{name:18} is not installed ({error.name})")
            continue
        start = time.process_time()
        scores = [score(page, extract(page)) for page in pages]
        seconds = time.process_time() - start
        print(f"{name:18} {total(scores)}, {1000 * seconds / len(pages):.0f} ms a page")
        if sys.argv[1:]:
            for page, each in zip(pages, scores, strict=True):
                if each.found < each.article or each.wrong:
                    print(f"    {page.name:28} {each}  ({each.article - each.found} missing, {each.wrong} wrong)")


if __name__ == "__main__":
    main()
