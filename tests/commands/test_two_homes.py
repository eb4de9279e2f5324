"""Two homes and one server: what is subscribed, read and saved in one is so in the other, and on the server's page."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

from tests.support.command import Home
from tests.support.feeds import item, rss
from tests.support.miniflux_server import KEY, MinifluxServer
from tests.support.servers import Loopback, page

TITLES = ("Ice found on the Moon", "Old bridge closes for repairs", "Price of bread rises again")


def titles(address: str) -> str:
    """Return a page of the server, as somebody sees it in a browser."""
    with urlopen(address) as answer:
        return str(answer.read(), "utf-8")


def marks(home: Home) -> dict[str, tuple[bool, bool]]:
    """Return whether each article is read and saved."""
    return {story["title"]: (story["read"], story["saved"]) for story in home.objects("stories", "--limit", "99")}


def test_both_homes_and_the_server_agree(net: Loopback, tmp_path: Path) -> None:
    site = net.site()
    server = MinifluxServer(site)
    feed = net.site().page("/feed.xml", rss(item(1)))
    here, there = Home(tmp_path / "here"), Home(tmp_path / "there")
    for home in (here, there):
        home.lines(
            "account", "add", "miniflux", server.address, "--name", "Home", "--password-command", f"echo '{KEY}'"
        )

    # Subscribe here.
    assert here.lines("add", feed, "--account", "Home", "--folder", "News", "--title", "The Feed")[-1] == (
        "Home is told with the next refresh"
    )
    here.lines("account", "sync")
    (subscribed,) = server.feeds.values()
    assert (subscribed["feed_url"], subscribed["category"]["title"]) == (feed, "News")
    first, second, third = (server.add_entries(subscribed["id"], title=title)[0] for title in TITLES)
    here.lines("refresh")

    # Read there.
    there.lines("refresh")
    (source,) = there.objects("sources")
    assert (source["location"], source["folder"], source["account"]) == (feed, ["News"], "Home")
    there.lines("mark", "read", f"https://news.example/{first}")
    there.lines("account", "sync")
    assert server.unread() == {second, third}

    # Save here while the server is down.
    answering = site.otherwise
    site.otherwise = page(status=503)
    here.lines("mark", "saved", f"https://news.example/{second}")
    failed = here.run("refresh")
    assert failed.returncode == 1
    assert "Home: the server is down for maintenance (503)" in failed.stderr
    (account,) = here.objects("account", "list")
    assert (account["waiting"], account["error"] != "") == (1, True)

    # Come back.
    site.otherwise = answering
    here.lines("account", "sync")
    there.lines("account", "sync", "home")
    moon, bridge, bread = TITLES
    assert marks(here) == marks(there) == {moon: (True, False), bridge: (False, True), bread: (False, False)}
    assert titles(site.url("/unread")) == f"<ul><li>{bridge}</li><li>{bread}</li></ul>"
    assert titles(site.url("/starred")) == f"<ul><li>{bridge}</li></ul>"
    (account,) = here.objects("account", "list")
    assert (account["waiting"], account["error"]) == (0, "")

    # Write another server under the same name.
    other = MinifluxServer(net.site())
    path = here.folder / ".config" / "news-tui" / "accounts.toml"
    path.write_text(path.read_text().replace(server.address, other.address))
    assert "Home: it is another account now" in here.run("account", "sync").stderr
    assert marks(here) == marks(there)
    assert [source["account"] for source in here.objects("sources")] == [""]

    # The key is no longer valid.
    site.otherwise = page(status=401)
    for _ in range(2):
        asked = len(site.requests)
        assert "‘news-tui account password Home’ stores another" in there.run("refresh").stderr
    assert len(site.requests) == asked
