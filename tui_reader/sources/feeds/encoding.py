"""From the bytes of a feed to text that an XML parser takes: encoding found, XML mended, DTDs cut off."""

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
# Python knows names for other things than encodings of text, and some (punycode)
# that take time out of all proportion.
_ENCODINGS = re.compile(
    r"utf-?8|(?:iso-?8859|windows|cp|koi8|mac|tis|latin|euc|big5|gb)[\w-]*|shift[_-]jis|s-?jis"
    r"|iso-2022-jp|(?:us-)?ascii",
    re.IGNORECASE,
)
# What is called so is in fact this (https://encoding.spec.whatwg.org/#names-and-labels).
_REALLY = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_REALLY |= {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "cp1254", "shift_jis": "cp932", "sjis": "cp932"}


def decode_feed(data: bytes, content_type: str = "") -> str:
    """Return the text of ``data``; never raises.

    A byte order mark counts most. Then it is UTF-8 where it can be, whatever
    is said: hardly any text in another encoding is UTF-8 by chance, but many
    servers say ISO-8859-1 of everything. Then what the server says, then what
    the XML says, and then Windows' Latin script.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, errors="replace")
    if data[:4:2] == b"\0\0" or data[1:4:2] == b"\0\0":
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", errors="replace")
    said = _CHARSET.search(content_type[:300])
    declared = _DECLARED.search(data[:400])
    names = [said[1]] if said else []
    names += [declared[1].decode("ascii", errors="replace")] if declared else []
    # ISO-2022 writes everything in ASCII bytes, so it would pass for UTF-8.
    if b"\x1b" not in data or not any(name.lower().startswith("iso-2022") for name in names):
        names.insert(0, "utf-8")
    for name in names:
        if _ENCODINGS.fullmatch(name):
            try:
                return data.decode(_REALLY.get(name.lower(), name))
            except (UnicodeDecodeError, LookupError):
                continue  # said wrongly; the next one may be right
    text = data.decode(errors="replace")
    # A few bytes that are wrong, or a text that is no UTF-8 at all?
    bad = text.count("\ufffd")
    if bad * 2 <= len(text) - len(text.encode("ascii", errors="ignore")):
        return text
    return data.decode("cp1252", errors="replace")


_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf)(?=[\s>/])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)


def strip_prolog(text: str) -> str | None:
    """Return ``text`` from its root element on, or ``None`` where it is no feed.

    With what stands before the root goes every document type: no entity is
    ever defined, so none can be expanded into a bomb or fetch a file. So does
    what a broken program printed there.
    """
    root = _ROOT.search(text)
    if root is None:
        return None
    page = _PAGE.search(text, 0, root.start())
    return None if page else text[root.start() :]


# What XML 1.0 does not allow, section 2.2.
_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
# Behind an error libxml2 knows these by their numbers only.
_XML_NAMES = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}


def is_html_page(text: str) -> bool:
    """Whether ``text`` is a web page."""
    return bool(_PAGE.search(text, 0, 4000))


def remove_invalid_characters(text: str) -> str:
    """Return ``text`` without the characters that XML has no place for."""
    return _NOT_ALLOWED.sub(" ", text) if _NOT_ALLOWED.search(text) else text


def repair_entities(text: str) -> str:
    """Return ``text`` with its entities as XML knows them; sections of CDATA stay as they are.

    HTML's names become their characters, and an ampersand that begins nothing becomes one.
    """
    pieces: list[str] = []
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        if start < 0:
            start = len(text)
        pieces.append(_AMPERSAND.sub(_entity, text[at:start]))
        end = text.find("]]>", start)
        at = len(text) if end < 0 else end + 3
        pieces.append(text[start:at])
    return "".join(pieces)


def _entity(match: re.Match[str]) -> str:
    from html.entities import html5

    name = match[1]
    if name is None:
        return "&#38;"
    if name.startswith("#"):
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        if code > 0x10FFFF or _NOT_ALLOWED.match(chr(code)):
            return " "
        return match[0].lower()
    if name in _XML_NAMES:
        return _XML_NAMES[name]
    return html5.get(name + ";", f"&#38;{name};")
