"""What ``cleanloop simulate`` is asked: a proposal, how its inputs are spread, and how many draws.

The document is that of ``appraise``, with one more field, ``simulation``, for the spread of the
inputs; without it the usual ranges hold.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.calculators import Answer
from app.request_errors import WHOLE_REQUEST, refused, refused_faults, refused_fields
from appraisal.proposal import Proposal
from appraisal.scenario_model import LevelLoan
from appraisal.simulation import CHUNK_DRAWS, SimulationRun
from appraisal.simulation_assumptions import SimulationAssumptions
from loans import profile
from loans.assessing.study import offered_loan
from loans.cases.assessment import assess
from loans.refusal import Missing, WrongValue

_FIELD = "simulation"
_FORMAT = 1
"""Counts up when the same request would no longer give the same draws."""


@dataclass(frozen=True)
class SimulationRequest:
    """A run that is ready to begin."""

    run: SimulationRun
    loan: LevelLoan | None
    fingerprint: str
    """The same for the same figures, assumptions, draws and seed, and for no others."""


def simulation_request(document: object, draws: int, seed: int) -> SimulationRequest | Answer:
    """Read a request; one that cannot be simulated gives an error object."""
    if not isinstance(document, dict):
        return refused("wrong_value", "Send one JSON object with its fields.", WHOLE_REQUEST)
    try:
        return _request(dict(document), draws, seed)
    except _WrongSimulation as error:
        faults = error.faults.errors(include_url=False, include_input=False)
        return refused_faults([{**fault, "loc": (_FIELD, *fault["loc"])} for fault in faults])
    except ValidationError as error:
        return refused_fields(error)
    except WrongValue as error:
        return refused(error.code, error.message, error.field or WHOLE_REQUEST)
    except ValueError as error:
        return refused("wrong_value", str(error), WHOLE_REQUEST)


class _WrongSimulation(ValueError):
    """The fields under ``simulation`` are at fault."""

    def __init__(self, faults: ValidationError) -> None:
        super().__init__("the assumptions of the simulation")
        self.faults = faults


def _request(document: dict[str, Any], draws: int, seed: int) -> SimulationRequest:
    assumptions = _assumptions(document.pop(_FIELD, {}))
    proposal = Proposal.model_validate(document)
    try:
        terms = profile.load(proposal.facility)
    except Missing as error:
        raise WrongValue(error.message, field="facility") from None
    loan = offered_loan(assess(proposal, terms).offer)
    run = SimulationRun.of(proposal, assumptions, draws, seed, loan)
    return SimulationRequest(run, loan, _fingerprint(proposal, run, loan))


def _assumptions(document: object) -> SimulationAssumptions:
    try:
        return SimulationAssumptions.model_validate(document)
    except ValidationError as error:
        raise _WrongSimulation(error) from error


def _fingerprint(proposal: Proposal, run: SimulationRun, loan: LevelLoan | None) -> str:
    parts = {
        "format": _FORMAT,
        "chunk_draws": CHUNK_DRAWS,
        "proposal": proposal.model_dump(mode="json"),
        "assumptions": run.assumptions.model_dump(mode="json"),
        "loan": loan and [str(loan.payment), loan.grace_months, loan.instalments],
        "draws": run.draws,
        "seed": run.seed,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
