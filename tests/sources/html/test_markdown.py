"""Conversion of HTML to Markdown and to one plain line, in linear time."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.markdown import Markdown

from tests.support.growth import assert_linear, assert_linear_in
from tui_reader.sources.html.markdown import convert_html, html_to_markdown

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
        ("<img src='/a.png' alt='A [b]'>", "![A \\[b\\]](https://cloud.example/a.png)"),
        ("<a href='/x'><img src='/a.png'></a>", "[![](https://cloud.example/a.png)](https://cloud.example/x)"),
        ("<figure><img src=/a.png><figcaption>A <i>b</i>", "![](https://cloud.example/a.png)  \n*A b*"),
        ("<figure><figcaption><p>A</p></figcaption><pre>b</pre></figure>", "*A*\n\n```\nb\n```"),
        ("<pre class='code python'>a</pre>", "```python\na\n```"),
        ("<div class='highlight-c++ notranslate'><pre>a</pre></div>", "```c++\na\n```"),
        ("<iframe src='//video.example/1'>old</iframe>", "[embedded page](https://video.example/1)"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        ("<p>1. no list</p><p># none</p><p>- none</p><p>---</p>", "1\\. no list\n\n\\# none\n\n\\- none\n\n\\---"),
        ("a<script>x()</script><style>b</style><!-- c --><form>d</form><p hidden>e<p style='display: none'>f", "a"),
        ("<p>a<hr>b", "a\n\n---\n\nb"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert html_to_markdown(html, BASE) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b>Note:</b>that", "**Note**:that"),
        ("num<em>.</em> five", "num. five"),
        ("<b>雨。</b>次の", "**雨**。次の"),
        ("x<i>(y)</i>z", "x(*y*)z"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<b><i>A:</i></b>b", "***A***:b"),
        ("a <b>b<i>c</i></b><i>d</i>", "a **b*c***d"),
        ("<b>see <a href='/x'>x</a></b>it", "see [x](https://cloud.example/x)it"),
        ("<b>Oh!</b><b><a href='/x'>x</a></b>", "**Oh\\![x](https://cloud.example/x)**"),
        ("x<s><b>a</b></s>b", "x**a**b"),
        ("5<b>*</b>6", "5\\*6"),
        ("<code>a</code><code>b</code><b><code>c</code></b>", "`abc`"),
        ("<b>a:</b> b, <i>“c.”</i> d", "**a:** b, *“c.”* d"),
    ],
)
def test_emphasis_that_markdown_would_not_see_shows_no_signs(html: str, markdown: str) -> None:
    assert html_to_markdown(html, BASE) == markdown
    assert not set(shown(markdown)) & set("*~`") or "\\*" in markdown


@pytest.mark.parametrize(
    ("html", "markdown", "line"),
    [
        (
            "of 3<sup>20</sup> and CO<sub>2</sub> x<sub>i+1</sub>",
            r"of 3^20 and CO₂ x\_(i+1)",
            "of 3^20 and CO₂ x_(i+1)",
        ),
        ("10<sup>-3</sup> 2<sup>nd</sup> A<sup>TM</sup>", "10^-3 2nd A™", "10^-3 2nd A™"),
        ("<code>x<sup>2</sup></code>", "`x^2`", "x^2"),
        ("said.<sup>4</sup> so<sup><a href='#n5'>5</a></sup>", "said.⁴ so⁵", "said.⁴ so⁵"),
        ("so<sup><a href='#c'>[1]</a></sup>", "so¹", "so¹"),
        ("so<a href='/p#fn2'>2</a>", "so[²](https://cloud.example/p#fn2)", "so²"),
        ("see <a href='#s'>2</a> (<a href='#t'>3</a>)", "see 2 (3)", "see 2 (3)"),
        (
            "<math><mi>x</mi><mo>=</mo><mfrac><mrow><mi>p</mi><mo>-</mo><mn>1</mn></mrow><mn>2</mn></mfrac></math>",
            "x=(p-1)/2",
            "x=(p-1)/2",
        ),
        (
            "<math><msubsup><mi>y</mi><mi>i</mi><mn>2</mn></msubsup><msqrt><mi>z</mi></msqrt></math>",
            "y_i^2√z",
            "y_i^2√z",
        ),
        ("<math alttext='{\\displaystyle p\\lt q}'><mi>p</mi></math>", r"p\\lt q", r"p\lt q"),
        (
            "<math><semantics><mi>k</mi><annotation encoding='application/x-tex'>k_0</annotation></semantics></math>",
            "k_0",
            "k_0",
        ),
        ("<script type='math/tex'>a+b</script>", "a+b", "a+b"),
        ("<img class='latex' alt='a+b' src='/latex.php?a%2Bb'>", "a+b", "a+b"),
        ("say <q>yes, <q>no</q></q>", "say “yes, ‘no’”", "say “yes, ‘no’”"),
        (
            "<abbr title='Low Cloud'>LC</abbr> <abbr title='Low Cloud'>LC</abbr>",
            "LC (Low Cloud) LC",
            "LC (Low Cloud) LC",
        ),
        ("<ruby>雲<rp>(</rp><rt>kumo</rt><rp>)</rp></ruby>", "雲(kumo)", "雲(kumo)"),
        ("Regen&shy;wolken<wbr>zug", "Regenwolkenzug", "Regenwolkenzug"),
        ("a<br><br>b", "a\n\nb", "a b"),
        ("<details><summary>Why</summary>So</details>", "**Why**\n\nSo", "Why So"),
        ("<strike>a</strike>", "~~a~~", "a"),
    ],
)
def test_what_the_text_means_stays(html: str, markdown: str, line: str) -> None:
    found = convert_html(html, BASE)
    assert (found.markdown, found.line) == (markdown, line)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<ol start=4><li>a<li>b</ol><ol><li>c</ol>", "4. a\n5. b\n\n1) c"),
        ("<ol reversed><li>a<li>b</ol>", "2. a\n1. b"),
        ("<ol><li value=7>a<ol><li>b<li>c</ol><li>d</ol>", "7. a\n   1. b\n   2. c\n8. d"),
        ("<ol type=a><li>x<li>y</ol><ol type=I start=4><li>z</ol>", "- a. x\n- b. y\n\n- IV. z"),
        ("<ol start=-1><li>a<li>b<li>c</ol>", "- -1. a\n0. b\n1. c"),
        (
            "<dl><dt>rain<dd>water<dd>weather<dt>fog<dd>cloud</dl>",
            "**rain**\n\n- water\n- weather\n\n**fog**\n\n- cloud",
        ),
        ("<ul><li><input type=checkbox checked> a<li><input type=checkbox> b</ul>", "- \\[x\\] a\n- \\[ \\] b"),
    ],
)
def test_lists_keep_their_numbers(html: str, markdown: str) -> None:
    assert html_to_markdown(html, BASE) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            "<caption>Rain</caption><thead><tr><td>a<td>b</thead><tr><td><td><b>2</b><br>mm",
            "Rain\n\n| a | b |\n| --- | --- |\n|  | **2** mm |",
        ),
        ("<tr><th>a<th>b<tr><td>x|y<td><code>p|q</code>", "| a | b |\n| --- | --- |\n| x\\|y | `p\\|q` |"),
        (
            "<tr><th colspan=2>a<th>b<tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5",
            "| a |  | b |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n|  | 4 | 5 |",
        ),
        (
            "<tr><th>a<th style='text-align: right'>b<th align=center>c<tr><td>1<td>2<td>3",
            "| a | b | c |\n| --- | ---: | :---: |\n| 1 | 2 | 3 |",
        ),
        ("<tr><td>a<td>1<tr><td>b<td>2", "|  |  |\n| --- | --- |\n| a | 1 |\n| b | 2 |"),
        ("<tr><td>one row<td>only <code>a|b</code>", "one row · only `a|b`"),
        ("<tr><td>- one column<tr><td>only", "\\- one column\n\nonly"),
        ("<tr><td><ul><li>a</ul><td>b<tr><td>c<td>d", "- a\n\nb\n\nc · d"),
        (
            "<tr><td>a<table><tr><th>b<th>c<tr><td>1<td>2</table><tr><td>z",
            "a\n\n| b | c |\n| --- | --- |\n| 1 | 2 |\n\nz",
        ),
        (f"<tr><td>{'long ' * 40}<td>b<tr><td>c<td>d", f"{'long ' * 40}".strip() + " · b\n\nc · d"),
    ],
)
def test_tables_of_data_are_tables_and_layouts_are_paragraphs(html: str, markdown: str) -> None:
    assert html_to_markdown(f"<table>{html}</table>", BASE) == markdown


def test_a_picture_in_a_layout_has_a_line_of_its_own() -> None:
    layout = "<table><tr><td><img src='/a.png'><td><p>Rain<br>Wind</p><tr><td colspan=2><p>One</p><p>Two</p></table>"
    assert html_to_markdown(layout, BASE) == "![](https://cloud.example/a.png)\n\nRain  \nWind\n\nOne\n\nTwo"


def test_a_layout_that_says_so_is_no_table() -> None:
    assert html_to_markdown("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>") == "a · b\n\nc · d"


@pytest.mark.parametrize(
    ("html", "markdown", "images"),
    [
        ("<video><source src='/v.mp4'>cannot play</video>", "[video](https://cloud.example/v.mp4)", 0),
        ("<audio controls><source data-src='/a.ogg'></audio>", "[audio](https://cloud.example/a.ogg)", 0),
        ("<video poster='/p.png'><a href='/v.webm'>load it</a></video>", "[video](https://cloud.example/v.webm)", 1),
        ("<video>cannot play</video>", "cannot play", 0),
        (
            "<picture><source srcset='/a.webp 2x'><img srcset='/b.png 640w, /c,c.png 900w' alt=C></picture>",
            "![C](https://cloud.example/c,c.png)",
            1,
        ),
        (
            "<picture><source srcset='/a.webp 2x'><img src='data:x' alt=A></picture>",
            "![A](https://cloud.example/a.webp)",
            1,
        ),
        (
            "<img data-src='/d.png' src='data:x' alt=D><noscript><img src='/d-300x200.png'></noscript>",
            "![D](https://cloud.example/d.png)",
            1,
        ),
        (
            "<img src='data:x' alt=E><noscript><img src='/e.png' alt=E></noscript>",
            "![E](https://cloud.example/e.png)",
            1,
        ),
        ("ha <img class=emoji alt='😀' src='https://e.example/1f600.png'> ha", "ha 😀 ha", 0),
        ("ha <img class=wp-smiley src='https://e.example/1f600.png'>", "ha 😀", 0),
        (
            "<iframe src='about:blank' data-src='https://www.youtube.com/embed/x'></iframe>"
            "<noscript><iframe src='https://www.youtube.com/embed/x'></iframe></noscript>",
            "[video](https://www.youtube.com/embed/x)",
            0,
        ),
        (
            "<object data='/r.pdf' type='application/pdf'>cannot show</object>",
            "[embedded page](https://cloud.example/r.pdf)",
            0,
        ),
    ],
)
def test_pictures_videos_and_sounds_are_found(html: str, markdown: str, images: int) -> None:
    found = convert_html(html, BASE)
    assert (found.markdown, len(found.images)) == (markdown, images)


def test_elements_nested_deeper_than_the_limit_keep_their_text_and_what_follows() -> None:
    deep = "".join(f"<div><font>t{at}" for at in range(600))
    found = html_to_markdown(f"{deep}<p>then <a href='/x'>a link</a><script>no</script><!-- <b> -->")
    assert [word for word in found.split() if word.startswith("t")] == [*(f"t{at}" for at in range(600)), "then"]
    assert html_to_markdown(f"{deep}<p>then <a href='/x'>a link</a>", BASE).endswith(
        "[a link](https://cloud.example/x)"
    )
    assert html_to_markdown("<dt><li>a" * 600).count("a") == 600


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
    assert convert_html("<h1>A</h1><p>b &amp;amp; <b>c</b>d<br>e</p><script>x</script>").line == "A b &amp; cd e"
    assert convert_html("x").line == "x"
    long = convert_html("<p>" + "word " * 1000).line
    assert len(long) <= 300 and long.endswith("word…")
    assert len(convert_html("x" * 1000).line) == 300


def test_more_tells_whether_the_line_is_the_whole_text() -> None:
    assert not convert_html("<p>all of <em>it</em></p>").more
    for html in ("<p>a<p>b", "<a href='https://a.example/'>a</a>", "word " * 100, "a<br>b"):
        assert convert_html(html).more


@given(
    st.lists(st.tuples(st.text(max_size=30).filter(lambda text: "<" not in text), st.sampled_from(["", " ", "\n\t"]))),
    st.sampled_from(["", "\n "]),
)
def test_plain_paragraphs_are_converted_as_if_they_were_parsed(paragraphs: list[tuple[str, str]], start: str) -> None:
    html = start + "".join(f"<p>{text}</p>{space}" for text, space in paragraphs)
    parsed = convert_html(f"{html}<!-- needs a parser -->")
    assert convert_html(html) == parsed


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


NESTED = {
    "<b> against </i>": lambda size: "<b>" * size + "</i>" * size,
    "</span> in <div>": lambda size: "<span>" + "<div>" * size + "</span>" * size,
    "tags in each other": lambda size: "<div></span>" * size,
    "cells that span": lambda size: "<table>" + "<tr><td rowspan=999 colspan=60>x" * size,
    "late end tags": lambda size: "<b>" * 600 + "<b a='" * size,
    "attributes": lambda size: "<a " + " ".join(f"x{at}='>'" for at in range(size)) + ">",
}


@pytest.mark.parametrize("kind", NESTED)
def test_badly_nested_html_takes_linear_time(kind: str) -> None:
    assert_linear_in(html_to_markdown, NESTED[kind], 8_000)


@pytest.mark.parametrize(
    "piece",
    [
        "<div>", "<blockquote>x", "<ul><li>a", "<b>", "<a href=x>y", "<", "<p><b>x", "<!--", "<pre>", "`",
        "<table><tr><td>x", "<tr><td>x<td>y", "<math><mrow>a", "<sup>x", "<q>x", "<abbr title=a>x", "<dd>x",
        "<ol reversed><li>x", "<video><source src=/a>", "<noscript><img src=/a>", "<img srcset='/a 1x,'>",
    ],
)  # fmt: skip
def test_time_and_size_grow_linearly(piece: str) -> None:
    def convert(text: str) -> None:
        assert len(html_to_markdown(text + "<p>rest", BASE)) < 30_000_000

    assert_linear(convert, piece, 60_000 // len(piece))
