"""The addresses of Zola: the paths of content, ``slug``, ``path``, dates in names, and languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.config_data import Data, is_true, mapping, string
from tui_reader.sources.files.addresses.page import MAX_ALIASES, Page, Place
from tui_reader.sources.files.addresses.slugs import zola_slug

_DATED = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d[:-]?\d\d[:-]?\d\d(?:Z|[+-]\d\d:?\d\d)?)?\s?[_-](.+)")


class ZolaRules(NamedTuple):
    """How a Zola site makes addresses: ``slugify`` is ``on``, ``safe`` or ``off``."""

    default_language: str = "en"
    languages: tuple[str, ...] = ()
    slugify: str = "on"
    keep_dates: bool = False

    def place(self, page: Page) -> Place | None:
        """Return where a page is; sections have no article."""
        if page.folders[:1] != ("content",):
            return None
        folders, stem, language = page.folders[1:], page.stem, ""
        name, _, suffix = stem.rpartition(".")
        if name and suffix in self.languages:
            stem, language = name, suffix
        if stem == "_index":
            return None
        aliases = tuple(f"/{alias.lstrip('/')}" for alias in page.texts("aliases")[:MAX_ALIASES])
        if path := page.text("path"):
            return Place(f"/{path.strip('/')}/", aliases)
        is_folder = stem == "index"
        if is_folder and not folders:
            return Place("/", aliases)
        name = folders[-1] if is_folder else stem
        slug = self._slug(page.text("slug"), name)
        if slug is None:
            return None
        parents = folders[:-1] if is_folder else folders
        prefix = [language] if language and language != self.default_language else []
        return Place("/".join(["", *prefix, *parents, slug, ""]), aliases)

    def _slug(self, slug: str, name: str) -> str | None:
        if not slug:
            dated = None if self.keep_dates else _DATED.fullmatch(name)
            slug = dated[1] if dated else name
        return zola_slug(slug, self.slugify)


def zola_rules(config: Data) -> ZolaRules:
    """Return the rules that ``config.toml`` sets."""
    languages = config.get("languages")
    codes = tuple(languages) if isinstance(languages, Mapping) else ()
    return ZolaRules(
        default_language=string(config, "default_language") or "en",
        languages=codes[:100],
        slugify=string(config, "slugify", "paths") or "on",
        keep_dates=is_true(mapping(config, "slugify").get("paths_keep_dates")),
    )
