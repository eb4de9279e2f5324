"""What two articles of a story have in common, in words."""

from tui_reader.stories.comparison import compare
from tui_reader.stories.facts import Facts

LEAD = Facts(1, 0, "FedEx teams with Microsoft for delivery tracking", "The “Surround” service.", "thestreet.com")
OTHER = Facts(2, 93_600, "FedEx, Microsoft’s partner in tracking", "Surround is its name.", "techspot.com")


def test_shared_words_and_the_time_between_them() -> None:
    found = compare(LEAD, OTHER)
    assert {"FedEx", "tracking", "Surround", "Microsoft"} <= set(found.shared)
    assert not found.same_provider
    assert str(found).endswith("1 day apart")
    assert "both say" in str(found)


def test_the_same_text_of_one_provider() -> None:
    assert str(compare(LEAD, LEAD)) == "the same text; within the hour; same provider"


def test_no_shared_words_and_no_date() -> None:
    found = compare(LEAD, Facts(3, None, "Voters in Iceland"), common={"fedex"})
    assert found.days is None
    assert found.shared == ()
    assert "no significant words in common" in str(found)
