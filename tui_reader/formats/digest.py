"""Writes a digest as plain text, Markdown, HTML and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tui_reader.formats.plain_text import Block
from tui_reader.formats.story_text import article_facts
from tui_reader.model.counted import counted
from tui_reader.model.dates import iso_date, long_date
from tui_reader.model.shared_story import SharedArticle
from tui_reader.queries.digest import Digest, DigestStory

_LISTED = 5  # new articles of a known story
_SECTIONS = ("New stories", "News in known stories")


def summary(digest: Digest) -> str:
    """Return in one sentence what there is."""
    since = f"since {long_date(digest.since)}"
    if not digest.stories:
        return f"Nothing new {since}."
    parts = []
    if digest.new:
        parts.append(counted(len(digest.new), "new story", "new stories"))
    if digest.known:
        parts.append(f"news in {counted(len(digest.known), 'known story', 'known stories')}")
    more = f" {counted(digest.left_out, 'more story is', 'more stories are')} left out." if digest.left_out else ""
    return f"{' and '.join(parts).capitalize()} {since}.{more}"


def headline(digest: Digest) -> str:
    """Return how many stories there are, for a subject."""
    new = counted(len(digest.new), "new story", "new stories") if digest.new else ""
    known = f"news in {counted(len(digest.known), 'known story', 'known stories')}" if digest.known else ""
    return ", ".join(filter(None, [new, known])) or "nothing new"


def digest_blocks(title: str, digest: Digest) -> Iterator[Block]:
    """Yield the digest as plain text: one thing after the other, and nothing that only the eye understands."""
    yield from (Block(title), Block(summary(digest)))
    for heading, start, stories in _sections(digest):
        yield from (Block(), Block(), Block(f"{heading}: {len(stories)}"))
        for number, each in enumerate(stories, start):
            yield from (Block(), Block(f"{number}. {each.story.title}"), Block(told_by(each)))
            if each.story.url:
                yield Block(each.story.url, fixed=True)
            if each.story.excerpt:
                yield from (Block(), Block(each.story.excerpt))
            yield from _arrived_blocks(each, is_new=heading == _SECTIONS[0])


def _arrived_blocks(each: DigestStory, *, is_new: bool) -> Iterator[Block]:
    articles, more = _listed(each, is_new=is_new)
    if articles:
        yield from (Block(), Block(f"{counted(len(each.arrived), 'new article')}:"))
    for article in articles:
        yield from (Block(), Block(article.title, "- "), *article_facts(article))
    if more:
        yield from (Block(), Block(f"And {counted(more, 'more new article')}."))


def digest_markdown(title: str, digest: Digest) -> str:
    """Return the digest as Markdown."""
    from tui_reader.model.story_markdown import coverage_line, link, plain

    blocks = [f"# {plain(title)}", summary(digest)]
    for heading, _, stories in _sections(digest):
        blocks.append(f"## {heading}")
        for each in stories:
            blocks += [f"### {link(each.story.title, each.story.url)}", plain(told_by(each))]
            if each.story.excerpt:
                blocks.append(f"> {plain(each.story.excerpt)}")
            articles, more = _listed(each, is_new=heading == _SECTIONS[0])
            if articles:
                lines = [f"- {coverage_line(article)}" for article in articles]
                blocks += [f"{counted(len(each.arrived), 'new article')}:", "\n".join(lines)]
            if more:
                blocks.append(f"And {counted(more, 'more new article')}.")
    return "\n\n".join(blocks) + "\n"


def digest_html(title: str, digest: Digest) -> str:
    """Return the digest as an HTML page."""
    from tui_reader.formats.html import html_page

    return "".join(html_page(title, _html_parts(title, digest)))


def _html_parts(title: str, digest: Digest) -> Iterator[str]:
    from tui_reader.formats.html import article_list, link, text

    yield f"<h1>{text(title)}</h1>\n<p>{text(summary(digest))}</p>\n"
    for heading, start, stories in _sections(digest):
        yield f'<section>\n<h2>{heading}</h2>\n<ol start="{start}">\n'
        for each in stories:
            yield f"<li>\n<h3>{link(each.story.title, each.story.url)}</h3>\n"
            yield f'<p class="facts">{text(told_by(each))}</p>\n'
            if each.story.excerpt:
                yield f"<p>{text(each.story.excerpt)}</p>\n"
            articles, more = _listed(each, is_new=heading == _SECTIONS[0])
            if articles:
                yield f"<p>{counted(len(each.arrived), 'new article')}:</p>\n"
                yield from article_list(articles)
            if more:
                yield f"<p>And {counted(more, 'more new article')}.</p>\n"
            yield "</li>\n"
        yield "</ol>\n</section>\n"


def digest_fields(title: str, digest: Digest, stories: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Return the digest as a JSON object; ``stories`` has the fields of each story, by its page."""
    return {
        "title": title,
        "since": iso_date(digest.since),
        "new": _story_fields(digest.new, stories),
        "known": _story_fields(digest.known, stories),
        "leftOut": digest.left_out,
    }


def _story_fields(found: Iterable[DigestStory], stories: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        stories[each.page] | {"arrived": [_article_fields(article) for article in each.arrived]}
        for each in found
        if each.page in stories
    ]


def _article_fields(article: SharedArticle) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": article.url,
        "provider": article.provider or None,
        "publishedDateTime": iso_date(article.published),
    }


def told_by(each: DigestStory) -> str:
    """Return who tells a story, and the date of its lead."""
    names = list(each.told_by)
    if each.more:
        names = [", ".join(names), f"{each.more} more"]
    elif len(names) > 2:
        names = [", ".join(names[:-1]), names[-1]]
    day = "" if each.story.published is None else long_date(each.story.published)
    return ", ".join(filter(None, [" and ".join(filter(None, names)), day])) or "Unknown provider"


def _sections(digest: Digest) -> Iterator[tuple[str, int, tuple[DigestStory, ...]]]:
    """Yield each section that has stories: its heading, the number of its first story, and the stories."""
    if digest.new:
        yield _SECTIONS[0], 1, digest.new
    if digest.known:
        yield _SECTIONS[1], 1 + len(digest.new), digest.known


def _listed(each: DigestStory, *, is_new: bool) -> tuple[tuple[SharedArticle, ...], int]:
    """Return the new articles to list, and the number of the others: of a story that is new itself, none."""
    if is_new:
        return (), 0
    return each.arrived[:_LISTED], max(0, len(each.arrived) - _LISTED)
