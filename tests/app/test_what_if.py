from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from app.amounts import MINUS
from app.routes import appraisal_studies
from app.what_if import ComparedFigure, what_if
from app.what_if_form import changed_figures, sent_sheet
from appraisal.proposal import Proposal
from loans.cases.assessment import assess
from loans.draft import Draft
from loans.storage.database import Database
from tests import builders
from tests.app.appraised import NEFCO, golden, rich
from tests.app.visiting import errors_of, signed_in, text_of
from tests.appraisal.proposals import measure_document, proposal
from tests.builders import Fund, open_fund


def figures_of(**sent: str) -> dict[str, ComparedFigure]:
    proposed = golden()
    return {row.name: row for row in what_if(proposed, changed(proposed.figures, **sent)).figures}


def changed(figures: Proposal, **sent: str) -> Any:
    names = {name.replace("__", "-"): text for name, text in sent.items()}
    sheet, other = changed_figures(sent_sheet(FormData(names), figures), figures)
    assert other is not None, (sheet.head.errors, [row.errors for row in sheet.rows])
    return assess(other, NEFCO)


def errors(**sent: str) -> dict[str, str]:
    figures = golden().figures
    sheet, other = changed_figures(sent_sheet(FormData(sent), figures), figures)
    assert other is None
    return dict(sheet.head.errors)


def test_an_empty_form_is_the_project_as_proposed() -> None:
    proposed = golden()
    answer = what_if(proposed, changed(proposed.figures))
    assert answer.is_same
    assert not answer.rules
    assert {row.difference for row in answer.figures} == {""}


def test_half_the_savings_double_the_payback() -> None:
    rows = figures_of(savings="-50")
    payback = rows["Simple payback"]
    assert (payback.proposed, payback.changed, payback.difference) == (
        "2.00 years",
        "4.00 years",
        "+2.00 years",
    )
    assert rows["Net saving a year"].difference == f"{MINUS}30,000.00"
    # 30,000 x 3.790787 - 120,000 = -6,276
    assert rows["Net present value (NPV)"].changed == f"{MINUS}6,276"
    assert rows["Net present value (NPV)"].difference == f"{MINUS}113,724"


def test_a_dearer_investment_is_lent_more_until_another_rule_binds() -> None:
    rows = figures_of(investment="10")
    assert rows["Investment"].changed == "132,000.00"
    assert rows["Largest loan"].difference == "+10,800.00"
    assert rows["Longest maturity"].changed == "31 months"
    assert rows["Longest maturity"].difference == "+3 months"


def test_the_discount_rate_moves_the_worth_and_not_the_loan() -> None:
    rows = figures_of(discount_rate="0")
    assert rows["Net present value (NPV)"].changed == "180,000"
    assert rows["Largest loan"].difference == ""
    assert rows["Discounted payback"].changed == "2.00 years"


def test_inflation_and_tax_bring_their_own_rows() -> None:
    rows = figures_of(inflation="3", tax_rate="20", depreciation_years="5")
    assert rows["IRR in money of the day"].proposed == "\N{EN DASH}"
    # (1 + 0.41041) x 1.03 - 1
    assert rows["IRR in money of the day"].changed == "45.3 %"
    assert rows["NPV after tax"].changed[0].isdigit()


def test_a_single_price_moves_its_own_lines_only() -> None:
    proposed = rich()
    other = changed(proposed.figures, price__0__change="50")
    before, after = (one.figures.measures for one in (proposed, other))
    assert before[0].savings[0].unit_price == Decimal("0.20")
    assert after[0].savings[0].unit_price == Decimal("0.30")
    assert after[1].savings == before[1].savings


def test_a_delay_and_shorter_lives_cost_worth() -> None:
    proposed = golden()
    worth = proposed.appraisal.project.net_present_value
    for sent in ({"delay_months": "6"}, {"shorter_life_years": "2"}, {"added_costs": "0"}):
        moved = changed(proposed.figures, **sent).appraisal.project.net_present_value
        assert (moved < worth) is (sent != {"added_costs": "0"})


def test_rules_that_change_are_named_with_what_would_pass() -> None:
    proposed = golden()
    answer = what_if(proposed, changed(proposed.figures, savings="-95"))
    assert answer.rules
    assert any(rule.proposed[0][0] == "Passes" and rule.needed for rule in answer.rules)
    assert "can lend" in answer.sentences[1]


def test_a_project_without_a_loan_says_why() -> None:
    proposed = golden()
    answer = what_if(proposed, changed(proposed.figures, savings="-100"))
    rows = {row.name: row for row in answer.figures}
    assert rows["Largest loan"].changed == "No loan"
    assert rows["Level monthly payment"].changed == "No loan"
    assert rows["The loan is set by"].changed == "\N{EN DASH}"
    assert rows["Simple payback"].changed == "Not recovered"
    assert rows["Simple payback"].difference == "Changes"
    assert "instead of" in answer.sentences[1]
    assert len(answer.sentences) > 2


@pytest.mark.parametrize(
    ("field", "text", "part"),
    [
        ("discount_rate", "a lot", "Enter the discount rate"),
        ("investment", "-101", "too small"),
        ("horizon_years", "0", "1 year"),
        ("horizon_years", "31", "30 years"),
        ("timing", "weekly", "from the list"),
        ("delay_months", "2.5", "delay"),
        ("depreciation_years", "4", ""),
        ("price_growth", "-60", "too small"),
        ("moon", "1", "does not have"),
        ("price-9-change", "1", "no such price"),
    ],
)
def test_bad_input_is_named_at_its_field(field: str, text: str, part: str) -> None:
    found = errors(**{field: text})
    place = {"moon": "", "price-9-change": "", "depreciation_years": "tax_rate"}.get(field, field)
    assert part in found[place]
    assert text not in found[place] or text.isdigit()


def test_a_horizon_before_the_first_saving_is_refused_in_words() -> None:
    figures = rich().figures
    late = figures.measures[1].investment[2].model_copy(update={"month": 40})
    measure = figures.measures[1].model_copy(update={"investment": (late,)})
    figures = figures.model_copy(update={"measures": (figures.measures[0], measure)})
    sheet, other = changed_figures(sent_sheet(FormData({"horizon_years": "3"}), figures), figures)
    assert other is None
    assert "after the horizon of 3 years" in sheet.head.errors["horizon_years"]


TEXTS = st.one_of(
    st.text(max_size=8), st.integers(-200, 2000).map(str), st.floats().map(str), st.just("")
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "discount_rate",
                "horizon_years",
                "investment",
                "savings",
                "price_growth",
                "delay_months",
                "shorter_life_years",
                "price-0-change",
                "inflation",
                "tax_rate",
            ]
        ),
        TEXTS,
        max_size=4,
    )
)
def test_whatever_is_typed_is_answered_or_refused(sent: dict[str, str]) -> None:
    figures = golden().figures
    sheet, other = changed_figures(sent_sheet(FormData(sent), figures), figures)
    if other is None:
        assert sheet.has_errors
    else:
        assert what_if(golden(), assess(other, NEFCO)).figures


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_the_page_of_a_case_shows_both_results_and_stores_nothing(fund: Fund) -> None:
    application_id = builders.submitted_application(fund)
    client = signed_in(fund.database, fund.officer)
    address = f"/applications/{application_id}/what-if"
    opened = client.get(address)
    assert opened.status_code == 200
    assert "both columns are as proposed" in text_of(opened.text)
    moved = client.get(address, params={"savings": "-50", "discount_rate": "5"})
    words = text_of(moved.text)
    assert "Simple payback 2.00 years 4.00 years +2.00 years" in words
    assert 'value="-50"' in moved.text
    assert moved.text.count("<svg") == 1
    assert "both columns are as proposed" in text_of(client.get(address).text)


def test_bad_input_loses_nothing_and_says_what_to_enter(fund: Fund) -> None:
    application_id = builders.submitted_application(fund)
    client = signed_in(fund.database, fund.auditor)
    sent = {"savings": "-200", "investment": "12", "price-0-change": "x"}
    address = f"/applications/{application_id}/what-if"
    refused = client.get(address, params=sent)
    assert refused.status_code == 422
    assert set(errors_of(refused.text)) == {"savings", "price-0-change"}
    assert 'value="12"' in refused.text
    assert 'value="-200"' in refused.text
    as_typed = client.get(address, params=sent, headers={"HX-Request": "true"})
    assert as_typed.status_code == 200
    assert "Not worked out yet" in text_of(as_typed.text)


def test_who_proposes_tries_out_the_own_proposal_and_no_other(fund: Fund) -> None:
    proposal_id = builders.draft_proposal(fund)
    client = signed_in(fund.database, fund.enterprise)
    page = client.get(f"/proposals/{proposal_id}/what-if", params={"investment": "10"})
    assert page.status_code == 200
    assert "132,000.00" in text_of(page.text)
    assert client.get("/applications/none/what-if").status_code == 403
    other = signed_in(fund.database, fund.other_enterprise)
    assert other.get(f"/proposals/{proposal_id}/what-if").status_code == 404


def test_a_proposal_without_figures_says_what_is_needed(fund: Fund) -> None:
    client = signed_in(fund.database, fund.enterprise)
    proposal_id = builders.draft_proposal(fund, Draft())
    words = text_of(client.get(f"/proposals/{proposal_id}/what-if").text)
    assert "There is nothing to vary yet" in words


def test_a_price_that_falls_by_itself_cannot_fall_by_all() -> None:
    line = measure_document()["savings"][0] | {"growth": -0.6}
    figures = proposal(measure_document(savings=[line]))
    sheet, other = changed_figures(sent_sheet(FormData({"price_growth": "-50"}), figures), figures)
    assert other is None
    assert "Enter a smaller fall" in sheet.head.errors["price_growth"]


def test_figures_too_large_to_state_are_refused_in_words(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_: object) -> None:
        raise ValueError

    application_id = builders.submitted_application(fund)
    client = signed_in(fund.database, fund.officer)
    monkeypatch.setattr(appraisal_studies, "assess", too_large)
    refused = client.get(f"/applications/{application_id}/what-if", params={"savings": "10"})
    assert refused.status_code == 422
    assert "too large to state" in errors_of(refused.text)[""]


def test_dearer_upkeep_costs_worth() -> None:
    proposed = rich()
    other = changed(proposed.figures, added_costs="100")
    before, after = (one.figures.measures[1].added_costs[0] for one in (proposed, other))
    assert after.annual_cost == 2 * before.annual_cost
    worths = [one.appraisal.project.net_present_value for one in (proposed, other)]
    assert worths[1] < worths[0]
