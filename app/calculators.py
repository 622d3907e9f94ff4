"""The three stateless calculators, the same for HTTP and for the command line.

Each takes one request as plain data and gives one answer as plain data; ``answer`` also takes a
list of requests, in which one that is refused gives an error object and the rest still run.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ValidationError

from app.appraise_answers import AppraiseAnswer
from app.calculator_answers import IndicatorsAnswer, ScheduleAnswer
from app.calculator_requests import IndicatorsRequest, ScheduleRequest
from app.request_errors import WHOLE_REQUEST, refused, refused_fields
from appraisal import indicators as indicator_functions
from appraisal.proposal import Proposal
from loans import profile
from loans.cases.assessment import assess
from loans.refusal import Missing, WrongValue
from loans.schedules.schedule import build_schedule

MOST_REQUESTS = 1_000
"""Requests in one list."""

MOST_ROWS = 60_000
"""Instalments, and figures explained, in the answers to one list."""


class Calculator(StrEnum):
    """The calculators by the name that HTTP and the command line share."""

    INDICATORS = "indicators"
    SCHEDULE = "schedule"
    APPRAISE = "appraise"


Answer = dict[str, Any]


def indicators(document: object) -> Answer:
    """Net present value, rates of return and paybacks of one list of flows.

    Raises:
        ValueError: a field is wrong (as pydantic's ``ValidationError``), or the result is beyond
            floating point.
    """
    request = IndicatorsRequest.model_validate(document)
    result = indicator_functions.indicators(
        request.flows,
        request.rate,
        request.dates,
        request.finance_rate,
        request.reinvestment_rate,
    )
    return IndicatorsAnswer.of(result).model_dump(mode="json")


def schedule(document: object) -> Answer:
    """The instalments of one loan, with the cover of its savings where they are given.

    Raises:
        ValidationError: a field is wrong.
        WrongValue: fields that do not fit together.
    """
    request = ScheduleRequest.model_validate(document)
    step = request.rounding_step
    built = build_schedule(
        disbursements=request.paid_out(),
        annual_rate=request.annual_rate,
        due_on=request.due_on(),
        day_count=request.day_count,
        method=request.method,
        grace_instalments=request.grace_instalments,
        grace_interest=request.grace_interest,
        rounding_step_minor=1 if step is None else request.minor(step, "rounding_step"),
        balloon_minor=request.minor(request.balloon, "balloon"),
        savings_minor=request.savings_minor(),
    )
    answer = ScheduleAnswer.of(built, request.currency, request.target_cover)
    return answer.model_dump(mode="json", exclude_none=True)


def appraise(document: object) -> Answer:
    """The appraisal of one proposal, its offer, the rule sheet, and what could change it.

    Raises:
        ValueError: a field is wrong (as pydantic's ``ValidationError``), or a result is beyond
            floating point.
        WrongValue: the facility is not known or leaves a needed term open.
    """
    proposal = Proposal.model_validate(document)
    try:
        terms = profile.load(proposal.facility)
    except Missing as error:
        raise WrongValue(error.message, field="facility") from None
    return AppraiseAnswer.of(assess(proposal, terms)).model_dump(mode="json")


_CALCULATE: Mapping[Calculator, Callable[[object], Answer]] = {
    Calculator.INDICATORS: indicators,
    Calculator.SCHEDULE: schedule,
    Calculator.APPRAISE: appraise,
}


def answer(calculator: Calculator, document: object) -> Answer | list[Answer]:
    """The answer to one request, or to each of a list in its order.

    A request that cannot be answered gives ``{"error": ...}`` in its place.
    """
    if not isinstance(document, list):
        return _one(calculator, document)
    if len(document) > MOST_REQUESTS:
        message = f"The list has too many requests. Send at most {MOST_REQUESTS} at a time."
        return refused("too_many", message, WHOLE_REQUEST)
    answers: list[Answer] = []
    rows = 0
    for request in document:
        if rows > MOST_ROWS:
            message = (
                f"The list asks for more than {MOST_ROWS} instalments or explained figures. "
                "Send the rest apart."
            )
            answers.append(refused("too_many", message, WHOLE_REQUEST))
            continue
        answers.append(_one(calculator, request))
        rows += sum(len(answers[-1].get(name, ())) for name in ("instalments", "explanations"))
    return answers


def is_refused(answers: Answer | list[Answer]) -> bool:
    """Whether the request as a whole was refused; a list is not refused for one of its parts."""
    return isinstance(answers, dict) and "error" in answers


def _one(calculator: Calculator, document: object) -> Answer:
    if not isinstance(document, dict):
        return refused("wrong_value", "Send one JSON object with its fields.", WHOLE_REQUEST)
    try:
        return _CALCULATE[calculator](document)
    except ValidationError as error:
        return refused_fields(error)
    except WrongValue as error:
        return refused(error.code, error.message, error.field or WHOLE_REQUEST)
    except ValueError as error:
        return refused("wrong_value", str(error), WHOLE_REQUEST)


def request_model(calculator: Calculator) -> type[BaseModel]:
    """The model that documents a calculator's request."""
    models: Mapping[Calculator, type[BaseModel]] = {
        Calculator.INDICATORS: IndicatorsRequest,
        Calculator.SCHEDULE: ScheduleRequest,
        Calculator.APPRAISE: Proposal,
    }
    return models[calculator]
