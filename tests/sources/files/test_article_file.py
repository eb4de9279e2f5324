"""Articles of all kinds of files: what each kind of metadata means, and what is no article."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.support.growth import assert_linear_in
from tui_reader.errors import ArticleError
from tui_reader.model.dates import iso_date
from tui_reader.sources.files.article_file import (
    BARE,
    DRAWING,
    EMPTY,
    NOT_FOUND,
    REDIRECT,
    TEMPLATE,
    LeftOut,
    parse_article,
)


def read(text: str, path: str = "notes/a-note.md") -> dict[str, object]:
    """Return what is set of the article in ``text``."""
    article = parse_article(text.encode(), path).article
    facts = {
        "title": article.title,
        "date": (iso_date(article.published) or "").removesuffix(":00Z").removesuffix("T00:00"),
        "topics": " ".join(article.topics),
        "author": article.author,
        "excerpt": article.excerpt,
        "body": article.body,
        "link": article.links.best() or "",
        "shown": article.shown,
        "images": " ".join(article.images),
    }
    return {name: value for name, value in facts.items() if value not in {"", True}}


def yaml(lines: str, body: str = "") -> str:
    return f"---\n{lines}\n---\n{body}"


KINDS: dict[str, tuple[str, str, dict[str, object]]] = {
    "TOML": (
        "a.md",
        '+++\ntitle = "Rain"\ndate = 2024-01-03T10:20:00+02:00\nauthors = ["Ann", "Bo"]\n[taxonomies]\n'
        'tags = ["a b", "c"]\n[extra]\nsummary = "Wet."\n+++\nText.\n',
        {"title": "Rain", "date": "2024-01-03T08:20", "topics": "a b c", "author": "Ann, Bo", "excerpt": "Wet."},
    ),
    "MDX that exports metadata": (
        "a.mdx",
        "import X from './x'\n\nexport const metadata = {\n  title: 'It\\'s wet',\n  openGraph: { title: 'no' },\n"
        "  date: new Date(\"2024-01-02\"),\n\n  tags: ['a', `b`],\n}\n\nText.\n",
        {"title": "It's wet", "date": "2024-01-02", "topics": "a b", "body": "Text."},
    ),
    "TOML below an empty line": ("a.md", "\n+++\ntitle = 'Rain'\n+++\nText.", {"title": "Rain", "body": "Text."}),
    "YAML below an empty line": ("a.md", "\n---\ntitle: Rain\n---\nText.", {"title": "Rain", "body": "Text."}),
    "JSON below an empty line": ("a.md", '\n{"title": "Rain"}\nText.', {"title": "Rain", "body": "Text."}),
    "a note with rules": ("a.md", "\n---\nIt rains: [wet\n\n---\nText.", {"title": "A"}),
    "TOML without a body": ("a.md", "+++\ntitle = 'Rain'\n+++", {"title": "Rain", "body": ""}),
    "JSON": (
        "a.md",
        '{"title": "Rain", "date": "2024-01-04",\n"tags": ["a"]}\n\nText.\n',
        {"title": "Rain", "date": "2024-01-04", "topics": "a", "body": "Text."},
    ),
    "Pelican": (
        "a.md",
        "Title: Rain\nDate: 2024-01-18 10:20\nTags: big data, b\nAuthors: Ann; Bo\nSummary: One\n    line.\n\nText.\n",
        {
            "title": "Rain",
            "date": "2024-01-18T10:20",
            "topics": "big data b",
            "author": "Ann, Bo",
            "excerpt": "One line.",
            "body": "Text.",
        },
    ),
    "Nikola": (
        "a.md",
        "<!--\n.. title: Rain\n.. date: 2024-01-18 10:20:00 UTC+01:00\n.. tags: a, b\n.. link:\n-->\n\nText.",
        {"title": "Rain", "date": "2024-01-18T09:20", "topics": "a b", "body": "Text."},
    ),
    "Nikola in Org": (
        "a.org",
        "#+STARTUP: x\n#+BEGIN_COMMENT\n.. title: Rain\n.. tags: a, draft\n#+END_COMMENT\n\nText.\n",
        {"title": "Rain", "topics": "a", "body": "Text.", "shown": False},
    ),
    "reStructuredText": (
        "a.rst",
        "####\nRain\n####\n\n:date: 2024-01-18 10:20\n:tags: a, b\n:author: Ann\n\nText.\n",
        {"title": "Rain", "date": "2024-01-18T10:20", "topics": "a b", "author": "Ann", "body": "Text."},
    ),
    "fields over several lines": (
        "a.rst",
        "====\nRain\n====\n\n:date:\n   2024-01-18 10:20\n\n:tags:\n   a,\n   b\n\nText.\n",
        {"title": "Rain", "date": "2024-01-18T10:20", "topics": "a b", "body": "Text."},
    ),
    "Nikola in reStructuredText": ("a.rst", ".. title: Rain\n.. slug: rain\n\nText.\n", {"title": "Rain"}),
    "ABlog": (
        "a.rst",
        ".. post:: Apr 15, 2024\n   :tags: a, b\n   :author: Ann\n\nRain\n====\n\nText.\n",
        {"title": "Rain", "date": "2024-04-15", "topics": "a b", "author": "Ann", "body": "Text."},
    ),
    "Org": (
        "a.org",
        ":PROPERTIES:\n:ID: 1\n:END:\n#+title: Rain\n#+DATE: <2024-01-18 Thu 10:20>\n#+filetags: :a:b:\n\nText.\n",
        {"title": "Rain", "date": "2024-01-18T10:20", "topics": "a b", "body": "Text."},
    ),
    "HTML with front matter": ("a.html", yaml("title: Rain", "<p>Some <b>text</b>.</p>"), {"body": "Some **text**."}),
    "HTML with metadata": (
        "a.html",
        '<html><head><title>Rain &amp; wind</title><meta name="tags" content="a, b">'
        '<meta content="2024-01-18" name="date"></head><body><p>Text.</p></body></html>',
        {"title": "Rain & wind", "date": "2024-01-18", "topics": "a b", "body": "Text."},
    ),
    "text": ("a.txt", "Rain\n====\n\nText.\n", {"title": "Rain", "body": "Text."}),
    "note": ("a.md", "# The `rain` [in](x) Spain #\n\nText.\n", {"title": "The rain in Spain", "body": "Text."}),
    "note with words before its heading": (
        "a.md",
        "Hm.\n\n# Rain\n\nText.",
        {"title": "Rain", "body": "Hm.\n\n# Rain\n\nText."},
    ),
    "note without a heading": (
        "x/the-rain.md",
        "Note: some text.\n",
        {"title": "The rain", "excerpt": "Note: some text."},
    ),
    "note with a name": ("x/Rain – in Spain.md", "Text.\n\n## Part\n", {"title": "Rain – in Spain"}),
    "note of a day": ("2024-01-18.md", "Text.", {"title": "2024-01-18", "date": "2024-01-18"}),
    "heading below front matter": (
        "a.md",
        yaml("date: 2024-01-18", "# Rain\n\nText."),
        {"title": "Rain", "body": "Text."},
    ),
    "bundle": ("posts/2024-01-18-my-rain/index.md", yaml("tags: a"), {"title": "My rain", "date": "2024-01-18"}),
    "date in folders": ("blog/2024/01/18/rain.md", yaml("title: Rain"), {"date": "2024-01-18"}),
    "empty front matter": ("a.md", "---\n---\n# Rain\n", {"title": "Rain"}),
    "a short post": (
        "posts/123/index.md",
        yaml("date: 2024-01-18", "It rains all day long. And on.\n"),
        {"title": "It rains all day long."},
    ),
    "an empty title": (
        "some-slug.md",
        yaml("title: ''", "It rains all day long. And on.\n"),
        {"title": "It rains all day long."},
    ),
    "date of few digits in its name": ("_posts/2015-9-3-x.md", yaml("title: Rain"), {"date": "2015-09-03"}),
    "number in folders": ("2015/12/3-things.md", yaml("title: Rain"), {"date": ""}),
    "date in its own path": ("a.md", '+++\npath = "2024/01/18/rain"\n+++\n', {"title": "A", "date": "2024-01-18"}),
    "MDX": ("a.mdx", yaml("title: Rain"), {"title": "Rain"}),
    "alias": (
        "a.md",
        yaml("title: Rain\nbase: &b [1]\ntags: *b\nby: Ann"),
        {"title": "Rain", "author": "Ann", "topics": ""},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_file_is_read(kind: str) -> None:
    path, text, expected = KINDS[kind]
    found = {"topics": "", "body": "", "date": ""} | read(text, path)
    assert {name: found.get(name) for name in expected} == expected
    assert read("\ufeff" + text.replace("\n", "\r\n"), path) == read(text, path)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("Title: A\nDate: 2024-01-11", {"date": "2024-01-11"}),
        ("title: A\npubDate: 2024-01-07", {"date": "2024-01-07"}),
        ("title: A\npublished: 2024-01-08", {"date": "2024-01-08"}),
        ("title: A\nlastmod: 2024-02-01\ncreated: 2024-01-08", {"date": "2024-01-08"}),
        ("title: A\ndate: 2024-01-06 9:05:00", {"date": "2024-01-06T09:05"}),
        ("title: A\ndate: 2024-1-5", {"date": "2024-01-05"}),
        ("title: A\ndate: 2024-01-06 05:30:00-05:00", {"date": "2024-01-06T10:30"}),
        ("title: A\ndate: Jan 16 2024", {"date": "2024-01-16"}),
        ("title: A\ndate: Tue, 16 Jan 2024 10:20:00 +0000", {"date": "2024-01-16T10:20"}),
        ("title: A\ndate: 2024", {"date": "2024-01-01"}),
        ("title: A\ndate: today\nupdated: 2024-01-08", {"date": "2024-01-08"}),
        ("title: A\nsubtitle: S", {"excerpt": "S"}),
        ("title: A\nlede: L\ndescription: D", {"excerpt": "D"}),
        ("title: A\nby: Ann", {"author": "Ann"}),
        ('title: A\nauthor:\n  - "[[people/Ann|Ann]]"\n  - name: Bo', {"author": "Ann, Bo"}),
        ("title: A\ntags: rust web", {"topics": "rust web"}),
        ("title: A\ntags: rust, web apps", {"topics": "rust web apps"}),
        ("title: A\ntags: ['#rust']\ncategories: News Tech\nkeywords: x", {"topics": "News Tech rust"}),
        ("title: A\ncategory: Big News", {"topics": "Big News"}),
        ("title: A\nkeywords: x y, z", {"topics": "x y z"}),
        ("title: A\ncanonical_url: https://a.example/x", {"link": "https://a.example/x"}),
        ("title: A\nurl: /x\nexternal_url: https://b.example/", {"link": "https://b.example/"}),
        ("title: A\nsource: the radio", {}),
        ("title: A\ncover:\n  image: https://a.example/1.png", {"images": "https://a.example/1.png"}),
        ("title: A\nurl: https://a.example/x/\nog_image: 1.png", {"images": "https://a.example/x/1.png"}),
        ("title: A\ndraft: true", {"shown": False}),
        ("title: A\nStatus: draft", {"shown": False}),
        ("title: A\npublished: false", {"shown": False}),
        ('title: "{{ title }}"', {"shown": False}),
        ("title: A\nnavigation:\n  key: {{ title }}\n  order: 2\ndate: 2024-01-06", {"date": "2024-01-06"}),
    ],
)
def test_a_field_is_known_by_its_names(lines: str, expected: dict[str, object]) -> None:
    found = read(yaml(lines))
    assert found.pop("title") in {"A", "{{ title }}"}
    assert {name: value for name, value in found.items() if name != "link" or "images" not in expected} == expected


@pytest.mark.parametrize("title", ["Rain <em>and</em> wind", "Rain and</div> wind", "List<String>"])
def test_a_title_may_have_tags_of_formatting(title: str) -> None:
    article = parse_article(yaml(f"title: {title}\nwebUrl: https://a.example/x").encode(), "a.md").article
    assert article.title == title.replace("<em>", "").replace("</em>", "")


def test_two_articles_about_one_page_are_two_articles() -> None:
    about = [parse_article(yaml(f"title: {name}\nlink: https://a.example/x").encode(), "a.md").article for name in "AB"]
    assert about[0].page() != about[1].page()
    assert {article.links.best() for article in about} == {"https://a.example/x"}
    tagged = parse_article(yaml("title: A <b>bold</b> one\nlink: https://a.example/x").encode(), "a.md").article
    assert (tagged.title, tagged.page()) == ("A bold one", "text:None:A <b>bold</b> one")  # marks stay


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("a.md", yaml("redirect_to: /new/"), REDIRECT),
        ("404.md", yaml("title: Page not found"), NOT_FOUND),
        ("content/404.md", yaml("permalink: /404.html"), NOT_FOUND),
        ("a.md", yaml("title: A\nlayout: redirect", "Moved."), REDIRECT),
        ("a.md", yaml("title: A\nredirect: /new/"), REDIRECT),
        ("a.html", yaml("title: A", '<meta http-equiv="refresh" content="0; url=/new/">\n<p>Moved.</p>'), REDIRECT),
        ("a.html", "<p>A part of a page.</p>", BARE[".html"]),
        ("a.txt", "numpy==1.0\n", BARE[".txt"]),
        ("a.rst", "Text.\n", BARE[".rst"]),
        ("a.org", "Text.\n", BARE[".org"]),
        ("a.md", "\n", EMPTY),
        ("Plan.excalidraw.md", yaml("tags: x"), DRAWING),
        ("templates/a.md", yaml("title: {{ title }}"), TEMPLATE),
    ],
)
def test_what_is_no_article_is_left_out(path: str, text: str, reason: str) -> None:
    with pytest.raises(LeftOut) as caught:
        parse_article(text.encode(), path)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("+++\ntitle = 'A'\nb = [\n+++\n", "not valid TOML", 3),
        ("\n\n+++\ntitle = 'A'\nb = [\n+++\n", "not valid TOML", 5),
        ("+++\ntitle = 'A'\n", "no second ‘\\+\\+\\+’ line", 1),
        ("+++\na = " + "[" * 50_000 + "\n+++\n", "too deeply", 1),
        ("+++\n" + "a." * 50_000 + "a = 1\n+++\n", "more than 64 parts", 2),
        ("+++\n" + ".".join(['"a b"'] * 40_000) + " = 1\n+++\n", "more than 64 parts", 2),
        ("+++\na = 0x" + "f" * 5000 + "\n+++\n", "more than 1,000 characters", 2),
        ("+++\na = '" + "x" * 300_000 + "'\n+++\n", "larger than 256 KB", 1),
        ('{"title": "A",\n"b": }\n', "not valid JSON", 2),
        ('{"a": ' + "[" * 200_000, "too deeply", 1),
    ],
)
def test_a_mistake_has_its_reason_and_line(text: str, reason: str, line: int) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        parse_article(text.encode(), "a.md")
    assert (type(caught.value), caught.value.line) == (ArticleError, line)


HOSTILE = {
    "words in TOML": ("a.md", lambda size: "+++\na = '''\n" + "a-b.c" * size + "\n'''\n+++\n", 20_000),
    "quotes in TOML": ("a.md", lambda size: "+++\na = '''\n" + '"a" ' * size + "\n'''\n+++\n", 20_000),
    "metadata lines": ("a.md", lambda size: "Title: a\n" + "  b\n" * size, 100_000),
    "spaces in a line": ("a.md", lambda size: "a" + " " * size + "b", 200_000),
    "headings": ("a.md", lambda size: "#" * size, 200_000),
    "rules": ("a.rst", lambda size: "=" * size + "\n", 200_000),
    "fields": ("a.rst", lambda size: ":a: b\n  c\n" * size, 50_000),
    "meta elements": ("a.html", lambda size: "<html>" + "<meta name=a " * size, 50_000),
    "titles": ("a.html", lambda size: "<html>" + "<title " * size, 50_000),
    "title of a page for missing ones": ("404.md", lambda size: yaml("title: " + "not " * size), 6_000),
    "tags that say a state": ("a.md", lambda size: ".. title: A\n.. tags: " + "draft,a," * size + "\n", 6_000),
    "comments": ("a.org", lambda size: "#+begin_comment\n.. title: A\n" * size, 50_000),
    "keywords": ("a.org", lambda size: "#+filetags: a:b:c\n" * size, 50_000),
    "tags of a redirect": ("a.html", lambda size: "---\ntitle: a\n---\n" + "<script " * size, 500),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_take_linear_time(kind: str) -> None:
    path, make, size = HOSTILE[kind]

    def read_file(text: str) -> None:
        with suppress(ArticleError):
            parse_article(text.encode(), path)

    assert_linear_in(read_file, make, size)
