"""The ladder as a page shows it: what starts when, paid by what, and the loan that is left."""

from dataclasses import dataclass
from fractions import Fraction

from app.charts import Chart, Heading, Table
from app.curve_chart import Curve, Mark, curves
from app.rendering import amount, count, open_words, upper_first
from appraisal.ladder import Ladder, LadderStep
from appraisal.long_measures import LoanAtMonth
from appraisal.measure_type import MeasureType
from appraisal.money import minor_digits
from loans.assessing.ladder_rules import over_cover
from loans.assessing.offer import Offer
from loans.assessing.savings_ladder import LADDER_TERMS
from loans.profile import Profile

_NEEDS_TERMS = "The ladder can be planned as soon as the fund has decided this."
_CURVE_EVERY_MONTHS = 6
_CURVE_MONTHS = 60


@dataclass(frozen=True)
class LoanIfLater:
    """The loan that the long measures need if they begin in this month, in words."""

    month: int
    loan: str
    note: str


@dataclass(frozen=True)
class LadderView:
    """Sentences, steps and chart; ``chart`` is None where no measure comes before the loan."""

    sentences: tuple[str, ...]
    warning: str | None
    steps: tuple[LadderStep, ...]
    chart: Chart | None
    if_later: tuple[LoanIfLater, ...]
    out_of_reach: tuple[str, ...]


def ladder_view(plan: Ladder | None, offer: Offer, profile: Profile) -> LadderView:
    """The plan in words, with its chart month by month, held against what the rules allow."""
    if plan is None:
        labels = open_words(profile.open_among(LADDER_TERMS))
        return LadderView((f"{upper_first(labels)}. {_NEEDS_TERMS}",), None, (), None, (), ())
    currency = offer.currency
    begins_small = any(step.type is not MeasureType.C for step in plan.steps)
    return LadderView(
        sentences=_sentences(plan, currency, begins_small=begins_small),
        warning=over_cover(plan, offer, profile) or _warning(plan, currency),
        steps=plan.steps,
        chart=_chart(plan, currency) if begins_small else None,
        if_later=_if_later(plan, offer) if begins_small else (),
        out_of_reach=tuple(f"{one.code}: {one.reason}" for one in plan.out_of_reach),
    )


def _sentences(plan: Ladder, currency: str, *, begins_small: bool) -> tuple[str, ...]:
    if not begins_small:
        return ("No measure comes before the loan: none pays back within a year.",)
    begun = (
        f"It begins with {amount(plan.own_funds, currency)} of own money. What the quick measures "
        "save pays for the next one, and at the end makes the loan smaller."
    )
    if plan.loan is None or plan.reduction is None:
        return (begun, "No long measure starts, so that no loan is needed.")
    saving = count(plan.saving_months, "month")
    return (
        begun,
        (
            f"The loan falls from {amount(plan.at_once.loan, currency)}, with everything at "
            f"once, to {amount(plan.loan, currency)} in month {plan.loan_month}, after {saving} of "
            "saving."
        ),
        (
            f"Waiting costs {amount(plan.net_present_value_lost, currency, 0)} of net present "
            "value (NPV), over the whole lives of the measures."
        ),
    )


def _warning(plan: Ladder, currency: str) -> str | None:
    if not plan.falls_under_minimum:
        return None
    return (
        f"The loan that is left is under {amount(plan.minimum_loan, currency)}, the smallest that "
        "the fund gives. With less time for saving it is larger."
    )


def _chart(plan: Ladder, currency: str) -> Chart:
    heading = Heading(
        "How do the quick measures pay for the next?",
        _findings(plan, currency),
        currency,
        minor_digits(currency),
    )
    cash = Curve(
        "Money put aside",
        tuple((float(month.month), float(month.cash)) for month in plan.months),
        is_stepped=True,
    )
    marks = tuple(
        Mark(
            f"{', '.join(month.started)} start{'s' if len(month.started) == 1 else ''}", month.month
        )
        for month in plan.months
        if month.started
    )
    table = Table(
        heading.title,
        ("Month", f"Saved, {currency}", f"Spent, {currency}", f"Put aside, {currency}", "Starts"),
        tuple(
            (
                str(month.month),
                *(
                    amount(money, places=heading.places)
                    for money in (month.saved, month.spent, month.cash)
                ),
                ", ".join(month.started),
            )
            for month in plan.months
        ),
    )
    return curves(heading, "Month from the start", (cash,), marks, table)


def _findings(plan: Ladder, currency: str) -> str:
    paid = [step for step in plan.steps if step.paid_from_savings > 0]
    total = sum((step.paid_from_savings for step in paid), Fraction(0))
    if not paid:
        return "The savings of the quick measures pay for no other measure."
    return (
        f"The savings pay {amount(total, currency)} towards "
        f"{', '.join(step.code for step in paid)}."
    )


def _if_later(plan: Ladder, offer: Offer) -> tuple[LoanIfLater, ...]:
    return tuple(
        LoanIfLater(point.month, amount(point.loan, offer.currency), _note(point, plan, offer))
        for point in plan.curve[: _CURVE_MONTHS + 1 : _CURVE_EVERY_MONTHS]
    )


def _note(point: LoanAtMonth, plan: Ladder, offer: Offer) -> str:
    if point.own_money_missing:
        return f"{amount(point.own_money_missing, offer.currency)} of own money is missing"
    if not point.loan:
        return "No loan is needed"
    if offer.cover_limited_amount is not None and point.loan > offer.cover_limited_amount:
        return "More than the savings cover"
    return "Under the fund's smallest loan" if point.loan < plan.minimum_loan else ""
