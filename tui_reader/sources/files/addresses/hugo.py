"""The addresses of Hugo: the paths of content, ``permalinks``, ``slug``, ``url``, bundles and languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.config_data import Data, is_true, lowered, mapping, string
from tui_reader.sources.files.addresses.local_dates import MONTHS, WEEKDAYS, local_date
from tui_reader.sources.files.addresses.page import MAX_ALIASES, Page, Place
from tui_reader.sources.files.addresses.slugs import hugo_slug, replaced

_TOKEN = re.compile(r":([a-z]+(?:\[[^\]/]{0,20}\])?)")
_LAYOUT = re.compile(r":((?:2006|06|01|02|Jan|January|Monday|Mon|15|[-_])+)")
_DATED_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(.*)", re.DOTALL)
_DEFAULT_DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
_SLICE = re.compile(r"(\d{0,3})(:?)(\d{0,3}|last)")
_MAX_LANGUAGES = 100


class Language(NamedTuple):
    """A language of a site: its folder on the site, its folder of content, and its own base address, if any."""

    prefix: str = ""
    content: str = ""
    base: str = ""


class HugoRules(NamedTuple):
    """How a Hugo site makes addresses.

    ``permalinks`` are templates by section, ``dates`` the names of fields, and
    ``:filename``, that the date is taken from.
    """

    permalinks: Mapping[str, str]
    languages: Mapping[str, Language]
    default_language: str
    content: str = "content"
    dates: Sequence[str] = _DEFAULT_DATES
    ugly: bool | Mapping[str, bool] = False
    keep_case: bool = False
    remove_accents: bool = False

    def place(self, page: Page) -> Place | None:
        """Return where a page is; sections have no article."""
        found = self._content(page)
        if found is None:
            return None
        language, folders, stem = found
        if stem == "_index":
            return None
        settings = self.languages.get(language, Language())
        url = page.text("url")
        if url and "://" not in url:
            return self._at_url(page, url, settings)
        is_bundle = stem == "index"
        section = folders[0] if folders and (len(folders) > 1 or not is_bundle) else ""
        if is_bundle and not folders:
            return Place(f"{settings.prefix}/", base=settings.base)
        name = folders[-1] if is_bundle else stem
        parents = folders[:-1] if is_bundle else folders
        slug, date = self._slug_and_date(page, name)
        entry = _Entry(self, page, tuple(parents), name, slug, date)
        template = self.permalinks.get(section.lower())
        if template:
            path = entry.expanded(template)
        else:
            path = "/".join(["", *(self.slug(part) for part in parents), self.slug(slug or name)])
        if path is None:
            return None
        return self._finished(page, path, settings, section)

    def slug(self, text: str) -> str:
        """Return a part of a path."""
        return hugo_slug(text, keep_case=self.keep_case, remove_accents=self.remove_accents)

    def _content(self, page: Page) -> tuple[str, tuple[str, ...], str] | None:
        """Return the language of a page, its folders below those of the content, and its name."""
        stem, language = page.stem, self.default_language
        name, _, suffix = stem.rpartition(".")
        if name and suffix.lower() in self.languages:
            stem, language = name, suffix.lower()
        best: tuple[str, ...] | None = None
        for code, settings in self.languages.items():
            parts = tuple(settings.content.split("/")) if settings.content else ()
            if parts and page.folders[: len(parts)] == parts and (best is None or len(parts) > len(best)):
                best, language = parts, code
        if best is None:
            if self.languages.get(self.default_language, Language()).content:
                return None
            best = tuple(part for part in self.content.split("/") if part not in {"", "."})
            if page.folders[: len(best)] != best:
                return None
        return language, page.folders[len(best) :], stem

    def _slug_and_date(self, page: Page, name: str) -> tuple[str, datetime | None]:
        slug = page.text("slug")
        for field in self.dates:
            if field == ":filename":
                match = _DATED_NAME.fullmatch(name)
                if match and (date := local_date(match[1])) is not None:
                    return slug or match[2].strip(" -_"), date
            elif (date := page.date(field)) is not None:
                return slug, date
        return slug, page.known_date()

    def _at_url(self, page: Page, url: str, settings: Language) -> Place | None:
        path = "/" + url.lstrip("/")
        if ":" in path:
            return None  # with names of templates in it
        prefix = "" if url.startswith("/") and len(self.languages) > 1 else settings.prefix
        path = path if path.endswith(("/", ".html", ".htm", ".xml")) else f"{path}/"
        return Place(prefix + path, self._aliases(page, path, settings), settings.base)

    def _finished(self, page: Page, path: str, settings: Language, section: str) -> Place:
        is_ugly = self.ugly if isinstance(self.ugly, bool) else is_true(self.ugly.get(section))
        path = re.sub("/{2,}", "/", f"/{path}")
        if not path.endswith((".html", ".htm", ".xml")):
            path = f"{path.rstrip('/')}.html" if is_ugly else f"{path.rstrip('/')}/"
        return Place(settings.prefix + path, self._aliases(page, path, settings), settings.base)

    def _aliases(self, page: Page, path: str, settings: Language) -> tuple[str, ...]:
        parent = path.rstrip("/").rpartition("/")[0]
        return tuple(
            settings.prefix + (alias if alias.startswith("/") else f"{parent}/{alias}")
            for alias in page.texts("aliases")[:MAX_ALIASES]
        )


class _Entry(NamedTuple):
    """A page, and what the tokens of permalinks stand for."""

    rules: HugoRules
    page: Page
    parents: tuple[str, ...]
    name: str
    slug: str
    date: datetime | None

    def expanded(self, template: str) -> str | None:
        """Return the path that a template makes; ``None`` for a token that nothing is known for."""
        return replaced(_LAYOUT.sub(self._layout, template), _TOKEN, lambda match: self._token(match[1]))

    def _token(self, name: str) -> str | None:
        if name.startswith(("sections", "sectionslugs")):
            return self._sections(name)
        if name in _DATED:
            return _DATED[name](self.date) if self.date else None
        return self._slug_of(name)

    def _slug_of(self, name: str) -> str | None:
        slug = self.rules.slug
        if name in {"section", "sectionslug"}:
            return slug(self.parents[0]) if self.parents else ""
        if name in {"filename", "contentbasename"}:
            return slug(self.name)
        if name in {"slugorfilename", "slugorcontentbasename"}:
            return slug(self.slug or self.name)
        if name in {"title", "slug"}:
            title = self.page.text("title") or self.page.title
            return slug((self.slug if name == "slug" else "") or title) or None
        return None

    def _sections(self, name: str) -> str | None:
        parts = [self.rules.slug(part) for part in self.parents]
        _, _, wanted = name.rstrip("]").partition("[")
        if not wanted:
            return "/".join(parts)
        match = _SLICE.fullmatch(wanted)
        if wanted == "last":
            return "/".join(parts[-1:])
        if match is None:
            return None
        start = int(match[1] or 0)
        if not match[2]:
            return "/".join(parts[start : start + 1])
        end = len(parts) if not match[3] else len(parts) - 1 if match[3] == "last" else int(match[3])
        return "/".join(parts[start:end])

    def _layout(self, match: re.Match[str]) -> str:
        date = self.date
        if date is None:
            return match[0]
        return _GO_PART.sub(lambda part: _GO[part[0]](date), match[1])


_DATED: dict[str, Callable[[datetime], str]] = {
    "year": lambda date: f"{date.year:04}",
    "month": lambda date: f"{date.month:02}",
    "monthname": lambda date: MONTHS[date.month - 1].lower(),
    "day": lambda date: f"{date.day:02}",
    "weekday": lambda date: str(date.isoweekday() % 7),
    "weekdayname": lambda date: WEEKDAYS[date.weekday()].lower(),
    "yearday": lambda date: str(date.timetuple().tm_yday),
}
_GO_PART = re.compile(r"2006|January|Jan|Monday|Mon|01|02|06|15")
_GO: dict[str, Callable[[datetime], str]] = {
    "2006": lambda date: f"{date.year:04}",
    "06": lambda date: f"{date.year % 100:02}",
    "01": lambda date: f"{date.month:02}",
    "02": lambda date: f"{date.day:02}",
    "15": lambda date: f"{date.hour:02}",
    "January": lambda date: MONTHS[date.month - 1].lower(),
    "Jan": lambda date: MONTHS[date.month - 1][:3].lower(),
    "Monday": lambda date: WEEKDAYS[date.weekday()].lower(),
    "Mon": lambda date: WEEKDAYS[date.weekday()][:3].lower(),
}


def merged(configs: Sequence[Data]) -> dict[str, object]:
    """Return several configurations as one, with names in lower case; a later one wins."""
    whole: dict[str, object] = {}
    for config in configs:
        _merge(whole, lowered(config), 0)
    return whole


def _merge(whole: dict[str, object], more: Data, depth: int) -> None:
    for name, value in more.items():
        known = whole.get(name)
        if isinstance(known, dict) and isinstance(value, Mapping) and depth < 5:
            _merge(known, value, depth + 1)
        else:
            whole[name] = value


def hugo_rules(config: Data) -> HugoRules:
    """Return the rules that a configuration sets; its names are in lower case."""
    permalinks = mapping(config, "permalinks")
    templates = {name.strip("/"): value for name, value in permalinks.items() if isinstance(value, str)}
    pages = mapping(permalinks, "page")
    templates |= {name.strip("/"): value for name, value in pages.items() if isinstance(value, str)}
    default = (string(config, "defaultcontentlanguage") or "en").lower()
    ugly = config.get("uglyurls")
    return HugoRules(
        permalinks=templates,
        languages=_languages(config, default),
        default_language=default,
        content=_folder(string(config, "contentdir") or "content"),
        dates=_dates(mapping(config, "frontmatter").get("date")),
        ugly={name: is_true(value) for name, value in ugly.items()} if isinstance(ugly, Mapping) else is_true(ugly),
        keep_case=is_true(config.get("disablepathtolower")),
        remove_accents=is_true(config.get("removepathaccents")),
    )


def _folder(path: str) -> str:
    return "/".join(part for part in path.split("/") if part not in {"", "."})


def _languages(config: Data, default: str) -> dict[str, Language]:
    in_subfolder = is_true(config.get("defaultcontentlanguageinsubdir"))
    found: dict[str, Language] = {}
    for code, settings in list(mapping(config, "languages").items())[:_MAX_LANGUAGES]:
        own_base = string(settings, "baseurl")
        has_prefix = (code != default or in_subfolder) and not own_base
        found[code] = Language(f"/{code}" if has_prefix else "", _folder(string(settings, "contentdir")), own_base)
    if default not in found and in_subfolder:
        found[default] = Language(f"/{default}")
    return found


def _dates(value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else [":default"]
    found: list[str] = []
    for name in names[:20]:
        if name == ":default":
            found += _DEFAULT_DATES
        elif isinstance(name, str) and (name == ":filename" or not name.startswith(":")):
            found.append(name.lower())
    return tuple(found)
