"""Vectors are small, can be packed, and distinguish similar texts from others."""

from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.stories.earlier import Earlier, EarlierStems
from tui_reader.stories.postings import Postings
from tui_reader.stories.rules import GroupedArticle
from tui_reader.stories.similarity import (
    HEAD,
    MAX_TITLE,
    MAX_TRIGRAMS,
    STEM_BYTES,
    Packed,
    Probe,
    Vector,
    head_of,
    names_differ,
    similarity,
    unpack,
    vector,
)
from tui_reader.stories.wording import frequent_words

ONE = vector("FedEx teams with Microsoft for cloud-based delivery tracking", "The partners take on Amazon.")
OTHER = vector("FedEx and Microsoft announce partnership to improve delivery", "Tracking of parcels from the cloud.")
ELSE = vector("Voters go to the polls in Iceland", "Six parties hope for seats.")


def test_similar_and_unrelated_texts() -> None:
    assert similarity(ONE, ONE) == pytest.approx(1)
    assert similarity(ONE, OTHER) > 0.25 > 0.15 > similarity(ONE, ELSE)


@settings(max_examples=50)
@given(st.text(max_size=300), st.text(max_size=700), st.text(max_size=80), st.text(max_size=300))
def test_any_text(title: str, excerpt: str, other_title: str, other_excerpt: str) -> None:
    one, other = vector(title, excerpt), vector(other_title, other_excerpt)
    packed = one.pack()
    assert len(packed) <= 600
    assert unpack(packed) == Packed(packed).vector == one
    assert Packed(packed).stems == one.stems
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert 0 <= similarity(one, other) <= 1.000001
    assert Packed(packed).is_title_only == one.is_title_only


ANY_VECTOR = st.builds(
    vector, st.text("abcdef ghij", max_size=300) | st.text(max_size=90), st.text("abcdef ghij", max_size=700)
)


@settings(max_examples=40, deadline=None)
@given(ANY_VECTOR, st.lists(st.tuples(ANY_VECTOR, st.floats(0.01, 1)), max_size=5))
def test_what_reaches_the_least_that_matters_is_compared_exactly(
    one: Vector, asked: list[tuple[Vector, float]]
) -> None:
    others, least = [other for other, _ in asked], [enough for _, enough in asked]
    exact = Probe(one).similarities(others)
    assert exact == [similarity(one, other) for other in others]
    for value, enough, screened in zip(exact, least, Probe(one).similarities(others, least), strict=True):
        assert screened == value or screened < enough > value
    # Nothing is lost at the border itself.
    assert Probe(one).similarities(others, exact) == exact


@pytest.mark.parametrize("data", [b"", b"12", b"123", b"\xff" * 20])
def test_invalid_data_raise_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"vector|multiple"):
        unpack(data)
    with pytest.raises(ValueError, match=r"vector|multiple"):
        _ = Packed(data).stems


def test_common_words_are_left_out() -> None:
    common = {"azure"}
    assert vector("Azure Site Recovery", common=common) == vector("Site Recovery")


def test_other_scripts_are_compared_too() -> None:
    one = vector("Правительство объявило о новых мерах поддержки")
    other = vector("Новые меры поддержки объявило правительство")
    assert similarity(one, other) > 0.5 > similarity(one, vector("Сборная выиграла матч"))
    assert set(vector("人工知能の新しい研究").stems) & set(vector("新しい研究が発表された").stems)


def test_texts_longer_than_an_encoding_are_compared_as_a_whole() -> None:
    whole = "".join(chr(0x100 + n) for n in range(MAX_TRIGRAMS))
    long = vector("x")._replace(title=whole[:MAX_TITLE], rest=whole[MAX_TITLE:], title_norm=1.0, norm=1.0)
    last = vector("x")._replace(title="", rest=whole[-1], title_norm=0.0, norm=1.0)
    assert similarity(long, last) == similarity(last, long) > 0


def test_different_names() -> None:
    one, other = vector("CyberArk is on the marketplace"), vector("Buurst is on the marketplace")
    assert names_differ(one, other)
    assert names_differ(unpack(one.pack()), other)
    # Names in the excerpt count too; a title without names differs from none.
    assert not names_differ(one, vector("Buurst is on the marketplace", "So is CyberArk since Monday."))
    assert not names_differ(one, vector("News from the marketplace"))


def test_words_of_a_third_of_the_titles_are_frequent() -> None:
    titles = [f"Azure gets thing number {n}" if n % 3 == 0 else f"The cloud of company {n}" for n in range(120)]
    assert frequent_words(titles) == {"azure", "gets", "thing", "number", "cloud", "company"}
    assert frequent_words([*titles, *(f"Else {n}" for n in range(50))]) == {"cloud", "company"}
    assert frequent_words(titles[:99]) == frozenset()


def test_articles_with_rare_common_stems_are_nearest() -> None:
    postings = Postings()
    for place, stems in enumerate(("ab", "ac", "abc", "d")):
        postings.add(place, stems)
    assert postings.nearest("bc", 0, 4, most=9, effort=100) == [2, 1, 0]
    assert postings.nearest("bc", 1, 4, most=9, effort=100) == [2, 1]
    assert postings.nearest("bc", 0, 4, most=1, effort=100) == [2]
    assert postings.nearest("x", 0, 4, most=9, effort=100) == []


STEMS = st.sampled_from("?abc\ud800\udc00\ud801\uffff")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(STEMS, unique=True, max_size=6), max_size=20), st.sets(STEMS, min_size=1), st.data())
def test_earlier_articles_are_counted_and_found_by_any_stem(
    texts: list[list[str]], wanted: set[str], data: st.DataObject
) -> None:
    vectors = [vector("x")._replace(stems="".join(stems), names="", proper_names="") for stems in texts]
    numbers = array("q", range(len(texts)))
    packed = b"".join(head_of(one.pack()[:HEAD])[1].ljust(STEM_BYTES, b"\0") for one in vectors)
    known = EarlierStems(numbers, numbers, bytes(len(texts)), packed)
    with_earlier, alone = Postings(Earlier(known, wanted, Nothing())), Postings()
    for place, stems in enumerate(texts):
        alone.add(place, stems)
    first = data.draw(st.integers(0, len(texts)))
    found = [each.nearest(wanted, first, len(texts) + 1, most=3, effort=12) for each in (with_earlier, alone)]
    assert found[0] == found[1]


class Nothing:
    """A store that nothing is read from."""

    def articles(self, numbers: Sequence[int]) -> dict[int, GroupedArticle]:
        raise AssertionError(numbers)

    def members(self, story: int) -> dict[int, GroupedArticle]:
        raise AssertionError(story)
