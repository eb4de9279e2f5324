"""The addresses of Jekyll: ``permalink`` styles and templates, collections, defaults and categories."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from tui_reader.errors import ArticleError
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.config_data import Data, is_true, mapping, read_data, string
from tui_reader.sources.files.addresses.local_dates import MONTHS, WEEKDAYS, has_time, local_date
from tui_reader.sources.files.addresses.page import MAX_ALIASES, Page, Place
from tui_reader.sources.files.addresses.slugs import jekyll_slug, replaced

if TYPE_CHECKING:
    from datetime import tzinfo

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_POST_NAME = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})-(.*)")
_NAME = re.compile(r":([a-z_]+)")
_COLLECTIONS = re.compile(rb"^[\"']?collections[\"']?[ \t]*:", re.MULTILINE)
_LABEL = re.compile(r"[\w-]{1,100}")
_MAX_COLLECTIONS = 100
_MAX_FOLDERS = 500  # of collections in an archive, after which those of further sites are left out
_MAX_DEFAULTS = 200
_MAX_LANGUAGES = 100
_MAX_CATEGORIES = 50
_LONGEST = 500  # characters of a category, or of several in one line


class Default(NamedTuple):
    """Front matter for the files below a path (or that match it) and of a type; both can be empty."""

    path: str
    kind: str
    values: Mapping[str, object]

    def applies(self, path: str, kind: str) -> bool:
        """Return whether a file gets these values."""
        if self.kind and self.kind != kind:
            return False
        if "*" in self.path:
            return fnmatchcase(path, self.path) or fnmatchcase(path, f"{self.path}/*")
        return path.startswith(self.path)


class JekyllRules(NamedTuple):
    """How a Jekyll site makes addresses.

    ``posts`` is the template of posts, ``collections`` has those of
    collections that have pages, ``ending`` is what pages get, by the style of
    the site. ``source`` and ``collections_dir`` are folders, empty for none.
    ``languages`` are those that plugins make pages in, the site's own first.
    """

    posts: str
    ending: str
    collections: Mapping[str, str]
    defaults: Sequence[Default]
    zone: str
    source: str = ""
    collections_dir: str = ""
    languages: Sequence[str] = ()

    def place(self, page: Page) -> Place | None:
        """Return where a post, a document of a collection or a page is."""
        folders = _below(_below(page.folders, self.source), self.collections_dir)
        language = page.text("lang")
        if self.languages and folders[:1] == ("_i18n",):
            language, folders = "".join(folders[1:2]), folders[2:]
        if "_posts" in folders:
            kind, at = "posts", folders.index("_posts")
        elif folders and folders[0].startswith("_"):
            kind, at = folders[0][1:], 0
        else:
            kind, at = "pages", -1
        if self.defaults:
            page = self._with_defaults(page, "/".join((*folders, page.stem + page.ending)), kind)
        document = _Document(page, folders, at, kind, self.zone)
        if kind == "posts" and document.name_date is None:
            return None
        permalink = page.text("permalink")
        template = _STYLES.get(permalink, permalink) if kind == "posts" else permalink
        if not template:
            template = self.posts if kind == "posts" else self._template(kind, page)
        path = document.expanded(template) if template else None
        if path is None:
            return None
        if language in self.languages[1:]:
            path = f"/{language}{path}"
        return Place(path, tuple(page.texts("redirect_from")[:MAX_ALIASES]))

    def _template(self, kind: str, page: Page) -> str:
        if kind != "pages":
            return self.collections.get(kind, "")
        if page.stem == "index":
            return "/:path/"
        return f"/:path/:basename{self.ending}"

    def _with_defaults(self, page: Page, path: str, kind: str) -> Page:
        values: dict[str, object] = {}
        categories: list[str] = []
        for default in self.defaults:
            if default.applies(path, kind):
                values |= default.values
                categories += _words(default.values.get("categories"))
        if not values:
            return page
        own = page.fields.get("categories")
        return page._replace(fields={**values, **page.fields, "categories": [*categories, *_words(own)]})


class _Document:
    """A file of the site, and what the names in templates stand for."""

    def __init__(self, page: Page, folders: Sequence[str], at: int, kind: str, zone: str) -> None:
        self._page, self._folders, self._at, self._kind, self._zone = page, folders, at, kind, zone
        match = _POST_NAME.fullmatch(page.stem)
        self.name_date = _calendar_date(*match.groups()[:3]) if match else None
        self._slug = (page.text("slug") or (match[4] if match else page.stem)).rstrip(".")

    def expanded(self, template: str) -> str | None:
        """Return the path that a template makes; ``None`` if it has a name that nothing is known for."""

        def value(match: re.Match[str]) -> str | None:
            name = match[1]
            for known in (name, name.rstrip("_")):
                if known in _VALUES:
                    return _VALUES[known](self) + name[len(known) :]
                if known in _DATED:
                    moment = self.date
                    if moment is not None:
                        return _DATED[known](moment) + name[len(known) :]
            return None

        path = replaced(template, _NAME, value)
        if path is None:
            return None
        path = "/" + path.replace("..", "/").replace("./", "")
        return re.sub("/{2,}", "/", path)

    @cached_property
    def date(self) -> datetime | None:
        """The date of the document in the time zone of the site."""
        value = self._page.fields.get("date")
        written = local_date(value) if value is not None else None
        if written is None:
            return self.name_date or self._page.known_date()
        if not has_time(value):
            return written
        return (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(_zone(self._zone))

    def categories(self) -> list[str]:
        """Return the categories: folders before ``_posts``, then those of the front matter."""
        found = [*self._folders[: self._at]] if self._kind == "posts" else []
        found += _words(self._page.fields.get("categories"))
        single = self._page.fields.get("category")
        found += [single[:_LONGEST]] if isinstance(single, str) and single else _words(single)
        return found

    def title(self) -> str:
        return jekyll_slug(self._slug, pretty=True)

    def slug(self) -> str:
        return jekyll_slug(self._slug)

    def name(self) -> str:
        return jekyll_slug(self._page.stem)

    def path(self) -> str:
        below = [*self._folders[self._at + 1 :]]
        return "/".join(below if self._kind == "pages" else [*below, self._page.stem.rstrip(".")])

    def basename(self) -> str:
        return self._page.stem

    def collection(self) -> str:
        return self._kind

    def joined_categories(self) -> str:
        return "/".join(dict.fromkeys(name.lower() for name in self.categories()))

    def slugified_categories(self) -> str:
        return "/".join(dict.fromkeys(jekyll_slug(name) for name in self.categories()))


_VALUES: dict[str, Callable[[_Document], str]] = {
    "title": _Document.title,
    "slug": _Document.slug,
    "name": _Document.name,
    "path": _Document.path,
    "basename": _Document.basename,
    "collection": _Document.collection,
    "categories": _Document.joined_categories,
    "slugified_categories": _Document.slugified_categories,
    "output_ext": lambda _: ".html",
}
_DATED: dict[str, Callable[[datetime], str]] = {
    "year": lambda date: f"{date.year:04}",
    "short_year": lambda date: f"{date.year % 100:02}",
    "month": lambda date: f"{date.month:02}",
    "i_month": lambda date: str(date.month),
    "short_month": lambda date: MONTHS[date.month - 1][:3],
    "long_month": lambda date: MONTHS[date.month - 1],
    "day": lambda date: f"{date.day:02}",
    "i_day": lambda date: str(date.day),
    "y_day": lambda date: f"{date.timetuple().tm_yday:03}",
    "week": lambda date: f"{date.isocalendar().week:02}",
    "w_year": lambda date: f"{date.isocalendar().year:04}",
    "w_day": lambda date: str(date.isoweekday()),
    "short_day": lambda date: WEEKDAYS[date.weekday()][:3],
    "long_day": lambda date: WEEKDAYS[date.weekday()],
    "hour": lambda date: f"{date.hour:02}",
    "minute": lambda date: f"{date.minute:02}",
    "second": lambda date: f"{date.second:02}",
}


def _words(value: object) -> list[str]:
    """Return categories: a list, or words with spaces between them."""
    items = value[:_LONGEST].split() if isinstance(value, str) else value
    if not isinstance(items, list):
        return []
    return [str(item)[:_LONGEST] for item in items[:_MAX_CATEGORIES] if isinstance(item, (str, int, float))]


def _calendar_date(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _zone(name: str) -> tzinfo:
    if not name:
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return UTC
    except KeyError:
        return UTC


def _below(folders: Sequence[str], folder: str) -> tuple[str, ...]:
    """Return ``folders`` without the leading ones that ``folder`` names, if they begin so."""
    parts = tuple(part for part in folder.split("/") if part not in {"", "."})
    return tuple(folders[len(parts) :]) if parts and tuple(folders[: len(parts)]) == parts else tuple(folders)


def collection_folders(config: bytes) -> tuple[str, ...]:
    """Return the folders of the collections that ``_config.yml`` has beside posts; none if it cannot be read."""
    if not _COLLECTIONS.search(config):
        return ()  # as most, and to parse it takes longer than all else
    try:
        data = read_data("_config.yml", config)
    except ArticleError:
        return ()  # to read the addresses tells it
    value = data.get("collections")
    labels = value if isinstance(value, (list, Mapping)) else ()
    folder = string(data, "collections_dir").strip("/")
    return tuple(
        f"{folder}/_{label}".lstrip("/")
        for label in list(labels)[:_MAX_COLLECTIONS]
        if isinstance(label, str) and _LABEL.fullmatch(label) and label not in {"posts", "drafts", "data"}
    )


def with_collections(known: tuple[str, ...], site: str, config: bytes) -> tuple[str, ...]:
    """Return the ``known`` folders of collections and those of a ``site`` in the same archive, each with a slash."""
    if len(known) >= _MAX_FOLDERS:
        return known
    return (*known, *(f"{site}{folder}/" for folder in collection_folders(config)))


def jekyll_rules(config: Data) -> JekyllRules:
    """Return the rules that ``_config.yml`` sets."""
    style = string(config, "permalink") or "date"
    ending = {"pretty": "/", "date": ":output_ext", "ordinal": ":output_ext", "none": ":output_ext"}.get(style, "")
    if not ending and style != "weekdate":
        ending = "/" if style.endswith("/") else ":output_ext" if style.endswith(":output_ext") else ""
    collections: dict[str, str] = {}
    for label, settings in mapping(config, "collections").items():
        if isinstance(settings, Mapping) and is_true(settings.get("output")):
            collections[label] = string(settings, "permalink") or f"/:collection/:path{ending}"
    posts = collections.pop("posts", "") if string(config, "collections", "posts", "permalink") else ""
    return JekyllRules(
        posts=posts or _STYLES.get(style, style),
        ending=ending,
        collections={label: _STYLES.get(template, template) for label, template in collections.items()},
        defaults=_defaults(config.get("defaults")),
        zone=string(config, "timezone"),
        source=string(config, "source"),
        collections_dir=string(config, "collections_dir"),
        languages=_languages(config),
    )


def _languages(config: Data) -> tuple[str, ...]:
    """Return the languages that the plugins Polyglot or Multiple Languages make pages in, the site's own first."""
    value = config.get("languages")
    codes = [code for code in value[:_MAX_LANGUAGES] if isinstance(code, str)] if isinstance(value, list) else []
    own = string(config, "default_lang") or next(iter(codes), "")
    return tuple(dict.fromkeys((own, *codes))) if codes else ()


def _defaults(value: object) -> list[Default]:
    """Return the defaults, those that take precedence last."""
    found = []
    for item in value[:_MAX_DEFAULTS] if isinstance(value, list) else ():
        values = mapping(item, "values")
        wanted = {name: values[name] for name in ("permalink", "categories", "category", "slug") if name in values}
        if wanted:
            scope = mapping(item, "scope")
            found.append(Default(string(scope, "path").strip("/"), string(scope, "type"), wanted))
    return sorted(found, key=lambda default: (len(default.path), bool(default.kind)))
