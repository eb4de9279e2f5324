"""Gives links to the files of other pages of a site the addresses of those pages, as its generator does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath
from urllib.parse import unquote

from tui_reader.sources.files.addresses.address import Address, Addresses
from tui_reader.sources.files.bodies.fences import chunks

# The tags of Jekyll and Hugo, the links of Pelican, and links of Markdown to files, which Zola's begin with “@/”.
_LINK = re.compile(
    r"""\{%-?\s{0,20}(?P<tag>post_url|link)\s{1,20}(?P<named>[^\s%}]{1,300})\s{0,20}-?%\}"""
    r"""|\{\{[<%]\s{0,20}(?:rel)?ref\s+["“](?P<ref>[^"”\n]{1,300})["”]\s{0,20}[>%]\}\}"""
    r"""|[{|](?P<pelican>filename|static|attach)[}|](?P<path>[^\s()<>"'`|]{1,300})"""
    r"""|(?<=\]\()(?P<file>[^\s()<>:]{1,300}\.(?:md|mdx|markdown|rst|org))(?P<part>\#[^\s()]{0,200})?(?=[\s)])"""
)
_SIGNS = (
    "filename}",
    "|filename|",
    "static}",
    "attach}",
    "post_url",
    "{% link",
    "{%- link",
    "ref ",
    ".md",
    ".markdown",
    ".rst",
    ".org",
)


def with_page_links(text: str, path: str, addresses: Addresses) -> str:
    """Return a body in which links to files of the site are the addresses of their pages.

    ``path`` is that of the file with the body. Addresses are made of the names
    of the files alone: :func:`aliases_of` lets them lead to pages that have
    other ones. What leads to no page, and code, stays as it is.
    """
    if not any(sign in text for sign in _SIGNS):
        return text

    def page(match: re.Match[str]) -> str:
        target, mark, part = (match["file"] or match["ref"] or match["path"] or "").partition("#")
        if match["pelican"]:
            from tui_reader.sources.files.addresses.pelican import PelicanRules

            if not isinstance(addresses.rules, PelicanRules):
                return match[0]  # words of a text
            if match["pelican"] != "filename":
                return _static(target, path, addresses) + mark + part
        part = match["part"] or mark + part
        for candidate in _candidates(match["tag"] or "", match["named"] or target, path):
            if (found := addresses.of(candidate, {})) is not None:
                return found.url + part
        return match[0]

    return "".join(chunk if is_code else _LINK.sub(page, chunk) for is_code, chunk in chunks(text))


def _static(target: str, path: str, addresses: Addresses) -> str:
    """Return the address of a file that Pelican copies: its path below the folder of the content."""
    below = path.removeprefix(f"{addresses.folder}/") if addresses.folder else path
    folder = below.rpartition("/")[0].partition("/")[2]
    inside = normpath(join("/", "" if target.startswith("/") else folder, target.lstrip("/")))
    return f"{addresses.base}/{inside.lstrip('/')}"


def aliases_of(path: str, found: Address, addresses: Addresses) -> tuple[str, ...]:
    """Return the addresses that lead to the page at ``found``, with the one that its file has by its name alone."""
    by_name = addresses.of(path, {})
    if by_name is None or by_name.url in {found.url, *found.aliases}:
        return found.aliases
    return (*found.aliases, by_name.url)


def _candidates(tag: str, target: str, path: str) -> Iterator[str]:
    """Yield the paths of the files that a link may mean, the likeliest first."""
    target = unquote(target)
    folder = path.rpartition("/")[0]
    top = path.partition("/")[0]
    if tag == "post_url":
        yield f"_posts/{target.strip('/')}.md"
    elif tag == "link":
        yield target.lstrip("/")
    elif target.startswith(("/", "@/")):
        rest = target.removeprefix("@").lstrip("/")
        yield _with_ending(f"{top}/{rest}")
        yield _with_ending(rest)
    else:
        inside = normpath(join(folder, target))
        if not inside.startswith(".."):
            yield _with_ending(inside)


def _with_ending(path: str) -> str:
    return path if "." in path.rpartition("/")[2] else f"{path}.md"
