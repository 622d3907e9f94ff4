from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from appraisal.proposal import Proposal, SavingLine, horizon_years_of
from tests.appraisal.proposals import measure, measure_document, proposal

LINE = {"code": "R1", "annual_amount": "100"}


def test_it_survives_the_way_through_json() -> None:
    golden = proposal()
    assert Proposal.model_validate_json(golden.model_dump_json()) == golden


def test_a_saving_is_quantity_times_price() -> None:
    (measure,) = proposal().measures
    assert measure.savings[0].annual_saving == Decimal(60000)


def test_an_added_cost_is_quantity_times_price_or_an_amount() -> None:
    costs = [{"code": "K1", "quantity": "3", "unit_price": "0.5"}, {**LINE, "code": "K2"}]
    (measure,) = proposal(measure_document(added_costs=costs)).measures
    assert [cost.annual_cost for cost in measure.added_costs] == [Decimal("1.5"), Decimal(100)]


def test_all_measures_are_financed_unless_some_are_named() -> None:
    both = proposal(measure_document("M1"), measure_document("M2"))
    assert both.financed_measures == both.measures
    document = both.model_dump()
    document["finance"]["measures"] = ("M2",)
    assert Proposal.model_validate(document).financed_measures == both.measures[1:]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"savings": [{"code": "R1"}]}, "enter the quantities and the unit price"),
        ({"savings": [{**LINE, "unit_price": "1"}]}, "not both"),
        (
            {
                "savings": [
                    {
                        "code": "R1",
                        "quantity_before": "1",
                        "quantity_after": "2",
                        "unit_price": "1",
                    }
                ]
            },
            "so nothing is saved",
        ),
        ({"added_costs": [{"code": "K1", "quantity": "1"}]}, "enter the quantities"),
        ({"investment": [{"code": "I1", "amount": "0.001"}]}, "more than 2 decimal places"),
        ({"residual_value": "0.001"}, "more than 2 decimal places"),
        ({"investment": [{"code": "I1", "amount": "1", "month": 61}]}, "Enter an earlier month"),
        ({"savings": [{**LINE, "start_month": 60}]}, "Enter an earlier start month"),
        ({"savings": [{**LINE, "tier": 3, "year": 6}]}, "Enter an earlier year"),
        (
            {"savings": [{**LINE, "start_month": 40}], "implementation_months": 20},
            "Enter an earlier start month",
        ),
        ({"colour": "red"}, "Extra inputs are not permitted"),
    ],
)
def test_refused_measures(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        proposal(measure_document(**changes))


def test_two_measures_of_one_code_are_refused() -> None:
    with pytest.raises(ValidationError, match="a code of its own"):
        proposal(measure_document(), measure_document())


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("finance", {"measures": ["M9"]}, "1 of the measures to finance"),
        ("finance", {"requested_amount": "0.001"}, "more than 2 decimal places"),
        ("currency", "XXX", "three-letter code"),
        ("measures", [], "at least 1 item"),
    ],
)
def test_refused_proposals(field: str, value: object, words: str) -> None:
    document = proposal().model_dump(mode="json")
    document[field] = value
    with pytest.raises(ValidationError, match=words):
        Proposal.model_validate(document)


def test_alternatives_are_not_financed_together() -> None:
    rivals = [measure_document(code, alternative_group="boiler") for code in ("M1", "M2")]
    with pytest.raises(ValidationError, match="M1, M2 are alternatives of one another"):
        proposal(*rivals)
    document = proposal(measure_document("M1"), measure_document("M2")).model_dump()
    for rival in document["measures"]:
        rival["alternative_group"] = "boiler"
    document["finance"]["measures"] = ("M2",)
    chosen = Proposal.model_validate(document).financed_measures
    assert [measure.code for measure in chosen] == ["M2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"tier": 1, "probability": "0.5"}, "belongs to a contingent item"),
        ({"tier": 2, "year": 3}, "belongs to a contingent item"),
        ({"tier": 3, "score": 1}, "belongs to a less tangible item"),
        ({"tier": 3, "probability": "1.5"}, "less than or equal to 1"),
    ],
)
def test_tiers_have_their_own_fields(line: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SavingLine.model_validate({"code": "R1", "annual_amount": "10", **line})


def test_a_less_tangible_item_needs_no_money() -> None:
    line = SavingLine.model_validate({"code": "N1", "tier": 4, "score": 2})
    assert line.annual_saving == 0
    with pytest.raises(ValidationError, match="the quantities and the unit price"):
        SavingLine.model_validate({"code": "N1", "tier": 3})


@pytest.mark.parametrize(("lives", "horizon_years"), [((), 5), ((4,), 4), ((3, 8), 8), ((15,), 10)])
def test_the_horizon_is_the_longest_life_up_to_ten_years(
    lives: tuple[int, ...], horizon_years: int
) -> None:
    measures = [measure(life_years=life) for life in lives]
    assert horizon_years_of(measures) == horizon_years


def test_a_proposal_has_no_more_lines_than_can_be_explained_at_once() -> None:
    lines = [{**LINE, "code": f"R{number}"} for number in range(167)]
    small = [measure_document(code, savings=lines[:165]) for code in ("M1", "M2", "M3")]
    assert len(proposal(*small).measures) == 3
    large = [measure_document(code, savings=lines) for code in ("M1", "M2", "M3")]
    with pytest.raises(ValidationError, match="more than 500 lines together"):
        proposal(*large)
