"""Decodes feeds and web pages whose declared encoding is often wrong."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
# Some of Python's other codecs are no text encodings, or very slow (punycode).
_ENCODINGS = re.compile(
    r"utf-?8|(?:iso-?8859|windows|cp|koi8|mac|tis|latin|euc|big5|gb)[\w-]*|shift[_-]jis|s-?jis"
    r"|iso-2022-jp|(?:us-)?ascii",
    re.IGNORECASE,
)
# The encoding that a label means in practice (https://encoding.spec.whatwg.org/#names-and-labels).
_ALIASES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_ALIASES |= {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "cp1254", "shift_jis": "cp932", "sjis": "cp932"}


def decode_feed(data: bytes, content_type: str = "") -> str:
    """Return the text of ``data``. Never raises.

    Tries, in this order: the byte order mark; UTF-8, because text in another
    encoding is hardly ever valid UTF-8 and many servers declare ISO-8859-1
    for everything; the charset in ``content_type``; the XML declaration;
    Windows-1252.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, errors="replace")
    if data[:4:2] == b"\0\0" or data[1:4:2] == b"\0\0":
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", errors="replace")
    charset = _CHARSET.search(content_type[:300])
    declared = _DECLARED.search(data[:400])
    names = [charset[1]] if charset else []
    names += [declared[1].decode("ascii", errors="replace")] if declared else []
    # ISO-2022 consists of ASCII bytes, so it is also valid UTF-8.
    if b"\x1b" not in data or not any(name.lower().startswith("iso-2022") for name in names):
        names.insert(0, "utf-8")
    for name in names:
        if _ENCODINGS.fullmatch(name):
            try:
                return data.decode(_ALIASES.get(name.lower(), name))
            except (UnicodeDecodeError, LookupError):
                continue  # the declaration is wrong; try the next
    text = data.decode(errors="replace")
    # UTF-8 with a few bad bytes, unless half of what is not ASCII is bad.
    bad = text.count("\ufffd")
    if bad * 2 <= len(text) - len(text.encode("ascii", errors="ignore")):
        return text
    return data.decode("cp1252", errors="replace")
