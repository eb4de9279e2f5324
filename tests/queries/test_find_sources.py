"""From an address to what can be kept: feeds, pages with feeds, sites with an API, archives, folders."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.support.collections import entry_fields, make_collection
from tests.support.feeds import api_page, api_topics, item, rss
from tests.support.servers import Loopback, Site
from tui_reader.config import Folders, Settings
from tui_reader.errors import SourceError
from tui_reader.queries.find_sources import Candidate, find

ALTERNATE = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


def look(name: str) -> tuple[Candidate, ...]:
    nowhere = Path("nowhere")
    return find(name, Folders(nowhere, nowhere, nowhere, nowhere), Settings())


def web_page(site: Site, path: str, *head: str, body: str = "") -> str:
    text = f"<!DOCTYPE html><html><head><title>A page</title>{''.join(head)}</head><body>{body}</body></html>"
    return site.page(path, text.encode(), kind="text/html; charset=utf-8")


def test_a_feed_is_itself(site: Site) -> None:
    feed = site.page("/feed", rss(item(1), title="The <Paper>"), kind="text/html")
    assert look(f"  {feed} ") == (Candidate(feed, "The <Paper>", "feed"),)
    assert site.paths() == ["/feed"]


def test_a_feed_that_moved_for_good_is_where_it_went(site: Site) -> None:
    new = site.page("/new", rss(item(1)))
    assert look(site.redirect("/old", "/new", 301))[0].location == new
    assert look(site.redirect("/now", "/new", 302))[0].location == site.url("/now")


def test_a_page_names_its_feeds_in_its_order(site: Site) -> None:
    one, two = ALTERNATE.format("All", "/all.xml"), ALTERNATE.format("Comments", "/comments/feed")
    page = web_page(site, "/", two, one)
    assert look(page) == (
        Candidate(site.url("/all.xml"), "All", "feed"),
        Candidate(site.url("/comments/feed"), "Comments", "feed"),
    )


def test_what_a_page_links_to_is_tried(site: Site) -> None:
    site.page("/blog/rss.xml", rss(item(1), title="The Blog"))
    page = web_page(site, "/blog/", body='<a href="rss.xml">RSS</a> <a href="/gone/feed">Old feed</a>')
    assert look(page) == (Candidate(site.url("/blog/rss.xml"), "The Blog", "feed"),)


def test_the_usual_places_are_tried_where_a_page_names_none(site: Site) -> None:
    site.page("/index.xml", rss(item(1), title="At the root"))
    assert look(web_page(site, "/")) == (Candidate(site.url("/index.xml"), "At the root", "feed"),)
    assert site.most_at_once <= 4


def test_a_site_with_an_api(site: Site) -> None:
    site.page("/weather/api/news/index.json", api_page(entry_fields(1)), kind="application/json")
    site.page("/weather/api/topics/index.json", api_topics("Rain"), kind="application/json")
    api = site.url("/weather/api/news/index.json")
    assert look(web_page(site, "/weather/")) == (Candidate(api, site.host, "site API"),)
    assert look(api)[0].location == api
    named = web_page(site, "/weather/", ALTERNATE.format("All", "all.xml"))
    assert [each.kind for each in look(named)] == ["site API", "feed"]


def test_archives_and_repositories_are_taken_by_their_name(site: Site) -> None:
    address = site.url("/site.tar.gz?raw=1")
    assert look(address) == (Candidate(address, "site.tar.gz", "archive"),)
    assert look("github:things/site@main") == (Candidate("github:things/site@main", "things/site@main", "archive"),)
    assert site.asked == []
    with pytest.raises(SourceError, match="github:OWNER/REPO"):
        look("github:things")


def test_what_is_on_the_disk(tmp_path: Path) -> None:
    folder = make_collection(tmp_path / "weather.example")
    assert look(str(folder)) == (Candidate(str(folder), "weather.example", "folder"),)
    with pytest.raises(SourceError, match="no such file"):
        look(str(tmp_path / "missing"))
    with pytest.raises(SourceError, match="no such file"):
        look("nothing")
    feed = tmp_path / "a feed.xml"
    feed.write_bytes(rss(item(1)))
    assert look(str(feed)) == look(feed.as_uri()) == (Candidate(str(feed), "The Paper", "feed"),)
    with pytest.raises(SourceError, match="nothing is read over ftp: name an http address"):
        look("ftp://paper.example/feed.xml")


def test_a_page_without_feeds_says_what_to_do(site: Site) -> None:
    with pytest.raises(SourceError, match=r"127\.0\.0\.1 offers no feed that could be found: give the address"):
        look(web_page(site, "/"))
    with pytest.raises(SourceError, match="nothing at this address"):
        look(site.url("/gone"))


def test_name_and_password_go_to_their_host_and_no_other(net: Loopback, site: Site) -> None:
    other = net.site("127.0.0.2")
    far = other.page("/feed", rss(item(1)))
    near = site.page("/feed", rss(item(2)))
    web_page(site, "/", ALTERNATE.format("Near", near), ALTERNATE.format("Far", far))
    found = look(site.url("/", user="me:se%20cret"))
    assert found == (Candidate(near, "Near", "feed", ("me", "se cret")), Candidate(far, "Far", "feed"))
    assert look(site.url("/feed", user="me:pw")) == (Candidate(near, "The Paper", "feed", ("me", "pw")),)
    assert all("authorization" in asked.headers for asked in site.asked)
    archive = site.url("/a.zip")
    assert look(site.url("/a.zip", user="me:pw")) == (Candidate(archive, "a.zip", "archive", ("me", "pw")),)


def test_a_page_leads_into_no_private_network_that_was_not_named(net: Loopback, site: Site) -> None:
    other = net.site("127.0.0.2")
    other.page("/feed", rss(item(1)))
    page = web_page(site, "/", body=f'<a href="{other.url("/feed")}">feed</a>')
    with pytest.raises(SourceError, match="offers no feed"):
        look(page)
    assert other.asked == []


@pytest.mark.parametrize(
    "name", ["http://[::1", "http://a.b[c/", "foo.[bar", "http://a:b@[x/", "http://／foo.bar/", "https://[x/a.zip"]
)
def test_what_is_no_address_is_said_to_be_none(name: str, tmp_path: Path) -> None:
    here = Folders(*(tmp_path / part for part in ("config", "data", "cache", "state")))
    with pytest.raises(SourceError, match="no address that can be opened"):
        find(name, here, Settings())


def test_of_what_is_not_kept_nothing_is_tried_again_by_itself(tmp_path: Path) -> None:
    here = Folders(*(tmp_path / part for part in ("config", "data", "cache", "state")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"feed://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(SourceError, match="nobody answers there; try again later"):
            find(address, here, Settings())
