"""Level schedules against two libraries, and many at once against one after the other.

All give the rows of 36 equal months: interest, principal and balance of each.
"""

from decimal import Decimal

import mortgagemath
import numpy as np
from amortization import amortization_schedule

from loans.schedule import LevelSchedules, level_rows, level_schedules
from tests.performance.ratios import Contender, hold_ratio

PRINCIPAL_MINOR, INSTALMENTS = 10_000_000, 36
PPM, PERIODS = 50_000, 12_000_000
BATCH = 16_384
Rows = list[tuple[int, int, int]]


def _ours() -> Contender[Rows]:
    return Contender("ours", 1, lambda: level_rows(PRINCIPAL_MINOR, PPM, PERIODS, INSTALMENTS), 200)


def test_a_schedule_against_mortgagemath() -> None:
    half_up = mortgagemath.PaymentRounding.ROUND_HALF_UP
    terms = mortgagemath.LoanParams(
        principal=Decimal(PRINCIPAL_MINOR) / 100,
        annual_rate=Decimal(5),
        term_months=INSTALMENTS,
        payment_rounding=half_up,
    )

    def agree(ours: Rows, theirs: list[mortgagemath.Installment]) -> None:
        assert [row[1] for row in ours] == [
            int(100 * row.principal) for row in theirs if row.number
        ]

    hold_ratio(
        "36-row level schedule",
        _ours(),
        Contender("mortgagemath", 1, lambda: mortgagemath.amortization_schedule(terms), 20),
        at_least=8,
        agree=agree,
    )


def test_a_schedule_against_amortization() -> None:
    def theirs() -> list[float]:
        rows = amortization_schedule(PRINCIPAL_MINOR / 100, PPM / 1_000_000, INSTALMENTS)
        return [row.principal for row in rows]

    def agree(ours: Rows, parts: list[float]) -> None:
        np.testing.assert_allclose([row[1] / 100 for row in ours], parts, atol=0.005)

    hold_ratio(
        "36-row level schedule",
        _ours(),
        Contender("amortization", 1, theirs, 60),
        at_least=3.5,
        agree=agree,
    )


def test_many_at_once_against_one_after_the_other() -> None:
    random = np.random.default_rng(1998)
    amounts = random.integers(5_000_000, 20_000_000, BATCH)
    rates = random.integers(10_000, 120_000, BATCH)
    memory = level_schedules(amounts, rates, INSTALMENTS)
    some = list(zip(amounts[:400].tolist(), rates[:400].tolist(), strict=True))

    def agree(ours: LevelSchedules, theirs: list[Rows]) -> None:
        for place, rows in enumerate(theirs):
            assert [row[0] for row in rows] == ours.interest_minor[:, place].tolist()
            assert [row[2] for row in rows] == ours.balance_minor[:, place].tolist()

    hold_ratio(
        f"{BATCH:,} level schedules of 36 rows",
        Contender(
            "ours", BATCH, lambda: level_schedules(amounts, rates, INSTALMENTS, into=memory), 3
        ),
        Contender(
            "one by one",
            len(some),
            lambda: [level_rows(amount, ppm, PERIODS, INSTALMENTS) for amount, ppm in some],
        ),
        at_least=30,
        agree=agree,
    )
