"""The addresses of Hexo: ``permalink`` templates of posts, and the paths of pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.config_data import Data, is_false, mapping, string
from tui_reader.sources.files.addresses.local_dates import local_date
from tui_reader.sources.files.addresses.page import MAX_ALIASES, Page, Place
from tui_reader.sources.files.addresses.slugs import replaced

_NAME = re.compile(r":(\w+)")
_DATED_NAME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
_LONGEST = 1000


class HexoRules(NamedTuple):
    """How a Hexo site makes addresses. ``is_dated`` says that the names of posts begin with their date."""

    posts: str
    source: str
    category: str
    is_dated: bool
    defaults: Mapping[str, object]
    without_html: bool = False

    def place(self, page: Page) -> Place | None:
        """Return where a post or a page is."""
        if page.folders[:1] != (self.source,):
            return None
        folders = page.folders[1:]
        aliases = tuple(page.texts("alias") or page.texts("aliases"))[:MAX_ALIASES]
        if folders[:1] == ("_posts",):
            path = self._post(page, folders[1:])
        elif folders and folders[0].startswith("_"):
            return None
        else:
            name = "" if page.stem == "index" else f"{page.stem}.html"
            path = page.text("permalink") or "/".join((*folders, name))
        if path is None:
            return None
        path = path.removesuffix(".html") if self.without_html else path
        return Place(f"/{path.lstrip('/')}", aliases)

    def _post(self, page: Page, folders: tuple[str, ...]) -> str | None:
        match = _DATED_NAME.fullmatch(page.stem) if self.is_dated else None
        name = match[4] if match else page.stem
        date = page.date("date") or (local_date(f"{match[1]}-{match[2]}-{match[3]}") if match else None)
        date = date or page.known_date()
        if own := page.text("permalink"):
            return own
        values: dict[str, str] = {
            "title": "/".join((*folders, name)),
            "name": name,
            "filename": name,
            "post_title": page.text("title").lower().replace(" ", "-")[:_LONGEST],
            "category": "/".join(page.texts("categories") or page.texts("category")) or self.category,
        }
        if date is not None:
            values |= {
                "year": f"{date.year:04}", "month": f"{date.month:02}", "i_month": str(date.month),
                "day": f"{date.day:02}", "i_day": str(date.day), "hour": f"{date.hour:02}",
                "minute": f"{date.minute:02}", "second": f"{date.second:02}",
            }  # fmt: skip

        def value(match: re.Match[str]) -> str | None:
            name = match[1]
            return values.get(name) or page.text(name) or string(self.defaults, name) or None

        return replaced(self.posts, _NAME, value)


def is_hexo(config: Data) -> bool:
    """Return whether ``_config.yml`` is that of Hexo, and not of Jekyll."""
    return "new_post_name" in config or "public_dir" in config or "skip_render" in config


def hexo_rules(config: Data) -> HexoRules:
    """Return the rules that ``_config.yml`` sets."""
    return HexoRules(
        posts=string(config, "permalink") or ":year/:month/:day/:title/",
        source=string(config, "source_dir") or "source",
        category=string(config, "default_category") or "uncategorized",
        is_dated=":year" in string(config, "new_post_name"),
        defaults=mapping(config, "permalink_defaults"),
        without_html=is_false(mapping(config, "pretty_urls").get("trailing_html")),
    )
