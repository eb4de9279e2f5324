"""Where the articles of sites and notes are, in folders and in archives, and in which language."""

from __future__ import annotations

import zipfile
from array import array
from pathlib import Path

import pytest

from tests.sources.files.test_folder import found, touch
from tui_reader.pipeline import plan
from tui_reader.pipeline.plan import ArchiveScan, SourceState
from tui_reader.sources.files.addresses import jekyll
from tui_reader.sources.files.archive import open_archive
from tui_reader.sources.files.archive_layout import ArchiveLayout
from tui_reader.sources.files.folder import PassedFiles, open_folder
from tui_reader.sources.files.languages import default_language, repeats, without_language
from tui_reader.storage.file_stamps import FileStamps

ELEVENTY = b"module.exports = function () { return { dir: { input: './_site' } } }"
LAYOUTS = {
    "Hugo": (
        ["hugo.toml", "README.md", "archetypes/default.md", "themes/x/content/no.md", "content/_index.md"],
        ["content/posts/a.md", "content/posts/b/index.md", "content/posts/api/c.org"],
    ),
    "Zola": (["config.toml", "templates/page.html"], ["content/blog/a.md"]),
    "Pelican": (["pelicanconf.py", "output/a.html"], ["content/a.rst"]),
    "Nikola": (["conf.py", "pages/about.md"], ["posts/a.rst"]),
    "Eleventy": (
        [".eleventy.js", "docs/a/x.html", "_site/_includes/b.md"],
        ["_site/404.md", "_site/posts/a.md"],
    ),
    "Quarto": (["posts/_part.qmd"], ["_quarto.md", "posts/404.qmd", "posts/a.qmd"]),
    "Astro": (["astro.config.mjs", "public/x.html"], ["src/content/blog/a.mdx", "src/pages/b.md"]),
    "Docusaurus": (["docusaurus.config.js", "i18n/fr/x.md", "src/pages/index.md"], ["blog/a.mdx", "docs/b.md"]),
    "Nuxt": (["nuxt.config.ts", "pages/x.html"], ["content/a.md"]),
    "VitePress": (["docs/.vitepress/config.js", "CHANGELOG.md"], ["docs/a.md"]),
    "Jekyll": (["_config.yml", "about.md", "_layouts/post.html"], ["_posts/2024-01-01-a.md", "_drafts/b.md"]),
    "notes": ([".obsidian/app.json", ".trash/x.md", "README.md"], ["a.md", "Projects/api/b.txt", "layouts/c.md"]),
}


def scan_of(path: Path, language: str = "") -> ArchiveScan:
    state = SourceState(1, None, FileStamps(array("q"), array("q")))
    return ArchiveScan(state, open_archive(path), language)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_articles_of_a_site_are_found(tmp_path: Path, name: str) -> None:
    others, articles = LAYOUTS[name]
    touch(tmp_path, *others, *articles)
    if name == "Eleventy":
        (tmp_path / ".eleventy.js").write_bytes(ELEVENTY)
    if name == "notes":  # there, a folder of that name holds parts of a site
        articles = [path for path in articles if "/api/" not in path]
    assert found(open_folder(tmp_path)) == sorted(articles)


@pytest.mark.parametrize("name", sorted(set(LAYOUTS) - {"notes", "Jekyll", "Quarto"}))
@pytest.mark.parametrize("root", ["", "site-main/"])
def test_the_articles_of_a_site_in_an_archive_are_found(name: str, root: str) -> None:
    layout = ArchiveLayout()
    others, articles = LAYOUTS[name]
    for path in (*articles, *others):
        layout.look(root + path)
    layout.decide({f"{root}.eleventy.js": ELEVENTY} if name == "Eleventy" else {})
    assert layout.is_site
    assert [path for path in (*articles, *others) if layout.has(root + path)] == articles


@pytest.mark.parametrize("folder", ["a\0b", "posts/../posts", "x" * 5_000])
def test_a_folder_that_there_cannot_be_is_no_input_of_eleventy(tmp_path: Path, folder: str) -> None:
    touch(tmp_path, "posts/a.md")
    (tmp_path / ".eleventy.js").write_bytes(ELEVENTY.replace(b"./_site", folder.encode()))
    assert found(open_folder(tmp_path)) == ["posts/a.md"]


def test_the_templates_of_a_vault_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "a.md", "Meta/Templates/b.md", ".obsidian/x")
    (tmp_path / ".obsidian" / "templates.json").write_text('{"folder": "Meta/Templates/"}')
    assert found(open_folder(tmp_path)) == ["a.md"]
    (tmp_path / ".obsidian" / "templates.json").write_text("[" * 100_000)
    assert found(open_folder(tmp_path)) == ["Meta/Templates/b.md", "a.md"]


def test_what_is_passed_over_is_told_with_its_number(tmp_path: Path) -> None:
    touch(tmp_path, "a.md", "b.adoc", "sub/c.adoc", "d.IPYNB", "e.png")
    passed = PassedFiles()
    assert [stamp.path for stamp in open_folder(tmp_path).files(passed)] == ["a.md"]
    assert passed.told() == [
        ("b.adoc", "files that end in ‘.adoc’ are not read, like 1 other file"),
        ("d.IPYNB", "files that end in ‘.ipynb’ are not read"),
    ]


@pytest.mark.parametrize(
    ("language", "articles"),
    [
        ("", ["content/a.md", "content/c.fr.md", "content/en/b.md"]),
        ("de", ["content/a.de.md", "content/c.fr.md", "content/de/b.md"]),
        ("fr", ["content/a.md", "content/c.fr.md", "content/en/b.md"]),
    ],
)
def test_of_several_languages_one_is_read(tmp_path: Path, language: str, articles: list[str]) -> None:
    paths = ["content/a.md", "content/a.de.md", "content/c.fr.md", "content/de/b.md", "content/en/b.md"]
    touch(tmp_path, *paths)
    (tmp_path / "hugo.toml").write_text("defaultContentLanguage = 'en'\n")
    passed = PassedFiles()
    assert sorted(stamp.path for stamp in open_folder(tmp_path).files(passed, language)) == articles
    assert sum("in another language" in reason for _, reason in passed.told()) == 1
    layout = ArchiveLayout(language)
    for path in (*paths, "hugo.toml"):
        layout.look(path)
    layout.decide({"hugo.toml": b"defaultContentLanguage = 'en'\n"})
    assert [path for path in sorted(paths) if layout.has(path)] == articles


def test_a_language_is_known_by_its_code() -> None:
    assert without_language("posts/a.de.md") == ("posts/a.md", "de")
    assert without_language("i/pt-BR/a.md") == ("i/a.md", "pt-br")
    assert without_language("js/node.js.md") == ("js/node.js.md", "")
    assert default_language(b'title = "x"\ndefault_language = "fr" # ours\n') == "fr"
    assert default_language(b"lang: en_US\n") == "en-us"
    assert default_language(b'DEFAULT_LANG = "C++"\n') == ""
    assert repeats(["de/a.md", "fr/b.md"], "", "en") == {}
    assert repeats(["de/a.md", "fr/a.md"], "", "") == {"fr/a.md": "fr"}


@pytest.mark.parametrize(
    ("wanted", "expected"), [("", ["only.md", "rain.md", "wind.md"]), ("de", ["only.md", "rain-de.md", "sturm.md"])]
)
@pytest.mark.parametrize(
    ("config", "folder"),
    [
        ({"pelicanconf.py": "DEFAULT_LANG = 'en'\n"}, "content"),
        ({"_config.yml": "languages: [en, de]\ndefault_lang: en\n"}, "_posts"),
    ],
)
def test_files_say_in_which_language_they_are(
    tmp_path: Path, config: dict[str, str], folder: str, wanted: str, expected: list[str]
) -> None:
    for name, text in {
        **config,
        f"{folder}/rain.md": "---\ntitle: Rain\nslug: rain\n---\n",
        f"{folder}/rain-de.md": "---\ntitle: Regen\nslug: rain\nlang: de\n---\n",
        f"{folder}/wind.md": "---\nLang: en\npermalink: /wind/\n---\n",
        f"{folder}/sturm.md": "---\nlang: 'de'\npermalink: /wind/\n---\n",
        f"{folder}/only.md": "---\nlang: de\nslug: only\n---\n",
    }.items():
        touch(tmp_path, name)
        (tmp_path / name).write_text(text)
    passed = PassedFiles()
    paths = sorted(stamp.path for stamp in open_folder(tmp_path).files(passed, wanted))
    assert paths == [f"{folder}/{name}" for name in expected]
    assert len(passed.told()) == 1
    # The same in an archive, wherever its configuration stands.
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    for order in (names, names[::-1]):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
            for name in order:
                packed.write(tmp_path / name, f"./site/{name}")
        scan = scan_of(tmp_path / "a.zip", wanted)
        assert sorted(item.path for item in scan.changed()) == [f"site/{path}" for path in paths]
        assert [problem.path for problem in scan.site().problems] == [f"site/{passed.told()[0][0]}"]


def test_the_collections_of_a_jekyll_site_are_read(tmp_path: Path) -> None:
    touch(tmp_path, "_posts/a.md", "_recipes/b.md", "_recipes/more/c.md", "_authors/d.md", "_sass/e.md")
    (tmp_path / "_config.yml").write_text("collections:\n  recipes: {output: true}\n  posts: {}\n  ../x: {}\n")
    assert found(open_folder(tmp_path)) == ["_posts/a.md", "_recipes/b.md", "_recipes/more/c.md"]
    (tmp_path / "_config.yml").write_text("collections: [authors]\n")
    assert found(open_folder(tmp_path)) == ["_authors/d.md", "_posts/a.md"]


@pytest.mark.parametrize("languages", ["", "languages: [en]\n"])
def test_of_the_collections_of_an_archive_only_so_many_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: str
) -> None:
    monkeypatch.setattr(jekyll, "_MAX_FOLDERS", 1)  # more of them would take long with many files
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for site in ("a", "b"):
            packed.writestr(f"{site}/_config.yml", f"{languages}collections: [recipes]\n")
        for path in ("a/_posts/a.md", "a/_recipes/b.md", "b/_recipes/c.md"):
            packed.writestr(path, "# A\n")
    assert [item.path for item in scan_of(tmp_path / "a.zip").changed()] == ["a/_posts/a.md", "a/_recipes/b.md"]


@pytest.mark.parametrize("waiting", [plan._MAX_WAITING, 300])
def test_drafts_and_collections_in_an_archive_come_with_its_posts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr(plan, "_MAX_WAITING", waiting)  # with less, they are read in another pass
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for path in ("_authors/c.md", "_recipes/d.md", "_drafts/b.md", "_posts/a.md", "about.md", "x.ipynb"):
            packed.writestr(f"site/{path}", "# A\n")
        packed.writestr("site/_config.yml", "collections:\n  recipes:\n    output: true\n")
    scan = scan_of(tmp_path / "a.zip")
    assert [item.path for item in scan.changed()] == ["site/_posts/a.md", "site/_recipes/d.md", "site/_drafts/b.md"]
    assert [problem.reason for problem in scan.site().problems] == ["files that end in ‘.ipynb’ are not read"]
