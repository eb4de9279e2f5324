"""Finds what of a story can be muted, and how many stories each mute would hide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_reader.model.expression import quoted
from tui_reader.model.story import Story
from tui_reader.named_tuple import NamedTuple
from tui_reader.storage.index_reader import IndexReader
from tui_reader.stories.wording import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SHORTEST = 3  # letters; shorter words, unless capitals, are in too many titles
_LONGEST_NAME = 3  # words; in a title with capitals throughout, longer ones are no names
_SPACE = " "
_MOST_WORDS = 16  # of a title, that are counted
_TOGETHER = 3  # words of a query for stories like one


class Mutable(NamedTuple):
    """A mute of one kind (keyword, provider, topic): its word as it is written, and how many stories it would hide."""

    kind: str
    word: str
    stories: int


def mutable(reader: IndexReader, story: Story) -> list[Mutable]:
    """Return what of a story can be muted: its provider, its topics, then names and words of its title.

    Raises :class:`StoreError`.
    """
    provider = story.row.provider.name or story.row.provider.domain
    wanted = [("provider", provider)] if provider else []
    wanted += [("topic", topic) for topic in story.topics]
    wanted += [("keyword", word) for word in title_words(story.row.title)]
    hidden = reader.hidden_by((kind, word.casefold()) for kind, word in wanted)
    return [Mutable(kind, word, hidden[kind, word.casefold()]) for kind, word in wanted]


def query_like(reader: IndexReader, title: str) -> str:
    """Return a query for stories like one: its title's rarest words that are in another title too.

    Raises :class:`StoreError`.
    """
    words = [word for word in title_words(title) if _SPACE not in word][:_MOST_WORDS]
    found = {word: set(reader.matching(f"title:{quoted(word)}")) for word in words}
    rarest = sorted(words, key=lambda word: len(found[word]))
    shared = [word for word in rarest if len(found[word]) > 1] or rarest
    for number in range(min(_TOGETHER, len(shared)), 0, -1):
        some = shared[:number]
        if number == 1 or len(set.intersection(*(found[word] for word in some))) > 1:
            return " ".join(f"title:{quoted(word)}" for word in some)
    return ""


def title_words(title: str) -> list[str]:
    """Return the names of several words in a title, then its single words, without those that say nothing."""
    found = list(_WORD.finditer(title))
    single = [match[0] for match in found if _says_something(match[0])]
    return list({word.casefold(): word for word in (*_names(title, found), *single)}.values())


def _says_something(word: str) -> bool:
    if word.isdigit() or word.lower() in FUNCTION_WORDS:
        return False
    return len(word) >= _SHORTEST or (word.isupper() and len(word) > 1) or not word.isascii()


def _names(title: str, words: list[re.Match[str]]) -> Iterator[str]:
    """Return each series of two or three words with capitals, none of them a function word."""
    series: list[re.Match[str]] = []
    for word in (*words, None):
        follows = word is not None and (not series or title[series[-1].end() : word.start()] == _SPACE)
        if word is not None and follows and _begins_name(word[0]):
            series.append(word)
            continue
        if 1 < len(series) <= _LONGEST_NAME:
            yield title[series[0].start() : series[-1].end()]
        series = [word] if word is not None and _begins_name(word[0]) else []


def _begins_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in FUNCTION_WORDS
