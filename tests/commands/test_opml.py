"""``news-tui import`` and ``export``."""

from __future__ import annotations

import io
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.servers import Loopback
from tui_reader.cli import main
from tui_reader.commands import handler
from tui_reader.commands.export import export
from tui_reader.commands.import_ import import_
from tui_reader.commands.parser import parse
from tui_reader.config import folders
from tui_reader.errors import SourceError, UsageError
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.opml_reader import read_opml
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions

LIST = """\
<opml version="2.0"><body>
<outline text="News"><outline text="A" xmlUrl="https://a.example/feed" rating="5"/></outline>
<outline text="B" xmlUrl="https://me:secret@b.example/feed"/>
<outline text="B again" xmlUrl="https://b.example/feed"/>
<outline text="Bad" xmlUrl="exec:touch ran"/>
</body></opml>
"""
A = Subscription("https://a.example/feed", "A", ("News",), attributes=(("rating", "5"),))
B = Subscription("https://b.example/feed", "B", auth=("me", "secret"))

Printed = Callable[[], tuple[str, str]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("XDG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.opml").write_text(LIST, encoding="utf-8")
    return tmp_path


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    def read() -> tuple[str, str]:
        out, err = capsys.readouterr()
        return out, err

    return read


def import_feeds(*arguments: str) -> int:
    return import_(parse(["import", *arguments]))


def test_a_list_with_mistakes_is_read_and_they_are_told(printed: Printed, home: Path) -> None:
    (home / "bad.opml").write_text(
        '<opml><body><outline text="A" xmlUrl="feed:https://a.example/feed" category="News"/>\n'
        '<outline text="B" note="<b class="x">" xmlUrl="https://b.example/feed"/></body></opml>'
    )
    assert import_feeds("bad.opml") == 0
    assert [(source.location, source.folder) for source in load_subscriptions(folders().sources)] == [
        ("https://a.example/feed", ("News",)),
        ("https://b.example/feed", ()),
    ]
    out, _ = printed()
    assert "bad.opml: added 2 feeds" in out
    assert "bad.opml: not well-formed XML, read as far as possible (line 2: " in out


def test_files_of_newsboat_are_recognised(home: Path) -> None:
    folder = home / "my newsboat"
    folder.mkdir()
    for name, content, what in (
        ("config", b"# mine\nauto-reload yes\n", "a configuration of newsboat"),
        ("cache.db", b"SQLite format 3\0" + bytes(100), "a database"),
        ("urls", b'"query:Unread:unread = \\"yes\\""\n', "a list of addresses"),
        ("urls", b"# mine\n\nhttps://a.example/feed news\n", "a list of addresses"),
    ):
        (home / "elsewhere").write_bytes(content)
        with pytest.raises(SourceError, match=f"^elsewhere is {what}.*--newsboat FOLDER"):
            import_feeds("elsewhere")
        (folder / "urls").touch()
        (folder / name).write_bytes(content)
        with pytest.raises(SourceError, match=f"^my newsboat/{name} is {what}.*--newsboat '.*my newsboat'’ reads"):
            import_feeds(f"my newsboat/{name}")
    (home / "text").write_text("Not a list of any kind\n")
    with pytest.raises(SourceError, match="not valid OPML"):
        import_feeds("text")


def export_feeds(*arguments: str) -> int:
    return export(parse(["export", *arguments]))


def named(feed: Subscription) -> Subscription:
    """Return a feed as a list names it: not for a private network."""
    return feed._replace(only_public=True)


def kept() -> list[Subscription]:
    return load_subscriptions(folders().sources)


def test_import_reports_added_and_refused_feeds(home: Path, printed: Printed) -> None:
    assert import_feeds("list.opml") == 0
    assert printed() == (
        "list.opml: added 2 feeds, 1 listed more than once, 1 refused\n"
        "refused Bad (exec:touch ran): it is a command, and commands are never run\n",
        "",
    )
    assert kept() == [named(A), named(B)]
    assert not (home / "ran").exists()


def test_import_again_adds_nothing(printed: Printed) -> None:
    import_feeds("list.opml")
    printed()
    assert import_feeds("list.opml") == 0
    assert printed()[0].startswith("list.opml: added 0 feeds, 2 already added, 1 listed")
    assert kept() == [named(A), named(B)]


def test_import_does_not_change_present_sources(home: Path) -> None:
    add_subscriptions(folders().sources, [Subscription("/articles"), Subscription(A.location, "My A")])
    import_feeds("list.opml")
    assert kept() == [Subscription("/articles"), Subscription(A.location, "My A"), named(B)]


def test_import_from_standard_input(monkeypatch: pytest.MonkeyPatch, printed: Printed) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LIST.encode())))
    assert import_feeds("-") == 0
    assert printed()[0].startswith("standard input: added 2 feeds")


def test_import_from_an_address(printed: Printed) -> None:
    with Loopback() as net:
        site = net.site()
        site.page("/x.opml", LIST.encode(), kind="text/x-opml")
        site.endless("/endless.opml")
        assert import_feeds(site.url("/x.opml?token=Geheim", user="me:Secret")) == 0
        assert site.requests[0].headers["authorization"].startswith("Basic ")
        out, _ = printed()
        assert out.startswith(f"{site.url('/x.opml')}?token=…: added 2 feeds")
        assert kept() == [named(A), named(B)]
        for path, words in (("/gone.opml", "nothing at this address"), ("/endless.opml", "larger than")):
            with pytest.raises(SourceError, match=words) as caught:
                import_feeds(site.url(path, user="me:Secret"))
            assert "Secret" not in str(caught.value)


def test_import_of_several_files(home: Path, printed: Printed) -> None:
    (home / "-more.opml").write_text('<opml><outline text="C" xmlUrl="https://c.example/f"/></opml>')
    assert import_feeds("list.opml", "--", "-more.opml") == 0
    assert printed()[0].splitlines()[-1] == "-more.opml: added 1 feed"
    assert len(kept()) == 3


def test_import_without_a_usable_feed_fails(home: Path, printed: Printed) -> None:
    (home / "bad.opml").write_text('<opml><outline text="C" xmlUrl="|sh"/></opml>')
    assert import_feeds("bad.opml") == 1
    assert "added 0 feeds, 1 refused\nrefused C (|sh): " in printed()[0]
    assert kept() == []


def test_import_of_another_kind_of_file(home: Path) -> None:
    (home / "page.html").write_text("<!DOCTYPE html><p>")
    with pytest.raises(SourceError, match="begins with <html>"):
        import_feeds("page.html")
    with pytest.raises(FileNotFoundError):
        import_feeds("missing.opml")


def test_export_to_stdout_omits_passwords_and_paths(printed: Printed) -> None:
    add_subscriptions(folders().sources, [A, Subscription("/articles"), B, Subscription("github:o/r")])
    assert export_feeds() == 0
    out, err = printed()
    assert read_opml(out.encode(), "").subscriptions == (A, Subscription(B.location, "B"))
    assert "secret" not in out
    assert err == (
        "news-tui: left out 2 sources without a web address\n"
        "news-tui: left out 1 password: use ‘--with-passwords’ to include passwords\n"
    )


def test_export_to_a_file_with_passwords(home: Path, printed: Printed) -> None:
    add_subscriptions(folders().sources, [A, B])
    assert export_feeds("out.opml", "--with-passwords") == 0
    assert printed() == ("wrote 2 feeds to out.opml\n", "")
    assert read_opml((home / "out.opml").read_bytes(), "").subscriptions == (A, B)
    assert stat.S_IMODE((home / "out.opml").stat().st_mode) == 0o600


def test_export_replaces_no_file_that_is_called_like_the_word_of_a_query(
    home: Path, printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    add_subscriptions(folders().sources, [A])
    (home / "kernel").write_text("notes")
    with pytest.raises(UsageError, match="--force"):
        export_feeds("kernel")
    assert (home / "kernel").read_text() == "notes"
    assert export_feeds("kernel", "--force") == 0
    assert export_feeds("./kernel") == 0
    assert printed()[0] == "wrote 1 feed to kernel\nwrote 1 feed to ./kernel\n"


def test_export_creates_no_folders(home: Path) -> None:
    add_subscriptions(folders().sources, [A])
    with pytest.raises(SourceError, match="no such folder"):
        export_feeds("not/here.opml")
    assert not (home / "not").exists()


def test_export_into_a_pipe_does_not_replace_it(home: Path) -> None:
    add_subscriptions(folders().sources, [A])
    pipe = home / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    thread = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    thread.start()
    export_feeds("pipe")
    thread.join()
    assert read_opml(read[0], "").subscriptions == (A,)
    assert pipe.is_fifo()


def test_export_without_feeds(home: Path) -> None:
    add_subscriptions(folders().sources, [Subscription("/articles")])
    with pytest.raises(SourceError, match="none of your sources has a web address"):
        export_feeds("out.opml")
    assert not (home / "out.opml").exists()


def test_the_feeds_of_what_a_query_finds(home: Path, printed: Printed) -> None:
    for name, title in (("a", "Bridges are closed"), ("b", "Comets are seen")):
        (home / f"{name}.xml").write_text(
            f"<rss><channel><title>{name}</title><item><title>{title}</title>"
            f"<link>https://{name}.example/1</link></item></channel></rss>"
        )
    with Loopback() as net:
        site = net.site()
        for name in "ab":
            site.page(f"/{name}", (home / f"{name}.xml").read_bytes(), kind="text/xml")
        feeds = [Subscription(site.url(f"/{name}"), name) for name in "ab"]
        add_subscriptions(folders().sources, feeds)
        assert main(["refresh"]) == 0
        printed()
        assert export_feeds("comets", "--format", "opml") == 0
        assert [feed.title for feed in read_opml(printed()[0].encode(), "").subscriptions] == ["b"]
        assert export_feeds("comets", "--output", "found.opml") == 0
        assert printed()[0] == "wrote 1 feed to found.opml\n"
        with pytest.raises(SourceError, match="none of your feeds has an article of these"):
            export_feeds("tariffs", "--format", "opml")


def test_usage_errors() -> None:
    wrong = (["import"], ["import", "--newsboat", "a", "b"], ["export", "--format", "pdf"], ["export", "--passwords"])
    for name, *arguments in wrong:
        with pytest.raises(SystemExit) as caught:
            handler(name)(parse([name, *arguments]))
        assert caught.value.code == 2
