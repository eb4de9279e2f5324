"""Cleans text from outside, so that it can be shown on a terminal as it is."""

from __future__ import annotations

import re
import unicodedata

# The characters with the Unicode property Bidi_Control (PropList.txt): they
# reorder the text around them, which could make one title look like another.
_BIDI = {
    0x061C: "ALM",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}


def _visible() -> dict[int, str]:
    """Return a translation table from control characters to visible ones."""
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\u2421"
    table |= {code: f"⟨{code:02X}⟩" for code in range(0x80, 0xA0)}
    table |= {code: f"⟨{name}⟩" for code, name in _BIDI.items()}
    # Unpaired surrogates cannot be stored or printed as UTF-8.
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    # Remove these two, which have no width: a text of them alone would be empty.
    table |= dict.fromkeys((0x200B, 0xFEFF), "")
    return table


_VISIBLE = _visible()
_VISIBLE_EXCEPT_LINES = {k: v for k, v in _VISIBLE.items() if chr(k) not in "\n\t"}
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Elements that are removed with their content, by start and end.
_REMOVED = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script\b[^<>]*>", re.IGNORECASE), re.compile(r"</script\s*>", re.IGNORECASE)),
    (re.compile(r"<style\b[^<>]*>", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE)),
)
# Python refuses to parse numbers of thousands of digits, and no character has so many.
_ENDLESS_ENTITY = re.compile(r"&#[0-9]{100,};?")
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# No language has more combining marks on one letter; more of them would cover
# the lines above and below.
_MAX_MARKS = 4
# Characters outside these ranges (Latin, Greek, Cyrillic, punctuation and
# symbols, kana, CJK, Hangul) may be combining marks. It saves checking each one.
_MAY_BE_MARK = re.compile(
    "[^\0-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e"
    "\uac00-\ud7a3\uff00-\uffef]"
)


def _limit_marks(text: str) -> str:
    if text.isascii() or not _MAY_BE_MARK.search(text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        # By category, not combining class: Thai and enclosing marks have class 0.
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if run <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _without(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """Remove everything from each ``opening`` to the next ``closing``, in one pass."""
    kept: list[str] = []
    at = 0
    while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
        kept.append(text[at : start.start()])
        at = end.end()
    kept.append(text[at:])
    return " ".join(kept)


def without_tags(text: str) -> str:
    """Remove HTML tags from ``text``, and comments, scripts and styles with their content."""
    if "<" in text:
        for opening, closing in _REMOVED:
            text = _without(text, opening, closing)
        text = _TAG.sub(" ", text)
    return text


def decode_entities(text: str) -> str:
    """Decode the HTML entities of ``text`` exactly once."""
    if "&" not in text:
        return text
    import html  # loads a table of 2,231 names

    return html.unescape(_ENDLESS_ENTITY.sub("\ufffd", text))


def visible(text: str) -> str:
    """Replace control and bidi characters of ``text`` and change nothing else; for file names."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def clean_line(text: str, *, strip_tags: bool = False) -> str:
    """Return ``text`` as one printable line.

    HTML entities are decoded once, white space becomes single spaces, and
    control and bidi characters become visible ones. With ``strip_tags``, HTML
    tags are removed; this is done before entities are decoded, so an escaped
    ``&lt;b&gt;`` stays as text.
    """
    text = decode_entities(without_tags(text) if strip_tags else text)
    # Most texts are printable, so without control and format characters, and
    # have single spaces: they need nothing else.
    if text.isprintable() and "  " not in text:
        return _limit_marks(text.strip())
    text = _SPACES.sub(" ", text).translate(_VISIBLE)
    return _limit_marks(re.sub(" {2,}", " ", text).strip())


def clean_block(text: str) -> str:
    """Return ``text``, such as a Markdown body, with control and bidi characters replaced and its lines kept."""
    text = _LINE_ENDS.sub("\n", text)
    return _limit_marks(text.translate(_VISIBLE_EXCEPT_LINES)).strip("\n").rstrip()
