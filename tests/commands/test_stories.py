"""``news-tui stories`` and ``news-tui topics``: text and JSON."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.collections import (
    PROVIDERS,
    TOPICS,
    address,
    article_fields,
    entry_fields,
    heat_of,
    make_collection,
    moment,
    stories_of,
    write_article,
)
from tests.support.command import Home
from tui_reader.model.fingerprint import page_id
from tui_reader.model.urls import page_key

KEYS = [
    "id",
    *("title", "excerpt", "publishedDateTime", "webUrl", "originalUrl", "ampWebUrl", "type", "quality", "heat", "hot"),
    *("published", "provider", "author", "topics", "related", "lead", "match", "commentsUrl", "media"),
    *("read", "unread", "new", "saved", "tags", "note", "source", "sources"),
]
RELATED_KEYS = ["title", "webUrl", "provider", "publishedDateTime", "quality"]
ARTICLES = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_collection(tmp_path_factory.mktemp("made") / "site", ARTICLES)


def titles(found: list[dict[str, Any]]) -> list[Any]:
    return [story["title"] for story in found]


def title(number: int) -> str:
    return f"Report {number} on the weather"


def test_json_has_the_keys_of_the_front_matter(home: Home, source: Path) -> None:
    found = home.objects("stories", source)
    assert [list(story) for story in found] == [KEYS] * len(found)
    hottest = stories_of(ARTICLES)[0]
    story = found[0]
    name, domain = PROVIDERS[hottest % 3]
    assert story == {
        "id": f"{page_id(page_key(address(hottest)))}",
        "title": title(hottest),
        "excerpt": f"What the sky did in hour {hottest}.",
        "publishedDateTime": moment(hottest),
        "webUrl": address(hottest),
        "originalUrl": None,
        "ampWebUrl": None,
        "type": "article",
        "quality": hottest % 90,
        "heat": heat_of(hottest, ARTICLES),
        "hot": round(heat_of(hottest, ARTICLES) * 0.5 ** ((ARTICLES - 1 - hottest) / 24)),
        "published": True,
        "provider": {"name": name, "domain": domain},
        "author": None,
        "topics": [TOPICS[0], TOPICS[1 + hottest // 3 % 2]],
        "related": [
            {key: entry_fields(other)[key] for key in RELATED_KEYS} for other in range(hottest + 1, hottest + 3)
        ],
        "lead": None,
        "match": None,
        "commentsUrl": None,
        "media": [],
        "read": False,
        "unread": 1,
        "new": 0,
        "saved": False,
        "tags": [],
        "note": None,
        "source": str(source),
        "sources": [str(source)],
    }


def test_missing_values_are_null(home: Home, tmp_path: Path) -> None:
    file = write_article(tmp_path / "undated.md", {"title": "Bare", "related": [{"title": "Barer"}]})
    (story,) = home.objects("stories", file)
    assert story["title"] == "Bare"
    absent = ("excerpt", "publishedDateTime", "webUrl", "originalUrl", "ampWebUrl", "quality")
    assert [story[key] for key in absent] == [None] * len(absent)
    assert story["provider"] == {"name": None, "domain": None}
    assert story["heat"] == 20
    assert story["related"] == [
        {
            "title": "Barer",
            "webUrl": None,
            "provider": {"name": None, "domain": None},
            "publishedDateTime": None,
            "quality": None,
        }
    ]


def test_author_comments_and_files_of_a_feed(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(
        "<rss><channel><title>F</title><item><title>t</title><link>https://a.example/1</link>"
        "<author>x@a.example (Ann Ode)</author><comments>https://talk.example/1</comments>"
        "<enclosure url='https://a.example/1.mp3' type='audio/mpeg'/><enclosure url='https://a.example/1.pdf'/>"
        "<enclosure url='https://a.example/1.jpg'/></item></channel></rss>"
    )
    (story,) = home.objects("stories", file)
    assert (story["author"], story["commentsUrl"], story["type"]) == ("Ann Ode", "https://talk.example/1", "audio")
    assert story["media"] == [
        {"kind": "audio", "url": "https://a.example/1.mp3"},
        {"kind": "pdf", "url": "https://a.example/1.pdf"},
        {"kind": "image", "url": "https://a.example/1.jpg"},
    ]


def test_related_entry_with_an_amp_address_is_the_indexed_article(home: Home, tmp_path: Path) -> None:
    page = "https://cloud.example/a"
    entry = {"title": "As AMP", "webUrl": "https://cdn.example/x", "ampWebUrl": f"{page}?outputType=amp"}
    write_article(tmp_path / "a.md", {"title": "Itself", "webUrl": page, "quality": 7})
    write_article(tmp_path / "b.md", {"title": "Lister", "webUrl": "https://cloud.example/b", "related": [entry]})
    lister = next(story for story in home.objects("stories", tmp_path) if story["title"] == "Lister")
    assert lister["related"][0]["title"] == "Itself"
    assert lister["related"][0]["webUrl"] == page
    assert lister["related"][0]["quality"] == 7


def test_the_default_order_is_heat(home: Home, source: Path) -> None:
    assert titles(home.objects("stories", source)) == [title(number) for number in stories_of(ARTICLES)]


def test_orders(home: Home, source: Path) -> None:
    newest = [title(number) for number in (9, 6, 3, 0)]
    assert titles(home.objects("stories", source, "--sort", "newest")) == newest
    assert titles(home.objects("stories", source, "--sort", "quality")) == newest
    providers = [
        story["provider"]["name"].casefold()
        for story in home.objects("stories", source, "--sort", "provider", "--folded")
    ]
    assert providers == sorted(providers)


def test_window_counts_back_from_the_newest_article(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 72)
    found = titles(home.objects("stories", source, "--window", "day", "--sort", "newest"))
    # Article 47 is 24 hours before article 71. Every third leads a story: that of 45 has an article of the day too.
    assert found == [title(number) for number in range(69, 44, -3)]
    assert len(home.objects("stories", source, "--window", "week")) == 24


# -- by source -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with four sources, three of them in folders."""
    home = Home(tmp_path_factory.mktemp("filed"))
    places = {"Morning Wire": "News", "Evening Wire": "News/World", "Saddle Notes": "Blogs", "Loose Leaf": ""}
    for number, (name, folder) in enumerate(places.items()):
        place = home.folder / name.split()[0].lower()
        write_article(place / "a.md", {"title": f"From {name}", "webUrl": f"https://p{number}.example/a"})
        home.lines("add", place, "--title", name, *(["--folder", folder] if folder else []))
    return home


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--source", "saddle notes"], ["Saddle Notes"]),
        (["--source", "wire"], ["Evening Wire", "Morning Wire"]),
        (["--source", "loose", "--source", "Saddle"], ["Loose Leaf", "Saddle Notes"]),
        (["--source", "/evening"], ["Evening Wire"]),
        (["--folder", "News"], ["Evening Wire", "Morning Wire"]),
        (["--folder", "news / world"], ["Evening Wire"]),
        (["--folder", "World"], ["Evening Wire"]),
        (["--folder", "Blogs", "--source", "Evening Wire"], ["Evening Wire", "Saddle Notes"]),
    ],
)
def test_only_the_stories_of_some_sources(filed: Home, options: list[str], expected: list[str]) -> None:
    found = titles(filed.objects("stories", *options))
    assert sorted(found) == [f"From {name}" for name in expected]


def test_the_sources_that_are_named_can_be_chosen_from(filed: Home) -> None:
    morning, saddle = filed.folder / "morning", filed.folder / "saddle"
    assert titles(filed.objects("stories", morning, saddle, "--source", "saddle")) == ["From Saddle Notes"]
    assert titles(filed.objects("stories", morning, saddle, "--source", morning)) == ["From Morning Wire"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--source", "Sadle Note"], "no source is called ‘Sadle Note’: did you mean ‘Saddle Notes’?"),
        (["--folder", "Blog s"], "there is no folder ‘Blog s’: did you mean ‘Blogs’?"),
        (["--folder", "x"], "there is no folder ‘x’: did you mean ‘Blogs’, ‘News’ or ‘News/World’?"),
        (["--source", ""], "no source is called ‘’: did you mean"),
    ],
)
def test_an_unknown_source_or_folder_offers_others(filed: Home, options: list[str], message: str) -> None:
    done = filed.run("stories", *options)
    assert done.returncode == 1
    assert done.stderr.startswith(f"news-tui: {message}")


def test_without_folders_the_message_says_how_to_file_a_source(home: Home, source: Path) -> None:
    done = home.run("stories", source, "--folder", "News")
    assert done.returncode == 1
    assert "none of the sources is in a folder" in done.stderr


def test_folded_shows_every_article(home: Home, source: Path) -> None:
    found = home.objects("stories", source, "--folded")
    assert len(found) == ARTICLES
    assert sum(story["published"] for story in found) == 4
    assert {story["heat"] for story in found if not story["published"]} == {-1}


def test_limit(home: Home, source: Path) -> None:
    assert len(home.lines("stories", source, "--limit", "2")) == 2
    assert home.lines("stories", source, "--limit", "0") == []
    assert len(home.lines("stories", source, "--limit", "99")) == 4


@pytest.mark.parametrize("name", ["Rain", "rain", " RAIN "])
def test_topic_by_any_spelling(home: Home, source: Path, name: str) -> None:
    assert titles(home.objects("stories", source, "--topic", name, "--sort", "newest")) == [title(6), title(0)]


def test_topic_by_short_name(home: Home, source: Path) -> None:
    assert len(home.objects("stories", source, "--topic", "weat")) == 4


def test_unknown_topic_error_has_a_hint(home: Home, source: Path) -> None:
    done = home.run("stories", source, "--topic", "Sunshine")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "Sunshine" in done.stderr
    assert "news-tui topics" in done.stderr


def test_table_is_complete_and_aligned_in_a_pipe(home: Home, tmp_path: Path) -> None:
    long = "A title that goes on and on, " * 12 + "to its end"
    changes: list[dict[str, Any]] = [
        {"title": long},
        {"title": "漢字とかな"},
        {"heat": 1234},
        {"quality": None, "heat": None, "title": "Nothing that any other tells", "excerpt": ""},
    ]
    for number, change in enumerate(changes):
        write_article(tmp_path / f"{number}.md", article_fields(0, 1, webUrl=address(number), **change))
    lines = home.lines("stories", tmp_path)
    assert len(lines) == 4
    assert lines[0].startswith("1234  ")
    # The last article states no quality, so it is computed; its provider is unknown, and its source a rare one.
    assert lines[1].startswith("  56  ")
    assert all(line.startswith("   0  ") for line in lines[2:])
    assert any(long in line for line in lines)
    assert not any("\t" in line for line in lines)
    # 漢字とかな takes ten cells with five characters.
    assert {line.index("2024-03-01") + 5 * ("漢字" in line) for line in lines} == {lines[0].index("2024-03-01")}


def test_read_and_saved_come_from_the_marks(source: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.run("stories", source)
    (marks,) = home.folder.glob(".local/share/news-tui/marks.db")
    (index,) = home.index_files()
    with closing(sqlite3.connect(index)) as db:
        (page,) = db.execute("SELECT page FROM article WHERE web_url = ?", (address(3),)).fetchone()
    with closing(sqlite3.connect(marks)) as db, db:
        db.execute("INSERT INTO mark VALUES (?, ?, 1, 2)", (page, address(3)))
    story = next(story for story in home.objects("stories", source) if story["title"] == title(3))
    assert (story["read"], story["saved"]) == (True, True)
    counts = {topic["name"]: (topic["stories"], topic["unread"]) for topic in home.objects("topics", source)}
    assert counts == {"Weather": (4, 3), "Rain": (2, 2), "Snow": (2, 1)}


def test_topics_are_a_tree_in_the_publishers_order(home: Home, tmp_path: Path) -> None:
    source = make_collection(tmp_path / "site", 9)
    assert [line.split() for line in home.lines("topics", source)] == [
        ["All", "3", "3"],
        ["Weather", "3", "3"],
        ["Rain", "2", "2"],
        ["Snow", "1", "1"],
    ]
    assert [len(line) - len(line.lstrip()) for line in home.lines("topics", source)] == [0, 0, 2, 2]
    assert home.objects("topics", source)[1] == {
        "name": "Rain",
        "shortname": "Rain",
        "_id": "rain",
        "parent": "Weather",
        "keywords": ["rain"],
        "description": None,
        "depth": 1,
        "stories": 2,
        "unread": 2,
    }


def test_topic_whose_parent_is_removed_becomes_a_root(tmp_path: Path) -> None:
    home, folder = Home(tmp_path / "home"), tmp_path / "news"
    write_article(folder / "a.md", {"title": "Wild clouds", "webUrl": "https://a.example/"})
    own = home.folder / ".config" / "news-tui" / "topics.toml"
    own.parent.mkdir(parents=True)
    child = '[[topic]]\nname = "Cloud"\nparent = "Nature"\nkeywords = ["clouds"]\n'
    depths = []
    for text in ('[[topic]]\nname = "Nature"\nkeywords = ["wild"]\n' + child, child):
        own.write_text(text)
        depths.append([(topic["name"], topic["depth"]) for topic in home.objects("topics", folder)])
    assert depths == [[("Nature", 0), ("Cloud", 1)], [("Cloud", 0)]]


def test_topics_that_match_a_title(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    source = make_collection(tmp_path / "site", 9)
    own = home.folder / ".config" / "news-tui" / "topics.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[[topic]]\nname = "Wet"\nkeywords = ["puddle", "rain"]\nnot = ["acid rain"]\n', encoding="utf-8")
    assert home.lines("topics", source, "--test", "A puddle of RAIN") == [
        "Wet: “puddle” in the title",
        "Rain: “rain” in the title",
        "Weather: has the topic Rain",
    ]
    assert home.lines("topics", source, "--test", "Acid rain falls") == [
        "Rain: “rain” in the title",
        "Weather: has the topic Rain",
        "Wet: “rain” in the title, but “acid rain” excludes it",
    ]
    assert home.objects("topics", source, "--test", "rain") == [
        {"topic": "Wet", "keyword": "rain", "below": ""},
        {"topic": "Rain", "keyword": "rain", "below": ""},
        {"topic": "Weather", "keyword": "", "below": "Rain"},
    ]
    done = home.run("topics", source, "--test", "")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("\n") == 1


def test_sample_without_sources(tmp_path: Path) -> None:
    done = Home(tmp_path / "home").run("stories")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) >= 30
    assert "news-tui add" in done.stderr
    assert done.stderr.count("\n") == 1


def test_missing_source_does_not_stop_the_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first, second = make_collection(tmp_path / "a", 3), make_collection(tmp_path / "b", 6, title="B")
    home.run("add", first, second)
    (first / "_config.yml").unlink()
    first.rename(tmp_path / "elsewhere")
    done = home.run("stories")
    assert done.returncode == 1
    assert done.stdout.count("\n") >= 1
    assert str(first) in done.stderr
    assert done.stderr.startswith("news-tui: ")
