"""Addresses in a private network that a page or a list names are added, and asked, only if the person confirms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.servers import Loopback, Site
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def kept(home: Home) -> list[Subscription]:
    return load_subscriptions(home.folder / ".config" / "news-tui" / "sources.toml")


def page_naming(site: Site, *feeds: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    return site.page("/", f"<html><head>{links}</head></html>".encode(), kind="text/html")


def opml(path: Path, *feeds: str) -> Path:
    outlines = "".join(f'<outline text="Feed" xmlUrl="{feed}"/>' for feed in feeds)
    path.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    return path


def test_a_page_that_names_another_private_address_needs_a_confirmation(net: Loopback, site: Site, home: Home) -> None:
    other = net.site("127.0.0.2")
    far = other.page("/feed", rss(item(1)))
    page = page_naming(site, far)
    refused = home.run("add", page)
    assert refused.returncode == 1
    assert f"{page} names {far}, which is in your private network" in refused.stderr
    assert "--private" in refused.stderr
    assert kept(home) == []
    home.run("refresh")
    assert other.requests == []
    assert home.run("add", "--private", page).returncode == 0
    assert kept(home) == [Subscription(far, "RSS")]
    home.run("refresh")
    assert other.paths() == ["/feed"]


def test_a_page_may_name_feeds_where_it_is_itself(site: Site, home: Home) -> None:
    near = site.page("/feed", rss(item(1)))
    assert home.run("add", page_naming(site, near)).returncode == 0
    assert kept(home) == [Subscription(near, "RSS")]


def test_on_a_terminal_you_are_asked(net: Loopback, site: Site, home: Home) -> None:
    far = net.site("127.0.0.2").page("/feed", rss(item(1)))
    page = page_naming(site, far)
    _, written = home.on_terminal("add", page, typed="\n")
    assert "1 address in your private network" in written
    assert kept(home) == []
    home.on_terminal("add", page, typed="y\n")
    assert kept(home) == [Subscription(far, "RSS")]


def test_a_list_that_names_private_addresses_needs_a_confirmation(site: Site, home: Home, tmp_path: Path) -> None:
    near = site.page("/feed", rss(item(1)))
    hidden = near.replace("127.0.0.1", "0x7f.1")
    feeds = opml(tmp_path / "list.opml", "https://a.example/feed", near, hidden, "http://router/feed")
    done = home.run("import", feeds)
    assert "added 1 feed, 3 refused" in done.stdout
    assert done.stdout.count("it is in your private network: use --private") == 3
    assert kept(home) == [Subscription("https://a.example/feed", "Feed", only_public=True)]
    assert home.run("import", "--private", feeds).returncode == 0
    assert {source.location for source in kept(home)} == {"https://a.example/feed", near, hidden, "http://router/feed"}
    assert not any(source.only_public for source in kept(home))


def test_a_list_may_name_feeds_where_it_is_itself(site: Site, home: Home, tmp_path: Path) -> None:
    near = site.page("/feed", rss(item(1)))
    data = opml(tmp_path / "list.opml", near, "http://127.0.0.2/feed").read_bytes()
    assert "added 1 feed, 1 refused" in home.run("import", site.page("/list.opml", data)).stdout
    assert kept(home) == [Subscription(near, "Feed")]


def test_a_feed_that_a_list_named_is_not_asked_in_a_private_network_until_you_name_it(site: Site, home: Home) -> None:
    feed = site.page("/feed", rss(item(1)))
    path = home.folder / ".config" / "news-tui" / "sources.toml"
    # As with a name that is public when it is imported, and leads to another address later.
    add_subscriptions(path, [Subscription(feed, only_public=True)])
    refused = home.run("refresh")
    assert "127.0.0.1 is in a private network" in refused.stderr
    assert site.requests == []
    home.run("add", feed)
    assert not kept(home)[0].only_public
    assert home.run("refresh").returncode == 0
    assert site.paths() == ["/feed", "/feed"]
