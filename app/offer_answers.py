"""What ``appraise`` says of the loan: the offer with its limits and covers, and the ladder."""

from decimal import Decimal
from typing import Self

from app.calculator_answers import AnswerModel
from app.project_answers import money_text, number
from appraisal.ladder import Ladder, LadderStep
from appraisal.measure_type import MeasureType
from loans.assessing.offer import AmountRule, MaturityRule, Offer


class AmountLimitAnswer(AnswerModel):
    """What one rule allows to be lent."""

    rule: AmountRule
    amount: str


class MaturityLimitAnswer(AnswerModel):
    """How long one rule lets the loan run."""

    rule: MaturityRule
    months: int


class OfferAnswer(AnswerModel):
    """The largest loan for the longest time, what limits each, and why nothing is offered.

    ``limits`` and ``maturity_limits`` are all that was compared. Covers are saving / payment;
    ``covers`` has one for each instalment that repays principal. ``weakest_month`` counts from
    the first disbursement. What is null does not exist because of ``reasons``, or, for the
    interest of the grace months, because nothing is installed. ``open_terms`` are those that the
    fund has to decide before there is an offer.
    """

    eligible: bool
    maximum_amount: str | None
    amount_rule: AmountRule | None
    maximum_maturity_months: int | None
    maturity_rule: MaturityRule | None
    grace_months: int
    indicative_level_payment: str | None
    grace_interest_payment: str | None
    minimum_cover: float | None
    average_cover: float | None
    loan_life_cover: float | None
    weakest_month: int | None
    covers: tuple[float, ...]
    cover_limited_amount: str | None
    target_cover_amount: str | None
    debt_capacity: str | None
    limits: tuple[AmountLimitAnswer, ...]
    maturity_limits: tuple[MaturityLimitAnswer, ...]
    reasons: tuple[str, ...]
    open_terms: tuple[str, ...]

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """The offer as plain data."""
        return cls(
            eligible=offer.eligible,
            maximum_amount=_text(offer.maximum_amount),
            amount_rule=offer.amount_rule,
            maximum_maturity_months=offer.maximum_maturity_months,
            maturity_rule=offer.maturity_rule,
            grace_months=offer.grace_months,
            indicative_level_payment=_text(offer.indicative_level_payment),
            grace_interest_payment=_text(offer.grace_interest_payment),
            minimum_cover=number(offer.minimum_cover),
            average_cover=number(offer.average_cover),
            loan_life_cover=number(offer.loan_life_cover),
            weakest_month=offer.weakest_month,
            covers=tuple(float(cover) for cover in offer.covers),
            cover_limited_amount=_text(offer.cover_limited_amount),
            target_cover_amount=_text(offer.target_cover_amount),
            debt_capacity=_text(offer.debt_capacity),
            limits=tuple(
                AmountLimitAnswer(rule=limit.rule, amount=f"{limit.amount:f}")
                for limit in offer.limits
            ),
            maturity_limits=tuple(
                MaturityLimitAnswer(rule=limit.rule, months=limit.months)
                for limit in offer.maturity_limits
            ),
            reasons=offer.reasons,
            open_terms=offer.open_terms,
        )


class StepAnswer(AnswerModel):
    """A measure of the ladder, the month in which it starts, and what pays for it."""

    code: str
    title: str
    type: MeasureType
    start_month: int
    investment: str
    paid_from_own_funds: str
    paid_from_savings: str
    loan: str
    monthly_saving_after: str

    @classmethod
    def of(cls, step: LadderStep, currency: str) -> Self:
        """The step as plain data."""
        return cls(
            code=step.code,
            title=step.title,
            type=step.type,
            start_month=step.start_month,
            investment=money_text(step.investment, currency),
            paid_from_own_funds=money_text(step.paid_from_own_funds, currency),
            paid_from_savings=money_text(step.paid_from_savings, currency),
            loan=money_text(step.loan, currency),
            monthly_saving_after=money_text(step.monthly_saving_after, currency),
        )


class LadderLoanAnswer(AnswerModel):
    """The loan that the ladder leaves, beside that of everything at once.

    ``loan`` and ``loan_month`` are null where no long measure starts. ``out_of_reach`` says of
    each measure that the ladder does not come to why.
    """

    own_funds: str
    saving_months: int
    loan: str | None
    loan_month: int | None
    loan_at_once: str
    net_present_value: float
    net_present_value_at_once: float
    out_of_reach: dict[str, str]

    @classmethod
    def of(cls, plan: Ladder, currency: str) -> Self:
        """The plan's result as plain data."""
        return cls(
            own_funds=money_text(plan.own_funds, currency),
            saving_months=plan.saving_months,
            loan=None if plan.loan is None else money_text(plan.loan, currency),
            loan_month=plan.loan_month,
            loan_at_once=money_text(plan.at_once.loan, currency),
            net_present_value=plan.net_present_value,
            net_present_value_at_once=plan.at_once.net_present_value,
            out_of_reach={one.code: one.reason for one in plan.out_of_reach},
        )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
