"""Articles are grouped into the same stories in whatever order and batches they are added."""

from array import array
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.model.dates import DAY
from tui_reader.model.domains import OWN
from tui_reader.stories.corrections import Corrections
from tui_reader.stories.earlier import Earlier, EarlierStems
from tui_reader.stories.facts import Facts, chronological
from tui_reader.stories.grouping import Grouping
from tui_reader.stories.neighbours import Comparer
from tui_reader.stories.rules import GroupedArticle, Rules
from tui_reader.stories.similarity import STEM_BYTES, Packed, Probe, Vector, head_of, vector

FEDEX = (
    ("FedEx teams with Microsoft for cloud-based delivery tracking", "thestreet.com"),
    ("FedEx and Microsoft announce partnership to improve package delivery", "techspot.com"),
    ("FedEx, Microsoft team up against Amazon for shipping solutions", "webindia123.com"),
)
QUAKE = (
    ("Strong earthquake shakes northern Chile, no tsunami warning", "upi.com"),
    ("Earthquake in northern Chile: strong shaking, no warning of a tsunami", "apnews.com"),
)


def article(page: int, day: float, title: str, domain: str = "example.org") -> Facts:
    return Facts(page, round(day * DAY), title, domain=domain)


def known(one: Facts, story: int) -> GroupedArticle:
    return GroupedArticle(one.page, one.published or 0, one.domain, vector(one.title, one.excerpt), story)


def grouped(articles: list[Facts], corrections: Corrections | None = None) -> dict[int, int]:
    grouping = Grouping(corrections=corrections)
    stories: dict[int, int] = {}
    add_all(grouping, articles, stories)
    return stories


def add_all(grouping: Grouping, articles: list[Facts], stories: dict[int, int]) -> None:
    """Add articles to a grouping, and to ``stories`` by page."""
    for one in sorted(articles, key=chronological):
        found = grouping.add(one, vector(one.title))
        stories[one.page] = found.joined
        for old, new in found.merges:
            stories.update({page: new for page, story in stories.items() if story == old})
        assert stories[one.page] == found.story


def test_coverage_of_one_event_is_one_story() -> None:
    titles = [*FEDEX, *QUAKE]
    stories = grouped([article(page, page / 10, *titles[page]) for page in range(5)])
    assert stories == {0: 0, 1: 0, 2: 0, 3: 3, 4: 3}


def test_a_story_takes_no_articles_after_its_live_days() -> None:
    near = [article(0, 0, *FEDEX[0]), article(1, 3, *FEDEX[1])]
    far = [article(0, 0, *FEDEX[0]), article(1, 9, *FEDEX[1])]
    assert grouped(near)[1] == 0
    assert grouped(far)[1] == 1


def test_a_duplicate_joins_after_weeks_but_another_issue_does_not() -> None:
    title = "Azure SDK for embedded devices, release notes"
    assert grouped([article(0, 0, title), article(1, 40, title, "copy.example")])[1] == 0
    assert grouped([article(0, 0, title), article(1, 200, title, "copy.example")])[1] == 1
    assert grouped([article(0, 0, f"{title}, June"), article(1, 40, f"{title}, July", "copy.example")])[1] == 1


def test_articles_of_one_provider_need_more_similarity() -> None:
    here, there = "Private Link for Redis now in preview", "Private endpoints for the data factory"
    assert grouped([article(0, 0, here, "a.example"), article(1, 0.1, there, "b.example")])[1] == 0
    assert grouped([article(0, 0, here, "a.example"), article(1, 0.1, there, "a.example")])[1] == 1


def test_articles_of_one_provider_with_different_names_stay_apart() -> None:
    names = ("CyberArk", "Nasuni", "Buurst", "Foxit")
    titles = [f"{name} is now available in the marketplace" for name in names]
    one = [article(page, page / 10, titles[page], "wire.example") for page in range(4)]
    assert len(set(grouped(one).values())) == 4
    same = [article(page, page / 10, titles[0], "wire.example") for page in range(4)]
    assert set(grouped(same).values()) == {0}


def test_different_names_lower_the_similarity() -> None:
    first = article(0, 0, "Barracuda opens offices in Berlin with 200 jobs", "a.example")
    other = article(1, 0.1, "Fortinet: more staff is sought for new offices, jobs for hundreds", "b.example")
    assert grouped([first, other])[1] == 1
    grouping = Grouping(Rules(other_names=1))
    assert [grouping.add(one, vector(one.title)).story for one in (first, other)] == [0, 0]


def test_one_provider_alone_makes_no_large_story() -> None:
    parts = ("growth", "copies", "security", "service", "memory", "windows", "students", "training")
    notes = [f"Database for business, flexible server: {part} now in public preview" for part in parts]
    own = grouped([article(page, page / 2, notes[page], "vendor.example") for page in range(8)])
    others = grouped([article(page, page / 2, notes[page], f"{page}.example") for page in range(8)])
    assert max(Counter(own.values()).values()) < 8
    assert max(Counter(others.values()).values()) == 8


def test_corrections_take_precedence() -> None:
    articles = [article(page, page / 10, *[*FEDEX, *QUAKE][page]) for page in range(5)]
    assert grouped(articles, Corrections(apart=[(1, 0)]))[1] == 1
    assert grouped(articles, Corrections(together=[(3, 0)]))[3] == 0
    # Apart takes precedence over together.
    assert grouped(articles, Corrections(apart=[(3, 1)], together=[(3, 0)]))[3] == 3
    assert Corrections(apart=[(1, 2)], together=[(3, 4)]).pages() == {1, 2, 3, 4}


def test_articles_out_of_order_are_refused() -> None:
    grouping = Grouping()
    grouping.add(article(5, 1, "x"), vector("x"))
    with pytest.raises(ValueError, match="page 4 is out of order"):
        grouping.add(article(4, 1, "y"), vector("y"))


def test_an_article_without_a_date_is_refused() -> None:
    with pytest.raises(ValueError, match="no date"):
        Grouping().add(Facts(1, None, "x"), vector("x"))


WORDS = st.sampled_from(
    ["fedex", "microsoft", "delivery", "chile", "quake", "june", "july", "acquires", "metaswitch", "report"]
)
ARTICLES = st.lists(
    st.builds(
        lambda page, day, title, domain: article(page, day, " ".join(title), domain),
        st.integers(0, 30),
        st.integers(0, 200),
        st.lists(WORDS, min_size=2, max_size=6),
        st.sampled_from(["a.example", "b.example", "c.example"]),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda one: one.page,
)


PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4)


class Stored:
    """Earlier articles by their numbers, as an index has them."""

    def __init__(self, known: dict[int, GroupedArticle]) -> None:
        self.known = known

    def articles(self, numbers: Sequence[int]) -> dict[int, GroupedArticle]:
        return {number: self.known[number] for number in numbers}

    def members(self, story: int) -> dict[int, GroupedArticle]:
        return {number: one for number, one in self.known.items() if one.story == story}


def stems_of(known: dict[int, GroupedArticle]) -> EarlierStems:
    heads = [head_of(one.vector.pack()) for one in known.values()]
    times = [one.published for one in known.values()]
    stems = b"".join(stems.ljust(STEM_BYTES, b"\0") for _, stems in heads)
    return EarlierStems(array("q", known), times, bytes(length for length, _ in heads), stems)


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.data())
def test_resuming_anywhere_gives_the_same_stories(articles: list[Facts], data: st.DataObject) -> None:
    whole = grouped(articles)
    shuffled = data.draw(st.permutations(articles))
    assert grouped(shuffled) == whole
    ordered = sorted(articles, key=chronological)
    cut = data.draw(st.integers(0, len(ordered) - 1))
    corrections = Corrections(*data.draw(st.tuples(PAIRS, PAIRS)))
    whole = grouped(articles, corrections)
    grouping = Grouping(corrections=corrections)
    since = (ordered[cut].published or 0) - grouping.lookback()
    # Stories that a later article makes one are apart before it.
    stories = grouped(ordered[:cut], corrections)
    earlier = [known(one, stories[one.page]) for one in ordered[:cut] if (one.published or 0) >= since]
    if data.draw(st.booleans()):
        grouping.resume(earlier)
    else:
        stems = {stem for one in ordered[cut:] for stem in vector(one.title).stems}
        stored = Stored({7 * one.page: one for one in earlier})
        grouping.resume_with(Earlier(stems_of(stored.known), stems, stored), {one.page: one.story for one in earlier})
    add_all(grouping, ordered[cut:], stories)
    assert stories == whole


@settings(max_examples=60, deadline=None)
@given(ARTICLES, st.tuples(PAIRS, PAIRS))
def test_neighbours_that_were_found_apart_give_the_same_stories(
    articles: list[Facts], corrected: tuple[list[tuple[int, int]], list[tuple[int, int]]]
) -> None:
    corrections = Corrections(*corrected)
    alone, helped = Grouping(corrections=corrections), Grouping(corrections=corrections)
    known_apart: dict[int, GroupedArticle] = {}
    times: list[int] = []
    comparer = Comparer(Rules(), known_apart, times)
    for one in sorted(articles, key=chronological):
        neighbours = comparer.neighbours(known(one, 0))
        text = Packed(vector(one.title).pack())
        new = GroupedArticle(one.page, one.published or 0, one.domain, text, one.page)
        assert helped.place(new, neighbours) == alone.add(one, vector(one.title))
        known_apart[len(times)] = known(one, 0)
        times.append(one.published or 0)


def test_a_recurring_column_is_not_one_story() -> None:
    grouping = Grouping()
    text = vector("Daily discussion thread", "What did you read today?")
    stories = {grouping.add(Facts(day, day * DAY, "", domain="forum.example"), text).story for day in range(1, 6)}
    assert len(stories) == 5
    # Nor if another provider published nearly the same text before.
    copies = Grouping()
    words = "What did you read today? Tell the others"
    first = copies.add(Facts(1, 0, "", domain="other.example"), vector("Discussion thread", words)).story
    again = [copies.add(Facts(day, day * DAY, "", domain="forum.example"), text).story for day in range(2, 5)]
    assert again == [first, 3, 4]
    # Within hours, and by another provider, the same text is a duplicate.
    assert grouping.add(Facts(6, 5 * DAY + 3600, "", domain="forum.example"), text).story == 5
    assert grouping.add(Facts(7, 6 * DAY, "", domain="other.example"), text).story == 5


def test_what_a_collection_has_of_its_own_is_never_one_story() -> None:
    text = vector("Stork nests on the church tower", "The stork that nests on the church tower has returned to it")
    others = [Facts(n, n * 60, "", domain=f"{n}.example") for n in range(2, 102)]  # more than it is compared with
    own = [Facts(n, n * 60, "", domain=f"{OWN}1") for n in (1, 200, 300)]
    grouping = Grouping()
    stories = {each.page: grouping.add(each, text).story for each in sorted([*others, *own], key=chronological)}
    assert {stories[each.page] for each in others} == {1}
    assert [stories[each.page] for each in own] == [1, 200, 300]
    # Nor are the stories of two of them made one.
    titles = ("Ferry sinks off Naxos", "Coast guard rescues all", "Coast guard rescues all off Naxos as ferry sinks")
    between = [article(n, n / 20, title, f"{OWN}1" if n < 2 else "x.example") for n, title in enumerate(titles)]
    found = grouped(between)
    assert found[0] != found[1]


def test_the_same_title_of_several_providers_is_one_story() -> None:
    grouping = Grouping()
    # Different excerpts, and more articles of one provider than a story takes easily.
    title = "Asia Today, 12 March"
    texts = ("Markets in Tokyo open lower.", "A ferry is late.", "The rice harvest begins early in the south.")
    first = [grouping.add(article(n, n / 9, title, f"{n}.example"), vector(title, texts[n])).story for n in range(3)]
    assert first == [0, 0, 0]
    assert grouping.add(article(3, 2, title, "3.example"), vector(title, "Voters queue in Manila.")).story == 0
    apart = Grouping(corrections=Corrections(apart=[(0, 1)]))
    assert [apart.add(article(n, 0, title, f"{n}.example"), vector(title)).story for n in range(2)] == [0, 1]


@pytest.mark.parametrize(
    "titles",
    [
        ("Weekly Update 333", "Weekly Update 334"),
        ("Weekly Update: storms and ferries", "Weekly Update: storms, ferries and a bridge"),
        ("This week in gardens #61", "This week in gardens #62"),
        ("Garden news (podcast), June", "Garden news (podcast), July"),
        ("The roses we planted, part 5", "The roses we planted, part 6"),
    ],
)
def test_issues_of_a_column_are_apart(titles: tuple[str, str]) -> None:
    texts = "Storms and ferries, roses and bridges: what happened."
    for days, story in ((7, 1), (0.2, 0)):
        grouping = Grouping()
        found = [
            grouping.add(article(n, n * days, title, "garden.example"), vector(title, texts)).story
            for n, title in enumerate(titles)
        ]
        assert found == [0, story] or days < 1


def test_the_series_of_a_provider_is_not_one_story() -> None:
    classes = ("Barbarian", "Druid", "Necromancer", "Rogue", "Sorcerer")
    titles = [f"Zorblax IV: {name} build guide and best skills" for name in classes]
    guides = [article(n, n / 20, title, "guides.example") for n, title in enumerate(titles)]
    assert max(Counter(grouped(guides).values()).values()) <= 2


def test_an_article_like_two_stories_merges_them_only_if_they_are_alike() -> None:
    early = ("Ferry sinks off Naxos", "Naxos ferry sinks in storm", "Storm sinks a ferry near Naxos")
    late = (
        "All rescued, coast guard says",
        "Coast guard: everybody on the ferry rescued",
        "Coast guard rescues everybody",
    )
    bridge = "Coast guard rescues everybody from the ferry in storm off Naxos"
    titles = [*early, *late, bridge]
    articles = [article(n, n / 20, title, f"{n}.example") for n, title in enumerate(titles)]
    assert len(set(grouped(articles[:6]).values())) == 2
    assert set(grouped(articles).values()) == {0}
    # What a person took apart stays so.
    assert len(set(grouped(articles, Corrections(apart=[(0, 3)])).values())) == 2


def test_a_few_words_in_common_do_not_chain_stories() -> None:
    sinks = [
        f"Ferry sinks off Naxos in a storm, {n} rescued" for n in ("dozens", "many", "crew", "all", "most", "some")
    ]
    others = ["Storm delays trains in Lyon", "Trains in Lyon: strike ends", "Lyon strike: mayor thanks drivers"]
    articles = [article(n, n / 20, title, f"{n}.example") for n, title in enumerate([*sinks, *others])]
    stories = grouped(articles)
    assert {stories[n] for n in range(6)} == {0}
    assert 0 not in {stories[n] for n in range(6, 9)}


def test_a_title_that_many_providers_have_is_compared_with_few_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Vector] = []
    similar = Probe.similarities

    def counting(probe: Probe, others: Sequence[Vector], least: Sequence[float] = ()) -> list[float]:
        compared.extend(others)
        return similar(probe, others, least)

    monkeypatch.setattr(Probe, "similarities", counting)
    stories = grouped([article(page, 0, FEDEX[0][0], f"outlet{page}.example") for page in range(400)])
    assert set(stories.values()) == {0}
    assert len(compared) < 100 * len(stories)
