"""Makes plain Markdown of what sites write: Markdown with HTML, template tags, notes and terms in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from tui_reader.sources.files.bodies.fences import chunks
from tui_reader.sources.files.bodies.templates import without_templates
from tui_reader.sources.html.markdown import html_to_markdown

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# What plain Markdown does not have: tags of HTML and templates, attributes, notes, terms and abbreviations.
_MORE_THAN_PLAIN = re.compile(r"<[a-zA-Z/!?]|\{[%{:#.]|[)\]]\{[\w-]+=|\[\^|\^\[|^ {0,3}[:~][ \t]|^\*\[", re.MULTILINE)
_AUTOLINK = re.compile(r"<https?://[^\s<>]*>")
# Signs of emphasis around nothing but punctuation, which editors leave behind and plain Markdown shows; or code.
_IDLE_EMPHASIS = re.compile(r"(`{1,3})[^`\n]{1,1000}\1|(?<=\w)(\*{1,2})([.,;:!?…”’]{1,3})\2(?![\w*])")
_NESTING = 100  # of blocks; below them, the parser would leave text out
_INLINE_NESTING = 20  # it takes as much longer for brackets in each other
_MAX_BRACKETS = 20_000  # more of them would take seconds
_MATH = re.compile(r"\$\$[^$\n]{1,1000}\$\$")
_SPECIAL_IN_MATH = re.compile(r"[\\*_`\[\]<>]")


def plain_markdown(text: str, address: str = "") -> str:
    """Return the body of a file as Markdown without HTML, which reads as the page of the site does.

    ``address`` is that of the page: its links may be relative to it.
    """
    if "*" in text and _IDLE_EMPHASIS.search(text):
        text = "".join(
            chunk if is_code else _IDLE_EMPHASIS.sub(_without_signs, chunk) for is_code, chunk in chunks(text)
        )
    if not _MORE_THAN_PLAIN.search(_AUTOLINK.sub("", text) if "<http" in text else text):
        return text
    if text.count("[") > _MAX_BRACKETS:
        return text
    text = without_templates(text)
    if "$$" in text:
        text = _MATH.sub(lambda match: _SPECIAL_IN_MATH.sub(r"\\\g<0>", match[0]), text)
    return html_to_markdown(_parser().render(text), address)


def _without_signs(match: re.Match[str]) -> str:
    return match[3] or match[0]


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin)
    parser.core.ruler.before("block", "nesting", _nesting(_NESTING))
    parser.core.ruler.before("inline", "inline_nesting", _nesting(_INLINE_NESTING))
    # A note that is referred to twice has one number.
    parser.add_render_rule("footnote_caption", lambda _self, tokens, at, _options, _env: f"[{_number(tokens[at])}]")
    return parser


def _nesting(limit: int) -> Callable[[StateCore], None]:
    def set_limit(state: StateCore) -> None:
        state.md.options["maxNesting"] = limit

    return set_limit


def _number(token: Token) -> int:
    return int(token.meta["id"]) + 1
