"""Plain text of 72 columns, and the lines that a mail program joins again (RFC 3676)."""

from __future__ import annotations

import pytest

from tui_reader.formats.body_text import body_blocks
from tui_reader.formats.plain_text import WIDTH, Block, columns, lay_out

LONG = "One sentence of some length that a narrow terminal cannot show on one line, so it is broken. " * 3


def as_shown_by_a_mail_program(lines: list[str]) -> list[str]:
    """Return the paragraphs that a program which knows RFC 3676 makes of lines, as its section 4 says."""
    shown: list[str] = []
    flowing = False
    for line in lines:
        quoted = len(line) - len(line.lstrip(">"))
        text = line[quoted:].removeprefix(" ")
        if flowing:
            shown[-1] += text
        else:
            shown.append("> " * quoted + text)
        flowing = text.endswith(" ")
    return [line.rstrip() for line in shown]


def laid_out(body: str, *, flowed: bool = False) -> list[str]:
    return list(lay_out(body_blocks(body, "https://a.example/news/1"), flowed=flowed))


def test_text_is_broken_at_72_columns_and_joined_again() -> None:
    assert list(lay_out([Block(".")], flowed=True)) == [" ."]  # it would end what sendmail reads
    plain, flowed = (list(lay_out([Block(LONG)], flowed=flowed)) for flowed in (False, True))
    assert max(map(len, plain)) <= WIDTH
    assert not any(line.endswith(" ") for line in plain)
    assert [line.rstrip() for line in flowed] == plain
    assert as_shown_by_a_mail_program(flowed) == [LONG.strip()]


@pytest.mark.parametrize("text", ["> not a quote", "From here on", "-- ", "東京" * 60, "x" * 200, f"> {LONG}"])
def test_no_text_is_taken_for_something_else_by_a_mail_program(text: str) -> None:
    lines = list(lay_out([Block(text)], flowed=True))
    assert "".join(as_shown_by_a_mail_program(lines)) == text.strip()
    assert not any(line.startswith((">", "From ")) or line == "-- " for line in lines)


def test_scripts_of_wide_letters_fit_into_the_columns() -> None:
    lines = list(lay_out([Block("東京のニュース" * 20)]))
    assert all(columns(line) <= WIDTH for line in lines)
    assert "".join(lines) == "東京のニュース" * 20


def test_there_is_never_more_than_one_empty_line() -> None:
    assert list(lay_out([Block(), Block(), Block("a"), Block(), Block(" "), Block("b")])) == ["a", "", "b"]


def test_a_body_is_read_one_thing_after_the_other() -> None:
    body = (
        "# Head\n\nSome *text* with a [link](/more) and [another](https://b.example/x).\n\n"
        "- one\n- two\n  1. inner\n\n> quoted words\n\n| who | what |\n|---|---|\n| Ann | reads |\n\n"
        "```sh\nrm -rf  x\n```\n\n![A cat](cat.jpg)\n\n---\n\n[again](/more), [mail](mailto:a@b.example)"
    )
    assert laid_out(body) == [
        "Head",
        "",
        "Some text with a link [1] and another [2].",
        "",
        "- one",
        "- two",
        "  1. inner",
        "",
        "> quoted words",
        "",
        "- who: Ann; what: reads",
        "",
        "    rm -rf  x",
        "",
        "[Picture: A cat]",
        "",
        "* * *",
        "",
        "again [1], mail",
        "",
        "Links:",
        "",
        "[1] https://a.example/more",
        "[2] https://b.example/x",
    ]


def test_a_list_begins_with_its_own_number() -> None:
    for body in ("0. nothing\n1. one", "7. seven\n8. eight", "- a dash\n- another"):
        assert list(lay_out(body_blocks(body, None))) == body.splitlines()


def test_a_long_item_hangs_below_its_bullet_but_flows_in_mail() -> None:
    item = f"- {LONG}"
    first, second, *_ = laid_out(item)
    assert first.startswith("- One")
    assert second.startswith("  ") and not second.startswith("   ")
    assert as_shown_by_a_mail_program(laid_out(item, flowed=True))[0] == item.strip()


def test_a_long_quote_is_one_in_each_line() -> None:
    assert all(line.startswith("> ") for line in laid_out(f"> {LONG}") if line)
    shown = as_shown_by_a_mail_program(laid_out(f"> {LONG}", flowed=True))
    assert shown[0] == f"> {LONG.strip()}"


def test_an_address_is_never_broken() -> None:
    address = "https://a.example/" + "path/" * 60
    for flowed in (False, True):
        assert list(lay_out([Block(address, first="[1] ", fixed=True)], flowed=flowed)) == [f"[1] {address}"]
