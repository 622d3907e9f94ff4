from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.proposal import Proposal
from loans.assessing.eligibility import Finding, Outcome, Subject, rule_sheet
from loans.assessing.offer import make_offer
from tests.loans.proposals import NEFCO, appraised, measure, proposal
from tests.loans.sheets import GOOD, of, with_terms


def test_a_sound_proposal_passes_every_rule() -> None:
    sheet = of(GOOD)
    assert {found.outcome for found in sheet.values()} == {Outcome.PASS}
    assert all(found.what_would_pass is None for found in sheet.values())
    assert all(found.rule and found.value and found.limit for found in sheet.values())
    assert sheet["financed_share"].value == "90 %"
    assert sheet["financed_share"].source == "NEFCO's terms of 1998, rule N1"
    assert sheet["own_contribution"].value.startswith("EUR 12,000.00, 10 %")


ONE_RULE: list[tuple[str, Outcome, dict[str, Any]]] = [
    ("expands_capacity", Outcome.FAIL, {"expands_capacity": True}),
    ("expands_capacity", Outcome.UNKNOWN, {"expands_capacity": None}),
    ("adds_production_equipment", Outcome.FAIL, {"adds_production_equipment": True}),
    ("adds_production_equipment", Outcome.UNKNOWN, {"adds_production_equipment": None}),
    ("other_techniques", Outcome.WARN, {"technique": "end_of_pipe"}),
]


@pytest.mark.parametrize(("code", "outcome", "change"), ONE_RULE)
def test_one_answer_decides_one_rule(code: str, outcome: Outcome, change: dict[str, Any]) -> None:
    sheet = of(GOOD | change)
    assert sheet[code].outcome is outcome
    assert sheet[code].what_would_pass
    others = {found.outcome for key, found in sheet.items() if key != code}
    assert others == {Outcome.PASS}


def test_a_country_outside_the_area_is_a_warning() -> None:
    sheet = of(GOOD, enterprise={"country": "LV"})
    assert sheet["country"].outcome is Outcome.WARN
    assert "LT, RU" in (sheet["country"].what_would_pass or "")


def test_extra_output_is_named_and_counted_nowhere() -> None:
    line = {"code": "S2", "annual_amount": "9000", "counts_as_output": True, "evidence": "meter"}
    sheet = of(GOOD | {"savings": [*GOOD["savings"], line]})
    assert sheet["extra_output"].outcome is Outcome.WARN
    assert "S2" in sheet["extra_output"].value
    assert sheet["savings_cover"] == of(GOOD)["savings_cover"]


@pytest.mark.parametrize(
    ("evidence", "outcome"),
    [("meter", "pass"), ("calculation", "pass"), ("estimate", "warn"), ("none", "unknown")],
)
def test_savings_rest_on_evidence(evidence: str, outcome: str) -> None:
    line = {"code": "S1", "annual_amount": "60000", "evidence": evidence}
    assert of(GOOD | {"savings": [line]})["baseline_evidence"].outcome == outcome


def test_a_short_payback_borrows_only_beside_a_long_one() -> None:
    short = measure("M2", cost="15000", saving="18000")
    assert of(short)["borrowing_types"].outcome is Outcome.FAIL
    assert "operating budget" in (of(short)["borrowing_types"].what_would_pass or "")
    assert of(GOOD, short)["borrowing_types"].outcome is Outcome.PASS


def test_housekeeping_never_borrows_but_may_stand_beside_the_loan() -> None:
    housekeeping = measure("M2", cost="3000", saving="6000")
    refused = of(GOOD, housekeeping)["borrowing_types"]
    assert refused.outcome is Outcome.FAIL
    assert "Pay M2 from own funds" in (refused.what_would_pass or "")
    chosen = of(GOOD, housekeeping, finance={"measures": ["M1"]})
    assert chosen["borrowing_types"].outcome is Outcome.PASS


def test_a_measure_without_a_net_saving_is_named() -> None:
    lost = measure("M2", cost="1000", saving="0")
    refused = of(GOOD, lost)["payback_positive"]
    assert refused.outcome is Outcome.FAIL
    assert "M2" in refused.value
    assert "M1" not in refused.value


def test_a_small_share_of_other_techniques_is_no_matter() -> None:
    filter_press = measure("M2", cost="30000", saving="15000", technique="end_of_pipe")
    sheet = of(GOOD, filter_press)
    assert sheet["other_techniques"].outcome is Outcome.PASS
    assert sheet["other_techniques"].value == "20 %"


@pytest.mark.parametrize(
    ("code", "finance", "needed"),
    [
        ("financed_share", {"requested_amount": "110000"}, "Ask for at most EUR 108,000.00."),
        ("maximum_amount", {"requested_amount": "200000.01"}, "Ask for at most EUR 200,000.00."),
        ("maturity", {"requested_maturity_months": 29}, "Ask for at most 28 months."),
    ],
)
def test_asking_for_too_much_is_a_warning_with_what_would_pass(
    code: str, finance: dict[str, Any], needed: str
) -> None:
    found = of(GOOD, finance=finance)[code]
    assert (found.outcome, found.what_would_pass) == (Outcome.WARN, needed)


def test_asking_for_exactly_what_the_rules_allow_passes() -> None:
    finance = {"requested_amount": "108000.00", "requested_maturity_months": 28}
    assert {found.outcome for found in of(GOOD, finance=finance).values()} == {Outcome.PASS}


@pytest.mark.parametrize(
    ("own", "outcome", "gap"),
    [("11999.99", "fail", "warn"), ("12000", "pass", "pass"), ("20000", "pass", "pass")],
)
def test_own_money_is_at_least_a_tenth(own: str, outcome: str, gap: str) -> None:
    found = of(GOOD, finance={"own_contribution": own})
    assert found["own_contribution"].outcome == outcome
    assert found["financing_gap"].outcome == gap
    passing = found["own_contribution"].what_would_pass
    assert passing == (
        None if outcome == "pass" else "Pay at least EUR 12,000.00 from your own money."
    )


def test_what_neither_the_loan_nor_the_own_money_covers_is_named() -> None:
    found = of(measure(cost="300000", saving="150000"), finance={"own_contribution": "30000"})
    assert found["own_contribution"].outcome == "pass"
    needed = found["financing_gap"].what_would_pass
    assert needed == "Show where EUR 70,000.00 more comes from."


def test_a_loan_under_the_minimum_fails_with_figures() -> None:
    found = of(measure(cost="55555", saving="27777"))["minimum_amount"]
    assert (found.outcome, found.value, found.limit) == (
        Outcome.FAIL,
        "EUR 49,999.50",
        "EUR 50,000.00",
    )
    assert "EUR 55,555.56" in (found.what_would_pass or "")


def test_thin_and_missing_cover() -> None:
    thin = of(measure(cost="300000", saving="75000"))["savings_cover"]
    assert (thin.outcome, thin.value) == (Outcome.WARN, "1.03 in the weakest month")
    paused = {"code": "S1", "annual_amount": "60000", "active_months": [7], "evidence": "meter"}
    missing = of(GOOD | {"savings": [paused]})["savings_cover"]
    assert missing.outcome is Outcome.FAIL


def test_installation_longer_than_the_loan_fails_the_maturity() -> None:
    assert of(GOOD | {"implementation_months": 36})["maturity"].outcome is Outcome.FAIL


def test_another_currency_fails_and_shows_no_amounts() -> None:
    sheet = of(GOOD, currency="NOK")
    assert sheet["currency"].outcome is Outcome.FAIL
    assert "minimum_amount" not in sheet


def narrowed(term: str, value: object) -> dict[str, Finding]:
    return of(GOOD, profile=with_terms(**{term: value}))


def test_ownership_outside_the_profile_fails() -> None:
    found = narrowed("ownerships", ["state"])["ownership"]
    assert found.outcome is Outcome.FAIL
    assert found.value == "private owners in the country"
    assert found.limit == "the state or a municipality"


def test_a_profile_may_allow_what_another_forbids_and_know_no_groups() -> None:
    assert narrowed("measures_may_expand_capacity", value=True)["expands_capacity"].limit == (
        "allowed"
    )
    assert narrowed("borrowing_types_in_group", [])["borrowing_types"].limit == "type C"


@given(
    cost=st.integers(0, 600_000),
    saving=st.integers(0, 300_000),
    delay_months=st.integers(0, 36),
    expands=st.sampled_from([True, False, None]),
    requested=st.one_of(st.none(), st.integers(0, 300_000)),
)
def test_the_offer_is_eligible_exactly_when_no_rule_fails(
    *, cost: int, saving: int, delay_months: int, expands: bool | None, requested: int | None
) -> None:
    figures = proposal(
        measure(
            cost=str(cost),
            saving=str(saving),
            implementation_months=delay_months,
            expands_capacity=expands,
        ),
        finance={"requested_amount": None if requested is None else str(requested)},
    )
    appraisal = appraised(figures)
    offer = make_offer(figures, appraisal, NEFCO)
    sheet = rule_sheet(figures, appraisal, offer, NEFCO)
    assert offer.eligible == all(found.outcome is not Outcome.FAIL for found in sheet)
    assert offer.eligible == (not offer.reasons)
    for found in sheet:
        assert (found.what_would_pass is None) == (found.outcome is Outcome.PASS)


def test_findings_come_by_subject() -> None:
    figures = proposal(measure("A", cost="3000", saving="6000"), GOOD)
    appraisal = appraised(figures)
    sheet = rule_sheet(figures, appraisal, make_offer(figures, appraisal, NEFCO), NEFCO)
    subjects = list(dict.fromkeys(found.subject for found in sheet))
    assert subjects == list(Subject)


AMOUNTS = st.sampled_from(["0", "0.01", "1000", "60000", "150000", "1000000000"])
MONTHS = st.integers(0, 36)


@st.composite
def odd_lines(draw: st.DrawFn, prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "code": f"{prefix}{number}",
            "annual_amount": draw(AMOUNTS),
            "tier": draw(st.integers(1, 4)),
            "evidence": draw(st.sampled_from(["none", "estimate", "meter"])),
            "start_month": draw(MONTHS),
            "ramp_months": draw(MONTHS),
            "growth": draw(st.sampled_from([0, 0.1, -0.5, -0.99])),
            "active_months": draw(st.sampled_from([None, [1], [6, 7, 8]])),
        }
        for number in range(draw(st.integers(0, 2)))
    ]


@st.composite
def odd_measures(draw: st.DrawFn, code: str) -> dict[str, Any]:
    kinds = st.sampled_from(["equipment", "working_capital", "replacement"])
    return measure(
        code,
        cost="1",
        saving="1",
        investment=[
            {"code": f"I{number}", "amount": draw(AMOUNTS), "month": draw(MONTHS), "kind": kind}
            for number, kind in enumerate(draw(st.lists(kinds, max_size=3)))
        ],
        savings=draw(odd_lines("S")),
        added_costs=draw(odd_lines("K")),
        life_years=draw(st.integers(1, 40)),
        implementation_months=draw(MONTHS),
        residual_value=draw(AMOUNTS),
    )


@st.composite
def odd_proposals(draw: st.DrawFn) -> Proposal:
    codes = ["M1", "M2", "M3"][: draw(st.integers(1, 3))]
    return proposal(
        *(draw(odd_measures(code)) for code in codes),
        currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "NOK"])),
        assumptions={
            "discount_rate": draw(st.sampled_from([0.1, 0, -0.5, 5])),
            "horizon_years": draw(st.integers(7, 30)),
            "timing": draw(st.sampled_from(["annual", "monthly"])),
            "inflation": draw(st.sampled_from([0, 0.05])),
        },
        finance={
            "measures": codes[: draw(st.integers(1, len(codes)))],
            "requested_amount": draw(st.sampled_from([None, "0", "60000"])),
            "own_contribution": draw(st.sampled_from([None, "0", "5000", "1000000"])),
            "requested_maturity_months": draw(st.sampled_from([None, 1, 12, 360])),
        },
    )


@given(odd_proposals())
def test_no_proposal_is_too_odd_for_the_rule_sheet(figures: Proposal) -> None:
    appraisal = appraised(figures)
    offer = make_offer(figures, appraisal, NEFCO)
    sheet = rule_sheet(figures, appraisal, offer, NEFCO)
    assert offer.eligible == all(found.outcome is not Outcome.FAIL for found in sheet)
    for found in sheet:
        assert (found.what_would_pass is None) == (found.outcome is Outcome.PASS)
        assert all((found.rule, found.value, found.limit, found.source))
