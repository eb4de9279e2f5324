"""Topics are found by whole words in titles, with their parents."""

import pytest

from tui_reader.model.topic import Topic
from tui_reader.stories.topics import Match, compile_topics

TOPICS = [
    Topic("Cloud", keywords=("cloud",)),
    Topic("Compute", "Cloud", keywords=("virtual machine", "c#", ".net")),
    Topic("Small", "Compute", keywords=("micro-vm",)),
    Topic("Lost", "Nowhere", keywords=("lost",)),
]


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("Nothing of it", ("Cloud",)),
        ("A VIRTUAL-MACHINE for you", ("Cloud", "Compute")),
        ("Virtual  machines", ("Cloud",)),
        ("The micro VM", ("Cloud", "Compute", "Small")),
        ("Why C# won", ("Cloud", "Compute")),
        ("Moving to .NET", ("Cloud", "Compute")),
        ("The net", ("Cloud",)),
        ("Lost and found", ("Cloud", "Lost")),
    ],
)
def test_topics_of_a_title(title: str, topics: tuple[str, ...]) -> None:
    assert compile_topics(TOPICS, root="Cloud").match(title) == topics


def test_without_a_root_no_topic_applies_to_all() -> None:
    assert compile_topics(TOPICS).match("Nothing of it") == ()


def test_excluded_keywords() -> None:
    matcher = compile_topics([Topic("Apple", keywords=("apple",))], without={"Apple": ["apple pie", "orchard"]})
    assert matcher.match("Apple opens a shop") == ("Apple",)
    assert matcher.match("Apple pie for all") == ()


def test_each_topic_has_a_reason() -> None:
    matcher = compile_topics(TOPICS, root="Cloud")
    assert matcher.explain("A micro-VM") == [
        Match("Small", "micro-vm"),
        Match("Compute", below="Small"),
        Match("Cloud", below="Compute"),
    ]
    assert [str(match) for match in matcher.explain("lost")] == ["Lost: “lost” in the title", "Cloud: every article"]


def test_a_cycle_of_parents_ends() -> None:
    matcher = compile_topics([Topic("A", "B", keywords=("a",)), Topic("B", "A", keywords=("b",))])
    assert matcher.match("a") == ("A", "B")


def test_keywords_of_the_root_topic() -> None:
    matcher = compile_topics(TOPICS, root="Cloud")
    assert matcher.names_root("The Cloud grows")
    assert not matcher.names_root("A virtual machine")
    assert matcher.root_words() == {"cloud"}
    assert matcher.subtopics(("Cloud", "Compute")) == ("Compute",)
