"""What a site says of itself, and which of its files are articles."""

import pytest

from tui_reader.errors import ArticleError
from tui_reader.model.topic import Topic
from tui_reader.sources.files.site import (
    Site,
    in_article_folder,
    is_hidden,
    is_markdown,
    is_part,
    site_from,
    site_part,
    topic_from,
    topic_order,
)


def test_a_site() -> None:
    assert site_from(b"title: A &amp; B\x1b\ntopic: AI\nx: &y [z]\nw: *y\n") == Site("A & B␛", "AI")
    assert site_from("\ufefftitle:\r\ntopic: null\r\n".encode()) == Site()
    with pytest.raises(ArticleError, match="not YAML") as caught:
        site_from(b"a: 1\ntitle: [\n")
    assert caught.value.line == 3


def test_a_topic() -> None:
    topic = topic_from(
        b"name: A\x1bI\nparent: NO\n_id: 2020\nshortname: ai\ndescription: d\nkeywords: [a, null, [b], c]\n"
    )
    assert topic == Topic("A␛I", "NO", "ai", "2020", "d", ("a", "c"))


@pytest.mark.parametrize("data", [b"", b"- name", b"title: x", b"name: [x]", b"name: !!python/name:os x", b"name: '"])
def test_what_is_no_topic(data: bytes) -> None:
    with pytest.raises(ArticleError):
        topic_from(data)


def test_topics_stand_in_the_order_of_their_numbers() -> None:
    names = ["b.yaml", "10-a.yaml", "9-z.yaml", "a.yaml", "9" * 5000 + ".yaml", "_data/topics/1-x.yaml"]
    assert [name[:7] for name in sorted(names, key=topic_order)] == [
        "_data/t",
        "9-z.yam",
        "10-a.ya",
        "a.yaml",
        "b.yaml",
        "9999999",
    ]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("_config.yml", "config"),
        ("site-main/_config.yml", "config"),
        ("a/b/_config.yml", ""),
        ("_data/topics/01-a.yaml", "topic"),
        ("site/_data/topics/a.yml", "topic"),
        ("_data/topics/sub/a.yml", ""),
        ("_data/organizations/a.md", ""),
        ("_config.yaml", ""),
    ],
)
def test_parts_of_a_site(path: str, part: str) -> None:
    assert site_part(path) == part


def test_articles() -> None:
    assert is_markdown("a/B.MD")
    assert is_markdown("x.markdown")
    assert not is_markdown("a/README.md")
    assert not is_markdown("x.md.txt")
    assert in_article_folder("a/_posts/2020/x.md")
    assert not in_article_folder("a/_posts")
    assert is_hidden(".git/x.md")
    assert is_hidden("_drafts/x.md")
    assert not is_hidden("a.b/x.md")
    assert is_part("_data/organizations/x.md")
    assert not is_part("data/x.md")
