"""Cleans text from outside, so that it can be shown on a terminal as it is."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# The one rule for characters that a reader cannot see but a terminal, a search
# or another program may act on: they are shown by their name, or their code in
# hexadecimal. The exceptions are below.
_NAMES = {
    # They reorder the text around them (the property Bidi_Control), which
    # could make one title look like another.
    0x061C: "ALM", 0x200E: "LRM", 0x200F: "RLM",
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
    # They have no picture at all (Default_Ignorable_Code_Point).
    0x034F: "CGJ", 0x180E: "MVS", 0x2060: "WJ", 0xFFF9: "IAA", 0xFFFA: "IAS", 0xFFFB: "IAT",
    # They are letters, of the width of a letter and without a picture.
    0x115F: "HF", 0x1160: "HF", 0x3164: "HF", 0xFFA0: "HF",
}  # fmt: skip
# The rest of Default_Ignorable_Code_Point and of the format characters (Cf),
# except for those that are seen, such as the Arabic sign for a number.
_IGNORABLE = (
    range(0x17B4, 0x17B6), range(0x2061, 0x2066), range(0x206A, 0x2070), range(0xFFF0, 0xFFF9),
    range(0x13430, 0x13440), range(0x1BCA0, 0x1BCA4), range(0x1D173, 0x1D17B),
)  # fmt: skip
# Removed, because honest texts have many: they only say where a line may break.
_LINE_HINTS = (0x00AD, 0x200B, 0xFEFF)  # soft hyphen, zero-width space, byte order mark
# Kept where they do what they are for, and shown elsewhere: the joiners of
# Persian, Indic scripts and emoji, the variants of emoji, Mongolian and
# Chinese characters, and the tags that make the flags of England and others.
_IN_CONTEXT = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
    "|[\u200c\u200d]|[\u180b-\u180d\u180f]|[\ufe00-\ufe0f]|[\U000e0000-\U000e0fff]+"
)
_MAY_BE_IN_CONTEXT = re.compile("[\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff]")  # is faster
_LEFT_TO_RIGHT_LETTERS = "\u0590"  # Latin, Greek, Cyrillic and Armenian letters, which are before it, do not join


# What only unusual texts need is made when the first of them comes: it takes longer
# than all other imports of a short command.


@cache
def _visible() -> dict[int, str]:
    """Return a translation table from control and invisible characters to visible ones."""
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\u2421"
    table |= {code: f"⟨{code:02X}⟩" for codes in (range(0x80, 0xA0), *_IGNORABLE) for code in codes}
    table |= {0x2028: "⟨LS⟩", 0x2029: "⟨PS⟩"}
    table |= {code: f"⟨{name}⟩" for code, name in _NAMES.items()}
    # Unpaired surrogates cannot be stored or printed as UTF-8, and noncharacters mean nothing.
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    table |= dict.fromkeys(range(0xFDD0, 0xFDF0), "\ufffd")
    table |= dict.fromkeys(
        (plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)), "\ufffd"
    )
    return table | dict.fromkeys(_LINE_HINTS, "")


@cache
def _visible_except_lines() -> dict[int, str]:
    return {code: shown for code, shown in _visible().items() if chr(code) not in "\n\t"}


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
_ANY_LINE_END = re.compile(r"[\r\x85\u2028\u2029]")
# No language has more combining marks on one letter; more of them would cover
# the lines above and below.
_MAX_MARKS = 4
# Characters outside these ranges (Latin, Greek, Cyrillic, punctuation and
# symbols, kana, CJK, Hangul, emoji) may be combining marks, or letters and marks
# that cannot be seen. It saves checking each one.
_MAY_BE_MARK = (
    "[^\0-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\u3163"
    "\u3165-\ua66e\uac00-\ud7a3\uff00-\uff9f\uffa1-\uffef\U0001f000-\U0001faff]"
)


@cache
def _unusual() -> re.Pattern[str]:
    return re.compile(_MAY_BE_MARK)


@cache
def _long_run() -> re.Pattern[str]:
    return re.compile(f"{_MAY_BE_MARK}{{{_MAX_MARKS + 1},}}")


def _limit_marks(text: str) -> str:
    return text if text.isascii() or not _unusual().search(text) else _long_run().sub(_limit_run, text)


def _limit_run(match: re.Match[str]) -> str:
    kept: list[str] = []
    run = 0
    for char in match[0]:
        # By category, not combining class: Thai and enclosing marks have class 0.
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if run <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_plain(text: str) -> bool:
    """Return whether ``text`` has nothing that cannot be seen; ``False`` is only a suspicion."""
    return text.isprintable() and (text.isascii() or not _unusual().search(text))


def _shown(text: str, table: dict[int, str]) -> str:
    """Replace the characters of ``table`` in ``text``, and those that are invisible where they stand."""
    text = text.translate(table)
    return _IN_CONTEXT.sub(_in_context, text) if _MAY_BE_IN_CONTEXT.search(text) else text


def _in_context(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "\U0001f3f4":
        return found  # a flag
    before = match.string[match.start() - 1] if match.start() else ""
    kind = unicodedata.category(before)[0] if before else ""
    if found in "\u200c\u200d":
        return _joiner(found, before, kind, match.string[match.end() : match.end() + 1])
    if "\u180b" <= found <= "\u180f":
        return found if "\u1800" <= before <= "\u18aa" and kind == "L" else f"⟨{ord(found):02X}⟩"
    if "\ufe00" <= found <= "\ufe0f":
        # After a letter of the first scripts, or after another one, it changes nothing that can be seen.
        has_variants = kind in "SNP" or (before >= "\u1000" and kind == "L")
        return found if kind and has_variants else f"⟨VS{ord(found) - 0xFDFF}⟩"
    if "\U000e0100" <= found[0] <= "\U000e01ef" and before >= "\u3400" and kind == "L":
        return found[0] + (_hidden(found[1:]) if len(found) > 1 else "")
    return _hidden(found)


def _joiner(found: str, before: str, kind: str, after: str) -> str:
    if kind == "S" and (not after or after.isspace()):
        return ""  # of an emoji that was cut: whatever is shown behind it would seem to be a part of it
    joins = before >= _LEFT_TO_RIGHT_LETTERS and kind in "LMS"
    return found if joins else "⟨ZWNJ⟩" if found == "\u200c" else "⟨ZWJ⟩"


def _hidden(text: str) -> str:
    """Return tag characters as the text that they hide, other invisible ones as their number."""
    tags = "".join(chr(ord(char) - 0xE0000) for char in text if "\U000e0020" <= char <= "\U000e007e")
    others = len(text) - len(tags)
    return (f"⟨TAG {tags}⟩" if tags else "") + (f"⟨{others} INVISIBLE⟩" if others else "")


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
    """Replace control and invisible characters of ``text`` and change nothing else; for file names."""
    return text if _is_plain(text) else _shown(text, _visible())


def visible_lines(text: str) -> str:
    """Do the same as :func:`visible`, but keep line feeds and tabs."""
    plain = _is_plain(text.replace("\n", " ").replace("\t", " "))
    return text if plain else _shown(text, _visible_except_lines())


def clean_line(text: str, *, strip_tags: bool = False) -> str:
    """Return ``text`` as one printable line.

    HTML entities are decoded once, white space becomes single spaces, and
    control and invisible characters become visible ones. With ``strip_tags``, HTML
    tags are removed; this is done before entities are decoded, so an escaped
    ``&lt;b&gt;`` stays as text.
    """
    return clean_text(decode_entities(without_tags(text) if strip_tags else text))


def clean_text(text: str) -> str:
    """Return ``text`` without markup as one printable line; entities stay as they are."""
    # Most texts are printable, so without control and format characters, and
    # have single spaces: they need nothing else.
    if "  " not in text and _is_plain(text):
        return text.strip()
    text = _SPACES.sub(" ", text)
    if _is_plain(text):
        return text.strip()
    text = _shown(text, _visible())
    return _limit_marks(re.sub(" {2,}", " ", text).strip())


def clean_block(text: str) -> str:
    """Return ``text``, such as a Markdown body, with control and invisible characters replaced and its lines kept."""
    text = visible_lines(_LINE_ENDS.sub("\n", text) if _ANY_LINE_END.search(text) else text)
    return _limit_marks(text).strip("\n").rstrip()
