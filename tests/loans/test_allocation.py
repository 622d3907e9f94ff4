from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.allocation import OpenInstalment, Part, allocate, open_instalments
from loans.component import Component
from loans.schedule import Instalment

ORDER = tuple(Component)
AMOUNTS = st.dictionaries(st.sampled_from(Component), st.integers(0, 10**6))
INSTALMENTS = st.lists(AMOUNTS, max_size=8).map(
    lambda owed: [
        OpenInstalment(number, date(2026, number, 15), amounts)
        for number, amounts in enumerate(owed, start=1)
    ]
)


@given(INSTALMENTS, st.integers(0, 10**7))
def test_parts_and_rest_are_the_receipt(instalments: list[OpenInstalment], amount: int) -> None:
    parts, rest = allocate(instalments, amount, order=ORDER)
    assert sum(part.amount_minor for part in parts) + rest == amount
    assert all(part.amount_minor > 0 for part in parts)
    if rest:
        assert amount - rest == sum(one.total_minor for one in instalments)


@given(INSTALMENTS, st.integers(0, 10**7), st.permutations(ORDER))
def test_nothing_later_is_paid_while_something_earlier_is_open(
    instalments: list[OpenInstalment], amount: int, order: list[Component]
) -> None:
    parts, _ = allocate(reversed(instalments), amount, order=order)
    paid = {(part.instalment_number, part.component): part.amount_minor for part in parts}
    in_turn = [
        (owed, paid.get((one.number, component), 0))
        for one in instalments
        for component in order
        if (owed := one.open_minor.get(component, 0))
    ]
    short = [place for place, (owed, got) in enumerate(in_turn) if got < owed]
    if short:
        assert all(got == 0 for _, got in in_turn[short[0] + 1 :])


@given(INSTALMENTS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_two_receipts_pay_what_one_of_their_sum_pays(
    instalments: list[OpenInstalment], first: int, second: int
) -> None:
    together, rest = allocate(instalments, first + second, order=ORDER)
    parts, left = allocate(instalments, first, order=ORDER)
    remaining = [
        OpenInstalment(
            one.number,
            one.due_on,
            {
                component: owed
                - sum(
                    part.amount_minor
                    for part in parts
                    if (part.instalment_number, part.component) == (one.number, component)
                )
                for component, owed in one.open_minor.items()
            },
        )
        for one in instalments
    ]
    more, left_after = allocate(remaining, second, order=ORDER)
    paid = sum(part.amount_minor for part in (*parts, *more))
    assert paid == sum(part.amount_minor for part in together)
    assert left + left_after == rest


def test_inside_an_instalment_costs_come_before_interest_and_principal() -> None:
    owed = dict(zip(ORDER, (800, 200, 0, 1_500, 9_000), strict=True))
    parts, rest = allocate([OpenInstalment(1, date(2026, 1, 1), owed)], 5_000, order=ORDER)
    assert rest == 0
    assert parts[-1] == Part(1, Component.PRINCIPAL, 2_500)


def test_only_what_is_due_by_the_day_is_paid() -> None:
    instalments = [
        OpenInstalment(number, date(2026, number, 15), {Component.PRINCIPAL: 100})
        for number in (1, 2, 3)
    ]
    parts, rest = allocate(instalments, 1_000, order=ORDER, due_by=date(2026, 2, 15))
    assert [part.instalment_number for part in parts] == [1, 2]
    assert rest == 800


def test_open_is_schedule_and_charges_less_what_was_paid() -> None:
    rows = [
        Instalment(2, date(2026, 2, 15), 600, 40, 0, 0),
        Instalment(1, date(2026, 1, 15), 400, 50, 0, 600),
    ]
    first, second = open_instalments(
        rows,
        paid=[Part(1, Component.INTEREST, 50), Part(1, Component.PRINCIPAL, 100)],
        charges=[Part(1, Component.LATE_INTEREST, 7)],
    )
    assert (first.number, first.total_minor) == (1, 307)
    assert first.open_minor[Component.LATE_INTEREST] == 7
    assert first.open_minor[Component.INTEREST] == 0
    assert (second.number, second.total_minor) == (2, 640)


def test_a_negative_receipt_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        allocate([], -1, order=ORDER)
