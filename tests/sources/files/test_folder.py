"""Collections in folders: every layout is found, and no file stops the walk."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from tui_reader.errors import SourceError
from tui_reader.sources.files.folder import FolderCollection, open_folder, read_file
from tui_reader.sources.files.layout import MAX_FILE_BYTES


def touch(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("---\ntitle: x\n---\n")
    return root


def found(collection: FolderCollection) -> list[str]:
    return sorted(stamp.path for stamp in collection.files())


def test_the_articles_of_a_site_are_found(tmp_path: Path) -> None:
    articles = ["_news/a.md", "_archive/_news/b.md", "_archive/2020/_posts/cat/c.markdown", "blog/_posts/api/d.md"]
    touch(
        tmp_path,
        *articles,
        "README.md",
        "_pages/about.md",
        "_data/_news/no.md",
        ".git/_news/no.md",
        "_site/_news/no.md",
    )
    assert found(open_folder(tmp_path)) == sorted(articles)


def test_the_markdown_files_of_a_folder_are_found(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "a.md",
        "sub/deep/b.MD",
        "README.md",
        "c.png",
        ".hidden/d.md",
        "_data/e.md",
        "assets/f.md",
        "_site/g.md",
    )
    assert found(open_folder(tmp_path)) == ["a.md", "sub/deep/b.MD"]


def test_an_article_folder_finds_its_site(tmp_path: Path) -> None:
    touch(tmp_path, "_archive/_news/2020/a.md", "_config.yml", "_data/topics/1.yml", "_data/topics/.2.yml")
    for place in ("_archive/_news", "_archive/_news/2020", "_archive/_news/2020/a.md"):
        collection = open_folder(tmp_path / place)
        assert collection.root == tmp_path
        assert found(collection) == ["_archive/_news/2020/a.md"]
        assert [stamp.path for stamp in collection.data_files()] == ["_config.yml", "_data/topics/1.yml"]


def test_a_single_file_is_a_collection(tmp_path: Path) -> None:
    touch(tmp_path, "a.md", "b.md", "c.png")
    assert found(open_folder(tmp_path / "a.md")) == ["a.md"]
    with pytest.raises(SourceError, match="not a file that news-tui reads"):
        open_folder(tmp_path / "c.png")


def test_a_stamp_changes_with_the_file(tmp_path: Path) -> None:
    (before,) = open_folder(touch(tmp_path, "a.md")).files()
    os.utime(tmp_path / "a.md", ns=(0, before.changed + 1))
    (touched,) = open_folder(tmp_path).files()
    (tmp_path / "a.md").write_text("longer than it was before")
    (longer,) = open_folder(tmp_path).files()
    assert len({before, touched, longer}) == 3


def test_linked_files_and_folders_are_found_once(tmp_path: Path) -> None:
    touch(tmp_path, "_news/a.md", "out/b.md")
    (tmp_path / "_posts").symlink_to("_news")
    (tmp_path / "_news" / "up").symlink_to("..")
    (tmp_path / "_news" / "loop.md").symlink_to("loop.md")
    (tmp_path / "_news" / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "_news" / "linked.md").symlink_to(tmp_path / "out" / "b.md")
    paths = found(open_folder(tmp_path))
    assert paths == ["_news/a.md", "_news/linked.md", "_news/loop.md"]
    with pytest.raises(OSError, match="symbolic links"):  # the problem that the index reports
        read_file(str(tmp_path), "_news/loop.md")


def test_a_named_pipe_is_skipped(tmp_path: Path) -> None:
    touch(tmp_path, "a.md")
    os.mkfifo(tmp_path / "x.md")
    for name in ("_config.yml", "pelicanconf.py", "hugo.toml"):
        os.mkfifo(tmp_path / name)
    assert found(open_folder(tmp_path)) == ["a.md"]
    assert open_folder(tmp_path).data_files() == []
    with pytest.raises(SourceError, match="cannot be read"):
        found(open_folder(tmp_path / "x.md"))


def test_an_unreadable_folder_is_reported_and_the_walk_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.md", "shut/b.md")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if os.fspath(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert found(open_folder(tmp_path)) == ["a.md", "shut"]
    with pytest.raises(SourceError, match="Permission denied"):
        found(open_folder(tmp_path / "shut"))


def test_a_walk_that_ends_early_leaves_no_folder_open(tmp_path: Path) -> None:
    touch(tmp_path, "a/b/1.md", "a/b/2.md", "c/3.md")
    files = open_folder(tmp_path).files()
    next(files)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del files
    assert caught == []


def test_folders_can_be_deeper_than_the_recursion_limit(tmp_path: Path) -> None:
    path = str(tmp_path)
    try:
        for _ in range(1200):
            path += "/d"
            os.mkdir(path)
        Path(path, "a.md").write_text("x")
        assert [len(name) for name in found(open_folder(tmp_path))] == [2404]
    finally:
        Path(path, "a.md").unlink(missing_ok=True)
        while path != str(tmp_path):
            os.rmdir(path)
            path = path[:-2]


def test_a_large_file_is_cut_off(tmp_path: Path) -> None:
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert len(read_file(str(tmp_path), "a.md")) == MAX_FILE_BYTES + 1


def test_names_that_are_not_utf8_are_read(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    touch(tmp_path, name)
    assert found(open_folder(tmp_path)) == [name]
    assert read_file(str(tmp_path), name)


def test_links_out_of_the_collection_are_not_followed_and_told(tmp_path: Path) -> None:
    touch(tmp_path, "secret/id.md", "secret/topics/1.yml", "secret/_posts/b.md", "site/_news/a.md", "site/other/c.md")
    site = tmp_path / "site"
    (site / "_news" / "file.md").symlink_to(tmp_path / "secret" / "id.md")
    (site / "_news" / "folder").symlink_to("../../secret")
    (site / "_news" / "chain.md").symlink_to("file.md")
    (site / "_news" / "inside.md").symlink_to("../other/c.md")
    (site / "_news" / "picture.png").symlink_to("/etc/hostname")
    (site / "_news" / "loop.png").symlink_to("loop.png")
    (site / "_posts").symlink_to("../secret/_posts")
    (site / "_config.yml").symlink_to("../secret/id.md")
    (site / "_data").mkdir()
    (site / "_data" / "topics").symlink_to("../../secret/topics")
    collection = open_folder(site)
    out = ["_news/chain.md", "_news/file.md", "_news/folder", "_posts"]
    assert found(collection) == sorted(["_news/a.md", "_news/inside.md", *out])
    data = [stamp.path for stamp in collection.data_files()]
    assert data == ["_config.yml", "_data/topics"]
    for path in [*out, *data]:
        with pytest.raises(OSError, match="leads out of the collection"):
            read_file(str(collection.root), path)
    assert read_file(str(collection.root), "_news/inside.md")


def test_the_data_of_a_site_is_not_read_outside_of_it(tmp_path: Path) -> None:
    touch(tmp_path, "secret/topics/1.yml", "site/_news/a.md")
    (tmp_path / "site" / "_data").symlink_to("../secret")
    collection = open_folder(tmp_path / "site")
    assert [stamp.path for stamp in collection.data_files()] == ["_data/topics"]
    with pytest.raises(OSError, match="leads out of the collection"):
        read_file(str(collection.root), "_data/topics")


def test_a_collection_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    touch(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real" / "b.md").symlink_to("a.md")
    for root in (tmp_path / "link", (tmp_path / "link").resolve()):
        assert found(open_folder(root)) == ["a.md", "b.md"]
        assert read_file(str(root), "b.md")
