"""Renders the body of an article as HTML: nothing of it is loaded from elsewhere unless pictures are wanted."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.token import Token

from tui_reader.formats.markdown_tokens import body_tokens, parser
from tui_reader.formats.strict_urls import strict_url
from tui_reader.sources.html.syntax import resolve_url

_DEEPEST = 6  # HTML has six levels of headings


def body_html(body: str, address: str | None, *, level: int, images: bool = False) -> str:
    """Return a Markdown ``body`` as HTML that is well-formed XML too.

    ``address`` is what its links are relative to. Its headings are below one of
    this ``level``. Pictures are links to them, or with ``images`` shown from
    where they are.
    """
    rendered = []
    for tokens in body_tokens(body):
        for token in tokens:
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{min(_DEEPEST, int(token.tag[1:]) + level)}"
            if token.children:
                token.children = _safe(token.children, address or "", images=images)
        rendered.append(parser().renderer.render(tokens, parser().options, {}))
    return "".join(rendered)


def _safe(tokens: Iterable[Token], address: str, *, images: bool) -> list[Token]:
    """Return inline ``tokens`` with links to web pages only, and pictures as links to them."""
    kept: list[Token] = []
    opened: list[bool] = []  # whether each link around is kept
    for token in tokens:
        if token.type == "link_open":
            url = resolve_url(str(token.attrGet("href") or ""), address)
            opened.append(url is not None)
            if url is None:
                continue
            token.attrs = {"href": strict_url(url)}
        elif token.type == "link_close":
            if not opened.pop():
                continue
        elif token.type == "image":
            kept += _picture(token, address, inside=any(opened), images=images)
            continue
        kept.append(token)
    return kept


def _picture(token: Token, address: str, *, inside: bool, images: bool) -> list[Token]:
    """Return what stands for a picture; ``inside`` a link it can be no link itself."""
    url = resolve_url(str(token.attrGet("src") or ""), address)
    if images and url is not None:
        token.attrs = {"src": strict_url(url), "alt": "", "loading": "lazy"}
        return [token]
    words = Token("text", "", 0, content=f"[Picture: {token.content}]" if token.content else "[Picture]")
    if inside or url is None:
        return [words]
    return [Token("link_open", "a", 1, attrs={"href": strict_url(url)}), words, Token("link_close", "a", -1)]
