"""What each figure of the fund is: its words, its formula, and the rows that it is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from loans.arrears import PORTFOLIO_AT_RISK_DAYS
from loans.cases.case_status import UNDECIDED, CaseStatus, LoanStatus
from loans.chart import ALLOWANCE
from loans.figures import fund_rows as behind
from loans.figures.fund_cases import LAGS, NINETIETH, percentile
from loans.figures.fund_rows import Rows
from loans.figures.fund_state import FundState


class Unit(StrEnum):
    """What a figure is counted in."""

    MONEY = "money"
    SHARE = "share"
    TIMES = "times"
    CASES = "cases"
    DAYS = "days"


@dataclass(frozen=True)
class Figure:
    """One figure on a day.

    ``total`` is the sum of its rows (minor units, cases or days); ``value`` is that sum, or the
    sum divided by ``divisor``, or for lags the median and in ``ninetieth`` the 90th percentile.
    A share of nothing and the median of no days are None.
    """

    code: str
    symbol: str
    label: str
    unit: Unit
    formula: str
    total: int
    value: int | Fraction | None
    divisor: Fraction | None
    divisor_label: str
    ninetieth: Fraction | None
    row_count: int


@dataclass(frozen=True)
class Definition:
    """How a figure is made: a share or a multiple where it has a divisor."""

    code: str
    symbol: str
    label: str
    unit: Unit
    formula: str
    rows: Callable[[FundState], Rows]
    divisor_label: str = ""
    divisor: Callable[[FundState], Fraction] | None = None

    def figure(self, state: FundState) -> Figure:
        """This figure on the day of ``state``."""
        rows = self.rows(state)
        divisor = self.divisor(state) if self.divisor else None
        amounts = [row.amount for row in rows]
        is_lag = self.unit is Unit.DAYS
        return Figure(
            code=self.code,
            symbol=self.symbol,
            label=self.label,
            unit=self.unit,
            formula=self.formula,
            total=sum(amounts),
            value=percentile(amounts, Fraction(1, 2)) if is_lag else _value(amounts, divisor),
            divisor=divisor,
            divisor_label=self.divisor_label,
            ninetieth=percentile(amounts, NINETIETH) if is_lag else None,
            row_count=len(rows),
        )


def _value(amounts: list[int], divisor: Fraction | None) -> int | Fraction | None:
    if divisor is None:
        return sum(amounts)
    return Fraction(sum(amounts)) / divisor if divisor > 0 else None


def _sum_of(rows: Callable[[FundState], Rows]) -> Callable[[FundState], Fraction]:
    return lambda state: Fraction(sum(row.amount for row in rows(state)))


def _allowance(state: FundState) -> Rows:
    """What is set aside for losses."""
    return tuple(
        behind.FigureRow(
            behind.Behind.ACCOUNT, one.code, one.name, "", f"Account {one.code}", -one.balance_minor
        )
        for one in state.accounts
        if one.code == ALLOWANCE and one.balance_minor
    )


def _average_outstanding(state: FundState) -> Fraction:
    return Fraction(sum(state.outstanding_minor), len(state.outstanding_minor))


_capital, _paid_in = _sum_of(behind.capital), _sum_of(behind.contributions)
_lent = _sum_of(behind.outstanding)
_at_risk = _sum_of(behind.at_risk(PORTFOLIO_AT_RISK_DAYS[0]))

_MONEY = (
    Definition(
        "contributions", "C0", "Contributions paid in", Unit.MONEY,
        "The sum of what every source paid into the fund.", behind.contributions,
    ),
    Definition(
        "c1", "C1", "Capital base", Unit.MONEY,
        "Contributions paid in + income kept - administration paid from it - losses. Interest "
        "counts once it is booked: earned since the last due date or month's end, it is not in.",
        behind.capital,
    ),
    Definition(
        "c2", "C2", "Lent out", Unit.MONEY,
        "The sum of the principal outstanding of all loans.", behind.outstanding,
    ),
    Definition(
        "c3", "C3", "Cash available for lending", Unit.MONEY,
        "Cash at all banks - money that belongs to borrowers - contributions that donors "
        "restricted and that are not released yet.", behind.cash,
    ),
    Definition(
        "restricted", "C3", "Restricted by donors", Unit.MONEY,
        "Contributions that donors gave for a purpose and that are not released for lending yet.",
        behind.restricted,
    ),
    Definition(
        "c4", "C4", "Committed, not disbursed", Unit.MONEY,
        "Approved or signed - disbursed - cancelled.", behind.commitments,
    ),
    Definition(
        "c5", "C5", "Money available", Unit.MONEY,
        "Cash available for lending (C3) - committed, not disbursed (C4).", behind.net_available,
    ),
    Definition(
        "q5", "Q5", "Overdue", Unit.MONEY,
        "Principal and interest of instalments past their due date and not paid, "
        "by the days since that date.", behind.overdue,
    ),
    Definition(
        "allowance", "Q6", "Allowance for losses", Unit.MONEY,
        "What the last run of the allowance set aside.", _allowance,
    ),
    Definition(
        "repaid-this-year", "R1", "Repaid this year", Unit.MONEY,
        "Principal received from borrowers since 1 January, without receipts that were reversed.",
        behind.repaid,
    ),
)  # fmt: skip

_RATIOS = (
    Definition(
        "c6", "C6", "Cash percentage", Unit.SHARE,
        "Cash available for lending (C3) / capital base (C1).",
        behind.cash, "Capital base (C1)", _capital,
    ),
    Definition(
        "c7", "C7", "Utilisation", Unit.SHARE,
        "Lent out (C2) / capital base (C1).", behind.outstanding, "Capital base (C1)", _capital,
    ),
    Definition(
        "c7-committed", "C7", "Utilisation with commitments", Unit.SHARE,
        "(Lent out (C2) + committed, not disbursed (C4)) / capital base (C1).",
        behind.lent_and_committed, "Capital base (C1)", _capital,
    ),
    Definition(
        "c11", "C11", "Times lent", Unit.TIMES,
        "All money ever paid out to borrowers / contributions paid in.",
        behind.disbursed, "Contributions paid in", _paid_in,
    ),
    Definition(
        "s2", "S2", "Capital kept", Unit.SHARE,
        "Capital base (C1) / contributions paid in, in nominal money.",
        behind.capital, "Contributions paid in", _paid_in,
    ),
    Definition(
        "q10", "Q10", "Collateral coverage", Unit.SHARE,
        "What secures each loan, after haircut and what ranks before / lent out (C2).",
        behind.secured, "Lent out (C2)", _lent,
    ),
    *(
        Definition(
            f"par-{days}", "Q1", f"Portfolio at risk over {days} days", Unit.SHARE,
            f"Whole principal of loans with an instalment more than {days} days overdue "
            "/ lent out (C2).",
            behind.at_risk(days), "Lent out (C2)", _lent,
        )
        for days in PORTFOLIO_AT_RISK_DAYS
    ),
    Definition(
        "coverage", "Q8", "Coverage of the portfolio at risk", Unit.SHARE,
        "Allowance for losses / whole principal of loans more than 30 days overdue.",
        _allowance, "Portfolio at risk over 30 days", _at_risk,
    ),
    Definition(
        "q7", "Q7", "Write-off ratio, 12 months", Unit.SHARE,
        "Principal written off within 12 months / average lent out: the mean of today and of the "
        "same day of each of the 12 months before.",
        behind.written_off, "Average lent out", _average_outstanding,
    ),
)  # fmt: skip

STAGES = ("applied", "approved", "signed", "disbursed", "active", "repaid", "written-off")
"""Codes of the stages that a case goes through, in their order."""

_COUNTS = (
    Definition(
        "applied", "PL", "Applications", Unit.CASES,
        "Every application lodged.", behind.cases(lambda _case: True),
    ),
    Definition(
        "pending", "PL", "Not decided yet", Unit.CASES,
        "Applications lodged and neither approved, refused nor withdrawn.",
        behind.cases_in(UNDECIDED),
    ),
    Definition(
        "approved", "PL", "Approved", Unit.CASES,
        "Applications ever approved, whatever became of them.", behind.cases_that_took("approve"),
    ),
    Definition(
        "refused", "PL", "Refused", Unit.CASES,
        "Applications refused.", behind.cases_in((CaseStatus.REFUSED,)),
    ),
    Definition(
        "withdrawn", "PL", "Withdrawn", Unit.CASES,
        "Applications that their enterprise took back before a decision.",
        behind.cases_in((CaseStatus.WITHDRAWN,)),
    ),
    Definition(
        "cancelled", "PL", "Cancelled", Unit.CASES,
        "Approvals given up before the signature.", behind.cases_in((CaseStatus.CANCELLED,)),
    ),
    Definition(
        "signed", "PL", "Signed", Unit.CASES,
        "Applications whose contract was signed.", behind.cases_that_took("sign"),
    ),
    Definition(
        "disbursed", "PL", "Disbursed", Unit.CASES,
        "Loans that were paid out, wholly or in part.", behind.paid_out_loans,
    ),
    Definition(
        "active", "PL", "Active", Unit.CASES,
        "Loans paid out and neither repaid nor written off.", behind.active_loans,
    ),
    Definition(
        "under-minimum", "Q10", "Secured below the minimum", Unit.CASES,
        "Loans whose collateral is under the minimum of their profile.", behind.under_minimum,
    ),
    Definition(
        "repaid", "PL", "Repaid", Unit.CASES,
        "Loans paid back in full.", behind.loans_in(LoanStatus.REPAID),
    ),
    Definition(
        "written-off", "PL", "Written off", Unit.CASES,
        "Loans whose principal was given up.", behind.loans_in(LoanStatus.WRITTEN_OFF),
    ),
)  # fmt: skip

_LAGS = tuple(
    Definition(
        lag.code,
        "C13",
        lag.label,
        Unit.DAYS,
        "The median, and the 90th percentile, of the days between the two steps over all cases "
        "that took both.",
        behind.waits(lag),
    )
    for lag in LAGS
)

DEFINITIONS = {one.code: one for one in (*_MONEY, *_RATIOS, *_COUNTS, *_LAGS)}
"""All figures by code."""
