"""The tree of topics keeps the publisher's order and loses none."""

from hypothesis import given
from hypothesis import strategies as st

from tui_reader.model.topic import Topic, topic_tree

names = st.sampled_from("ABCDEF")


def drawn(topics: list[Topic]) -> list[str]:
    return ["." * node.depth + node.topic.name for node in topic_tree(topics)]


def test_children_stand_below_their_parent_in_the_order_given() -> None:
    topics = [Topic("AI"), Topic("Vision", "ai"), Topic("Cloud"), Topic("Faces", "Vision"), Topic("Speech", "AI")]
    assert drawn(topics) == ["AI", ".Vision", "..Faces", ".Speech", "Cloud"]


def test_a_missing_parent_and_circles_make_roots() -> None:
    assert drawn([Topic("A", "nowhere"), Topic("B", "B")]) == ["A", "B"]
    assert drawn([Topic("A", "B"), Topic("B", "A"), Topic("C", "B")]) == ["A", ".B", "..C"]


def test_a_chain_of_any_length() -> None:
    nodes = topic_tree([Topic(str(number), str(number - 1)) for number in range(5000)])
    assert nodes[-1].depth == 4999


@given(st.lists(st.builds(Topic, names, names | st.just("")), max_size=12))
def test_every_topic_once(topics: list[Topic]) -> None:
    nodes = topic_tree(topics)
    assert sorted(node.topic.name for node in nodes) == sorted({topic.name for topic in topics})
    depth = -1
    for node in nodes:
        assert 0 <= node.depth <= depth + 1
        depth = node.depth
