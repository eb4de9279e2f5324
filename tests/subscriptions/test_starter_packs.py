"""The starter packs in the package."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tui_reader.errors import SourceError
from tui_reader.model.topic import topic_tree
from tui_reader.model.urls import safe_url
from tui_reader.subscriptions.opml_reader import read_opml
from tui_reader.subscriptions.opml_writer import write_opml
from tui_reader.subscriptions.starter_packs import PACK_NAMES, Pack, load_pack, load_packs
from tui_reader.subscriptions.subscription import source_key


@pytest.fixture(params=PACK_NAMES)
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(request.param)


def test_there_are_six_packs_with_different_names() -> None:
    assert len({pack.name for pack in load_packs()}) == 6


def test_each_pack_has_eight_to_twelve_feeds_in_its_folder(pack: Pack) -> None:
    assert 8 <= len(pack.subscriptions) <= 12
    assert pack.description
    for feed in pack.subscriptions:
        assert feed.folder == (pack.name,)
        assert feed.topics == (pack.topics[0].name,)
        assert feed.title
        assert not feed.paused


def test_all_addresses_are_https_and_unique() -> None:
    addresses = [feed.location for pack in load_packs() for feed in pack.subscriptions]
    assert len({source_key(address) for address in addresses}) == len(addresses)
    for address in addresses:
        assert safe_url(address) == address
        assert urlsplit(address).scheme == "https"
    titles = [feed.title for pack in load_packs() for feed in pack.subscriptions]
    assert len(set(titles)) == len(titles)


def test_every_feed_has_a_web_page(pack: Pack) -> None:
    for feed in pack.subscriptions:
        assert dict(feed.attributes).keys() == {"htmlUrl"}


def test_topics_are_one_tree_with_keywords(pack: Pack) -> None:
    assert 5 <= len(pack.topics) <= 9
    tree = topic_tree(pack.topics)
    assert [node.depth for node in tree] == [0] + [1] * (len(pack.topics) - 1)
    assert tree[0].topic.name == pack.name
    for topic in pack.topics:
        assert topic.description
        assert 5 <= len(topic.keywords) <= 15
        assert len(set(topic.keywords)) == len(topic.keywords)
        for keyword in topic.keywords:
            assert keyword == keyword.lower().strip()
            assert len(keyword) > 1


def test_topics_of_all_packs_can_be_combined() -> None:
    names = [topic.name.casefold() for pack in load_packs() for topic in pack.topics]
    assert len(set(names)) == len(names)


def test_a_pack_survives_an_export(pack: Pack) -> None:
    text = write_opml(pack.subscriptions, title=pack.name)
    assert read_opml(text.encode(), "pack").subscriptions == pack.subscriptions


def test_an_unknown_pack_is_an_error_that_lists_the_packs() -> None:
    with pytest.raises(SourceError, match="science"):
        load_pack("../sample/_config")
