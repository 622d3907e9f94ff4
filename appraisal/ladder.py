"""The ladder: housekeeping first, its savings pay for the next measure and reduce the last loan.

Exact and month by month, in constant prices; see ``appraisal.saving_up`` for what pays for what.
Residual values, tax and the service of the loan are left out: the ladder ends where the loan
begins.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.cash_flow import MONTHS_PER_YEAR, cash_flow, end_of_life_month
from appraisal.indicators import net_present_value
from appraisal.long_measures import LoanAtMonth, LongMeasures
from appraisal.measure_type import MeasureType
from appraisal.proposal import Measure
from appraisal.saving_up import Candidate, SavedUp, SavingMonth, delayed, save_up

DEFAULT_SAVING_MONTHS = 12
"""How long the short measures put money aside before the loan begins, unless said otherwise."""

DEFAULT_HORIZON_MONTHS = 120
LONGEST_HORIZON_MONTHS = 360


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A measure that starts, and what pays for it; amounts in major units, own funds first.

    ``monthly_saving_after`` is one twelfth of the net yearly saving of all measures started so
    far, in a full year of normal operation.
    """

    code: str
    title: str
    type: MeasureType
    start_month: int
    investment: Fraction
    paid_from_own_funds: Fraction
    paid_from_savings: Fraction
    loan: Fraction
    monthly_saving_after: Fraction


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Everything in month 0: the loan, own money missing beside it, and the present value."""

    loan: Fraction
    own_money_missing: Fraction
    net_present_value: float


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A measure that the ladder does not come to, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The plan. ``loan`` and ``loan_month`` are None where no long measure starts.

    ``months`` runs to the month in which the loan begins; ``curve`` gives the loan for each month
    to the horizon. Present values are at the discount rate, each flow in its month, over the
    whole life of each measure, so that no horizon is charged to waiting.
    """

    own_funds: Fraction
    saving_months: int
    horizon_months: int
    minimum_loan: Fraction
    steps: tuple[LadderStep, ...]
    months: tuple[SavingMonth, ...]
    loan: Fraction | None
    loan_month: int | None
    curve: tuple[LoanAtMonth, ...]
    at_once: AtOnce
    net_present_value: float
    out_of_reach: tuple[OutOfReach, ...]

    @property
    def reduction(self) -> Fraction | None:
        """By how much the ladder makes the loan smaller than doing everything at once."""
        return None if self.loan is None else self.at_once.loan - self.loan

    @property
    def net_present_value_lost(self) -> float:
        """What waiting costs: present value at once less that of the ladder."""
        return self.at_once.net_present_value - self.net_present_value

    @property
    def falls_under_minimum(self) -> bool:
        """Whether the loan left is too small for the facility, though one is needed."""
        return self.loan is not None and 0 < self.loan < self.minimum_loan

    @property
    def no_loan_from_month(self) -> int | None:
        """The first month in which the long measures need no loan at all."""
        return next((point.month for point in self.curve if not point.loan), None)

    @property
    def under_minimum_from_month(self) -> int | None:
        """The first month in which the loan is under the facility's smallest."""
        return next((p.month for p in self.curve if p.loan < self.minimum_loan), None)


def ladder(
    measures: Sequence[Measure],
    own_funds: Decimal | Fraction,
    financed_share: Decimal | Fraction,
    *,
    minor_investment: Decimal,
    discount_rate: float,
    minimum_loan: Decimal | Fraction = Decimal(0),
    maximum_loan: Decimal | Fraction | None = None,
    saving_months: int = DEFAULT_SAVING_MONTHS,
    horizon_months: int = DEFAULT_HORIZON_MONTHS,
) -> Ladder:
    """Plan ``measures``: types A and B as the money at hand pays for them, then C on a loan.

    ``own_funds`` (major units) and the net savings of what has started pay for the next measure,
    A before B and a shorter payback first. The long measures (C) start together
    ``saving_months`` after the last of these, or later, when the part that no loan pays is at
    hand. Their loan = min(financed share x equipment, ``maximum_loan``, investment - money at
    hand).

    Raises:
        ValueError: own funds, a share or months that make no plan.
    """
    _check(own_funds, financed_share, saving_months, horizon_months)
    own = Fraction(own_funds)
    typed = [c for m in measures if (c := Candidate.of(m, minor_investment)) is not None]
    ranked = sorted(typed, key=lambda candidate: candidate.rank)
    short = [candidate for candidate in ranked if candidate.type is not MeasureType.C]
    long = LongMeasures.of(
        [candidate for candidate in ranked if candidate.type is MeasureType.C],
        financed_share,
        maximum_loan,
    )
    saved = save_up(short, own, horizon_months)
    curve = tuple(long.start(month.month, month.cash) for month in saved.months)
    curve = curve if long.shares else ()
    earliest = max(saved.starts.values(), default=-saving_months) + saving_months
    begins = next((at for at in curve[earliest:] if not at.own_money_missing), None)
    starts = saved.starts
    if begins is not None:
        starts = starts | dict.fromkeys(long.codes, begins.month)
    return Ladder(
        own_funds=own,
        saving_months=saving_months,
        horizon_months=horizon_months,
        minimum_loan=Fraction(minimum_loan),
        steps=_steps(ranked, starts, own, long.loans(begins.loan) if begins else {}),
        months=_shown_months(saved, long, begins, earliest),
        loan=begins.loan if begins else None,
        loan_month=begins.month if begins else None,
        curve=curve,
        at_once=_at_once(ranked, long, own, discount_rate),
        net_present_value=_present_value(ranked, starts, discount_rate),
        out_of_reach=tuple(_out_of_reach(measures, ranked, starts, horizon_months)),
    )


def _check(
    own_funds: Decimal | Fraction,
    financed_share: Decimal | Fraction,
    saving_months: int,
    horizon_months: int,
) -> None:
    if own_funds < 0:
        message = "The own funds are negative. Enter zero or more."
        raise ValueError(message)
    if not 0 <= financed_share <= 1:
        message = "The financed share is not a part of the whole. Enter a number from 0 to 1."
        raise ValueError(message)
    if not 1 <= horizon_months <= LONGEST_HORIZON_MONTHS:
        message = f"The ladder looks 1 to {LONGEST_HORIZON_MONTHS} months ahead. Enter one of them."
        raise ValueError(message)
    if not 0 <= saving_months <= horizon_months:
        message = f"Enter 0 to {horizon_months} months of saving before the loan."
        raise ValueError(message)


def _steps(
    ranked: Sequence[Candidate],
    starts: Mapping[str, int],
    own_funds: Fraction,
    loans: Mapping[str, Fraction],
) -> tuple[LadderStep, ...]:
    """The measures that start, in the order in which they do."""
    begun = [candidate for candidate in ranked if candidate.measure.code in starts]
    own_left, monthly_saving = own_funds, Fraction(0)
    steps: list[LadderStep] = []
    for candidate in sorted(begun, key=lambda one: starts[one.measure.code]):
        code = candidate.measure.code
        loan = loans.get(code, Fraction(0))
        own = min(own_left, candidate.investment - loan)
        own_left -= own
        monthly_saving += candidate.net_annual_saving / MONTHS_PER_YEAR
        steps.append(
            LadderStep(
                code=code,
                title=candidate.measure.title,
                type=candidate.type,
                start_month=starts[code],
                investment=candidate.investment,
                paid_from_own_funds=own,
                paid_from_savings=candidate.investment - loan - own,
                loan=loan,
                monthly_saving_after=monthly_saving,
            )
        )
    return tuple(steps)


def _shown_months(
    saved: SavedUp, long: LongMeasures, begins: LoanAtMonth | None, earliest: int
) -> tuple[SavingMonth, ...]:
    """The months up to the one in which the long measures take the money at hand."""
    if begins is None:
        return saved.months[: earliest + 1]
    last = saved.months[begins.month]
    paid = long.investment - begins.loan
    taken = SavingMonth(
        last.month, last.saved, last.spent + paid, (*last.started, *long.codes), last.cash - paid
    )
    return (*saved.months[: begins.month], taken)


def _at_once(
    ranked: Sequence[Candidate], long: LongMeasures, own_funds: Fraction, discount_rate: float
) -> AtOnce:
    whole = sum((candidate.investment for candidate in ranked), Fraction(0))
    loan = long.start(0, own_funds - (whole - long.investment)).loan
    starts = {candidate.measure.code: 0 for candidate in ranked}
    return AtOnce(
        loan=loan,
        own_money_missing=max(whole - loan - own_funds, Fraction(0)),
        net_present_value=_present_value(ranked, starts, discount_rate),
    )


def _present_value(
    candidates: Sequence[Candidate], starts: Mapping[str, int], discount_rate: float
) -> float:
    """Net present value of the measures that start, each from its month; nothing started is 0."""
    begun = [
        delayed(candidate.measure, starts[candidate.measure.code])
        for candidate in candidates
        if candidate.measure.code in starts
    ]
    ends = (end_of_life_month(measure) for measure in begun)
    outlays = (line.month for measure in begun for line in measure.investment)
    flows = cash_flow(begun, max((*ends, *outlays), default=0)).monthly
    return net_present_value(
        discount_rate, flows, [month / MONTHS_PER_YEAR for month in range(len(flows))]
    )


def _out_of_reach(
    measures: Sequence[Measure],
    ranked: Sequence[Candidate],
    starts: Mapping[str, int],
    horizon_months: int,
) -> Iterator[OutOfReach]:
    types = {candidate.measure.code: candidate.type for candidate in ranked}
    for measure in measures:
        match types.get(measure.code):
            case None:
                reason = "Not recovered: the net yearly saving is not above zero."
            case MeasureType.C:
                reason = (
                    "The part of the investment that no loan pays is not at hand within "
                    f"{horizon_months} months."
                )
            case _:
                reason = f"The money at hand does not pay for it within {horizon_months} months."
        if measure.code not in starts:
            yield OutOfReach(measure.code, reason)
