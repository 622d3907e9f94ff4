"""Groups of measures that exclude one another: begun, joined, left, never of a single one."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.measure_alternatives import rival_of, with_rival, without_lone_alternatives
from appraisal.proposal import Measure
from tests.drafts import golden_measure


def measures(*groups: str | None) -> tuple[Measure, ...]:
    return tuple(
        Measure.model_validate(golden_measure(code=f"M{number}", alternative_group=group))
        for number, group in enumerate(groups, start=1)
    )


def groups_of(found: tuple[Measure, ...]) -> list[str | None]:
    return [one.alternative_group for one in found]


def test_a_new_group_takes_a_free_name() -> None:
    assert groups_of(with_rival(measures(None, None), "M2", "M1")) == ["M1-1", "M1-1"]
    taken = measures(None, None, "M1-1", "M1-1")
    assert groups_of(with_rival(taken, "M2", "M1"))[:2] == ["M1-2", "M1-2"]


def test_a_measure_joins_the_group_of_its_rival_and_leaves_its_own() -> None:
    found = with_rival(measures("a", "a", "b", "b"), "M1", "M3")
    assert groups_of(found) == ["b", None, "b", "b"]


def test_without_a_rival_it_leaves_its_group() -> None:
    assert groups_of(with_rival(measures("a", "a", "a"), "M1", None)) == [None, "a", "a"]
    assert groups_of(with_rival(measures("a", "a"), "M1", "M9")) == [None, None]
    assert groups_of(with_rival(measures("a", "a"), "M1", "M1")) == [None, None]


def test_the_rival_shown_is_the_first_other_one() -> None:
    found = measures(None, "a", "a", "a")
    assert [rival_of(found, one.code) for one in found] == [None, "M3", "M2", "M2"]
    assert rival_of(found, "M9") is None


@given(
    groups=st.lists(st.sampled_from([None, "a", "b", "M1-1"]), min_size=1, max_size=6),
    code=st.integers(1, 6),
    rival=st.none() | st.integers(1, 7),
)
def test_no_group_has_a_single_measure(
    groups: list[str | None], code: int, rival: int | None
) -> None:
    before = without_lone_alternatives(measures(*groups))
    after = with_rival(before, f"M{code}", f"M{rival}" if rival else None)
    sizes = Counter(groups_of(after))
    assert all(size > 1 for group, size in sizes.items() if group)
    assert [one.code for one in after] == [one.code for one in before]
    if rival and code <= len(groups) >= rival != code:
        assert after[code - 1].alternative_group == after[rival - 1].alternative_group is not None
