"""What an application answers: the case, its figures appraised and held against the profile."""

from collections.abc import Mapping
from typing import Any

from pydantic import create_model

from app.api.views import answer_model, answer_of
from app.appraise_answers import AppraiseAnswer
from loans.cases.case_search import QueueLine
from loans.cases.case_views import ApplicationView

ApplicationLine = answer_model(QueueLine)
_WITHOUT = frozenset({"assessment"})

ApplicationAnswer = create_model(
    "ApplicationAnswer",
    __base__=answer_model(ApplicationView, _WITHOUT),
    __doc__="One application; ``assessment`` is what the appraise calculator answers for it.",
    assessment=(AppraiseAnswer, ...),
)


def application_answer(view: ApplicationView) -> Mapping[str, Any]:
    """The view as an answer."""
    assessment = AppraiseAnswer.of(view.assessment).model_dump(mode="json")
    return {**answer_of(view, view.currency, _WITHOUT), "assessment": assessment}
