"""What the loan pays for: the choice, what is left open, and the alternatives."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.proposal import Assumptions, Measure
from loans.draft import Section, to_proposal
from loans.draft_gaps import gaps
from loans.financed_measures import financed_codes, is_open_choice, undecided
from tests.drafts import golden_draft, golden_measure
from tests.loans.proposals import NEFCO

ASSUMED = Assumptions()
MINOR = Decimal(5000)


def measure(code: str, *, group: str | None = None, cost: int = 1000) -> Measure:
    return Measure.model_validate(
        golden_measure(
            code=code,
            alternative_group=group,
            investment=[{"code": f"I-{code}", "amount": cost}] if cost else [],
        )
    )


FREE, SMALL, PLAIN = measure("M1", cost=0), measure("M2"), measure("M3")
GAS, WOOD = measure("M4", group="boiler"), measure("M5", group="boiler")
IDLE = measure("M6", group="boiler", cost=0)
LONG, SHORT, LOST = (
    measure("M7", cost=120_000),
    measure("M8", cost=6000),
    measure("M9", cost=1000).model_copy(update={"savings": ()}),
)


@pytest.mark.parametrize(
    ("measures", "chosen", "expected"),
    [
        ((FREE, SMALL, PLAIN), None, ("M2", "M3")),
        ((FREE, SMALL, PLAIN), ("M3",), ("M3",)),
        ((FREE, SMALL), ("M1",), ("M2",)),
        ((SMALL, PLAIN), ("M3", "M10"), ("M3",)),
        ((SMALL, PLAIN), (), ("M2", "M3")),
        ((SMALL, GAS, WOOD), None, ("M2", "M4")),
        ((SMALL, GAS, WOOD), ("M2", "M5"), ("M2", "M5")),
        ((GAS, WOOD), ("M4", "M5"), ("M4",)),
        ((FREE,), None, ()),
        ((SMALL, LONG), None, ("M7",)),
        ((SMALL, SHORT), None, ("M8",)),
        ((SMALL, LOST), None, ("M9",)),
        ((SMALL, LONG), ("M2",), ("M2",)),
        ((SMALL, LONG), ("M2", "M7"), ("M2", "M7")),
        ((SMALL, FREE), None, ("M2",)),
        ((GAS, LONG), (), ("M7",)),
    ],
)
def test_what_is_financed(
    measures: tuple[Measure, ...], chosen: tuple[str, ...] | None, expected: tuple[str, ...]
) -> None:
    assert financed_codes(measures, chosen, minor_investment=MINOR) == expected


@pytest.mark.parametrize(
    ("measures", "chosen", "words"),
    [
        ((FREE, SMALL, PLAIN), None, ""),
        ((FREE, SMALL, PLAIN), ("M2",), ""),
        ((FREE, SMALL, PLAIN), (), "Choose at least one measure that the loan is to pay for."),
        ((SMALL,), ("M9",), "Choose at least one measure that the loan is to pay for."),
        ((FREE,), (), ""),
        ((GAS, WOOD), None, "M4 and M5 are alternatives of one another."),
        ((GAS, WOOD), ("M4", "M5"), "M4 and M5 are alternatives of one another."),
        ((GAS, WOOD, SMALL), ("M2",), "Choose the one that is carried out."),
        ((GAS, WOOD), ("M5",), ""),
        ((GAS, IDLE, SMALL), ("M2",), ""),
        ((GAS, SMALL), ("M2",), "M4"),
    ],
)
def test_what_is_undecided_is_said_in_a_sentence(
    measures: tuple[Measure, ...], chosen: tuple[str, ...] | None, words: str
) -> None:
    found = undecided(measures, chosen)
    assert words in found
    assert bool(found) == bool(words)


def is_open(measures: tuple[Measure, ...], *chosen: str) -> bool:
    return is_open_choice(measures, chosen, minor_investment=MINOR)


def test_what_counts_as_minor_is_said_by_the_profile() -> None:
    measures = (SMALL, LONG)
    assert financed_codes(measures, minor_investment=Decimal(999)) == ("M2", "M7")
    assert financed_codes(measures, minor_investment=Decimal(1000)) == ("M7",)


def test_a_choice_of_everything_stays_open_for_what_comes_later() -> None:
    assert is_open((FREE, SMALL, PLAIN), "M2", "M3")
    assert not is_open((FREE, SMALL, PLAIN), "M2")
    assert not is_open((SMALL, GAS, WOOD), "M2", "M4")


def test_leaving_out_the_housekeeping_stays_open_and_taking_it_in_is_a_choice() -> None:
    assert is_open((SMALL, LONG), "M7")
    assert not is_open((SMALL, LONG), "M2", "M7")
    assert not is_open((SMALL, LONG), "M2")
    assert not is_open((SMALL, LONG))


@given(
    groups=st.lists(st.sampled_from([None, "a", "b"]), max_size=6),
    picks=st.none() | st.sets(st.integers(0, 7).map(lambda number: f"M{number}")),
)
def test_never_two_alternatives_and_never_nothing_where_something_costs(
    groups: list[str | None], picks: set[str] | None
) -> None:
    measures = [measure(f"M{number}", group=group) for number, group in enumerate(groups)]
    codes = financed_codes(measures, picks, minor_investment=MINOR)
    taken = [m.alternative_group for m in measures if m.code in codes and m.alternative_group]
    assert len(taken) == len(set(taken))
    assert bool(codes) == bool(measures)
    if picks is not None and not undecided(measures, picks):
        assert set(codes) == picks & {m.code for m in measures}


def test_the_figures_take_the_choice_and_an_open_one_is_a_gap() -> None:
    measures = [m.model_dump(mode="json") for m in (SMALL, GAS, WOOD)]
    unsaid = golden_draft(*measures)
    (gap,) = gaps(unsaid, NEFCO)
    assert (gap.section, gap.field) == (Section.FINANCE, "measures")
    finance = unsaid.finance.model_copy(update={"measures": ("M2", "M5")})
    said = unsaid.model_copy(update={"finance": finance})
    assert gaps(said, NEFCO) == ()
    figures = to_proposal(
        said,
        facility="nefco-1998",
        currency="EUR",
        assumptions=ASSUMED,
        minor_investment=MINOR,
    )
    assert figures.finance.measures == ("M2", "M5")
