"""The measures of type C, which start together on one loan, and how large it is with money at hand.

Exact; amounts in major units, not rounded to the minor unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from appraisal.cash_flow import eligible_investment_of
from appraisal.saving_up import Candidate


@dataclass(frozen=True, slots=True)
class LoanAtMonth:
    """The loan needed if the long measures start in ``month``, and own money that is missing."""

    month: int
    loan: Fraction
    own_money_missing: Fraction


@dataclass(frozen=True, slots=True)
class LongMeasures:
    """The measures, shortest payback first, their investment and the most that a loan may pay."""

    investment: Fraction
    largest_loan: Fraction
    shares: tuple[tuple[str, Fraction], ...]
    """The most that a loan may pay of each measure, by its code."""

    @classmethod
    def of(
        cls,
        candidates: Sequence[Candidate],
        financed_share: Decimal | Fraction,
        maximum_loan: Decimal | Fraction | None,
    ) -> Self:
        """A loan pays ``financed_share`` of the equipment, and at most ``maximum_loan``."""
        shares = tuple(
            (
                candidate.measure.code,
                Fraction(financed_share) * Fraction(eligible_investment_of([candidate.measure])),
            )
            for candidate in candidates
        )
        largest = sum((share for _, share in shares), Fraction(0))
        return cls(
            investment=sum((candidate.investment for candidate in candidates), Fraction(0)),
            largest_loan=largest if maximum_loan is None else min(largest, Fraction(maximum_loan)),
            shares=shares,
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the measures."""
        return tuple(code for code, _ in self.shares)

    def start(self, month: int, cash: Fraction) -> LoanAtMonth:
        """The loan when they start with ``cash`` at hand, and own money missing beside it."""
        at_hand = max(cash, Fraction(0))
        loan = min(max(self.investment - at_hand, Fraction(0)), self.largest_loan)
        return LoanAtMonth(month, loan, max(self.investment - loan - at_hand, Fraction(0)))

    def loans(self, loan: Fraction) -> dict[str, Fraction]:
        """The loan by measure; money at hand pays the shortest payback first."""
        parts: dict[str, Fraction] = {}
        for code, share in reversed(self.shares):
            parts[code] = min(loan, share)
            loan -= parts[code]
        return parts
