"""What an offer rests on and what it says: amount, maturity, covers, and every limit compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from appraisal.period_loan import grace_periods, repaying_periods


class AmountRule(StrEnum):
    """What limits the amount; of several equal limits the first of these is named."""

    FINANCED_SHARE = "financed_share"
    FACILITY_MAXIMUM = "facility_maximum"
    COVER = "cover"
    REQUESTED = "requested"


class MaturityRule(StrEnum):
    """What limits the maturity; of several equal limits the first of these is named."""

    PAYBACK_PLUS_20_PERCENT = "payback_plus_20_percent"
    THREE_YEAR_CAP = "three_year_cap"
    REQUESTED = "requested"


class AmountLimit(NamedTuple):
    """What one rule allows to be lent, in major units."""

    rule: AmountRule
    amount: Decimal


class MaturityLimit(NamedTuple):
    """How long one rule lets the loan run, in months."""

    rule: MaturityRule
    months: int


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """What an offer rests on; amounts in major units.

    ``eligible_investment`` is the equipment; ``monthly_net_savings`` are in money of the day and
    begin with month 1.
    """

    currency: str
    eligible_investment: Decimal
    payback_ratio: Fraction | None
    implementation_months: int
    monthly_net_savings: Sequence[Fraction]
    requested_amount: Decimal | None = None
    requested_maturity_months: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The largest loan for the longest time. Amounts in major units; None where there is none.

    ``limits`` and ``maturity_limits`` are all that was compared; the smallest is the offer.
    """

    eligible: bool
    currency: str
    maximum_amount: Decimal | None = None
    amount_rule: AmountRule | None = None
    limits: tuple[AmountLimit, ...] = ()
    maximum_maturity_months: int | None = None
    maturity_rule: MaturityRule | None = None
    maturity_limits: tuple[MaturityLimit, ...] = ()
    grace_months: int = 0
    """Months of installation, in which only interest is due."""

    frequency_months: int = 1
    """Months between instalments; what is left over lengthens the last period."""

    roi_period_months: Fraction | None = None
    cover_limited_amount: Decimal | None = None
    """The largest level loan whose every instalment has the profile's smallest cover."""

    target_cover_amount: Decimal | None = None
    """The same for the cover that the profile wants."""

    debt_capacity: Decimal | None = None
    """Present value of the savings / wanted cover, capped by the share and the maximum."""

    indicative_level_payment: Decimal | None = None
    grace_interest_payment: Decimal | None = None
    """Interest of a period of installation, from own money; None without installation."""

    covers: tuple[Fraction, ...] = ()
    """Saving of its period / level payment, for each instalment that repays principal."""

    minimum_cover: Fraction | None = None
    average_cover: Fraction | None = None
    loan_life_cover: Fraction | None = None
    """Present value of the savings at the loan's rate / balance when repayment begins."""

    weakest_saving: Fraction | None = None
    """The smallest saving of a period whose instalment repays principal."""

    weakest_month: int | None = None
    """The month in which it ends, counted from the first disbursement."""

    reasons: tuple[str, ...] = ()
    open_terms: tuple[str, ...] = ()
    """Labels of terms that the fund has to decide before anything can be offered or refused."""

    @property
    def is_undecided(self) -> bool:
        """Whether open terms are all that stands in the way; ``reasons`` has them as its last."""
        return bool(self.open_terms) and len(self.reasons) == 1

    @property
    def longest_by_rules_months(self) -> int | None:
        """The longest maturity whatever was asked for."""
        rules = (m.months for m in self.maturity_limits if m.rule is not MaturityRule.REQUESTED)
        return min(rules, default=None)

    @property
    def period_lengths(self) -> tuple[int, ...]:
        """Months of each period whose instalment repays principal."""
        months = self.maximum_maturity_months or 0
        return repaying_periods(months, self.frequency_months, self.grace_months)

    @property
    def months_before_repayment(self) -> int:
        """Months from the first disbursement until the first of these periods begins."""
        return self.frequency_months * grace_periods(self.frequency_months, self.grace_months)

    @property
    def instalments(self) -> int:
        """Number of instalments that repay principal."""
        return len(self.period_lengths)
