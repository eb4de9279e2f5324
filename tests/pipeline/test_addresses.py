"""Articles of a site have their addresses, links lead to them, and a change of the configuration makes them anew."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.support.index import indexed, opened
from tui_reader.model.fingerprint import page_id
from tui_reader.model.query import Query
from tui_reader.model.urls import page_key


def seen(index: Path) -> list[tuple[str, str | None, str]]:
    """Return title, address and provider of every article."""
    with opened(index) as (reader, _):
        numbers = reader.order(Query(folded=True))
        stories = [reader.story(number) for number in numbers]
        found = [(story.row.title, story.links.best(), story.row.provider.name) for story in stories if story]
    return sorted(found)


def at(index: Path, url: str) -> bool:
    """Return whether an address leads to an article of the index."""
    with opened(index) as (reader, _):
        return bool(reader.articles_at([page_id(page_key(url))]))


def post(folder: Path, name: str, head: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"---\n{head}\n---\nA body.\n")


def test_a_folder(tmp_path: Path) -> None:
    index, site = tmp_path / "i.db", tmp_path / "site"
    post(site / "_posts", "2020-01-02-a.md", "title: A\nredirect_from: /old/\nslug: aa")
    post(site / "_posts", "2020-01-03-b.md", "title: B\nwebUrl: https://other.example/b")
    post(site / "_posts", "2020-01-04-c.md", "title: C\ncanonical_url: https://other.example/c")
    config = site / "_config.yml"
    config.write_text("title: Mine\nurl: https://mine.example\n")
    assert indexed(index, site).changed == 3
    assert seen(index) == [
        ("A", "https://mine.example/2020/01/02/aa.html", "Mine"),
        ("B", "https://other.example/b", "other.example"),
        ("C", "https://other.example/c", "other.example"),
    ]
    assert at(index, "https://mine.example/old")
    assert at(index, "https://mine.example/2020/01/02/a.html")
    assert at(index, "https://mine.example/2020/01/04/c.html")
    assert not at(index, "https://mine.example/2020/01/03/b.html")

    config.write_text("title: Mine\nurl: https://mine.example\nauthor: Somebody\n")
    post(site / "_posts", "2020-01-05-d.md", "title: D")
    assert indexed(index, site).changed == 1
    assert seen(index)[3][1] == "https://mine.example/2020/01/05/d.html"

    config.write_text("title: Mine\nurl: https://new.example\n")
    assert indexed(index, site).changed == 4
    assert seen(index)[0][1] == "https://new.example/2020/01/02/aa.html"
    assert not at(index, "https://mine.example/old")
    assert indexed(index, site).changed == 0

    config.write_text("title: Mine\nurl: [\n")
    assert indexed(index, site).changed == 4
    assert seen(index)[0][1] is None
    with opened(index) as (reader, _):
        assert [(problem.path, problem.line) for problem in reader.problems()] == [("_config.yml", 3)]


def test_an_archive_whose_configuration_comes_last(tmp_path: Path) -> None:
    index, archive = tmp_path / "i.db", tmp_path / "site.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("site-main/content/posts/a.md", '+++\ntitle = "A"\ndate = 2020-01-02\n+++\nA body.\n')
        file.writestr("site-main/hugo.toml", "baseURL = 'https://mine.example/'\ntitle = 'Mine'\n")
    indexed(index, archive)
    assert seen(index) == [("A", "https://mine.example/posts/a/", "Mine")]


def test_a_folder_in_a_site(tmp_path: Path) -> None:
    posts = tmp_path / "site" / "content" / "posts"
    post(posts, "a.md", "title: A")
    (tmp_path / "site" / "hugo.toml").write_text("baseURL = 'https://mine.example/'\n")
    for number, source in enumerate((posts, posts / "a.md")):
        indexed(tmp_path / f"{number}.db", source)
        assert seen(tmp_path / f"{number}.db") == [("A", "https://mine.example/posts/a/", "mine.example")]
