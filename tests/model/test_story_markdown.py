"""Stories as Markdown documents: the outline, the text below its title, and what the person added."""

from __future__ import annotations

from markdown_it import MarkdownIt

from tui_reader.model.links import Enclosure
from tui_reader.model.shared_story import SharedArticle, SharedStory
from tui_reader.model.story_markdown import story_markdown


def outline(markdown: str) -> list[tuple[str, str]]:
    tokens = MarkdownIt().parse(markdown)
    return [
        (token.tag, tokens[at + 1].children[0].content)  # type: ignore[index]
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def test_headings_of_the_body_are_below_the_title_but_code_stays_as_it_is() -> None:
    body = "# Part\n\n```sh\n# a comment\n```\n\n###### Deep\n\n#no heading"
    text = story_markdown(SharedStory("Title", body=body))
    assert outline(text) == [("h2", "Title"), ("h3", "Part"), ("h6", "Deep")]
    assert "\n# a comment\n" in text
    assert "\n#no heading\n" in text


def test_code_that_is_cut_off_takes_nothing_with_it() -> None:
    text = story_markdown(
        SharedStory("Title", body="~~~~\ncode", related=(SharedArticle("Other", "https://b.example/"),))
    )
    assert "<p>More on this story:</p>" in MarkdownIt().render(text)


def test_all_that_is_known_is_there() -> None:
    story = SharedStory(
        "Title",
        "https://a.example/",
        "Post",
        0,
        "Ann",
        "In short.",
        "The text.",
        ("Bridges", "*Town*"),
        lead=SharedArticle("Lead", "https://l.example/", "Wire"),
        comments="https://c.example/",
        media=(Enclosure("audio", "https://a.example/1.mp3"),),
        tags=("later",),
        note="# mine\nsecond",
    )
    assert story_markdown(story, level=1) == (
        "# [Title](https://a.example/)\n\nPost · Ann · 1 Jan 1970\n\n"
        "Part of the story [Lead](https://l.example/) · Wire\n\nTags: later\n\n"
        "Note:  \n\\# mine  \nsecond\n\nTopics: Bridges, \\*Town\\*\n\n[Comments](https://c.example/)\n\n"
        "- [audio](https://a.example/1.mp3)\n\n> In short.\n\nThe text.\n"
    )
