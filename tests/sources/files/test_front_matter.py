"""Front matter: split and whole parsing agree, and errors name their line."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.collections import article_fields, front_matter
from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.sources.files import front_matter as module
from tui_reader.sources.files.article_file import parse_article
from tui_reader.sources.files.layout import MAX_FILE_BYTES

# Lines that look like front matter.
line = st.sampled_from(
    [
        "related:",
        "- title: b",
        "  - title: c",
        "title: d",
        "---",
        "...",
        "# e",
        "",
        "'",
        '"',
        "a: b",
        "|",
        "&x *x",
        "\tf",
    ]
)
text = st.lists(line | st.text(max_size=8), max_size=4).map("\n".join)
entry = st.fixed_dictionaries(
    {"title": text},
    optional={"webUrl": st.sampled_from(["https://a.example/1", "x"]), "excerpt": text, "quality": text},
)
fields = st.fixed_dictionaries(
    {"title": text},
    optional={
        "aaa": text | st.none() | st.lists(text, max_size=2),
        "excerpt": text,
        "topics": st.lists(text | st.none(), max_size=3),
        "zzz": text | st.none() | st.dictionaries(text, text, max_size=2),
        "related": st.lists(entry | text | st.none(), max_size=4),
    },
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw front matter in the layouts that YAML libraries and people write."""
    dumped = yaml.dump(
        draw(fields),
        sort_keys=draw(st.booleans()),
        default_style=draw(st.sampled_from([None, "'", '"', "|", ">"])),
        default_flow_style=draw(st.sampled_from([False, None])),
        indent=draw(st.sampled_from([2, 4])),
        width=draw(st.sampled_from([10, 80])),
        allow_unicode=draw(st.booleans()),
    )
    if draw(st.booleans()):
        dumped = dumped.replace("\n  ", "\n    ").replace("\n- ", "\n  - ")
    lines = dumped.split("\n")
    if draw(st.booleans()):
        lines.insert(draw(st.integers(0, len(lines))), draw(line))
    data = "\n".join(["---", *lines, "---", ""]).encode(errors="replace")
    if draw(st.booleans()):
        data = data.replace(b"\n", b"\r\n")
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + data


def parsed(data: bytes) -> tuple[Article, list[Article]] | str:
    """Return the article and its related entries, or the error message."""
    try:
        article, entries, _ = parse_article(data, "2020-01-02-name.md")
    except ArticleError as error:
        return str(error)
    return article, [entries[print_] for print_ in article.related]


@example(b'---\ntitle: "a\nrelated:\n  - title: x\n"\n---\n')
@example(b"---\ntitle: t\ntopics:\nrelated:\n  - title: a\n# old\n  - title: b\n---\n")
@example(b"---\nrelated:\n  - title: a\ntitle: t\nrelated:\n  - title: b\n---\n")
@example(b"---\ntitle: t\nrelated:\n- title: a\n-b: c\n---\n")
@example(b"---\ntitle: t\nrelated:\n  - title: a\n  -\n    title: b\n---\n")
@example(b"---\ntitle: t\nrelated:\n  - |\n   x\n  - title: a\n    excerpt: |\n      - title: c\n  - title: b\n---\n")
@example(b"---\ntitle: t\nx: [\nrelated:\n  - title: a\n]\n---\n")
@given(files())
def test_split_and_whole_parsing_agree(data: bytes) -> None:
    split = parsed(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_split_related", lambda head: None)
        whole = parsed(data)
    if isinstance(split, str) or isinstance(whole, str):
        assert split == whole
    else:
        assert split[1] == whole[1]
        assert split[0] == whole[0].__class__(**{**_values(whole[0]), "related": split[0].related})


def _values(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in Article._fields}


def test_the_layout_of_real_files_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    data = front_matter(article_fields(0, 3)).encode()
    monkeypatch.setattr(module, "_parse_whole", None)
    for changed in (data, data.replace(b"\n", b"\r\n"), data.replace(b"\n  ", b"\n    ").replace(b"\n- ", b"\n  - ")):
        found = parse_article(changed, "x.md")
        assert [found.entries[print_].title for print_ in found.article.related] == [
            "Report 1 on the weather",
            "Report 2 on the weather",
        ]


def test_a_known_entry_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = front_matter(article_fields(0, 3)).encode()
    first = parse_article(data, "x.md")
    again = parse_article(data, "x.md", known=set(first.entries))
    assert again.article.related == first.article.related
    assert again.entries == {}


@given(
    st.binary(max_size=80)
    | st.lists(
        st.sampled_from(
            [b"---\n", b"---", b"\n", b"related:\n", b"- ", b"  - ", b"title: a\n", b"a: 'b", b"\r", b"\x00", b"\xff"]
        )
    ).map(b"".join)
    | files().flatmap(lambda data: st.integers(0, len(data)).map(lambda cut: data[:cut] + b"\x9b" + data[cut + 1 :]))
)
def test_random_input_raises_only_article_errors(data: bytes) -> None:
    try:
        found = parse_article(data, "x.md")
    except ArticleError as error:
        assert error.reason
        assert 0 <= error.line <= data.count(b"\n") + data.count(b"\r") + 2
    else:
        assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in found.article.title)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("lines", "reason", "line"),
    [
        (["---", "title: x"], "not closed", 1),
        (["---", "- x", "---"], "name: value", 1),
        (
            ["---", "title: x", 'secured: "abc;def="', "related:", "  - title: a", '    x: "\\q"', "---"],
            "not valid YAML",
            6,
        ),
        (["---", "title: !!python/name:os.system", "---"], "python/name", 2),
        (["---", 'secured: "a"', "excerpt: x", "---"], "neither a title", 0),
    ],
)
def test_an_error_has_its_reason_and_line(start: str, end: str, lines: list[str], reason: str, line: int) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        parse_article((start + end.join(lines) + end).encode(), "")
    assert caught.value.line == line


def test_a_body_can_contain_a_fence() -> None:
    article = parse_article(b"---\ntitle: x\n...\n\n# Head\r\n\r\nText \x1b[31m\n---\nmore\n\n", "x.md").article
    assert article.body == "# Head\n\nText ␛[31m\n---\nmore"


def test_a_large_file_is_refused_before_parsing() -> None:
    with pytest.raises(ArticleError, match="larger than 8 MB"):
        parse_article(b"-" * (MAX_FILE_BYTES + 1), "x.md")


def test_invalid_utf8_and_control_characters_are_replaced() -> None:
    assert parse_article(b"---\ntitle: a\xff\x00b\n---\n", "x.md").article.title == "a�␀b"
