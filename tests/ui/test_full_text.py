"""The full text of a story: a key fetches it, it is shown and found, and it says so where a page gives none."""

from __future__ import annotations

from tests.support.articles_on_the_web import AROUND, PARAGRAPHS, SCRIPTED, web_page
from tests.support.feeds import Item, item, rss
from tests.support.servers import Site
from tests.ui.reader import Reader, reading
from tests.ui.test_refresh import keep, refresh
from tui_reader.config import folders
from tui_reader.storage.full_texts import FullTexts

TITLE = "Ferry strike ends"
HTML = "text/html; charset=utf-8"
CAPTAIN = "Zoltan Quill"


def feed_of(site: Site, *paths: str) -> None:
    """Keep a feed with the pages at ``paths``, and fetch it."""
    keep(site.page("/feed", rss(*(linked(site, number, path) for number, path in enumerate(paths)))))
    refresh()


def linked(site: Site, number: int, path: str) -> Item:
    return item(number, title=TITLE if not number else f"Another story {number}", link=site.url(path))


async def until_stored(reader: Reader) -> None:
    """Wait until the child has stored the text in the index too."""
    await reader.until(lambda: reader.page.full_text.running == 0, "the end of the child")


async def test_v_fetches_the_text_and_the_search_finds_it(site: Site) -> None:
    site.page("/1", web_page(), kind=HTML)
    feed_of(site, "/1")
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("v")
        await reader.until_seen(CAPTAIN)
        assert "Full text of" in reader.footer
        assert not reader.sees(AROUND[:20])
        await until_stored(reader)
        await reader.press("escape", "slash", *"quill harbour")
        await reader.until(lambda: reader.shown() == [TITLE], "the story by its text")
    async with reading(offline=True) as reader:
        await reader.press("enter")
        assert reader.sees(CAPTAIN)
    assert site.paths().count("/1") == 1


async def test_a_page_without_a_text_is_told_and_what_the_feed_has_stays(site: Site) -> None:
    site.page("/1", SCRIPTED, kind=HTML)
    feed_of(site, "/1", "/gone")
    async with reading(size=(80, 24), indexed=False) as reader:
        await reader.until_indexed()
        for number, reason in ((0, "only with scripts"), (1, "nothing at this address (404)")):
            await reader.press("escape", "G" if number else "g", "v")
            await reader.until(lambda reason=reason: reason in reader.footer, reason)  # type: ignore[misc]
            assert "No full text" in reader.footer
            assert "…" not in reader.footer
    with FullTexts.opened(folders().fetched) as store:
        assert store.stamps() == {}


async def test_where_the_page_gives_nothing_its_amp_version_is_asked(site: Site) -> None:
    site.page("/1", SCRIPTED.replace(b"<title>", b'<link rel="amphtml" href="/amp/1"><title>'), kind=HTML)
    site.page("/amp/1", web_page(), kind=HTML)
    feed_of(site, "/1")
    async with reading(indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("v")
        await reader.until_seen(CAPTAIN)
        assert "Full text of" in reader.footer


async def test_the_text_comes_to_the_story_it_is_of(site: Site) -> None:
    """Somebody goes on to another story while the page is fetched."""
    site.slow("/1", web_page(), 0.0002)
    site.page("/2", web_page(PARAGRAPHS[:2], title="Another story 1"), kind=HTML)
    feed_of(site, "/1", "/2")
    async with reading(size=(120, 30), indexed=False) as reader:
        await reader.until_indexed()
        await reader.press("v", "escape", "G")
        await until_stored(reader)
        assert not reader.sees(CAPTAIN)
        await reader.press("g")
        await reader.until_seen(CAPTAIN)


async def test_offline_no_page_is_fetched(site: Site) -> None:
    feed_of(site, "/1")
    async with reading(offline=True) as reader:
        await reader.press("v")
        assert "no page is fetched" in reader.footer
    assert site.paths() == ["/feed"]
