"""Writes stories as HTML: one file that loads nothing, in the colours that the reader of it prefers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from tui_reader.formats.strict_urls import strict_url
from tui_reader.model.dates import iso_date, long_date
from tui_reader.model.shared_story import SharedArticle, SharedStory
from tui_reader.subscriptions.opml_format import INVALID_XML

_SPECIAL = re.compile(f"[&<>\"']|{INVALID_XML.pattern}")

STYLE = """\
:root { color-scheme: light dark; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.55 Georgia, "Times New Roman", serif; \
overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; }
article + article, section + section { border-top: 1px solid; margin-top: 2.5rem; }
.facts, .note { font-size: .9rem; font-style: italic; }
blockquote { border-left: .2rem solid; margin-left: 0; padding-left: 1rem; }
pre { overflow-x: auto; font-size: .9rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid; padding: .2rem .5rem; text-align: left; vertical-align: top; }
img { max-width: 100%; height: auto; }
"""

_HEAD = """\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'{images}">
<meta name="generator" content="news-tui">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
"""
_PICTURES = "; img-src http: https:"


def html_page(title: str, content: Iterable[str], *, images: bool = False) -> Iterator[str]:
    """Yield a page around ``content``; a browser loads nothing for it, or with ``images`` the pictures in it."""
    yield _HEAD.format(title=text(title), style=STYLE, images=_PICTURES if images else "")
    yield from content
    yield "</body>\n</html>\n"


def stories_html(title: str, stories: Iterable[SharedStory], *, images: bool = False) -> Iterator[str]:
    """Yield several stories below a heading."""
    yield f"<h1>{text(title)}</h1>\n"
    for story in stories:
        yield story_html(story, level=2, images=images)


def story_html(story: SharedStory, *, level: int, images: bool = False) -> str:
    """Return ``story`` with its coverage below a heading of this ``level``; it is well-formed XML too."""
    parts = [
        "<article>\n",
        f"<h{level}>{link(story.title, story.url)}</h{level}>\n",
        f'<p class="facts">{facts(story.itself, story.author)}</p>\n',
        *_about(story),
    ]
    if story.summary:
        parts.append(f"<blockquote><p>{text(story.summary)}</p></blockquote>\n")
    if story.body:
        from tui_reader.formats.body_html import body_html

        parts.append(INVALID_XML.sub(" ", body_html(story.body, story.url, level=level, images=images)))
    if story.related:
        parts.append(f"<h{level + 1}>More on this story</h{level + 1}>\n")
        parts += article_list(story.related)
    return "".join([*parts, "</article>\n"])


def article_list(articles: Iterable[SharedArticle]) -> Iterator[str]:
    """Yield articles as a list: each with its link, its provider and its date."""
    yield "<ul>\n"
    for each in articles:
        yield f'<li>{link(each.title, each.url)} <span class="facts">{facts(each)}</span></li>\n'
    yield "</ul>\n"


def facts(article: SharedArticle, author: str = "") -> str:
    """Return who published an article, and when."""
    known = [text(each) for each in (article.provider, author) if each]
    if article.published is not None:
        known.append(f'<time datetime="{iso_date(article.published)}">{long_date(article.published)}</time>')
    return " · ".join(known)


def link(words: str, url: str | None) -> str:
    """Return ``words`` as a link to ``url``, or as they are where there is none."""
    return f'<a href="{text(strict_url(url))}">{text(words)}</a>' if url else text(words)


def text(words: str) -> str:
    """Return ``words`` escaped, as text or in an attribute."""
    if _SPECIAL.search(words) is None:
        return words  # nearly all of them, and replacing six things takes five times as long
    return escape(INVALID_XML.sub(" ", words))


def _about(story: SharedStory) -> Iterator[str]:
    if story.lead is not None:
        yield f"<p>Part of the story {link(story.lead.title, story.lead.url)} · {facts(story.lead)}</p>\n"
    if story.topics:
        yield f"<p>Topics: {text(', '.join(story.topics))}</p>\n"
    if story.tags:
        yield f"<p>Tags: {text(', '.join(story.tags))}</p>\n"
    if story.note:
        lines = "<br />".join(map(text, story.note.splitlines()))
        yield f'<p class="note">Note: {lines}</p>\n'
    if story.comments:
        yield f"<p>{link('Comments', story.comments)}</p>\n"
    if story.media:
        items = "".join(f"<li>{link(kind, address)}</li>\n" for kind, address in story.media)
        yield f"<ul>\n{items}</ul>\n"
