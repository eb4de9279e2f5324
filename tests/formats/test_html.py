"""HTML of stories: their words and nothing else, whatever they are, and nothing that is loaded."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from tui_reader.formats.body_html import body_html
from tui_reader.formats.html import html_page, story_html
from tui_reader.model.links import Enclosure
from tui_reader.model.shared_story import SharedArticle, SharedStory

NASTY = '<script>alert(1)</script> "quoted" & <b onclick=x>'
ALLOWED = {
    *("article", "h2", "h3", "h4", "h5", "h6", "p", "a", "time", "blockquote", "ul", "ol", "li", "span", "br"),
    *("em", "strong", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "hr", "s"),
}


class Elements(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def story(text: str, body: str = "") -> SharedStory:
    return SharedStory(
        text,
        "https://a.example/?x=1&y='2'",
        text,
        1_700_000_000,
        author=text,
        excerpt=text,
        body=body,
        topics=(text,),
        related=(SharedArticle(text, "https://b.example/", text, 1),),
        lead=SharedArticle(text, None, text),
        comments="https://c.example/",
        media=(Enclosure("audio", "https://a.example/1.mp3"),),
        tags=(text,),
        note=f"{text}\nsecond line",
    )


@pytest.mark.parametrize("text", [NASTY, "]]> &amp; &#0; <!--", "\x00\x0b\ufffe"])
def test_whatever_the_words_are_they_are_words(text: str) -> None:
    page = story_html(story(text, body=f"{text}\n\n<div>{text}</div>"), level=2)
    assert {tag for tag, _ in Elements(page).found} <= ALLOWED
    assert not any(name.startswith("on") for _, attributes in Elements(page).found for name in attributes)
    root = ET.fromstring(page)
    if text.isprintable():
        words = "".join(root.itertext())
        # The body is Markdown, which knows entities.
        assert words.count(text) == (10 if "&amp;" in text else 12)


@pytest.mark.parametrize(
    "body",
    [
        "[a](javascript:alert(1))", "[a](data:text/html,x)", "[a](#note)", "[a](<vbscript:x>)", "![p](file:///etc/passwd)",
        "[a](mailto:x@y.example)", "<https://ok.example>", "![p](//b.example/p.png)", "[![p](p.png)](/x)",
    ],
)  # fmt: skip
def test_links_lead_to_web_pages_only_and_pictures_are_links(body: str) -> None:
    elements = Elements(body_html(body, "https://a.example/news/1", level=1)).found
    assert {tag for tag, _ in elements} <= {"p", "a"}
    for _, attributes in elements:
        assert attributes.keys() <= {"href"}
        assert all(str(url).startswith("https://") for url in attributes.values())
    assert body_html(body, None, level=1).count("<a") == body_html(body, None, level=1).count("</a>")


def test_pictures_are_shown_only_if_they_are_wanted() -> None:
    body = "![A cat](cat.jpg)"
    address = "https://a.example/news/"
    assert body_html(body, address, level=1) == '<p><a href="https://a.example/news/cat.jpg">[Picture: A cat]</a></p>\n'
    shown = body_html(body, address, level=1, images=True)
    assert '<img src="https://a.example/news/cat.jpg" alt="A cat" loading="lazy" />' in shown
    assert "img-src" not in "".join(html_page("t", [shown]))
    assert "img-src http: https:" in "".join(html_page("t", [shown], images=True))


def test_brackets_in_an_address_are_escaped_but_not_those_of_a_host() -> None:
    page = story_html(SharedStory("t", "https://[::1]/a[1]?b[]=2&c"), level=2)
    assert 'href="https://[::1]/a%5B1%5D?b%5B%5D=2&amp;c"' in page
    assert 'href="https://a.example/a%7Cb#c%23d"' in story_html(SharedStory("t", "https://a.example/a|b#c#d"), level=2)
    assert 'href="https://a.example/c#x%23y"' in body_html("[t](c#x#y)", "https://a.example/", level=2)


def test_headings_of_a_body_are_below_that_of_its_story() -> None:
    assert re.findall(r"<(h\d)>", body_html("# a\n\n## b\n\n###### c", None, level=2)) == ["h3", "h4", "h6"]


def test_a_page_loads_nothing_and_has_its_words_in_order() -> None:
    page = "".join(html_page(NASTY, [story_html(story("Words", "Its *text*."), level=1)]))
    elements = Elements(page).found
    assert not {tag for tag, _ in elements} & {"link", "script", "img", "iframe", "object"}
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert page.startswith("<!DOCTYPE html>")
    assert page.index("Its <em>text</em>") < page.index("More on this story") < page.index("https://b.example/")


def test_an_excerpt_that_the_body_begins_with_is_left_out() -> None:
    excerpt = "The bridge that was closed for a year opens on Monday, the mayor says"
    assert story_html(SharedStory("t", excerpt=excerpt, body=f"**{excerpt}.** More."), level=2).count("bridge") == 1
    assert story_html(SharedStory("t", excerpt=excerpt, body="Quite another text."), level=2).count("bridge") == 1
