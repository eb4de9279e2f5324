"""Every query finds what a slow and obvious implementation finds, among generated articles."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.storage.test_text_search import is_in
from tests.support.collections import TOPICS, write_article, write_topics
from tests.support.index import Store, indexed, opened
from tui_reader.errors import QueryError, UnknownName
from tui_reader.model.expression import (
    STATES,
    And,
    Expression,
    Field,
    Not,
    Or,
    Text,
    all_of,
    any_of,
    none_of,
    to_text,
)
from tui_reader.model.expression_dates import age_seconds, date_span
from tui_reader.model.expression_parser import parse
from tui_reader.model.full_text import FullText
from tui_reader.model.query import Filter, Query, Window
from tui_reader.model.source_tree import ListedSource
from tui_reader.model.story import Story
from tui_reader.pipeline.indexer import update_index
from tui_reader.storage.full_texts import FullTexts
from tui_reader.storage.marks import Marks

WORDS = ("outage", "cloud", "storm", "ferry", "naïve", "rust", "outages", "東京都", "大阪市", "go")
PROVIDERS = {"Reuters": "reuters.com", "The Wire": "news.wire.example", "BBC News": "bbc.co.uk"}
FULL_TEXTS = 3  # every article of which one is in so many has a full text
DAY = 86_400
ARTICLES = 36


def write_articles(site: Path, chance: random.Random, first: int) -> None:
    """Write stories of three articles, every other one for the indexer to rate and group."""
    write_topics(site)
    entries: list[dict[str, Any]] = []
    for number in range(first, first + ARTICLES // 2):
        provider = chance.choice(list(PROVIDERS))
        entries.append({
            "title": f"{' '.join(chance.sample(WORDS, 2))} number {number}",
            "excerpt": f"Of {chance.choice(WORDS)} and more.",
            "publishedDateTime": f"2021-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:00:00Z",
            "webUrl": f"https://{PROVIDERS[provider]}/{number}",
            "type": chance.choice(["article", "article", "video"]),
            "provider": {"name": provider, "domain": PROVIDERS[provider]},
            "quality": chance.choice([0, 10, 20, 30]),
        })  # fmt: skip
    for place, entry in enumerate(entries):
        lead = place - place % 3
        extra: dict[str, Any] = {"topics": chance.sample(TOPICS, chance.randint(0, 2))}
        if chance.random() < 0.3:
            extra["images"] = [{"url": f"https://pictures.example/{place}.jpg"}]
        if place % 2:
            extra |= {"heat": 40 + place if place == lead else -1, "published": place == lead}
            extra["related"] = entries[lead + 1 : lead + 1 + place % 3] if place == lead else [entries[lead]]
        else:
            entry.pop("quality")
        body = f"Then a {chance.choice(WORDS)} came.\n\nAnd {chance.choice(WORDS)} {chance.choice(WORDS)}."
        write_article(site / "_news" / f"{place:02}.md", entry | extra, body if chance.random() < 0.8 else "")
    write_article(site / "_news" / "undated.md", {"title": f"A ferry without a date, {first}"})
    # A story that began before a window of a month ends, and has an article in it.
    begun, later = (
        {
            "title": f"A storm in {month}, {first}",
            "date": f"2021-{month}-20",
            "webUrl": f"https://bbc.co.uk/{first}-{month}",
        }
        for month in (11, 12)
    )
    write_article(site / "_news" / "begun.md", begun | {"heat": 70, "related": [later]})
    write_article(site / "_news" / "later.md", later | {"heat": -1, "published": False, "related": [begun]})


class Seen(NamedTuple):
    """What can be seen of an article."""

    story: Story
    lead: Story
    sources: tuple[str, ...]
    tags: tuple[str, ...]
    note: str


class Reference:
    """Evaluates an expression for one article after the other, by what can be seen of it."""

    def __init__(self, store: Store, places: list[ListedSource]) -> None:
        reader = store.reader
        self._places = places
        self.articles: dict[int, Seen] = {}
        for number in reader.order(Query(folded=True)):
            story = reader.story(number)
            assert story is not None
            lead = story if story.folded_under is None else reader.story(story.folded_under.article)
            assert lead is not None
            tags, note = store.marks.tags.of(story.row.page), store.marks.tags.note(story.row.page)
            self.articles[number] = Seen(story, lead, reader.source_locations(number), tags, note)
        self._newest = max(seen.story.row.published or 0 for seen in self.articles.values())

    def found(self, expression: Expression) -> set[int]:
        return {number for number, seen in self.articles.items() if self._is_so(expression, seen)}

    def stories(self, expression: Expression) -> set[int]:
        found = {self.articles[number].lead.row.article for number in self.found(expression)}
        return {number for number in found if self.articles[number].story.row.shown}

    def _is_so(self, expression: Expression, seen: Seen) -> bool:
        match expression:
            case And(parts):
                return all(self._is_so(part, seen) for part in parts)
            case Or(parts):
                return any(self._is_so(part, seen) for part in parts)
            case Not(part):
                return not self._is_so(part, seen)
            case Text(text, field):
                row, provider = seen.story.row, seen.story.row.provider.name
                if field == "provider" and "." in text:
                    return f".{row.provider.domain}".endswith(f".{text}")
                texts = {"title": [row.title], "provider": [provider], "text": [row.excerpt]}
                some = texts.get(field, [row.title, row.excerpt, provider])
                is_found = any(is_in(expression, each, is_body=False) for each in some)
                return is_found or (field in {"", "text"} and is_in(expression, seen.story.body, is_body=True))
        return self._has(expression, seen)

    def _has(self, field: Field, seen: Seen) -> bool:
        name, value, row = field.name, field.value, seen.story.row
        if name == "is":
            states = {"read": row.read, "saved": row.saved, "lead": row.shown}
            return states[value] if value in states else not states[{"unread": "read", "folded": "lead"}[value]]
        if name == "has":
            marks = {"tag": bool(seen.tags), "note": bool(seen.note), "text": seen.story.is_full}
            return marks.get(value, value in {file.kind for file in seen.story.media()} | {row.kind})
        if name == "tag":
            return value.casefold() in {tag.casefold() for tag in seen.tags}
        if name == "note":
            return value.casefold() in " ".join(seen.note.casefold().split())
        if name == "lead":
            return self._is_so(Text(value, "provider"), seen._replace(story=seen.lead))
        if name == "topic":
            return value.casefold() in {topic.casefold() for topic in seen.story.topics}
        if name == "source":
            return any(place.title == value and place.location in seen.sources for place in self._places)
        if name == "folder":
            return any(value in place.folder and place.location in seen.sources for place in self._places)
        if name in {"date", "age"}:
            return row.published is not None and self._is_then(field, row.published)
        number = {"heat": seen.lead.row.heat, "related": seen.lead.row.related, "quality": row.quality}[name]
        return number is not None and compared(number, field.operator, int(value), int(value) + 1)

    def _is_then(self, field: Field, published: int) -> bool:
        if field.name == "date":
            return compared(published, field.operator, *date_span(field.value))
        age = age_seconds(field.value)
        assert age is not None
        return compared(self._newest - published, field.operator, age, age + 1)


def compared(number: int, operator: str, start: int, end: int) -> bool:
    """Compare a number with those from ``start`` up to but without ``end``."""
    return {
        "=": start <= number < end,
        "<": number < start,
        "<=": number < end,
        ">": number >= end,
        ">=": number >= start,
    }[operator]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("expressions")
    chance = random.Random(7)
    for place, name in enumerate(("near", "far")):
        write_articles(folder / name, chance, place * 100)
    indexed(folder / "index.db", folder / "near", folder / "far")
    put_full_texts(folder, chance)
    with opened(folder / "index.db") as store:
        numbers = store.reader.order(Query(folded=True))
        store.marks.set_read(numbers[::3], 1)
        store.marks.set_saved(numbers[::5], 1)
        store.marks.tags.add(numbers[::4], ["Later"])
        store.marks.tags.add(numbers[::6], ["on call", "Ärger"])
        store.marks.tags.set_note(numbers[::7], "Ask about\nit.", 1)
        store.reader.places = lambda: [
            ListedSource(str(folder / "near"), "Alpha", ("News", "Near")),
            ListedSource(str(folder / "far"), "Beta", ("News",)),
        ]
        yield store


def put_full_texts(folder: Path, chance: random.Random) -> None:
    """Store full texts for some of the articles, as if their pages had been fetched."""
    with opened(folder / "index.db") as store:
        rows = store.reader.rows(store.reader.order(Query(folded=True))).values()
    pages = [row.page for row in rows if chance.random() < 1 / FULL_TEXTS]
    with FullTexts.opened(folder / "fetched.db") as texts:
        for page in pages:
            text = f"All of it: {chance.choice(WORDS)} {chance.choice(WORDS)}, and {chance.choice(WORDS)}."
            texts.put([FullText(page, "https://paper.example/", text)])
    *_, last = update_index(
        folder / "index.db", [str(folder / name) for name in ("near", "far")], texts=folder / "fetched.db"
    )
    assert last.finished


@pytest.fixture(scope="module")
def reference(store: Store) -> Reference:
    reference = Reference(store, list(store.reader.places()))
    bodies = [bool(seen.story.body) + seen.story.is_full for seen in reference.articles.values()]
    assert set(bodies) == {0, 1, 2}, "none, the body of the source, a full text"
    return reference


OPERATORS = st.sampled_from(["=", "<", "<=", ">", ">="])
LEAVES = st.one_of(
    st.builds(
        Text,
        st.sampled_from([*WORDS, "out", "re", "京", "京都", "阪市"]),
        st.sampled_from(["", "title", "text"]),
        st.booleans(),
    ),
    st.builds(
        Text,
        st.sampled_from(["go rust", "came and", "a storm came", "市 大"]),
        st.sampled_from(["", "text"]),
        st.just(True),
    ),
    st.builds(Text, st.sampled_from(["reuters", "wire", "bbc", "reuters.com", "wire.example"]), st.just("provider")),
    st.builds(Field, st.just("topic"), st.just("="), st.sampled_from(TOPICS)),
    st.builds(Field, st.just("source"), st.just("="), st.sampled_from(["Alpha", "Beta"])),
    st.builds(Field, st.just("folder"), st.just("="), st.sampled_from(["News", "Near"])),
    st.builds(Field, st.just("tag"), st.just("="), st.sampled_from(["later", "On Call", "ärger"])),
    st.builds(Field, st.just("note"), st.just("="), st.sampled_from(["ASK", "about it", "nothing"])),
    st.builds(Field, st.just("lead"), st.just("="), st.sampled_from(["reuters", "news.wire.example"])),
    *(st.builds(Field, st.just(name), st.just("="), st.sampled_from(words)) for name, words in STATES.items()),
    st.builds(Field, st.just("heat"), OPERATORS, st.sampled_from(["-1", "20", "46", "60"])),
    st.builds(Field, st.just("quality"), OPERATORS, st.sampled_from(["0", "10", "30"])),
    st.builds(Field, st.just("related"), OPERATORS, st.sampled_from(["0", "1", "2"])),
    st.builds(Field, st.just("date"), OPERATORS, st.sampled_from(["2021-03", "2021-07-09", "2021-03-03T02:00"])),
    st.builds(Field, st.just("age"), st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(["30d", "8m", "9w"])),
)
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.lists(part, min_size=2, max_size=4).map(all_of),
        st.lists(part, min_size=2, max_size=4).map(any_of),
        part.map(none_of),
    ),
    max_leaves=7,
)


@example(Not(Text("outage")))
@example(none_of(all_of([Text("cloud", "text"), none_of(any_of([Text("京都"), none_of(Text("storm"))]))])))
@example(And((Text("outage"), Field("is", "=", "folded"))))
@example(And((Text("outage"), Field("heat", ">", "20"), Not(Field("is", "=", "read")))))
@given(EXPRESSIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_queries_find_what_an_obvious_search_finds(store: Store, reference: Reference, expression: Expression) -> None:
    text = to_text(expression)
    assert parse(text) == expression
    wanted = reference.found(expression)
    assert list(store.reader.matching(text)) == sorted(wanted), text
    query = Query(words=text)
    stories = store.reader.order(query)
    assert set(stories) == reference.stories(expression), text
    assert store.reader.count(query) == len(stories)
    for number, row in store.reader.listed(query, stories).items():
        if number in wanted:
            assert row.match is None, text
        else:
            assert row.match is not None, text
            assert row.match.article in wanted, text
            assert reference.articles[row.match.article].lead.row.article == number, text


def test_names_in_a_query(store: Store) -> None:
    def found(words: str) -> int:
        return len(store.reader.matching(words))

    assert found("topic:weather") == found("topic:WEAT") == found('topic:"Weather"') > 0
    assert found("folder:news/near") == found("folder:near") == found("source:alpha") == found("source:near") > 0
    assert found("folder:news") == found("source:alpha OR source:beta") == ARTICLES + 6
    for words, said in (
        ("ferry topic:Wether", "there is no topic ‘Wether’: did you mean ‘Weather’?"),
        ("source:gamma", "there is no source ‘gamma’"),
        ("xylophone topic:Wether", "there is no topic ‘Wether’"),
        ("folder:Nears", "there is no folder ‘Nears’"),
    ):
        with pytest.raises(UnknownName, match=said) as caught:
            found(words)
        assert words[: caught.value.start].endswith(":")
        assert caught.value.end == len(words)


def test_names_that_nothing_has_are_told_with_those_that_may_be_meant(store: Store) -> None:
    def said(words: str, within: str = "") -> list[str]:
        return store.reader.unknown_names(Query(words=words, within=within))

    assert said("ferry lead:\u00ad") == ["there is no provider ‘’"]
    assert said("ferry provider:reutres -provider:nobody lead:(bbs OR bbc)") == [
        "there is no provider ‘reutres’: did you mean ‘Reuters’?",
        "there is no provider ‘bbs’: did you mean ‘BBC News’?",
    ]
    assert said('provider:"Bbc Newz"') == ["there is no provider ‘Bbc Newz’: did you mean ‘BBC News’?"]
    assert said("tag:latter", "tag:xylophone") == [
        "nothing has the tag ‘xylophone’",
        "nothing has the tag ‘latter’: did you mean ‘Later’?",
    ]
    assert said("ferry provider:reuters tag:later lead:bbc") == said("topic:") == said("ferry") == []


def test_words_in_a_view_are_read_by_themselves(store: Store) -> None:
    # Both have as many words as a query can have, and an unknown name is told where it was typed.
    many = "ferry OR storm" + " OR cloud" * 98
    both = Query(words=many, within=many, folded=True)
    assert store.reader.order(both) == store.reader.order(Query(words="ferry OR storm OR cloud", folded=True))
    for words, place in (("source:gamma", (7, 12)), ("ß topic:Wether", (8, 14))):
        with pytest.raises(UnknownName) as caught:
            store.reader.order(Query(words=words, within="outage OR storm"))
        assert (caught.value.start, caught.value.end) == place
    # What is wrong with the query of the view is about no place in what was typed.
    for words, within in (("cloud", "storm source:gamma"), ("source:beta", "source:gamma"), ("cloud", "(storm")):
        with pytest.raises(QueryError, match=re.escape(f"(in the query of the view: {within})")) as caught_too:
            store.reader.order(Query(words=words, within=within))
        assert (caught_too.value.start, caught_too.value.end) == (0, len(words))
    with pytest.raises(UnknownName, match="in the query of the view: source:gamma"):
        store.reader.order(Query(within="source:gamma"))


def test_a_folder_that_is_renamed_is_found_by_its_new_name(store: Store) -> None:
    before = store.reader.places
    try:
        query = Query(words="folder:near")
        stories = store.reader.order(query)
        renamed = [place._replace(folder=("Close",)) for place in before()]
        store.reader.places = lambda: renamed
        assert set(store.reader.order(Query(words="folder:close"))) > set(stories)
        with pytest.raises(QueryError):
            store.reader.order(query)
    finally:
        store.reader.places = before


def test_queries_follow_the_marks(store: Store) -> None:
    marks: Marks = store.marks
    (article, *_) = store.reader.matching("is:unread is:lead")
    saved = len(store.reader.matching("is:saved"))
    with marks.step("save"):
        marks.set_read([article], 2)
        assert article not in store.reader.matching("is:unread")
        marks.set_saved([article], 2)
    assert article in store.reader.matching("is:saved")
    marks.set_read([article], None)
    marks.set_saved([article], None)
    assert article in store.reader.matching("is:unread")
    assert len(store.reader.matching("is:saved")) in {saved, saved - 1}


def test_muted_articles_match_but_are_not_listed(store: Store) -> None:
    query = Query(words="-provider:bbc", folded=True)
    everything = list(store.reader.matching(query.words))
    store.marks.mute("provider", "reuters")
    try:
        assert list(store.reader.matching(query.words)) == everything
        listed = list(store.reader.order(query))
        assert 0 < len(listed) < len(everything)
    finally:
        store.marks.unmute("provider", "reuters")


AGES = {Window.DAY: "1d", Window.WEEK: "1w", Window.MONTH: "30d"}


def test_a_window_has_the_stories_that_a_search_by_age_finds(store: Store, reference: Reference) -> None:
    grown = 0
    for window, age in AGES.items():
        stories = set(store.reader.order(Query(window=window)))
        assert stories == set(store.reader.order(Query(words=f"age:{age}"))), window
        assert stories == reference.stories(Field("age", "<=", age)), window
        own = {number for number in stories if number in reference.found(Field("age", "<=", age))}
        grown += len(stories - own)
        articles = set(store.reader.order(Query(window=window, folded=True)))
        assert articles == reference.found(Field("age", "<=", age)), window
    assert grown
    store.marks.mute("provider", "reuters")
    try:
        for window, age in AGES.items():
            assert set(store.reader.order(Query(window=window))) == set(store.reader.order(Query(words=f"age:{age}")))
    finally:
        store.marks.unmute("provider", "reuters")


def test_what_hides_the_stories_that_a_search_would_find(store: Store) -> None:
    every = store.reader.count(Query(words="outage"))
    none = Query(words="outage date:2021-01..2021-02", window=Window.DAY, topic="Snow", filter=Filter.SAVED)
    assert store.reader.count(none) == 0
    hidden = store.reader.hidden_from_search(none)
    assert hidden.all == store.reader.count(Query(words=none.words)) > 0
    in_window = none._replace(window=Window.ALL)
    assert hidden.window == store.reader.count(in_window)
    by_topic = store.reader.hidden_from_search(Query(words="outage", topic="Snow"))
    assert by_topic.place == every - store.reader.count(Query(words="outage", topic="Snow"))
    assert (by_topic.window, by_topic.filter) == (0, 0)
