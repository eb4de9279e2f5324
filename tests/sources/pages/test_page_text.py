"""The article is found in pages of all shapes, as it is marked up, and it is said why a page has none."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks.full_texts import ours, score, total
from tests.benchmarks.page_shapes import SHAPES, web_pages
from tests.support.articles_on_the_web import AROUND, PARAGRAPHS, SCRIPTED, web_page
from tests.support.growth import assert_linear
from tui_reader.errors import SourceError
from tui_reader.sources.pages.page_text import NO_TEXT, PAID, PageText, read_page
from tui_reader.sources.pages.page_text import SCRIPTED as ONLY_SCRIPTS

FOR_PAY = '<script type="application/ld+json">[{"isAccessibleForFree": "False"}]</script>'
ADDRESS = "https://paper.example/sea/1"


def read(html: str | bytes, *, title: str = "", selector: str = "") -> PageText:
    data = html if isinstance(html, bytes) else html.encode()
    return read_page(data, "text/html; charset=utf-8", ADDRESS, title=title, selector=selector)


def test_40_pages_of_all_shapes() -> None:
    assert len(SHAPES) == 40
    scores = {page.name: score(page, ours(page)) for page in web_pages()}
    every = total(scores.values())
    assert every.article > 500
    assert every.rest > 150
    assert every.found >= 0.99 * every.article, scores
    assert every.wrong <= 0.03 * every.rest, scores
    assert all(each.found >= 0.8 * each.article for each in scores.values()), scores


def test_the_text_is_as_it_is_marked_up() -> None:
    text = read(
        f"""<html><body><article><h1>Ferry  strike ends</h1><p>{PARAGRAPHS[0]}</p>
        <figure><img src="/a.jpg" alt="A ferry"><figcaption>A ferry on Monday.</figcaption></figure>
        <p>Wages rise by 2<sup>16</sup> pence, <a href="more">as was said</a> before. {PARAGRAPHS[1]}</p>
        <pre><code class="language-python">def f():
    return 1</code></pre><ol start="3"><li>The third of them.</li><li>The fourth of them.</li></ol>
        <table><tr><th>Line</th><th>Fare</th></tr><tr><td>North</td><td>3</td></tr></table>
        <p>{PARAGRAPHS[2]}</p></article></body></html>""",
        title="Ferry strike ends",
    ).text
    assert text.startswith(PARAGRAPHS[0])
    for part in (
        "(https://paper.example/a.jpg)",
        "A ferry on Monday.",
        "(https://paper.example/sea/more)",
        "def f():\n    return 1",
        "3. The third of them.\n4. The fourth of them.",
        "| Line | Fare |",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        (SCRIPTED, ONLY_SCRIPTS),
        (b"<script src=x.js></script><div id=root></div><noscript>Enable JavaScript.</noscript>", ONLY_SCRIPTS),
        (b"", NO_TEXT),
        (b"<html></html>", NO_TEXT),
        (b"<p>Moved to another place.</p>", NO_TEXT),
        (
            web_page(
                PARAGRAPHS[:2], head='<script type="application/ld+json">[{"isAccessibleForFree":"False"}]</script>'
            ),
            PAID,
        ),
        (web_page(PARAGRAPHS[:2]).replace(b"</main>", b'<div class="paywall">Pay</div></main>'), PAID),
        (web_page(), ""),
    ],
)
def test_it_is_said_why_there_is_no_text(html: bytes, problem: str) -> None:
    found = read(html)
    assert found.problem == problem
    assert (PARAGRAPHS[0] in found.text) == (problem in {"", PAID})
    assert AROUND not in found.text


def test_a_page_of_scripts_may_describe_its_article() -> None:
    described = json.dumps({"@graph": [{"articleBody": "\n".join(PARAGRAPHS)}]})
    page = SCRIPTED.replace(b"<title>", f'<script type="application/ld+json">{described}</script><title>'.encode())
    assert read(page) == PageText("\n\n".join(PARAGRAPHS))


def test_the_amp_version_is_named() -> None:
    def amp(link: str) -> str | None:
        return read(web_page(head=link)).amp

    assert amp('<link rel="amphtml" href="/amp/1?a=1&amp;b=2">') == "https://paper.example/amp/1?a=1&b=2"
    assert amp("<LINK HREF=https://amp.example/1 REL=AMPHTML>") == "https://amp.example/1"
    assert amp('<link rel="amphtml" href="javascript:alert(1)">') is None
    assert amp('<link rel="alternate" href="/amphtml">') is None
    assert amp('<link rel="amphtml" href="http://[x">') is None


def test_a_selector_says_what_the_text_is() -> None:
    assert read(web_page(), selector="aside p").text == AROUND
    assert read(web_page(), selector="main, article p").text.count(PARAGRAPHS[0]) == 1
    assert PARAGRAPHS[3] in read(web_page(), selector=".nothing-like-this").text
    with pytest.raises(SourceError, match="is no CSS selector"):
        read(web_page(), selector="p[")


def test_what_is_no_web_page_is_named() -> None:
    with pytest.raises(SourceError, match=r"a file of the kind application/pdf$"):
        read_page(b"%PDF-", "application/pdf; x=y", ADDRESS)


def test_other_encodings_and_declarations() -> None:
    text = "".join(f"<p>Müßiggang {paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f'<?xml version="1.0" encoding="iso-8859-1"?><html><body><article>{text}</article></body></html>'
    assert "Müßiggang" in read_page(html.encode("latin-1"), "application/xhtml+xml", ADDRESS).text


@pytest.mark.parametrize(
    ("part", "times"),
    [
        ("<div>", 8_000),
        ("<p>a b c d e f g h", 1_500),
        ("<br>" * 9 + "a", 600),
        ('<link rel="amphtml" ', 8_000),
        ('<script type="ld+json">[', 8_000),
        ("<b class='ad ", 8_000),
        ("<table><tr><td>", 8_000),
        ("<nav></nav>" + "a" * 1000, 3_000),
    ],
)
def test_the_work_is_linear_in_the_size_of_a_hostile_page(part: str, times: int) -> None:
    assert_linear(read, part, times)


@pytest.mark.parametrize(
    "page",
    [
        "<p>{}</p>",
        "<pre>{}</pre>",
        "<p><a href='/a'>{}</a> <img src='/b.png' alt='{}'></p>",
        '<script type="application/ld+json">{{"articleBody": "{}"}}</script>',
    ],
)
def test_nothing_of_a_page_reaches_the_terminal(page: str) -> None:
    hostile = "&#27;[31m &#x9b;31m \u202edrow a\u0301\u0301\u0301\u0301\u0301\u0301 &#7; "
    text = read(page.format(hostile + PARAGRAPHS[0], hostile)).text
    assert PARAGRAPHS[0] in text
    assert "⟨RLO⟩drow" in text
    assert not set(text) & set("\x1b\x9b\x07\u202e")
    assert "\u0301" * 5 not in text


def test_the_kind_of_a_file_reaches_the_terminal_as_text_only() -> None:
    with pytest.raises(SourceError, match="kind image/⟨9B⟩31mpng"):
        read_page(b"x", "image/\x9b31mpng", ADDRESS)


def test_a_description_may_have_line_breaks_in_its_texts() -> None:
    text = f'<script type="application/ld+json">{{"articleBody": "{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"}}</script>'
    assert read(text).text == f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}"
