"""EPUB books: what the format demands of each file, and that the same stories make the same bytes."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile

import pytest

from tests.formats.test_html import NASTY, story
from tui_reader.formats.epub import write_epub
from tui_reader.model.shared_story import SharedStory

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
STORIES = [story("One", "Text with a [link](https://x.example/).\n\n| a |\n|---|\n| b |\n\n3. c"), story(NASTY, NASTY)]


def book(*stories: SharedStory, title: str = "A & B") -> bytes:
    file = io.BytesIO()
    write_epub(file, title, stories)
    return file.getvalue()


@pytest.fixture(scope="module")
def made() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(book(*STORIES)))


def test_the_first_file_says_what_it_is_at_a_fixed_place() -> None:
    data = book(*STORIES)
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    first, *_ = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert first.flag_bits == 0


def test_the_container_names_the_package(made: zipfile.ZipFile) -> None:
    container = ET.fromstring(made.read("META-INF/container.xml"))
    (root,) = container.iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile")
    assert root.get("media-type") == "application/oebps-package+xml"
    assert root.get("full-path") in made.namelist()


def test_the_package_lists_every_file_once_and_reads_them_in_order(made: zipfile.ZipFile) -> None:
    package = ET.fromstring(made.read("book/package.opf"))
    identifier = next(package.iter(f"{DC}identifier"))
    assert identifier.get("id") == package.get("unique-identifier")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", identifier.text or "")
    assert next(package.iter(f"{DC}title")).text == "A & B"
    assert next(package.iter(f"{DC}language")).text == "und"
    dates = [each.text for each in package.iter(f"{OPF}meta") if each.get("property") == "dcterms:modified"]
    assert dates == ["2023-11-14T22:13:20Z"]
    items = {item.get("id"): item for item in package.iter(f"{OPF}item")}
    assert len(items) == len(list(package.iter(f"{OPF}item")))
    files = {f"book/{item.get('href')}" for item in items.values()} | {"book/package.opf"}
    assert files == set(made.namelist()) - {"mimetype", "META-INF/container.xml"}
    assert [item.get("id") for item in items.values() if item.get("properties") == "nav"] == ["nav"]
    spine = [each.get("idref") for each in package.iter(f"{OPF}itemref")]
    assert spine == ["nav", "story-00001", "story-00002"]
    assert set(spine) <= items.keys()


def test_the_navigation_leads_to_every_chapter(made: zipfile.ZipFile) -> None:
    page = ET.fromstring(made.read("book/nav.xhtml"))
    (nav,) = page.iter(f"{XHTML}nav")
    assert nav.get("{http://www.idpf.org/2007/ops}type") == "toc"
    entries = [(link.text, link.get("href")) for link in nav.iter(f"{XHTML}a")]
    assert entries == [("One", "story-00001.xhtml"), (NASTY, "story-00002.xhtml")]


def test_every_page_is_well_formed_and_needs_only_the_book(made: zipfile.ZipFile) -> None:
    for name in made.namelist():
        if name.endswith(".xhtml"):
            page = ET.fromstring(made.read(name))
            assert "".join(next(page.iter(f"{XHTML}title")).itertext()).strip()
            assert not list(page.iter(f"{XHTML}img"))
            for link in page.iter(f"{XHTML}a"):
                target = link.get("href") or ""
                assert target.startswith("https://") or f"book/{target}" in made.namelist()


def test_the_same_stories_make_the_same_bytes() -> None:
    assert book(*STORIES) == book(*STORIES)
    assert book(STORIES[0]) != book(STORIES[1])


def test_a_book_without_stories_has_an_entry_to_itself() -> None:
    made = zipfile.ZipFile(io.BytesIO(book()))
    page = ET.fromstring(made.read("book/nav.xhtml"))
    assert [link.get("href") for link in page.iter(f"{XHTML}a")] == ["nav.xhtml"]


def test_stories_without_anything_make_a_book_all_the_same() -> None:
    made = zipfile.ZipFile(io.BytesIO(book(SharedStory(""), title="")))
    for name in made.namelist():
        if name.endswith((".xhtml", ".opf")):
            page = ET.fromstring(made.read(name))
            assert all((title.text or "").strip() for title in [*page.iter(f"{XHTML}title"), *page.iter(f"{DC}title")])
