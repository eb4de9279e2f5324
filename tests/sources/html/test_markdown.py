"""Conversion of HTML to Markdown and to one plain line, in linear time."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.markdown import Markdown

from tests.support.growth import assert_linear
from tui_reader.sources.html.markdown import convert_html, html_to_line, html_to_markdown

BASE = "https://cloud.example/2024/rain"


def shown(markdown: str) -> str:
    """Return the text of rendered Markdown."""
    console = Console(file=StringIO(), width=1000)
    with console.capture() as capture:
        console.print(Markdown(markdown, hyperlinks=False))
    return " ".join(capture.get().split())


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One<p>Two", "One\n\nTwo"),
        ("no tags", "no tags"),
        ("a &amp; b &lt;c&gt;", "a & b \\<c\\>"),
        ("<h1>A <b>b</b></h1><h4>c</h4>", "# A **b**\n\n#### c"),
        ("<p>a <em> b </em>c <strong></strong><i>d</i></p>", "a *b* c *d*"),
        ("<b><div>a</div><div>b</div></b>", "**a**\n\n**b**"),
        ("<p>a<br>b</p>", "a  \nb"),
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "- a\n- b\n  - c\n- d"),
        ("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c"),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c", "> a\n>\n> b\n\nc"),
        ("<pre><code>x = `1`\n  &lt;b&gt;</code></pre>", "```\nx = `1`\n  <b>\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("<p>run <code>a*b`c</code></p>", "run ``a*b`c``"),
        ("<a href='/x?a=1&amp;b=2'>x</a>", "[x](https://cloud.example/x?a=1&b=2)"),
        ("<a href='y(1)'>y</a>", "[y](<https://cloud.example/2024/y(1)>)"),
        ("<a href='javascript:x()'>x</a> <a href='#top'>top</a> <a href='mailto:a@b'>m</a>", "x top m"),
        ("<a href='/c'><h3>Card</h3><p>text</p></a>", "### [Card](https://cloud.example/c)\n\n[text](https://cloud.example/c)"),
        ("Hey!<a href='/x'>x</a>", "Hey\\![x](https://cloud.example/x)"),
        ("<img src='/a.png' alt='A [b]'>", "[A \\[b\\]](https://cloud.example/a.png)"),
        ("<a href='/x'><img src='/a.png'></a>", "[image](https://cloud.example/x)"),
        ("<iframe src='//video.example/1'>old</iframe>", "[embedded page](https://video.example/1)"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "**a** · **b**\n\n1 · 2"),
        ("<p>1. no list</p><p># none</p><p>- none</p><p>---</p>", "1\\. no list\n\n\\# none\n\n\\- none\n\n\\---"),
        ("a<script>x()</script><style>b</style><!-- c --><form>d</form><p hidden>e<p style='display: none'>f", "a"),
        ("<p>a<hr>b", "a\n\n---\n\nb"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert html_to_markdown(html, BASE) == markdown


@pytest.mark.parametrize(
    "image",
    [
        "<img src='https://a.example/x.gif' width='1' height='1'>",
        "<img src='https://a.example/x.gif' height=0>",
        "<img src='https://stats.doubleclick.net/x'>",
        "<img src='https://feeds.example/~r/cloud/~4/abc'>",
        "<img src='https://pixel.wp.com/b.gif?x=1'>",
        "<img src='data:image/png;base64,AAAA'>",
    ],
)
def test_tracking_pixels_are_removed(image: str) -> None:
    found = convert_html(f"<p>a {image}</p>", BASE)
    assert (found.markdown, found.images) == ("a", ())


def test_the_line_is_plain_and_limited() -> None:
    assert html_to_line("<h1>A</h1><p>b &amp;amp; <b>c</b>d<br>e</p><script>x</script>") == "A b &amp; cd e"
    assert html_to_line("x") == "x"
    long = html_to_line("<p>" + "word " * 1000)
    assert len(long) <= 300 and long.endswith("word…")
    assert len(html_to_line("x" * 1000)) == 300


def test_more_tells_whether_the_line_is_the_whole_text() -> None:
    assert not convert_html("<p>all of <em>it</em></p>").more
    for html in ("<p>a<p>b", "<a href='https://a.example/'>a</a>", "word " * 100, "a<br>b"):
        assert convert_html(html).more


@given(st.text(alphabet="ab *_`[]()<>#&;!|~\\-+=1.\n", max_size=40))
def test_markdown_characters_are_escaped(text: str) -> None:
    from html import escape

    markdown = html_to_markdown(f"<p>{escape(text)}</p>")
    assert shown(markdown) == " ".join(text.split())


TAGS = """<p> </p> <b> </b> <a_href='/x'> </a> <ul> <li> </ul> <pre> </pre> <blockquote> </blockquote> <code> </code>
<td> <h2> </h2> <br> <iframe_src='/i'> <svg> <video_src='/v'> <template> <input> <select> a_ x\0 &#0; <!--
<![CDATA[ \ud800
"""


@given(st.lists(st.sampled_from([tag.replace("_", " ") for tag in TAGS.split()]), max_size=30))
def test_random_html_raises_nothing(parts: list[str]) -> None:
    found = convert_html("".join(parts), BASE)
    assert len(found.line) <= 300


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<blockquote>x", "<ul><li>a", "<b>", "<a href=x>y", "<", "<p><b>x", "<!--", "<pre>", "`", "<td>x"],
)
def test_time_and_size_grow_linearly(piece: str) -> None:
    def convert(text: str) -> None:
        assert len(html_to_markdown(text + "<p>rest", BASE)) < 30_000_000

    assert_linear(convert, piece, 1_000_000 // len(piece))
