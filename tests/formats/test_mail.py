"""Mail: complete messages that survive the way and look right in a program that shows plain text."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tui_reader.errors import UsageError
from tui_reader.formats.mail import Letter, addresses, own_address, write_mail

LETTER = Letter(
    "news-tui <me@a.example>", "you@b.example", "Überschrift: 3 neue", "Grüße,\n東京\n", "<p>Grüße</p>\n", "Feeds", 1e9
)


def parsed(letter: Letter) -> EmailMessage:
    data = write_mail(letter)
    assert all(len(line) <= 998 for line in data.split(b"\n"))
    assert b"\r" not in data
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def test_a_message_has_what_it_needs() -> None:
    message = parsed(LETTER)
    assert message["From"] == "news-tui <me@a.example>"
    assert message["To"] == "you@b.example"
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime.timestamp() == 1e9
    assert message["Message-ID"].startswith("<") and message["Message-ID"].endswith(">")
    assert "." in message["List-Id"] and message["List-Id"].startswith("<feeds.digest.news-tui.")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, page = message.iter_parts()
    assert isinstance(text, EmailMessage) and isinstance(page, EmailMessage)
    assert (text.get_content_type(), text["Content-Type"].params) == (
        "text/plain",
        {"charset": "utf-8", "format": "flowed"},
    )
    assert text.get_content() == LETTER.plain
    assert (page.get_content_type(), page.get_content()) == ("text/html", LETTER.html)


def test_two_messages_have_two_identifiers() -> None:
    assert parsed(LETTER)["Message-ID"] != parsed(LETTER)["Message-ID"]


def test_a_long_series_has_a_name_that_mail_programs_can_file_by() -> None:
    series = f"The front page of everything: {'kernel ' * 40}"
    (line,) = (line for line in write_mail(LETTER._replace(series=series)).split(b"\n") if b"List-Id" in line)
    assert line.startswith(b"List-Id: <the-front-page") and line.endswith(b">")
    assert len(line) < 255
    other = parsed(LETTER._replace(series=f"{series}again"))["List-Id"]
    assert other != parsed(LETTER._replace(series=series))["List-Id"]


def test_without_a_name_on_this_machine_an_address_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    with pytest.raises(UsageError, match="--from and --to"):
        own_address()


def test_lines_that_are_too_long_for_the_mail_arrive_whole() -> None:
    plain = f"https://a.example/{'x' * 4000}\nüber\n"
    message = parsed(LETTER._replace(plain=plain, html=f"<p>{'y' * 3000}</p>\n"))
    text, page = message.iter_parts()
    assert isinstance(text, EmailMessage) and isinstance(page, EmailMessage)
    assert text.get_content() == plain
    assert page.get_content() == f"<p>{'y' * 3000}</p>\n"


def test_a_subject_is_one_line_whatever_it_has() -> None:
    message = parsed(LETTER._replace(subject="a\nBcc: evil@c.example\r\n\r\nbody " + "long " * 100))
    assert message["Bcc"] is None
    assert message["Subject"] == "a Bcc: evil@c.example body " + ("long " * 100).strip()


@pytest.mark.parametrize("text", ["me@a.example", "Ann <ann@a.example>, bob@b.example", "root", '"Ö" <o@a.example>'])
def test_addresses_are_taken_as_they_are(text: str) -> None:
    assert addresses(text, "--to") == text


@pytest.mark.parametrize("text", ["", "two words", "a@b\nBcc: c@d", "<", "@", "a@", "a b@c.example", ";", "-oQ/tmp"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(UsageError, match=r"--to: .* is not a mail address"):
        addresses(text, "--to")


def test_the_own_address_is_one() -> None:
    assert addresses(own_address(), "--to")
