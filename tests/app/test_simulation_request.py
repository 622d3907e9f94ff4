from typing import Any

import pytest

from app.simulation_request import SimulationRequest, simulation_request
from tests.app.test_calculators import PROPOSAL, fields


def ready(document: object = PROPOSAL, draws: int = 100, seed: int = 1) -> SimulationRequest:
    request = simulation_request(document, draws, seed)
    assert isinstance(request, SimulationRequest)
    return request


def refusal(document: object, draws: int = 100, seed: int = 1) -> dict[str, str]:
    request = simulation_request(document, draws, seed)
    assert not isinstance(request, SimulationRequest)
    return fields(request)


def test_a_proposal_for_appraise_is_enough() -> None:
    request = ready()
    assert request.run.draws == 100
    assert request.loan is not None
    assert (str(request.loan.payment), request.loan.instalments) == ("4143.06", 28)


def test_the_spread_of_inputs_comes_with_the_proposal() -> None:
    spread = {"savings": {"kind": "uniform", "low": -0.5, "high": 0.0}}
    assert ready({**PROPOSAL, "simulation": spread}).run.assumptions.savings.bounds() == (-0.5, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another"},
        {"simulation": {"savings": {"kind": "constant"}}},
        {"finance": {"measures": ["M1"], "requested_amount": "60000.00"}},
    ],
)
def test_another_run_has_another_fingerprint(changes: dict[str, Any]) -> None:
    assert ready().fingerprint == ready().fingerprint
    assert ready(PROPOSAL | changes).fingerprint != ready().fingerprint


def test_draws_and_seed_are_part_of_the_fingerprint() -> None:
    prints = {ready(draws=d, seed=s).fingerprint for d, s in ((100, 1), (101, 1), (100, 2))}
    assert len(prints) == 3


@pytest.mark.parametrize(
    ("simulation", "field", "said"),
    [
        ([], "simulation", "Enter an object with its fields."),
        ({"wind": {}}, "simulation", "A field here is not known. Leave it out."),
        (
            {"savings": {"kind": "gumbel"}},
            "simulation.savings",
            "Enter one of these as 'kind': 'constant', 'uniform', 'triangular', 'pert', ",
        ),
        ({"savings": {}}, "simulation.savings", "Enter the field 'kind'; there is none."),
        (
            {"savings": {"kind": "discrete", "values": [0], "probabilities": [0.5]}},
            "simulation.savings.discrete",
            "The probabilities do not add up to 1. Enter ones that do.",
        ),
        (
            {"savings": {"kind": "constant", "value": float("nan")}},
            "simulation.savings.constant.value",
            "Enter a number, such as 0.10.",
        ),
    ],
)
def test_a_wrong_spread_is_refused_by_its_field(simulation: Any, field: str, said: str) -> None:
    told = refusal({**PROPOSAL, "simulation": simulation})
    assert list(told) == [field]
    assert told[field].startswith(said)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([PROPOSAL], "request"),
        ("text", "request"),
        ({**PROPOSAL, "currency": "eur"}, "currency"),
        ({**PROPOSAL, "facility": "unknown"}, "facility"),
        (
            {
                **PROPOSAL,
                "simulation": {
                    "prices": [{"measure": "M1", "line": "X", "change": {"kind": "constant"}}]
                },
            },
            "request",
        ),
    ],
)
def test_a_wrong_proposal_is_refused_as_appraise_refuses_it(document: object, field: str) -> None:
    assert list(refusal(document)) == [field]


def test_draws_outside_their_limits_are_refused_in_words() -> None:
    assert refusal(PROPOSAL, draws=0)["request"].startswith("The number of draws is not within 1")


def test_without_an_offer_there_is_no_loan() -> None:
    measure = PROPOSAL["measures"][0]
    line = measure["savings"][0] | {"unit_price": "0.00"}
    without = {**PROPOSAL, "measures": [measure | {"savings": [line]}]}
    assert ready(without).loan is None
