"""Paths in a collection: articles, data files, ignored folders, and the order of topics."""

import pytest

from tui_reader.sources.files.layout import (
    in_article_folder,
    is_article_file,
    is_ignored,
    is_site_internal,
    site_file_kind,
    topic_sort_key,
)


def test_topic_files_sort_by_number_then_name() -> None:
    names = ["b.yaml", "10-a.yaml", "9-z.yaml", "a.yaml", "9" * 5000 + ".yaml", "_data/topics/1-x.yaml"]
    assert [name[:7] for name in sorted(names, key=topic_sort_key)] == [
        "_data/t",
        "9-z.yam",
        "10-a.ya",
        "a.yaml",
        "b.yaml",
        "9999999",
    ]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("_config.yml", "config"),
        ("site-main/_config.yml", "config"),
        ("a/b/_config.yml", ""),
        ("_data/topics/01-a.yaml", "topic"),
        ("site/_data/topics/a.yml", "topic"),
        ("_data/topics/sub/a.yml", ""),
        ("_data/organizations/a.md", ""),
        ("_config.yaml", ""),
    ],
)
def test_site_file_kind(path: str, part: str) -> None:
    assert site_file_kind(path) == part


def test_articles_ignored_and_internal_paths() -> None:
    assert is_article_file("a/B.MD")
    assert is_article_file("x.markdown")
    assert not is_article_file("a/README.md")
    assert not is_article_file("blog/_index.de.md")
    assert not is_article_file("robots.txt")
    assert not is_article_file("x.md.png")
    assert in_article_folder("a/_posts/2020/x.md")
    assert not in_article_folder("a/_posts")
    assert is_ignored(".git/x.md")
    assert is_ignored("_site/x.md")
    assert not is_ignored("a.b/x.md")
    assert is_site_internal("_data/organizations/x.md")
    assert not is_site_internal("data/x.md")
