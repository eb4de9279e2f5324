"""Makes Markdown of the links, embedded files, comments and highlights of notes in a wiki."""

from __future__ import annotations

import re

from tui_reader.sources.files.bodies.fences import chunks

_CODE = r"(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{0,500}?(?<!`)(?P=ticks)(?!`))"
_LINK = (
    r"(?P<embedded>!?)\[\[(?P<page>[^\s\[\]|#^][^\[\]|#^\n]{0,300})?(?P<part>[#^][^\[\]|\n]{1,300})?"
    r"(?:\\?\|(?P<words>[^\[\]\n]{1,300}))?\]\](?![(\[:])"
)
_WIKI = re.compile(
    rf"{_CODE}|{_LINK}|(?<![^\s(])%%(?P<comment>[^%\n]{{1,1000}})%%(?![^\s).,;])"
    r"|(?<![^\s(\"'])==(?P<lit>[^\s=](?:[^=\n]{0,300}[^\s=])?)==(?=[\s).,;:!?\"']|$)"
)
_COMMENT_BLOCK = re.compile(r"^%%[ \t]*\n(?:(?!%%)[^\n]*\n){0,200}?%%[ \t]*$", re.MULTILINE)
_BLOCK_NAME = re.compile(r"[ \t]\^[A-Za-z0-9-]{2,40}[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")


def without_wiki_links(text: str) -> str:
    """Return a Markdown text with its wiki links as the words that they show."""
    if "[[" not in text and "%%" not in text and "==" not in text:
        return text
    is_wiki = "[[" in text
    shown: list[str] = []
    for is_code, chunk in chunks(text):
        words = chunk if is_code else _WIKI.sub(_shown, _COMMENT_BLOCK.sub("", chunk) if "%%" in chunk else chunk)
        shown.append(_BLOCK_NAME.sub("", words) if is_wiki and not is_code and "^" in words else words)
    return "".join(shown)


def _shown(match: re.Match[str]) -> str:
    page, words = (match["page"] or "").strip(), match["words"] or ""
    if match["comment"]:
        return ""
    if match["lit"]:
        return f"**{match['lit']}**"
    if match["embedded"] and _PICTURE.search(page):
        described = "" if _SIZE.fullmatch(words) else words
        return f"![{described}](<{page}>)"
    is_note = not match["embedded"] and page.isdigit() and not words  # as people write it: [[1]]
    if match["code"] or is_note:
        return match[0]
    part = (match["part"] or "").lstrip("#^").replace("#", " > ")
    return words or " > ".join(filter(None, (page.removesuffix(".md"), part))) or match[0]
