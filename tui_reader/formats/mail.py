"""Writes a message for a mail program: plain text first, the same as HTML beside it."""

from __future__ import annotations

import os
import pwd
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, make_msgid

from tui_reader import __version__
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

_LONGEST = 998  # bytes of a line, without its end (RFC 5322, 2.1.1)
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_NOT_IN_HOST = re.compile(r"[^A-Za-z0-9.-]+")
_POLICY = EmailPolicy(linesep="\n", max_line_length=78, utf8=False)


class Letter(NamedTuple):
    """A message: whom it is from and to, its subject, its text in both forms, and what it is one of.

    ``plain`` has lines that a mail program can join (RFC 3676). ``series``
    names the messages that belong together, for filters of mail. ``moment`` is
    in seconds since 1970.
    """

    sender: str
    to: str
    subject: str
    plain: str
    html: str
    series: str
    moment: float


def own_address() -> str:
    """Return the address of the person on this machine."""
    return f"{pwd.getpwuid(os.getuid()).pw_name}@{_host()}"


def addresses(text: str, option: str) -> str:
    """Return ``text`` if it is one mail address or several; raises :class:`UsageError` that names the ``option``."""
    if _LOCAL.fullmatch(text):
        return text  # somebody on this machine
    try:
        header = _POLICY.header_factory("To", text)
    except (ValueError, IndexError):  # a line break; IndexError is a fault of Python's parser
        found: tuple[Address, ...] = ()
    else:
        found = () if header.defects else getattr(header, "addresses", ())
    if not found or not all(address.username and address.domain for address in found):
        raise UsageError(f"{option}: ‘{visible(text)}’ is not a mail address, such as name@example.org")
    return text


def write_mail(letter: Letter) -> bytes:
    """Return ``letter`` as a complete message (RFC 5322), as ``sendmail -t`` takes it."""
    host = _host()
    name = _NOT_IN_HOST.sub("-", letter.series).strip("-.").lower() or "all"
    message = EmailMessage(_POLICY)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(letter.moment, localtime=True)
    message["Message-ID"] = make_msgid(domain=host)
    message["List-Id"] = f"<{name}.digest.news-tui.{host}>"
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's vacation answers it (RFC 3834)
    message["User-Agent"] = f"news-tui/{__version__}"
    message.set_content(letter.plain, cte=_encoding(letter.plain))
    message.set_param("format", "flowed")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _encoding(text: str) -> str:
    """Return how a text is sent: as it is, unless a line is too long for the mail."""
    longest = max((len(line.encode(errors="replace")) for line in text.split("\n")), default=0)
    return "8bit" if longest <= _LONGEST else "quoted-printable"


def _host() -> str:
    # Not socket.getfqdn: that asks the network.
    return _NOT_IN_HOST.sub("-", os.uname().nodename).strip("-.") or "localhost"
