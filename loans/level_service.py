"""What the monthly savings carry as a level loan: the largest amount, its payment and covers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from appraisal.loan_cover import debt_capacity, loan_life_cover
from appraisal.money import from_minor, round_half_up, to_minor
from appraisal.savings_cover import (
    MONTHS_PER_YEAR,
    largest_loan,
    level_payment,
    savings_cover,
    savings_in_window,
)
from loans.offer_result import Offer


@dataclass(frozen=True, slots=True)
class LevelService:
    """Level instalments out of ``savings`` (from month 1), at one twelfth of the yearly rate."""

    savings: Sequence[Fraction]
    annual_rate: Decimal
    currency: str
    grace_months: int
    instalments: int

    def largest(self, cover: Fraction) -> Decimal:
        """The largest loan whose every instalment has at least this cover."""
        return largest_loan(
            self.savings,
            cover,
            self.annual_rate,
            self.currency,
            grace_months=self.grace_months,
            instalments=self.instalments,
        )

    def capacity(self, cover: Fraction) -> Decimal:
        """Present value of the savings / cover, rounded down to the minor unit."""
        return debt_capacity(
            self.savings,
            cover,
            self.annual_rate,
            self.currency,
            grace_months=self.grace_months,
            instalments=self.instalments,
        )

    def weakest(self) -> tuple[int, Fraction]:
        """The month with the smallest saving that has to pay an instalment, and that saving."""
        window = savings_in_window(self.savings, self.grace_months, self.instalments)
        place = min(range(len(window)), key=window.__getitem__)
        return self.grace_months + place + 1, window[place]

    def payment(self, amount: Decimal) -> Decimal:
        """The level instalment of a loan."""
        return level_payment(amount, self.annual_rate, self.instalments, self.currency)

    def serve(self, offer: Offer, amount: Decimal) -> Offer:
        """``offer`` with payment and covers of a loan above zero.

        The payment is at least one minor unit, so that a loan of a cent has a cover too.
        """
        payment = max(self.payment(amount), from_minor(1, self.currency))
        cover = savings_cover(
            self.savings, payment, grace_months=self.grace_months, instalments=self.instalments
        )
        return replace(
            offer,
            indicative_level_payment=payment,
            grace_interest_payment=self._grace_interest(amount),
            covers=cover.per_instalment,
            minimum_cover=cover.minimum,
            average_cover=cover.average,
            loan_life_cover=loan_life_cover(
                self.savings,
                amount,
                self.annual_rate,
                grace_months=self.grace_months,
                instalments=self.instalments,
            ),
        )

    def _grace_interest(self, amount: Decimal) -> Decimal | None:
        if not self.grace_months:
            return None
        monthly = to_minor(amount, self.currency) * Fraction(self.annual_rate) / MONTHS_PER_YEAR
        return from_minor(round_half_up(monthly), self.currency)
