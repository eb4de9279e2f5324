"""File stamps distinguish unchanged, new and missing files."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from tui_reader.storage.file_stamps import FileStamps

NUMBER = st.integers(-(2**63), 2**63 - 1)


@given(st.dictionaries(NUMBER, NUMBER), st.dictionaries(NUMBER, NUMBER), st.data())
def test_they_behave_like_a_dictionary(known: dict[int, int], other: dict[int, int], data: st.DataObject) -> None:
    met = data.draw(st.lists(st.sampled_from(sorted(known)), unique=True)) if known else []
    stamps = FileStamps(array("q", sorted(known)), array("q", (known[key] for key in sorted(known))))
    for key, stamp in [*((key, known[key]) for key in met), *other.items()]:
        assert stamps.seen(key, stamp) == (known.get(key) == stamp)
    assert list(stamps.missing()) == sorted(known.keys() - set(met) - other.keys())
    assert len(stamps) == len(known)
    assert all(stamp in stamps for stamp in known.values())
