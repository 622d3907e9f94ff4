"""Level schedules against two libraries, and many at once against one after the other.

All give the rows of 36 equal months: interest, principal and balance of each.
"""

from decimal import Decimal

import mortgagemath
import numpy as np
from amortization import amortization_schedule

from loans.schedules.day_count import DayCount
from loans.schedules.day_position import InterestRate, time_axis
from loans.schedules.repaying_rows import Repaying, repaying_rows
from loans.schedules.repayment_shape import Method
from loans.schedules.schedule import LevelSchedules, level_schedules
from tests.loans.equal_months import equal_months
from tests.performance.ratios import Contender, hold_ratio

PRINCIPAL_MINOR, INSTALMENTS = 10_000_000, 36
PPM = 50_000
LOAN = Repaying(
    PRINCIPAL_MINOR,
    (30,) * INSTALMENTS,
    InterestRate.of(Decimal(PPM) / 1_000_000, time_axis(DayCount.THIRTY_E_360)),
)
LEVEL = Method.LEVEL
BATCH = 16_384
Rows = list[tuple[int, int, int]]


def _ours() -> Contender[Rows]:
    """The rows as every schedule and every replay of a loan has them."""
    return Contender("ours", 1, lambda: repaying_rows(LOAN, LEVEL), 200)


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
            lambda: [
                repaying_rows(equal_months(amount, ppm, INSTALMENTS), LEVEL) for amount, ppm in some
            ],
        ),
        at_least=30,
        agree=agree,
    )
