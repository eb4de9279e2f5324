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
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"<(?:\?xml[^>]{0,200}?encoding|meta\b[^>]{0,200}?charset)\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE
)
# In these encodings, two bytes often look like a character of UTF-8, but three hardly ever.
_PAIRS = frozenset({"cp874", "cp949", "gb18030", "big5hkscs", "euc_jp", "cp932"})
# Labels that browsers do not know, by the one that they mean. The Encoding
# Standard leaves out UTF-7, which hides markup, and the EBCDIC encodings.
_OTHER_LABELS = {
    "win-1250": "windows-1250", "win-1251": "windows-1251", "win-1252": "windows-1252", "win1251": "windows-1251",
    "cp-1251": "windows-1251", "cp1250-windows": "windows-1250", "iso-latin-1": "iso-8859-1", "latin-1": "iso-8859-1",
    "latin-2": "iso-8859-2", "latin9": "iso-8859-15", "latin-9": "iso-8859-15", "ansi": "windows-1252",
    "utf8mb4": "utf-8", "cp65001": "utf-8", "koi8r": "koi8-r", "koi8u": "koi8-u", "cp936": "gbk", "ms936": "gbk",
    "gb2312-80": "gbk", "gb-18030": "gb18030", "cp950": "big5", "cp932": "shift_jis", "cp949": "euc-kr",
    "uhc": "euc-kr", "ms949": "euc-kr", "windows-932": "shift_jis", "s-jis": "shift_jis", "eucjp": "euc-jp",
    "euckr": "euc-kr", "cp874": "windows-874", "windows-936": "gbk", "windows-950": "big5", "mac-roman": "macintosh",
    "macroman": "macintosh",
}  # fmt: skip
# Encodings of one region that Windows programs still write and no browser reads.
_OTHER_ENCODINGS = frozenset(
    {"cp437", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp862", "cp1006"}
)
_WIDE = re.compile("[\u0800-\ufffc\U00010000-\U0010ffff]")


def decode_feed(data: bytes, content_type: str = "") -> str:
    """Return the text of ``data``. Never raises.

    Tries, in this order: the byte order mark; UTF-8, because text in another
    encoding is hardly ever valid UTF-8 and many servers declare ISO-8859-1
    for everything; the charset in ``content_type``, the XML declaration and
    the ``<meta>`` of a page, as browsers understand them; Windows-1252. What
    is UTF-8 but for a few bytes stays UTF-8, whatever it declares.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, errors="replace")
    if data[:4:2] == b"\0\0" or data[1:4:2] == b"\0\0":
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", errors="replace")
    # These two encodings consist of ASCII bytes, so they are also valid UTF-8.
    seven_bits = b"\x1b" in data or b"~{" in data
    if not seven_bits or not any(name.lower().startswith(("iso-2022", "hz")) for name in _labels(data, content_type)):
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    return _decode_declared(data, _labels(data, content_type))


def _labels(data: bytes, content_type: str) -> list[str]:
    """Return the encodings that are declared."""
    charset = _CHARSET.search(content_type[:300])
    declared = _DECLARED.search(data[:1024])
    return ([charset[1]] if charset else []) + ([declared[1].decode("ascii", errors="replace")] if declared else [])


def _decode_declared(data: bytes, labels: list[str]) -> str:
    """Decode what is not valid UTF-8."""
    codecs_declared = [codec for label in labels if (codec := codec_of(label)) and codec != "utf-8"]
    text = data.decode(errors="replace")
    bad = text.count("\ufffd")
    # In another encoding, the bytes beyond ASCII hardly ever form sequences of UTF-8, so most are replaced.
    sequences = len(_WIDE.findall(text)) + bad if _PAIRS.intersection(codecs_declared) else _non_ascii(text)
    if 0 < bad * 2 <= sequences:
        return text
    for codec in codecs_declared:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            text = data.decode(codec, errors="replace")
            if text.count("\ufffd") * 50 <= _non_ascii(text):
                return text  # a few bad bytes; more of them, and the declaration is wrong
    return data.decode("cp1252", errors="replace")


def codec_of(label: str) -> str | None:
    """Return Python's name of the encoding that browsers mean by ``label``, or ``None`` where it is none.

    The labels are those of the `Encoding Standard <https://encoding.spec.whatwg.org/#names-and-labels>`_,
    and a few more. Python's other codecs are no text encodings, or very slow (punycode).
    """
    import webencodings

    label = label.strip().lower()
    found = webencodings.lookup(_OTHER_LABELS.get(label, label))
    if found is None:
        return label if label in _OTHER_ENCODINGS else None
    if found.name in {"replacement", "x-user-defined"}:
        return "iso2022_kr" if "kr" in label else "hz" if label.startswith("hz") else None
    # A superset: pages that declare GBK also have the characters that it lacks.
    return "gb18030" if found.name == "gbk" else found.codec_info.name


def _non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))
