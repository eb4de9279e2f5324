"""Finds out which generator a site is of, and by which rules and at which address it has its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tui_reader.errors import ArticleError
from tui_reader.model.text import clean_line
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses import config_data, config_files
from tui_reader.sources.files.addresses.address import Addresses, web_address
from tui_reader.sources.files.addresses.config_data import Data, mapping, string
from tui_reader.sources.files.addresses.javascript import JavaScript
from tui_reader.sources.files.addresses.page import Rules

Read = Callable[[str], bytes | None]
"""Returns a file of the site, ``None`` if there is none."""


_MAX_FOLDERS = 20  # of an archive in which a site is looked for


class Trouble(NamedTuple):
    """A configuration that could not be read: its path, the line (0 if unknown) and the reason."""

    path: str
    line: int
    reason: str


class SiteAddresses(NamedTuple):
    """What the configuration of a site says: its addresses, if it has some, its title, and what could not be read."""

    addresses: Addresses | None = None
    title: str = ""
    troubles: tuple[Trouble, ...] = ()

    def stamp(self) -> int:
        """Return a number below 2³¹ that changes with the addresses, 0 without any."""
        return self.addresses.stamp() if self.addresses else 0


class _Files:
    """The configuration files of a site, each read once; what cannot be read is noted."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._data: dict[str, Data] = {}
        self.troubles: list[Trouble] = []

    def bytes(self, *names: str) -> tuple[str, bytes] | None:
        """Return the first of ``names`` that exists, with its contents."""
        for name in names:
            data = self._read(name)
            if data is not None:
                return name, data
        return None

    def data(self, *names: str) -> Data | None:
        """Return what the first of ``names`` that exists has."""
        found = self.bytes(*names)
        if found is None:
            return None
        name, data = found
        if name not in self._data:
            try:
                self._data[name] = config_data.read_data(name, data)
            except ArticleError as error:
                self.troubles.append(Trouble(name, error.line, error.reason))
                self._data[name] = {}
        return self._data[name]

    def python(self, *names: str) -> dict[str, object] | None:
        """Return the plain values of the Python files called ``names``, those of later ones first."""
        values: dict[str, object] | None = None
        for name in names:
            data = self._read(name)
            if data is not None:
                try:
                    values = {**(values or {}), **config_data.python_values(data)}
                except ArticleError as error:
                    self.troubles.append(Trouble(name, error.line, error.reason))
        return values

    def script(self, *names: str) -> JavaScript | None:
        """Return the first of ``names`` that exists, which are in JavaScript."""
        found = self.bytes(*names)
        if found is None:
            return None
        try:
            return JavaScript(config_data.text_of(found[1]))
        except ArticleError as error:
            self.troubles.append(Trouble(found[0], error.line, error.reason))
            return None

    def host(self) -> str:
        """Return the address that ``CNAME`` of GitHub Pages gives, empty if there is none."""
        found = self.bytes(*config_files.HOST_FILES)
        words = found[1][:1000].decode(errors="replace").split() if found else []
        return web_address(words[0]) if words else ""


def site_addresses(read: Read, folder: str = "") -> SiteAddresses:
    """Return what the configuration of the site in ``folder`` says of its addresses; nothing of it is run.

    ``read`` returns the files of the site.
    """
    files = _Files(read)
    for generator in _GENERATORS:
        found = generator(files)
        if found is None:
            continue
        base, title, rules = found
        title = clean_line(title)
        base = web_address(base) or files.host()
        addresses = Addresses(base, title, rules, folder) if base and rules is not None else None
        return SiteAddresses(addresses, title, tuple(files.troubles))
    return SiteAddresses(troubles=tuple(files.troubles))


def archived_site(files: Mapping[str, bytes]) -> SiteAddresses:
    """Return what is said by the configuration ``files`` of an archive: of its root, or else of one of its folders."""
    folders = dict.fromkeys(path.partition("/")[0] for path in files if "/" in path)
    first = SiteAddresses()
    for folder in ("", *list(folders)[:_MAX_FOLDERS]):
        prefix = f"{folder}/" if folder else ""
        site = site_addresses(lambda name, prefix=prefix: files.get(prefix + name), folder)  # type: ignore[misc]
        if prefix:
            site = site._replace(troubles=tuple(each._replace(path=prefix + each.path) for each in site.troubles))
        if site.addresses is not None:
            return site
        first = first if first.title or first.troubles else site
    return first


class _Found(NamedTuple):
    """A site: its address as it is configured, its title and its rules."""

    base: str
    title: str
    rules: Rules | None


def _hugo(files: _Files) -> _Found | None:
    configs = [files.data(*config_files.HUGO)]
    other = files.data(*config_files.CONFIG) if configs[0] is None else None
    is_hugo = other is not None and not string(other, "base_url") and "baseurl" in {name.lower() for name in other}
    if other is not None and not is_hugo and "base_url" in other:
        return None
    configs.append(other if is_hugo else None)
    for names in config_files.HUGO_FOLDERS:
        data = files.data(*names)
        # A file that is called as a table of the configuration has what is in that table.
        table = names[0].rpartition("/")[2].partition(".")[0]
        configs.append(data if data is None or table in {"hugo", "config"} else {table: data})
    known = [config for config in configs if config is not None]
    if not known:
        return None
    if len(known) > sum(config is not None for config in configs[:2]):  # it has a folder with its configuration
        languages = ((code, files.data(*names)) for code, names in config_files.HUGO_LANGUAGES.items())
        known += [{"languages": {code: data}} for code, data in languages if data is not None]
    from tui_reader.sources.files.addresses.hugo import hugo_rules, merged

    config = merged(known)
    bases = (string(merged([each]), "baseurl") for each in reversed(known))
    base = next((base for base in bases if web_address(base)), "")
    return _Found(base, string(config, "title"), hugo_rules(config))


def _zola(files: _Files) -> _Found | None:
    config = files.data(*config_files.ZOLA)
    if config is None or not string(config, "base_url"):
        return None
    from tui_reader.sources.files.addresses.zola import zola_rules

    return _Found(string(config, "base_url"), string(config, "title"), zola_rules(config))


def _jekyll(files: _Files) -> _Found | None:
    config = files.data(*config_files.JEKYLL)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.hexo import hexo_rules, is_hexo
    from tui_reader.sources.files.addresses.jekyll import jekyll_rules

    url, title = string(config, "url"), string(config, "title") or string(config, "name")
    if is_hexo(config):
        root = string(config, "root").strip("/")
        base = f"{url.rstrip('/')}/{root}" if root and not url.rstrip("/").endswith(f"/{root}") else url
        return _Found(base, title, hexo_rules(config))
    base = web_address(url) or files.host()
    path = string(config, "baseurl").strip("/")
    return _Found(f"{base}/{path}" if base and path else base, title, jekyll_rules(config))


def _pelican(files: _Files) -> _Found | None:
    config = files.python(*config_files.PELICAN)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.pelican import pelican_rules

    return _Found(_text(config, "SITEURL"), _text(config, "SITENAME"), pelican_rules(config))


def _nikola(files: _Files) -> _Found | None:
    config = files.python("conf.py")
    if config is None or "POSTS" not in config:
        return None
    from tui_reader.sources.files.addresses.pelican import nikola_rules

    base = _text(config, "BASE_URL") or _text(config, "SITE_URL")
    return _Found(base, _text(config, "BLOG_TITLE"), nikola_rules(config))


def _text(config: Mapping[str, object], name: str) -> str:
    value = config.get(name)
    return value if isinstance(value, str) else ""


def _docusaurus(files: _Files) -> _Found | None:
    config = files.script(*config_files.DOCUSAURUS)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.docs_sites import docusaurus_rules

    base = _with_path(config.text("url"), config.text("baseUrl"))
    return _Found(base, config.text("title"), docusaurus_rules(config))


def _astro(files: _Files) -> _Found | None:
    config = files.script(*config_files.ASTRO)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.eleventy import AstroRules

    collections: dict[str, str] = {}
    for name in config_files.ROUTES:
        route = files.script(name)
        if route is not None:
            folder = name.removeprefix("src/pages/").partition("[")[0]
            for collection in route.all(_COLLECTION):
                collections.setdefault(collection, folder)
    ending = "" if config.text("trailingSlash") == "never" else "/"
    return _Found(_with_path(config.text("site"), config.text("base")), "", AstroRules(collections, ending))


_COLLECTION = re.compile(r"""getCollection\(\s{0,20}["'`]([\w-]{1,100})["'`]""")


def _with_path(site: str, path: str) -> str:
    path = path.strip("/")
    return f"{site.rstrip('/')}/{path}" if site and path else site


def _eleventy(files: _Files) -> _Found | None:
    config = files.script(*config_files.ELEVENTY)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.eleventy import EleventyRules, input_folder

    source = input_folder(config)
    base, title = _site_data(files)
    if not base:
        home = string(files.data("package.json") or {}, "homepage")
        base = "" if "github.com/" in home or "gitlab.com/" in home else home
    permalinks: dict[str, str] = {}
    for folder, names in config_files.FOLDER_DATA.items():
        found = files.bytes(*names)
        if found is None:
            continue
        if found[0].endswith(".js"):
            script = files.script(found[0])
            permalink = script.text("permalink") if script else ""
        else:
            permalink = string(files.data(found[0]) or {}, "permalink")
        below = folder.removeprefix(f"{source}/") if source else folder
        if permalink:
            permalinks.setdefault(below, permalink)
    path = base.partition("://")[2].partition("/")[2].strip("/")
    return _Found(base, title, EleventyRules(source, permalinks, f"/{path}" if path else ""))


def _site_data(files: _Files) -> tuple[str, str]:
    """Return the address and the title of an Eleventy site as its global data give them."""
    for name in config_files.SITE_DATA:
        if name.endswith("js"):
            script = files.script(name) or JavaScript("")
            url, title = script.text("url", "siteUrl", "baseUrl"), script.text("title", "name")
        else:
            data = files.data(name) or {}
            data = mapping(data, "site") or data
            url = string(data, "url") or string(data, "siteUrl") or string(data, "baseUrl") or string(data, "base_url")
            title = string(data, "title") or string(data, "name")
        if url and web_address(url):
            return url, title
    return "", ""


def _nuxt(files: _Files) -> _Found | None:
    config = files.script(*config_files.NUXT)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.docs_sites import PathRules

    # There can be another one for each environment, such as that of developers.
    sites = [site for site in config.blocks("site") if web_address(site.text("url"))][:1]
    base, name = (sites[0].text("url"), sites[0].text("name")) if sites else ("", "")
    base = base or config.block("sitemap").text("hostname", "siteUrl") or config.text("siteUrl")
    return _Found(base, name, PathRules("content", "", is_numbered=True))


def _vitepress(files: _Files) -> _Found | None:
    for folder, names in zip(config_files.VITEPRESS, config_files.VITEPRESS_FILES, strict=True):
        config = files.script(*names)
        if config is not None:
            from tui_reader.sources.files.addresses.docs_sites import vitepress_rules

            base = _with_path(config.block("sitemap").text("hostname"), config.text("base"))
            return _Found(base, config.text("title"), vitepress_rules(config, folder))
    return None


def _mkdocs(files: _Files) -> _Found | None:
    config = files.data(*config_files.MKDOCS)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.docs_sites import mkdocs_rules

    return _Found(string(config, "site_url"), string(config, "site_name"), mkdocs_rules(config))


def _quarto(files: _Files) -> _Found | None:
    config = files.data(*config_files.QUARTO)
    if config is None:
        return None
    from tui_reader.sources.files.addresses.docs_sites import quarto_rules

    website = mapping(config, "website") or mapping(config, "book")
    return _Found(string(website, "site-url"), string(website, "title"), quarto_rules(config))


_GENERATORS = (
    _hugo, _zola, _jekyll, _pelican, _nikola, _docusaurus, _astro, _eleventy, _nuxt, _vitepress, _mkdocs, _quarto,
)  # fmt: skip
