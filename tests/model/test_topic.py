"""The topic tree keeps the publisher's order and has every topic once."""

from hypothesis import given
from hypothesis import strategies as st

from tui_reader.model.topic import Topic, topic_tree

names = st.sampled_from("ABCDEF")


def outline(topics: list[Topic]) -> list[str]:
    return ["." * node.depth + node.topic.name for node in topic_tree(topics)]


def test_children_follow_their_parent_in_the_given_order() -> None:
    topics = [Topic("AI"), Topic("Vision", "ai"), Topic("Cloud"), Topic("Faces", "Vision"), Topic("Speech", "AI")]
    assert outline(topics) == ["AI", ".Vision", "..Faces", ".Speech", "Cloud"]


def test_topics_with_missing_or_cyclic_parents_are_roots() -> None:
    assert outline([Topic("A", "nowhere"), Topic("B", "B")]) == ["A", "B"]
    assert outline([Topic("A", "B"), Topic("B", "A"), Topic("C", "B")]) == ["A", ".B", "..C"]


def test_a_chain_of_thousands() -> None:
    nodes = topic_tree([Topic(str(number), str(number - 1)) for number in range(5000)])
    assert nodes[-1].depth == 4999


@given(st.lists(st.builds(Topic, names, names | st.just("")), max_size=12))
def test_every_topic_is_in_the_tree_once(topics: list[Topic]) -> None:
    nodes = topic_tree(topics)
    assert sorted(node.topic.name for node in nodes) == sorted({topic.name for topic in topics})
    depth = -1
    for node in nodes:
        assert 0 <= node.depth <= depth + 1
        depth = node.depth
