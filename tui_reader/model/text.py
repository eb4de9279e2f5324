"""Cleans text from outside once, so that everything inside can be shown as it is."""

from __future__ import annotations

import re
import unicodedata

# The characters with the Unicode property Bidi_Control (PropList.txt): they
# reorder what stands around them, so a title could pretend to be another.
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
    """Map every control character to something that can be seen."""
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\u2421"
    table |= {code: f"⟨{code:02X}⟩" for code in range(0x80, 0xA0)}
    table |= {code: f"⟨{name}⟩" for code, name in _BIDI.items()}
    # Unpaired surrogates cannot be stored or printed as UTF-8.
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    # These two are invisible and without width: nothing is lost with them, and
    # no text can consist of them alone.
    table |= dict.fromkeys((0x200B, 0xFEFF), "")
    return table


_VISIBLE = _visible()
_VISIBLE_BUT_LINES = {k: v for k, v in _VISIBLE.items() if chr(k) not in "\n\t"}
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# What is left out with all that stands inside: how it opens and how it closes.
_MUTE = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<script\b[^<>]*>", re.IGNORECASE), re.compile(r"</script\s*>", re.IGNORECASE)),
    (re.compile(r"<style\b[^<>]*>", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE)),
)
# Python refuses to read a number of thousands of digits, and no entity has so many.
_ENDLESS_ENTITY = re.compile(r"&#[0-9]{100,};?")
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# More marks than this on one letter is no language but a prank: it paints
# over the lines above and below.
_MARKS_KEPT = 4
# LinksController these (Latin, Greek, Cyrillic, punctuation and signs, kana, CJK,
# Hangul) there can be marks; looking at each character takes its time.
_MAY_BE_MARK = re.compile(
    "[^\0-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e"
    "\uac00-\ud7a3\uff00-\uffef]"
)


def _thin_marks(text: str) -> str:
    if text.isascii() or not _MAY_BE_MARK.search(text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        # By category, not by combining class: the marks that Thai and the
        # enclosing signs stack up have no class of their own.
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if run <= _MARKS_KEPT:
            kept.append(char)
    return "".join(kept)


def _without(text: str, selection: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """Take out all from ``opening`` to ``closing``, in one pass however often either occurs."""
    kept: list[str] = []
    at = 0
    while (start := selection.search(text, at)) and (end := closing.search(text, start.end())):
        kept.append(text[at : start.start()])
        at = end.end()
    kept.append(text[at:])
    return " ".join(kept)


def without_tags(text: str) -> str:
    """Take HTML tags out of ``text``, comments, scripts and styles with what they hold."""
    if "<" in text:
        for selection, closing in _MUTE:
            text = _without(text, selection, closing)
        text = _TAG.sub(" ", text)
    return text


def decode_entities(text: str) -> str:
    """Decode the HTML entities of ``text`` exactly once."""
    if "&" not in text:
        return text
    import html  # its table of 2,231 names is read only where it is needed

    return html.unescape(_ENDLESS_ENTITY.sub("\ufffd", text))


def visible(text: str) -> str:
    """Make every character of ``text`` one that can be shown, and change nothing else: for names of files."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def clean_line(text: str, *, strip_tags: bool = False) -> str:
    """Make one printable line of ``text``.

    HTML entities are decoded exactly once, white space is folded to single
    spaces, control and bidi characters become visible signs. With
    ``strip_tags``, HTML tags go (before entities are decoded, so that an escaped
    ``&lt;b&gt;`` stays readable as text).
    """
    text = decode_entities(without_tags(text) if strip_tags else text)
    # Most texts are plain: printable (which excludes every control and format
    # character) and single-spaced. They are done here.
    if text.isprintable() and "  " not in text:
        return _thin_marks(text.strip())
    text = _SPACES.sub(" ", text).translate(_VISIBLE)
    return _thin_marks(re.sub(" {2,}", " ", text).strip())


def clean_block(text: str) -> str:
    """Make ``text`` (a Markdown body) safe to print while keeping its lines."""
    text = _LINE_ENDS.sub("\n", text)
    return _thin_marks(text.translate(_VISIBLE_BUT_LINES)).strip("\n").rstrip()
