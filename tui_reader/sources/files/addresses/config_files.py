"""The files that the addresses of a site can depend on, by the generators that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui_reader.sources.files.languages import LANGUAGE_CODES

_DATA = ("toml", "yaml", "yml", "json")
_SCRIPT = ("mjs", "js", "ts", "mts", "cjs")


def _named(stems: Iterable[str], endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{stem}.{ending}" for stem in stems for ending in endings)


HOST_FILES = tuple(
    f"{folder}CNAME" for folder in ("", "static/", "public/", "source/", "content/extra/", "src/", "docs/")
)
HUGO = _named(("hugo",), _DATA)
CONFIG = _named(("config",), _DATA)
HUGO_FOLDERS = tuple(
    _named((f"config/{folder}/{name}",), _DATA)
    for folder in ("_default", "production")
    for name in ("hugo", "config", "permalinks", "languages", "frontmatter")
)
_HUGO_FOLDER = "config/_default"
HUGO_LANGUAGES = {
    code: _named((f"{_HUGO_FOLDER}/languages.{code}",), _DATA)
    for code in sorted({*LANGUAGE_CODES, "en-us", "en-gb", "pt-br", "pt-pt", "zh-cn", "zh-tw", "zh-hans", "zh-hant"})
}
"""The files of which each has the settings of one language."""

ZOLA = ("config.toml", "zola.toml")
JEKYLL = ("_config.yml", "_config.yaml", "_config.toml")
PELICAN = ("pelicanconf.py", "publishconf.py")
DOCUSAURUS = _named(("docusaurus.config",), _SCRIPT)
ASTRO = _named(("astro.config",), _SCRIPT)
ELEVENTY = (".eleventy.js", *_named(("eleventy.config",), ("js", "mjs", "cjs")))
NUXT = _named(("nuxt.config",), ("ts", "js", "mjs"))
VITEPRESS = ("", "docs")
VITEPRESS_FILES = tuple(_named((f"{folder}/.vitepress/config".lstrip("/"),), _SCRIPT) for folder in VITEPRESS)
MKDOCS = ("mkdocs.yml", "mkdocs.yaml")
QUARTO = ("_quarto.yml", "_quarto.yaml")
SITE_DATA = tuple(
    f"{folder}{name}"
    for folder in ("_data/", "src/_data/", "content/_data/", "src/site/_data/")
    for name in _named(("site", "metadata", "meta", "config"), ("json", "yaml", "yml", "js", "cjs", "mjs"))
)
_KINDS = (
    "posts", "post", "blog", "articles", "notes", "writing", "log", "news", "til", "journal", "essays", "pages",
    "projects", "talks", "recipes", "weeknotes", "videos", "books", "reviews", "thoughts", "links", "tips", "docs",
)  # fmt: skip
FOLDER_DATA = {
    f"{folder}{kind}": tuple(f"{folder}{kind}/{kind}.{ending}" for ending in ("json", "11tydata.json", "11tydata.js"))
    for folder in ("", "src/", "content/", "src/content/", "site/", "src/site/")
    for kind in _KINDS
}
ROUTES = tuple(
    f"src/pages/{folder}{route}.astro"
    for folder in ("", *(f"{kind}/" for kind in _KINDS))
    for route in ("[...slug]", "[slug]", "[...id]", "[id]", "[...slug]/index", "[slug]/index", "[...path]")
)
MARKERS = (
    *HUGO, *CONFIG, *(name for names in HUGO_FOLDERS for name in names), *ZOLA, *JEKYLL, *PELICAN, "conf.py",
    *DOCUSAURUS, *ASTRO, *ELEVENTY, *NUXT, *(name for names in VITEPRESS_FILES for name in names), *MKDOCS,
    *QUARTO, *HOST_FILES,
)  # fmt: skip
"""Those of which one shows that a folder is a site."""

_WITH_ELEVENTY = ("package.json", *SITE_DATA, *(name for names in FOLDER_DATA.values() for name in names))

_OF_LANGUAGES = tuple(name for names in HUGO_LANGUAGES.values() for name in names)

CONFIG_FILES = frozenset({*MARKERS, *_WITH_ELEVENTY, *ROUTES, *_OF_LANGUAGES})
"""Every file that the addresses of a site can depend on."""


def config_names(exists: Callable[[str], bool]) -> list[str]:
    """Return which of :data:`CONFIG_FILES` there are; few are looked for where nothing says that they matter."""
    found = [name for name in dict.fromkeys(MARKERS) if exists(name)]
    if not {*ELEVENTY}.isdisjoint(found):
        found += [name for name in _WITH_ELEVENTY if exists(name)]
    if not {*ASTRO}.isdisjoint(found):
        found += [name for name in ROUTES if exists(name)]
    if exists(_HUGO_FOLDER):
        found += [name for name in _OF_LANGUAGES if exists(name)]
    return found


def is_config(path: str) -> bool:
    """Return whether a member of an archive, in its root or in one of its folders, is one of :data:`CONFIG_FILES`."""
    return path in CONFIG_FILES or path.partition("/")[2] in CONFIG_FILES


def is_whole_config(path: str) -> bool:
    """Return whether a member of an archive says all by itself: the rest need not be unpacked to look for more."""
    return path.count("/") <= 1 and path.rpartition("/")[2] == JEKYLL[0]
