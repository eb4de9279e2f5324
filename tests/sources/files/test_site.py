"""The data of a site: its title, root topic and topics."""

import pytest

from tui_reader.errors import ArticleError
from tui_reader.model.topic import Topic
from tui_reader.sources.files.site import Site, parse_site, parse_topic


def test_title_and_root_topic_of_a_site() -> None:
    assert parse_site(b"title: A &amp; B\x1b\ntopic: AI\nx: &y [z]\nw: *y\n") == Site("A & B␛", "AI")
    assert parse_site("\ufefftitle:\r\ntopic: null\r\n".encode()) == Site()
    with pytest.raises(ArticleError, match="not valid YAML") as caught:
        parse_site(b"a: 1\ntitle: [\n")
    assert caught.value.line == 3


def test_the_fields_of_a_topic() -> None:
    topic = parse_topic(
        b"name: A\x1bI\nparent: NO\n_id: 2020\nshortname: ai\ndescription: d\nkeywords: [a, null, [b], c]\n"
    )
    assert topic == Topic("A␛I", "NO", "ai", "2020", "d", ("a", "c"))


@pytest.mark.parametrize("data", [b"", b"- name", b"title: x", b"name: [x]", b"name: !!python/name:os x", b"name: '"])
def test_an_invalid_topic_is_an_error(data: bytes) -> None:
    with pytest.raises(ArticleError):
        parse_topic(data)
