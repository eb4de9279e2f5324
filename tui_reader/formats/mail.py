"""Writes a message for a mail program: plain text first, the same as HTML beside it."""

from __future__ import annotations

import os
import pwd
import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import formatdate, make_msgid
from zlib import crc32

from tui_reader import __version__
from tui_reader.errors import UsageError
from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple

_LONGEST = 998  # bytes of a line, without its end (RFC 5322, 2.1.1)
_LONGEST_NAME = 100  # characters of a series in its header
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_NOT_IN_HOST = re.compile(r"[^A-Za-z0-9.-]+")


class _OnOneLine(UnstructuredHeader, BaseHeader):
    """A header of one word: Python breaks one that is longer than a line into encoded words, which no filter knows."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-id", _OnOneLine)
_POLICY = EmailPolicy(linesep="\n", max_line_length=78, utf8=False, header_factory=_HEADERS)


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
    """Return the address of the person on this machine. Raises :class:`UsageError` where the person has no name."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError as error:  # as in many containers
        raise UsageError("you have no name on this machine: add --from and --to with mail addresses") from error
    return f"{name}@{_host()}"


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
    message = EmailMessage(_POLICY)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(letter.moment, localtime=True)
    message["Message-ID"] = make_msgid(domain=host)
    message["List-Id"] = f"<{_list_name(letter.series)}.digest.news-tui.{host}>"
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


def _list_name(series: str) -> str:
    """Return the name of a series for a header.

    A long one, such as that of a long query, is cut, and made unique with a checksum.
    """
    name = _NOT_IN_HOST.sub("-", series).strip("-.").lower() or "all"
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9].rstrip('-.')}-{crc32(series.encode(errors='surrogatepass')):08x}"


def _host() -> str:
    # Not socket.getfqdn: that asks the network.
    return _NOT_IN_HOST.sub("-", os.uname().nodename).strip("-.") or "localhost"
