"""The page “Coming from newsboat” shows what really happens."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.command import Home

PAGE = Path(__file__).parents[2] / "docs" / "from-newsboat.md"
ME = "/home/me"


def block(name: str) -> str:
    """Return the example with this name."""
    (found,) = re.findall(rf"<!-- {name} -->\n```text\n(.*?)```\n", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def test_the_example_is_carried_over_as_the_page_says(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    folder = home.folder / ".newsboat"
    folder.mkdir()
    (folder / "urls").write_text(block("newsboat urls"))
    (folder / "config").write_text(block("newsboat config"))
    assert "\n".join(home.lines("import", "--newsboat")).replace(str(home.folder), ME) + "\n" == block(
        "newsboat report"
    )
    assert [line.split("  ")[-1] for line in home.lines("filter", "--list")] == [
        "title:sponsored OR title:advert",
        "only https://paper.example/feed",
    ]


def test_each_filter_expression_of_the_page_is_the_query_beside_it() -> None:
    from tui_reader.model.expression import to_text
    from tui_reader.subscriptions.newsboat.filter_language import FeedTags, translate

    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index("| newsboat | query |") :].split("\n\n")[0]
    tags = FeedTags(frozenset({"news"}), frozenset())
    compared = 0
    for line in table.splitlines()[2:]:
        left, right = line.replace("\\|", "\x00").strip("| ").split(" | ")
        rules, queries = (
            [each.replace("\x00", "|") for each in re.findall(r"`([^`]+)`", side)] for side in (left, right)
        )
        for rule, query in zip(rules, queries, strict=False):
            if "…" not in rule:
                compared += 1
                assert to_text(translate(rule, tags).expression) == query
    assert compared >= 10
