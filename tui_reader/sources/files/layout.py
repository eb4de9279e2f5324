"""Where the articles of a collection lie: its folders, file names and size limit."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

MAX_FILE_BYTES = 8 * 1024 * 1024
"""Larger files are refused, in bytes. The largest article seen so far has 143 KB."""

ARTICLE_FOLDERS = frozenset({"_news", "_posts"})
"""Folders whose Markdown files, at any depth, are a site's articles."""

TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2")
ARCHIVE_ENDINGS = (".zip", *TAR_ENDINGS)

ARTICLE_ENDINGS = (
    ".md", ".markdown", ".mdx", ".mdown", ".mkd", ".qmd", ".rmd", ".html", ".htm", ".rst", ".org", ".txt",
)  # fmt: skip
"""How the names of files end that can be articles."""

_INCLUDING = (".qmd", ".rmd")  # kinds of files that include those whose name begins with an underscore

UNREAD_ENDINGS = (
    ".adoc", ".asciidoc", ".textile", ".ipynb", ".mediawiki", ".wiki", ".creole", ".rdoc", ".pod", ".tex", ".typ",
    ".docx", ".odt", ".rtf",
)  # fmt: skip
"""How the names of files end in which people write, and which are not read."""

# These describe the folder that they are in, or a section of a site, and are no articles.
_ABOUT_FILES = frozenset({"readme", "license", "contributing", "changelog", "code_of_conduct", "_index"})
_NO_TEXTS = frozenset({"robots.txt", "humans.txt", "ads.txt", "llms.txt", "requirements.txt", "cmakelists.txt"})
_IGNORED_FOLDERS = frozenset({"node_modules", "_site"})
DRAFT_FOLDER = "_drafts"
"""The folder in which Jekyll has what is not published yet."""

_TEMPLATE_FOLDERS = frozenset({"archetypes", "_templates"})
# Beside the articles, a site keeps its parts in these folders. Inside an
# article folder they can be categories.
_PART_FOLDERS = frozenset({"_data", "_includes", "_layouts"})
_INTERNAL_FOLDERS = _PART_FOLDERS | {"assets", "api"}
_SITE_FILE = re.compile(r"(?:[^/]+/)?(?:_config\.yml|(?P<topic>_data/topics/[^/]+\.ya?ml))")
_UNNUMBERED = 1_000_000  # sorts after every numbered topic file


def is_archive(name: str) -> bool:
    """Return whether a file with this name is read as an archive."""
    return name.lower().endswith(ARCHIVE_ENDINGS)


def is_article_file(path: str) -> bool:
    """Return whether ``path`` names a file that can be an article."""
    lower = path.lower()
    if not lower.endswith(ARTICLE_ENDINGS):
        return False
    name = lower[lower.rfind("/") + 1 :] if "/" in lower else lower
    if name[0] == "_" and name.endswith(_INCLUDING):
        return False  # a part of others
    return name.partition(".")[0] not in _ABOUT_FILES and name not in _NO_TEXTS


def ending_of(path: str) -> str:
    """Return how the name of an article file ends, in small letters; empty if it ends otherwise."""
    lower = path.lower()
    return next((ending for ending in ARTICLE_ENDINGS if lower.endswith(ending)), "")


def unread_ending(name: str) -> str:
    """Return how the name of a file ends in which people write and that is not read; empty for any other."""
    lower = name.lower()
    return lower[lower.rfind(".") :] if lower.endswith(UNREAD_ENDINGS) else ""


def is_draft_path(path: str) -> bool:
    """Return whether ``path`` lies in a folder of drafts."""
    return DRAFT_FOLDER in path and DRAFT_FOLDER in path.split("/")[:-1]


def is_template_path(path: str) -> bool:
    """Return whether ``path`` lies in a folder of templates for new articles."""
    return "/" in path and not _TEMPLATE_FOLDERS.isdisjoint(path.split("/")[:-1])


def in_article_folder(path: str) -> bool:
    """Return whether one of the folders on ``path`` is an article folder."""
    return not ARTICLE_FOLDERS.isdisjoint(path.split("/")[:-1])


def is_ignored(path: str) -> bool:
    """Return whether ``path`` lies in a folder that is never part of a collection."""
    if "/" not in path:  # one name, as of everything that is found in a folder
        return path.startswith(".") or path in _IGNORED_FOLDERS
    return any(part.startswith(".") or part in _IGNORED_FOLDERS for part in path.split("/"))


def is_site_internal(path: str) -> bool:
    """Return whether ``path`` lies in one of a site's own folders, such as ``_data`` or ``assets``.

    Only meaningful outside of article folders, where a category can have such a name.
    """
    return not _INTERNAL_FOLDERS.isdisjoint(path.split("/"))


def is_site_part(path: str) -> bool:
    """Return whether ``path`` lies in one of the folders in which a site has parts of pages, among its content."""
    return not _PART_FOLDERS.isdisjoint(path.split("/"))


def site_file_kind(path: str) -> str:
    """Return ``config`` or ``topic`` for a data file of a site, ``""`` for any other ``path``.

    ``path`` uses ``/``. One folder may come first, as in archives of a repository.
    """
    match = _SITE_FILE.fullmatch(path)
    if match is None:
        return ""
    return "topic" if match["topic"] else "config"


def topic_sort_key(path: str) -> tuple[int, str]:
    """Return the sort key of a topic file: the number its name begins with, then the name."""
    name = PurePosixPath(path).name
    number = re.match(r"[0-9]{1,9}", name)
    return (int(number[0]) if number else _UNNUMBERED, name)
