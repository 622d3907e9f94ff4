"""What the savings carry as a level loan: the largest amount, its payment and covers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from appraisal.loan_cover import capacity_for
from appraisal.money import from_minor, round_half_up, to_minor
from appraisal.period_loan import level_payment_of_one, present_value_of_periods, savings_of_periods
from appraisal.savings_cover import MONTHS_PER_YEAR, largest_for
from loans.assessing.offer_result import Offer


@dataclass(frozen=True)
class LevelService:
    """Level instalments out of monthly ``savings`` (from month 1), at one twelfth of the rate.

    ``lengths`` are the months of each period that repays principal; they begin after
    ``before_months``. ``grace_period_months`` is the length of a period of installation, None
    without one.
    """

    savings: Sequence[Fraction]
    annual_rate: Decimal
    currency: str
    before_months: int
    lengths: tuple[int, ...]
    grace_period_months: int | None = None

    @cached_property
    def period_savings(self) -> list[Fraction]:
        """The saving of each period that repays principal."""
        return savings_of_periods(self.savings, self.before_months, self.lengths)

    @cached_property
    def _per_unit(self) -> Fraction:
        return level_payment_of_one(self.annual_rate, self.lengths)

    @cached_property
    def worth(self) -> Fraction:
        """Present value of the savings when repayment begins, at the rate of the loan."""
        return present_value_of_periods(self.period_savings, self.annual_rate, self.lengths)

    def largest(self, cover: Fraction) -> Decimal:
        """The largest loan whose every instalment has at least this cover."""
        return largest_for(min(self.period_savings), cover, self._per_unit, self.currency)

    def capacity(self, cover: Fraction) -> Decimal:
        """Present value of the savings / cover, rounded down to the minor unit."""
        return capacity_for(self.worth, cover, self.currency)

    def weakest(self) -> tuple[int, Fraction]:
        """The last month of the period with the smallest saving, and that saving."""
        savings = self.period_savings
        place = min(range(len(savings)), key=savings.__getitem__)
        ends = tuple(accumulate(self.lengths, initial=self.before_months))
        return ends[place + 1], savings[place]

    def payment(self, amount: Decimal) -> Decimal:
        """The level instalment of a loan."""
        exact = to_minor(amount, self.currency) * self._per_unit
        return from_minor(round_half_up(exact), self.currency)

    def serve(self, offer: Offer, amount: Decimal) -> Offer:
        """``offer`` with payment and covers of a loan above zero.

        The payment is at least one minor unit, so that a loan of a cent has a cover too.
        """
        payment = max(self.payment(amount), from_minor(1, self.currency))
        covers = tuple(saving / Fraction(payment) for saving in self.period_savings)
        return replace(
            offer,
            indicative_level_payment=payment,
            grace_interest_payment=self._grace_interest(amount),
            covers=covers,
            minimum_cover=min(covers),
            average_cover=sum(covers, Fraction(0)) / len(covers),
            loan_life_cover=self.worth / Fraction(amount),
        )

    def _grace_interest(self, amount: Decimal) -> Decimal | None:
        if self.grace_period_months is None:
            return None
        rate = Fraction(self.annual_rate) * self.grace_period_months / MONTHS_PER_YEAR
        return from_minor(round_half_up(to_minor(amount, self.currency) * rate), self.currency)
