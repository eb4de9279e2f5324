"""Open links in the browser or copy them, and never open unsafe ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.ui.browser import Browser
from tests.ui.pages import BRIDGE, COMET, ENGINEERS, FERRY, WALK, address, entry, write_page
from tests.ui.reader import reading, write_settings

ORIGINAL = "https://example.org/original?a=1&b=%20$HOME;'x'"
WEB = "https://example.org/web"
AMP = "https://example.org/amp"
CDN = "https://example-org.cdn.ampproject.org/c/s/example.org/cdn"
EVERY: dict[str, Any] = {"originalUrl": ORIGINAL, "webUrl": WEB, "ampWebUrl": AMP, "cdnAmpWebUrl": CDN}


async def test_o_opens_the_best_link_as_one_argument(tmp_path: Path, browser: Browser) -> None:
    pages: list[tuple[dict[str, Any], str]] = [
        (EVERY, ORIGINAL),
        ({"originalUrl": None}, f"{WEB}/1"),
        ({"originalUrl": None, "webUrl": None}, f"{AMP}/2"),
        ({"originalUrl": None, "webUrl": None, "ampWebUrl": None}, f"{CDN}/3"),
        ({"originalUrl": "javascript:alert(1)"}, f"{WEB}/4"),
    ]
    for number, (fields, _) in enumerate(pages):
        own = {name: f"{url}/{number}" for name, url in EVERY.items()}
        write_page(tmp_path / "news", f"Page {number}", quality=90 - number, **{**own, **fields})
    async with reading(tmp_path / "news") as reader:
        for number, (_, url) in enumerate(pages):
            assert reader.cursor == f"Page {number}"
            await reader.press("o")
            await reader.until(lambda number=number: len(browser.calls()) > number, "the browser")  # type: ignore[misc]
            assert browser.calls()[number] == [url]
            assert reader.is_read(f"Page {number}")
            assert "Opened" in reader.footer
            await reader.press("j")


async def test_o_opens_the_article_that_is_shown(town: Path, browser: Browser) -> None:
    async with reading(town) as reader:
        await reader.press("enter", "]", "enter", "o")
        await reader.until(browser.calls, "the browser")
        await reader.press("backspace", "o")
        await reader.until(lambda: len(browser.calls()) == 2, "the browser again")
        assert browser.calls() == [[address(ENGINEERS)], ["https://example.org/the-bridge-itself"]]
        assert reader.opened == BRIDGE


async def test_o_opens_coverage_that_is_not_indexed(town: Path, browser: Browser) -> None:
    async with reading(town) as reader:
        await reader.press("]", "]", "]", "enter", "o")
        assert reader.opened == WALK
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[address(WALK)]]


async def test_settings_take_precedence_over_the_environment(
    town: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "no-such-browser")
    write_settings('browser = "pages"')
    async with reading(town) as reader:
        await reader.press("o")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [["https://example.org/the-bridge-itself"]]


async def test_browser_arguments_in_the_settings(town: Path, browser: Browser) -> None:
    write_settings('browser = ["pages", "--new-window", "%s", "two words", "$HOME"]')
    async with reading(town) as reader:
        await reader.press("o")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [
            ["--new-window", "https://example.org/the-bridge-itself", "two words", "$HOME"],
        ]


UNSAFE = (
    "-x",
    "--help",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,hello",
    "https://exam ple.org/",
    "https://exam\x1bple.org/",
    "https://-example.org/",
    "https://",
    "https://example\u202e.org/gpj.exe",
    "ftp://example.org/file",
    "example.org/without-a-scheme",
)


async def test_unsafe_links_are_never_opened(tmp_path: Path, browser: Browser) -> None:
    for number, url in enumerate(UNSAFE):
        links: dict[str, Any] = dict.fromkeys(("originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl"), url)
        write_page(tmp_path / "news", f"Page {number}", quality=90 - number, **links)
    async with reading(tmp_path / "news") as reader:
        for number in range(len(UNSAFE)):
            assert reader.cursor == f"Page {number}"
            await reader.press("u")
            assert "no link" in reader.footer
            await reader.press("y")
            assert Path(reader.app.clipboard).parent == tmp_path / "news"
            assert "the article has no link" in reader.footer
            await reader.press("j")
        assert browser.calls() == []


async def test_o_opens_the_file_of_an_article_without_an_address(tmp_path: Path, browser: Browser) -> None:
    write_page(tmp_path / "news", "A page", webUrl=None)
    async with reading(tmp_path / "news") as reader:
        await reader.press("o")
        await reader.until(lambda: browser.calls() != [])
        (call,) = browser.calls()
        assert Path(call[-1]).parent == tmp_path / "news"
        await reader.until(lambda: reader.is_read("A page"))
        await reader.until(lambda: "Opened the file 2024-06-01-a-page.md" in reader.footer)


async def test_without_a_browser_the_link_is_shown_and_can_be_copied(tmp_path: Path) -> None:
    url = "https://example.org/" + "a-very-long-address/" * 20 + "end"
    write_page(tmp_path / "news", "A page", originalUrl=url)
    async with reading(tmp_path / "news", size=(80, 24)) as reader:
        await reader.press("o")
        window = "".join(line.strip(" │") for line in reader.part(reader.app.screen.query_one(".window")))
        assert url in window
        assert reader.sees("$BROWSER")
        assert reader.app.clipboard == ""
        await reader.press("y")
        assert reader.app.clipboard == url
        await reader.press("escape")
        assert not reader.sees("a-very-long-address/" * 3)
        assert reader.focus_is_on(reader.stories)


async def test_a_missing_browser_is_named(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "no-such-browser")
    async with reading(town) as reader:
        await reader.press("o")
        assert reader.sees("no-such-browser")
        assert reader.sees("https://example.org/the-bridge-itself")


async def test_a_browser_that_cannot_be_started(town: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    write_settings(f"browser = {os.fspath(broken)!r}")
    async with reading(town) as reader:
        await reader.press("o")
        assert "cannot be started" in reader.footer
        assert reader.app.is_running


async def test_u_lists_all_links(tmp_path: Path, browser: Browser) -> None:
    video, image = "https://video.example.org/1", "https://example.org/1.jpg"
    more: dict[str, Any] = {"featuredContent": f'<iframe src="{video}"></iframe>', "images": [{"url": image}]}
    write_page(tmp_path / "news", "A page", **EVERY, **more)
    async with reading(tmp_path / "news", size=(120, 40)) as reader:
        await reader.press("u")
        for url in (ORIGINAL, WEB, AMP, CDN, video, image):
            assert reader.sees(url)
        await reader.press("j", "j", "k", "j", "enter")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[AMP]]
        await reader.until(lambda: reader.is_read("A page"), "the mark")
        await reader.press("u", "j", "y")
        assert reader.app.clipboard == WEB
        await reader.press("u", "escape")
        assert reader.focus_is_on(reader.stories)
        assert len(browser.calls()) == 1


async def test_the_author_the_comments_and_the_files_of_a_feed_are_shown_and_opened(
    tmp_path: Path, browser: Browser
) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<rss><channel><title>The Rain Show</title><item><title>A wet day</title><link>https://a.example/1</link>"
        "<author>x@a.example (Ann Ode)</author><comments>https://talk.example/1</comments>"
        "<enclosure url='https://a.example/1.mp3' type='audio/mpeg'/><enclosure url='https://a.example/1.pdf'/>"
        "</item></channel></rss>"
    )
    async with reading(feed, size=(120, 40)) as reader:
        await reader.press("enter")
        assert reader.sees("The Rain Show · Ann Ode")
        assert reader.sees("comments  https://talk.example/1")
        assert reader.sees("audio     https://a.example/1.mp3")
        assert reader.sees("pdf       https://a.example/1.pdf")
        assert not reader.sees("video")
        await reader.press("u", "j", "enter")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [["https://talk.example/1"]]


async def test_two_clicks_open_a_link(tmp_path: Path, browser: Browser) -> None:
    write_page(tmp_path / "news", "A page", **EVERY)
    async with reading(tmp_path / "news") as reader:
        await reader.press("u")
        await reader.click(AMP)
        await reader.click(AMP)
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[AMP]]


async def test_each_link_is_listed_once(tmp_path: Path) -> None:
    write_page(tmp_path / "news", "A page", originalUrl=WEB, webUrl=WEB, ampWebUrl=AMP)
    async with reading(tmp_path / "news") as reader:
        await reader.press("u")
        assert sum(WEB in line for line in reader.lines()) == 1
        assert reader.sees(AMP)


async def test_y_copies_the_link(town: Path) -> None:
    async with reading(town) as reader:
        await reader.press("y")
        assert reader.app.clipboard == "https://example.org/the-bridge-itself"
        assert "Sent to the terminal's clipboard" in reader.footer
        assert not reader.is_read(BRIDGE)
        await reader.press("j", "y")
        assert reader.app.clipboard == address(FERRY)
        await reader.press("j", "enter", "y")
        assert reader.app.clipboard == address(COMET)


async def test_coverage_with_an_unsafe_link_is_still_shown(tmp_path: Path, browser: Browser) -> None:
    related = [entry("A bad link", webUrl="javascript:alert(1)")]
    write_page(tmp_path / "news", "A page", related=related)
    async with reading(tmp_path / "news") as reader:
        await reader.press("]", "enter")
        assert reader.opened == "A bad link"
        await reader.press("o")
        assert reader.sees("no link")
        assert browser.calls() == []


async def test_a_link_that_deceives_is_opened_only_after_its_host_was_named(tmp_path: Path, browser: Browser) -> None:
    url = "https://example.org@evil.example/login"
    write_page(tmp_path / "news", "A page", originalUrl=url, webUrl=WEB)
    async with reading(tmp_path / "news", size=(100, 30)) as reader:
        await reader.press("o")
        assert reader.sees("It leads to evil.example: what stands before the @ is a user name.")
        await reader.press("o", "escape")
        assert not reader.sees("It leads to")
        assert browser.calls() == []
        assert not reader.is_read("A page")
        await reader.press("u")
        assert reader.sees("→ evil.example")
        await reader.press("enter")
        assert reader.sees("It leads to evil.example")
        await reader.press("enter")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[url]]
        await reader.until_seen("Opened evil.example")  # once the browser has ended
        await reader.until(lambda: reader.is_read("A page"), "the mark")
        await reader.press("y")
        assert "Sent to the terminal's clipboard: a link to evil.example" in reader.footer


async def test_a_browser_that_wants_the_address_inside_a_word(town: Path, browser: Browser) -> None:
    write_settings('browser = "pages --url=%s --zoom=90%%"')
    async with reading(town) as reader:
        await reader.press("o")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [["--url=https://example.org/the-bridge-itself", "--zoom=90%"]]


TEXT = "It rains on [the ferry](/ferry-captain-fears#x), [a cloud](https://cloud.example/1) and [again](https://cloud.example/1).\n\n"


async def test_the_links_of_a_text_are_opened_by_their_number(tmp_path: Path, browser: Browser) -> None:
    more = " ".join(f"[word{at}](https://cloud.example/{at})" for at in range(2, 12))
    write_page(tmp_path / "news", FERRY, heat=1)
    write_page(tmp_path / "news", "Rain", heat=99, body=TEXT + more)
    async with reading(tmp_path / "news", size=(160, 40)) as reader:
        assert reader.sees("It rains on the ferry[1], a cloud[2] and again[2].")
        await reader.press("u")
        assert [line for line in reader.lines() if "the ferry " in line and " 1 › the ferry" in line]
        assert [line for line in reader.lines() if "12   word11" in line and "https://cloud.example/11" in line]
        assert reader.sees("page") and reader.sees(address("Rain"))
        await reader.press("2")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [["https://cloud.example/1"]]
        await reader.press("u", "1")
        assert reader.sees("⏎ or number: open")  # 10, 11 and 12 begin like this
        await reader.press("2")
        await reader.until(lambda: len(browser.calls()) == 2, "the browser again")
        assert browser.calls()[1] == ["https://cloud.example/11"]


async def test_a_link_to_an_article_of_the_index_is_followed_in_the_reader(tmp_path: Path, browser: Browser) -> None:
    write_page(tmp_path / "news", FERRY, heat=1)
    write_page(tmp_path / "news", "Rain", heat=99, body=TEXT)
    async with reading(tmp_path / "news", size=(160, 40)) as reader:
        await reader.press("enter", "u", "1")
        assert reader.opened == FERRY and reader.is_read(FERRY)
        await reader.press("backspace")
        assert reader.opened == "Rain"
        await reader.press("u", "enter")
        assert reader.opened == FERRY
        await reader.press("backspace", "u", "o")
        await reader.until(browser.calls, "the browser")
        assert browser.calls() == [[f"{address(FERRY)}#x"]]


async def test_the_last_of_many_links_is_on_a_small_screen_too(tmp_path: Path) -> None:
    write_page(tmp_path / "news", FERRY, body=" ".join(f"[port {at}](https://example.org/{at})" for at in range(1, 41)))
    async with reading(tmp_path / "news", size=(80, 24)) as reader:
        await reader.press("u", "G")
        assert any("▌" in line and "page" in line for line in reader.lines())
