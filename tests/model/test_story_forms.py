"""Write a story to paste it elsewhere, so that Markdown shows the words that it has."""

from __future__ import annotations

import html
import re

import pytest
from markdown_it import MarkdownIt

from tui_reader.model.links import Links, Provider
from tui_reader.model.story import Story, StoryRow
from tui_reader.model.story_forms import StoryForm, story_forms

URL = "https://a.example/1"


def row(title: str, article: int = 1, *, excerpt: str = "", provider: str = "Post") -> StoryRow:
    return StoryRow(
        article, article, title, Provider(provider, "a.example"), 0, 1, 1, True, True, 0, "", excerpt=excerpt
    )


def forms(
    title: str, url: str | None = URL, related: tuple[StoryRow, ...] = (), *, excerpt: str = "", provider: str = "Post"
) -> list[StoryForm]:
    story = Story(row(title, excerpt=excerpt, provider=provider), Links(url), "", (), (), None, (), related, (), None)
    return story_forms(story, {each.article: Links(f"https://b.example/{each.article}") for each in related})


def rendered(markdown: str) -> str:
    """Return the text of Markdown as a browser would show it, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", MarkdownIt().render(markdown))).split())


@pytest.mark.parametrize(
    "title",
    [
        "Plain", "A [link](https://evil.example)", "*stars* _lines_ `code`", "<b>tags</b> & &amp; entities",
        "a\\b", "![picture](x)", "1. first", "# heading", "- dash", "> quoted", "+ plus", "| a | b |", "~~gone~~",
        "](https://evil.example) [x", "http://auto.example/link_with_lines",
    ],
)  # fmt: skip
def test_markdown_shows_the_title_as_it_is_and_leads_to_its_link(title: str) -> None:
    _, link, whole = forms(title, excerpt=title, provider=title)
    tokens = MarkdownIt().parse(link.text)[1].children or []
    assert [token.attrGet("href") for token in tokens if token.type == "link_open"] == [URL]
    assert rendered(link.text) == title
    assert rendered(whole.text) == f"{title} {title} · 1 Jan 1970 {title}"


@pytest.mark.parametrize("url", ["https://a.example/x_(y)", "https://a.example/a)b", "https://a.example/*_~$&;"])
def test_any_safe_address_is_the_one_that_markdown_leads_to(url: str) -> None:
    tokens = MarkdownIt().parse(forms("Title", url)[1].text)[1].children or []
    assert [html.unescape(str(token.attrGet("href"))) for token in tokens if token.type == "link_open"] == [url]


def test_the_coverage_is_a_list_of_links() -> None:
    whole = forms("One", related=(row("Two", 2), row("Three", 3)))[2]
    assert whole.remark == "and 2 other articles"
    assert "- [Two](https://b.example/2) · Post · 1 Jan 1970\n- [Three](https://b.example/3)" in whole.text
    assert forms("One", related=(row("Two", 2),))[2].remark == "and 1 other article"
    assert forms("One")[2].remark == ""


def test_without_a_link_the_title_is_what_there_is() -> None:
    assert [form.text for form in forms("One", None)[:2]] == ["One", "One"]
