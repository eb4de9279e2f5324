"""The addresses of Docusaurus, VitePress, Nuxt content, MkDocs and Quarto: paths of files, by the rules of each."""

from __future__ import annotations

import re

from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.config_data import Data, is_false, mapping, string
from tui_reader.sources.files.addresses.javascript import JavaScript
from tui_reader.sources.files.addresses.page import Page, Place
from tui_reader.sources.files.addresses.slugs import github_slug

_BLOG_DATE = re.compile(r"(?P<folder>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?")
_NUMBER = re.compile(r"\d+\s*[-_.]+\s*(?=[^-_.\s\d])")
_ORDER = re.compile(r"\d+\.")
_LONGEST = 1000  # characters of a path
_MOST_EXCLUDED = 100


class DocusaurusRules(NamedTuple):
    """How a Docusaurus site makes addresses: folder and route of its blog and its docs, and how paths end."""

    blog: str = "blog"
    blog_route: str = "blog"
    docs: str = "docs"
    docs_route: str = "docs"
    ending: str = ""

    def place(self, page: Page) -> Place | None:
        """Return where a post or a page of the documentation is."""
        slug = page.text("slug")
        whole = "/".join((*page.folders, page.stem))[:_LONGEST]
        if whole.startswith(f"{self.blog}/"):
            path = self._blog_path(whole[len(self.blog) + 1 :], slug)
        elif whole.startswith(f"{self.docs}/"):
            path = self._docs_path(whole[len(self.docs) + 1 :].split("/"), page, slug)
        else:
            return None
        path = "/" + re.sub("/{2,}", "/", path).strip("/")
        return Place(path if path == "/" else path + self.ending)

    def _blog_path(self, path: str, slug: str) -> str:
        if not slug:
            match = _BLOG_DATE.fullmatch(path)
            slug = f"{match['date'].replace('-', '/')}/{match['folder']}{match['text']}" if match else path
            slug = slug.removesuffix("/index")
        return f"{self.blog_route}/{slug}"

    def _docs_path(self, parts: list[str], page: Page, slug: str) -> str:
        *folders, name = [_NUMBER.sub("", part, count=1) for part in parts]
        if slug.startswith("/"):
            return f"{self.docs_route}/{slug}"
        is_folder = name.lower() in {"index", "readme"} or folders[-1:] == [name]
        last = slug or ("" if is_folder else page.text("id") or name)
        return "/".join([self.docs_route, *folders, last])


def docusaurus_rules(config: JavaScript) -> DocusaurusRules:
    """Return the rules that ``docusaurus.config.js`` sets, as far as it says them in quotes."""
    blog, docs = config.block("blog"), config.block("docs")

    def route(part: JavaScript, default: str) -> str:
        return (part.text("routeBasePath") or default).strip("/")

    return DocusaurusRules(
        blog=blog.text("path").strip("./") or "blog",
        blog_route=route(blog, "blog"),
        docs=docs.text("path").strip("./") or "docs",
        docs_route=route(docs, "docs"),
        ending="/" if config.flag("trailingSlash") else "",
    )


class PathRules(NamedTuple):
    """How a site of documentation makes addresses: the paths below ``source`` with an ``ending``.

    ``is_numbered`` says that numbers before names are left out. ``index_name`` is
    how the address of a folder ends. Without ``has_hidden``, there is no page of
    what begins with ``_``, and none of the ``excluded`` files and folders.
    """

    source: str = ""
    ending: str = "/"
    is_numbered: bool = False
    index_name: str = ""
    has_hidden: bool = True
    excluded: tuple[str, ...] = ()

    def place(self, page: Page) -> Place | None:
        """Return where a page is."""
        parts = tuple(part for part in self.source.split("/") if part not in {"", "."})
        if page.folders[: len(parts)] != parts or page.ending.lower() == ".txt":
            return None
        names = [*page.folders[len(parts) :], page.stem]
        if not self.has_hidden and any(name.startswith("_") for name in names):
            return None
        if any(f"{page.path()}/".startswith(f"{path}/") for path in self.excluded):
            return None
        if self.is_numbered:
            names = [github_slug(_ORDER.sub("", name, count=1)) for name in names]
        is_folder = names[-1].lower() in {"index", "readme"} if self.ending == "/" else names[-1] == "index"
        if is_folder:
            names[-1] = self.index_name
            return Place("/".join(["", *names]))
        return Place("/".join(["", *names]) + self.ending)


def vitepress_rules(config: JavaScript, folder: str) -> PathRules:
    """Return the rules that ``.vitepress/config`` in ``folder`` sets."""
    source = "/".join(part for part in (folder, config.text("srcDir").strip("./")) if part)
    return PathRules(source, "" if config.flag("cleanUrls") else ".html")


def quarto_rules(config: Data) -> PathRules:
    """Return the rules that ``_quarto.yml`` sets: what is not rendered."""
    patterns = mapping(config, "project").get("render")
    names = patterns[:_MOST_EXCLUDED] if isinstance(patterns, list) else []
    excluded = (name[1:].strip("./*") for name in names if isinstance(name, str) and name.startswith("!"))
    return PathRules(".", ".html", index_name="index.html", has_hidden=False, excluded=tuple(filter(None, excluded)))


def mkdocs_rules(config: Data) -> PathRules:
    """Return the rules that ``mkdocs.yml`` sets."""
    ending = ".html" if is_false(config.get("use_directory_urls")) else "/"
    return PathRules(string(config, "docs_dir") or "docs", ending)
