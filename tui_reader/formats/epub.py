"""Writes stories as an EPUB 3 book, a chapter each; the same stories make the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import IO
from uuid import UUID

from tui_reader.formats.html import STYLE, story_html, text
from tui_reader.model.dates import iso_date
from tui_reader.model.shared_story import SharedStory
from tui_reader.named_tuple import NamedTuple

_CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_PAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body>
{content}</body>
</html>
"""
_PACKAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>und</dc:language>
<dc:publisher>news-tui</dc:publisher>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
{items}</manifest>
<spine>
<itemref idref="nav"/>
{spine}</spine>
</package>
"""
_UNTITLED = "Story"  # the format wants every title to have words
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file knows


class _Chapter(NamedTuple):
    identifier: str
    title: str


def write_epub(file: IO[bytes], title: str, stories: Iterable[SharedStory]) -> None:
    """Write a book with a chapter for each of ``stories`` to ``file``, one after the other.

    Its date is that of the newest story, and its identifier follows from its
    content, so that a reader takes a book that is made again for the same.
    """
    content = sha256(title.encode())
    newest = 0
    chapters: list[_Chapter] = []
    with zipfile.ZipFile(file, "w") as book:
        # The first file tells what this is, at a fixed place: so it is not compressed.
        _add(book, "mimetype", "application/epub+zip", compressed=False)
        _add(book, "META-INF/container.xml", _CONTAINER)
        _add(book, "book/style.css", STYLE)
        for number, story in enumerate(stories, 1):
            chapter = _Chapter(f"story-{number:05}", story.title)
            page = _PAGE.format(title=text(story.title) or _UNTITLED, content=story_html(story, level=1))
            _add(book, f"book/{chapter.identifier}.xhtml", page)
            content.update(page.encode())
            newest = max(newest, story.published or 0)
            chapters.append(chapter)
        _add(book, "book/nav.xhtml", _navigation(title, chapters))
        identifier = UUID(bytes=content.digest()[:16], version=4)
        items = (
            f'<item id="{each.identifier}" href="{each.identifier}.xhtml" media-type="application/xhtml+xml"/>\n'
            for each in chapters
        )
        spine = (f'<itemref idref="{each.identifier}"/>\n' for each in chapters)
        package = _PACKAGE.format(
            identifier=identifier,
            title=text(title) or _UNTITLED,
            modified=iso_date(newest),
            items="".join(items),
            spine="".join(spine),
        )
        _add(book, "book/package.opf", package)


def _navigation(title: str, chapters: Sequence[_Chapter]) -> str:
    # The format wants an entry, also where no story was found.
    entries = "".join(
        f'<li><a href="{each.identifier}.xhtml">{text(each.title) or _UNTITLED}</a></li>\n'
        for each in chapters or [_Chapter("nav", title)]
    )
    content = f'<nav epub:type="toc" id="toc">\n<h1>{text(title) or _UNTITLED}</h1>\n<ol>\n{entries}</ol>\n</nav>\n'
    return _PAGE.format(title=text(title) or _UNTITLED, content=content)


def _add(book: zipfile.ZipFile, name: str, content: str, *, compressed: bool = True) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    book.writestr(entry, content)
