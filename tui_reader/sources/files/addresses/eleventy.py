"""The addresses of Eleventy and Astro: the paths of files, and ``permalink`` or ``slug`` in front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.javascript import JavaScript
from tui_reader.sources.files.addresses.page import MAX_ALIASES, Page, Place
from tui_reader.sources.files.addresses.slugs import github_slug, replaced

_EXPRESSION = re.compile(r"\{\{-?\s*([\w.]+)\s*((?:\|[^{}|]{0,100}){0,3}?)-?\}\}")
_DATED = re.compile(r"\d{4}-\d\d-\d\d-(.+)")
_FOLDER = re.compile(r"(?!.*\.\.)[^\0-\x1f]*")  # one that lies in the site
_SLUGS = frozenset({"slug", "slugify"})


def input_folder(config: JavaScript) -> str:
    """Return the folder that ``.eleventy.js`` names as its input, without dots and slashes around it; empty for all."""
    folder = config.block("dir").text("input").strip("./")
    return folder if _FOLDER.fullmatch(folder) else ""


class EleventyRules(NamedTuple):
    """How an Eleventy site makes addresses: ``source`` is the folder of its input, empty for the root.

    ``permalinks`` are those of the data files of folders. ``prefix`` is the
    path of the address that the site says it has, without a slash at its end.
    """

    source: str = ""
    permalinks: Mapping[str, str] = {}
    prefix: str = ""

    def place(self, page: Page) -> Place | None:
        """Return where a page is."""
        parts = tuple(part for part in self.source.split("/") if part not in {"", "."})
        if page.folders[: len(parts)] != parts:
            return None
        folders = page.folders[len(parts) :]
        aliases = tuple(page.texts("redirect_from") or page.texts("aliases"))[:MAX_ALIASES]
        permalink = page.text("permalink") or self._of_folder(folders)
        if permalink.lower() == "false":
            return None
        if permalink:
            path = self._expanded(permalink, page, folders)
            if path is None:
                return None
            path = f"/{path.lstrip('/')}".removesuffix("index.html")
            # A permalink is from the root of the host, whatever address the site says it has.
            return Place(path.removeprefix(self.prefix) if path.startswith(f"{self.prefix}/") else path, aliases)
        names = [*folders] if page.stem == "index" or folders[-1:] == (page.stem,) else [*folders, page.stem]
        return Place("/".join(["", *names, ""]) if names else "/", aliases)

    def _of_folder(self, folders: tuple[str, ...]) -> str:
        for length in range(len(folders), 0, -1):
            if found := self.permalinks.get("/".join(folders[:length])):
                return found
        return ""

    def _expanded(self, permalink: str, page: Page, folders: tuple[str, ...]) -> str | None:
        dated = _DATED.fullmatch(page.stem)
        stem = dated[1] if dated else page.stem
        slug = folders[-1] if stem == "index" and folders else stem
        values = {
            "page.fileSlug": slug,
            "page.filePathStem": "/".join(["", *folders, stem]),
            "title": page.text("title"),
            "slug": page.text("slug"),
        }

        def value(match: re.Match[str]) -> str | None:
            found = values.get(match[1], "")
            filters = [name.strip() for name in match[2].split("|") if name.strip()]
            if not found or not _SLUGS.issuperset(filters):
                return None
            return re.sub("-{2,}", "-", github_slug(found).strip("-")) if filters else found

        path = replaced(permalink, _EXPRESSION, value)
        return None if path is None or "{" in path else path


class AstroRules(NamedTuple):
    """How an Astro site makes addresses: the folder of each collection that has pages, and how paths end."""

    collections: Mapping[str, str]
    ending: str = "/"

    def place(self, page: Page) -> Place | None:
        """Return where an entry of a collection, or a page, is."""
        if page.folders[:2] == ("src", "pages"):
            names = [*page.folders[2:]] if page.stem == "index" else [*page.folders[2:], page.stem]
            return Place("/".join(["", *names]) + self.ending)
        folders = page.folders[2:] if page.folders[:2] == ("src", "content") else page.folders[1:]
        name = page.folders[2] if page.folders[:2] == ("src", "content") and folders else "".join(page.folders[:1])
        target = self.collections.get(name)
        if target is None or page.folders[:2] != ("src", "content"):
            return None
        slug = page.text("slug").strip("/")
        if not slug:
            parts = [github_slug(part) for part in (*folders[1:], page.stem)]
            slug = "/".join(parts[:-1] if parts[-1] == "index" and len(parts) > 1 else parts)
        parts = [part for part in (target.strip("/"), slug) if part]
        return Place("/".join(["", *parts]) + self.ending)
