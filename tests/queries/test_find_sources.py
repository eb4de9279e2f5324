"""Finding sources: feeds, web pages with feeds, sites with an API, archives, folders."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.support.collections import entry_fields, make_collection
from tests.support.feeds import api_page, api_topics, item, rss
from tests.support.servers import Loopback, Site
from tui_reader.config import Folders, Settings
from tui_reader.errors import SourceError
from tui_reader.queries.find_sources import FoundSource, find_sources

ALTERNATE = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


def search(name: str) -> tuple[FoundSource, ...]:
    nowhere = Path("nowhere")
    return find_sources(name, Folders(nowhere, nowhere, nowhere, nowhere), Settings())


def web_page(site: Site, path: str, *head: str, body: str = "") -> str:
    text = f"<!DOCTYPE html><html><head><title>A page</title>{''.join(head)}</head><body>{body}</body></html>"
    return site.page(path, text.encode(), kind="text/html; charset=utf-8")


def test_the_address_of_a_feed_gives_that_feed(site: Site) -> None:
    feed = site.page("/feed", rss(item(1), title="The <Paper>"), kind="text/html")
    assert search(f"  {feed} ") == (FoundSource(feed, "The <Paper>", "feed"),)
    assert site.paths() == ["/feed"]


def test_a_permanent_redirect_gives_the_new_address(site: Site) -> None:
    new = site.page("/new", rss(item(1)))
    assert search(site.redirect("/old", "/new", 301))[0].location == new
    assert search(site.redirect("/now", "/new", 302))[0].location == site.url("/now")


def test_feeds_announced_by_a_page_come_before_those_of_comments(site: Site) -> None:
    one, two = ALTERNATE.format("All", "/all.xml"), ALTERNATE.format("Comments", "/comments/feed")
    page = web_page(site, "/", two, one)
    assert search(page) == (
        FoundSource(site.url("/all.xml"), "All", "feed"),
        FoundSource(site.url("/comments/feed"), "Comments", "feed"),
    )


def test_feeds_linked_by_a_page_are_tried(site: Site) -> None:
    site.page("/blog/rss.xml", rss(item(1), title="The Blog"))
    page = web_page(site, "/blog/", body='<a href="rss.xml">RSS</a> <a href="/gone/feed">Old feed</a>')
    assert search(page) == (FoundSource(site.url("/blog/rss.xml"), "The Blog", "feed"),)


def test_common_addresses_are_tried_for_a_page_without_feeds(site: Site) -> None:
    site.page("/index.xml", rss(item(1), title="At the root"))
    assert search(web_page(site, "/")) == (FoundSource(site.url("/index.xml"), "At the root", "feed"),)
    assert site.most_concurrent <= 4


def test_a_site_with_an_api(site: Site) -> None:
    site.page("/weather/api/news/index.json", api_page(entry_fields(1)), kind="application/json")
    site.page("/weather/api/topics/index.json", api_topics("Rain"), kind="application/json")
    api = site.url("/weather/api/news/index.json")
    assert search(web_page(site, "/weather/")) == (FoundSource(api, site.host, "site API"),)
    assert search(api)[0].location == api
    named = web_page(site, "/weather/", ALTERNATE.format("All", "all.xml"))
    assert [each.kind for each in search(named)] == ["site API", "feed"]


def test_archives_and_repositories_are_recognized_by_name(site: Site) -> None:
    address = site.url("/site.tar.gz?raw=1")
    assert search(address) == (FoundSource(address, "site.tar.gz", "archive"),)
    assert search("github:things/site@main") == (FoundSource("github:things/site@main", "things/site@main", "archive"),)
    assert site.requests == []
    with pytest.raises(SourceError, match="github:OWNER/REPO"):
        search("github:things")


def test_local_folders_and_files(tmp_path: Path) -> None:
    folder = make_collection(tmp_path / "weather.example")
    assert search(str(folder)) == (FoundSource(str(folder), "weather.example", "folder"),)
    with pytest.raises(SourceError, match="no such file"):
        search(str(tmp_path / "missing"))
    with pytest.raises(SourceError, match="no such file"):
        search("nothing")
    feed = tmp_path / "a feed.xml"
    feed.write_bytes(rss(item(1)))
    assert search(str(feed)) == search(feed.as_uri()) == (FoundSource(str(feed), "The Paper", "feed"),)
    with pytest.raises(SourceError, match="ftp is not supported; use an http or https address"):
        search("ftp://paper.example/feed.xml")


def test_the_error_for_a_page_without_feeds_says_what_to_do(site: Site) -> None:
    with pytest.raises(SourceError, match=r"no feed found at 127\.0\.0\.1; enter the address"):
        search(web_page(site, "/"))
    with pytest.raises(SourceError, match="nothing at this address"):
        search(site.url("/gone"))


def test_credentials_are_sent_to_their_host_only(net: Loopback, site: Site) -> None:
    other = net.site("127.0.0.2")
    far = other.page("/feed", rss(item(1)))
    near = site.page("/feed", rss(item(2)))
    web_page(site, "/", ALTERNATE.format("Near", near), ALTERNATE.format("Far", far))
    found = search(site.url("/", user="me:se%20cret"))
    assert found == (
        FoundSource(near, "Near", "feed", ("me", "se cret")),
        FoundSource(far, "Far", "feed", named_by=site.host),
    )
    assert search(site.url("/feed", user="me:pw")) == (FoundSource(near, "The Paper", "feed", ("me", "pw")),)
    assert all("authorization" in asked.headers for asked in site.requests)
    archive = site.url("/a.zip")
    assert search(site.url("/a.zip", user="me:pw")) == (FoundSource(archive, "a.zip", "archive", ("me", "pw")),)


def test_a_page_cannot_lead_to_another_private_host(net: Loopback, site: Site) -> None:
    other = net.site("127.0.0.2")
    other.page("/feed", rss(item(1)))
    page = web_page(site, "/", body=f'<a href="{other.url("/feed")}">feed</a>')
    with pytest.raises(SourceError, match="no feed found"):
        search(page)
    assert other.requests == []


@pytest.mark.parametrize(
    "name", ["http://[::1", "http://a.b[c/", "foo.[bar", "http://a:b@[x/", "http://／foo.bar/", "https://[x/a.zip"]
)
def test_an_invalid_address_is_an_error(name: str, tmp_path: Path) -> None:
    here = Folders(*(tmp_path / part for part in ("config", "data", "cache", "state")))
    with pytest.raises(SourceError, match="not a web address"):
        find_sources(name, here, Settings())


def test_errors_do_not_promise_to_try_again(tmp_path: Path) -> None:
    here = Folders(*(tmp_path / part for part in ("config", "data", "cache", "state")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"feed://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(SourceError, match="the server does not answer; try again later"):
            find_sources(address, here, Settings())
