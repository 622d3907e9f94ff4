import re
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.amounts import MINUS
from loans.cases import applications, case_views
from loans.cases.case_views import ApplicationView
from loans.people import Actor
from loans.storage.database import Database
from tests import builders
from tests.app.visiting import boxes, errors_of, filled_in, signed_in, text_of
from tests.builders import SENT_ON, Fund, open_fund
from tests.drafts import golden_draft, golden_measure

NOT_IN_WORDS = re.compile(r"\b(nan|None|inf|undefined)\b")


@pytest.fixture
def fund(database: Database) -> Fund:
    """On both databases, where money or the state of a case moves."""
    return open_fund(database)


@pytest.fixture
def quick_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def act_address(application_id: str, act: str) -> str:
    return f"/applications/{application_id}/acts/{act}"


def do(client: TestClient, application_id: str, act: str, **answers: Any) -> Any:
    """Open the page of an act, type the answers and send it."""
    address = act_address(application_id, act)
    asked = client.get(address)
    assert asked.status_code == 200, text_of(asked.text)
    return client.post(address, data=filled_in(asked.text, address, answers))


def view_of(fund: Fund, application_id: str) -> ApplicationView:
    with fund.database.reading() as session:
        return case_views.application_view(
            session, fund.officer, application_id, on=date(2026, 11, 1)
        )


def test_from_sent_to_a_signed_loan_with_a_person_for_each_half(fund: Fund) -> None:
    application_id = builders.submitted_application(fund)
    officer = signed_in(fund.database, fund.officer)
    manager = signed_in(fund.database, fund.manager)
    case = f"/applications/{application_id}"
    for act, done in (("complete", "completed"), ("appraise", "appraised")):
        answer = do(officer, application_id, act)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{case}?done={done}")
    recommended = do(officer, application_id, "recommend", reason="Sound and short")
    assert recommended.headers["location"] == f"{case}?done=recommended"
    approval = manager.get(act_address(application_id, "approve")).text
    words = text_of(approval)
    assert "Borrower UAB Pavyzdys Žalias, LT-100200 Amount EUR 108,000.00" in words
    assert "Recommended by Officer Person" in words
    assert "Manager Person (you, the second person)" in words
    assert "Money to lend now EUR 1,000,000.00" in words
    assert f"Reserved for this loan EUR {MINUS}108,000.00" in words
    assert "Money to lend afterwards EUR 892,000.00" in words
    assert fund.available() == 100_000_000
    approved = do(manager, application_id, "approve")
    assert approved.headers["location"] == f"{case}?done=approved"
    assert fund.available() == 89_200_000
    signed = do(officer, application_id, "sign")
    assert re.fullmatch(r"/loans/[0-9a-f-]{36}\?done=signed", signed.headers["location"])
    shown = text_of(officer.get(case).text)
    assert "Loan L-2026-001" in shown
    assert "Not possible now" not in shown


def test_the_same_approval_sent_twice_reserves_once(fund: Fund) -> None:
    application_id = builders.recommended_application(fund)
    client = signed_in(fund.database, fund.manager)
    address = act_address(application_id, "approve")
    answers = boxes(client.get(address).text, address)
    first = client.post(address, data=answers)
    second = client.post(address, data=answers)
    assert first.headers["location"].endswith("?done=approved")
    assert second.headers["location"].endswith("?done=already-done")
    assert fund.available() == 89_200_000


def test_a_case_can_be_returned_sent_back_refused_and_cancelled(fund: Fund) -> None:
    officer = signed_in(fund.database, fund.officer)
    manager = signed_in(fund.database, fund.manager)
    returned = builders.submitted_application(fund)
    do(officer, returned, "return", reason="Which meter?")
    assert view_of(fund, returned).status == "returned"
    recommended = builders.recommended_application(fund)
    do(manager, recommended, "send-back", reason="Look at the cover")
    assert view_of(fund, recommended).status == "appraised"
    do(officer, recommended, "refuse", reason_code="baseline", reason="No meters")
    refused = view_of(fund, recommended)
    assert refused.status == "refused"
    assert refused.decisions[-1].reason_code == "baseline"
    approved = builders.approved_application(fund)
    cancel = text_of(manager.get(act_address(approved, "cancel")).text)
    assert "Free again EUR 108,000.00" in cancel
    do(manager, approved, "cancel", reason="The enterprise found other money")
    assert view_of(fund, approved).status == "cancelled"
    assert fund.available() == 100_000_000


def test_another_type_is_noted_and_shown_before_approval(quick_fund: Fund) -> None:
    application_id = builders.appraised_application(quick_fund)
    officer = signed_in(quick_fund.database, quick_fund.officer)
    noted = do(
        officer,
        application_id,
        "override",
        measure_code="M1",
        measure_type="B",
        reason="The bills show more",
    )
    assert noted.headers["location"].endswith("?done=overridden")
    do(officer, application_id, "recommend", reason="Sound")
    manager = signed_in(quick_fund.database, quick_fund.manager)
    words = text_of(manager.get(act_address(application_id, "approve")).text)
    assert "M1 is type C as computed; Officer Person noted type B: The bills show more" in words
    case = text_of(manager.get(f"/applications/{application_id}").text)
    assert "Another type noted: M1 from C to B" in case


def test_terms_above_the_offer_come_back_at_their_field_with_what_was_typed(
    quick_fund: Fund,
) -> None:
    application_id = builders.appraised_application(quick_fund)
    client = signed_in(quick_fund.database, quick_fund.officer)
    address = act_address(application_id, "recommend")
    offered = boxes(client.get(address).text, address)
    assert (offered["amount"], offered["maturity_months"]) == ("108000", "28")
    assert (offered["annual_rate"], offered["method"]) == ("6", "level")
    answer = do(client, application_id, "recommend", amount="108 000,01", reason="A good case")
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == ["amount"]
    again = boxes(answer.text, address)
    assert (again["amount"], again["reason"]) == ("108 000,01", "A good case")
    assert again["request_key"] != offered["request_key"]
    answer = do(client, application_id, "recommend", maturity_months="29", reason="Longer")
    assert list(errors_of(answer.text)) == ["maturity_months"]
    answer = do(client, application_id, "recommend", annual_rate="250", reason="High")
    assert list(errors_of(answer.text)) == ["annual_rate"]


@pytest.mark.parametrize(
    ("state", "act", "role", "fields"),
    [
        ("submitted", "return", "officer", ["reason"]),
        ("submitted", "refuse", "officer", ["reason_code", "reason"]),
        ("complete", "override", "officer", ["measure_code", "measure_type", "reason"]),
        ("appraised", "recommend", "officer", ["reason"]),
        ("recommended", "send-back", "manager", ["reason"]),
        ("approved", "cancel", "manager", ["reason"]),
    ],
)
def test_an_empty_form_names_every_field(
    quick_fund: Fund, state: str, act: str, role: str, fields: list[str]
) -> None:
    application_id = getattr(builders, f"{state}_application")(quick_fund)
    actor: Actor = getattr(quick_fund, role)
    answer = do(signed_in(quick_fund.database, actor), application_id, act)
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == fields
    assert "<title>Error: " in answer.text


@pytest.mark.parametrize(
    "bad", ["NaN", "Infinity", "1e400", str(2**63), "9" * 5000, "\0", "\ud800"]
)
def test_bad_input_is_a_sentence_and_never_an_echo(fund: Fund, bad: str) -> None:
    application_id = builders.appraised_application(fund)
    client = signed_in(fund.database, fund.officer)
    address = act_address(application_id, "recommend")
    answers = boxes(client.get(address).text, address)
    text = bad.encode("utf-8", "surrogatepass")
    for name in ("amount", "maturity_months", "annual_rate", "method", "reason"):
        answer = client.post(address, data={**answers, "reason": "Sound", name: text})
        assert answer.status_code in {422, 303}
        if answer.status_code == 303:
            assert name == "reason"
            break
        assert all(bad not in message for message in errors_of(answer.text).values())


def test_the_signature_shows_the_schedule_before_it_is_recorded(quick_fund: Fund) -> None:
    application_id = builders.approved_application(quick_fund)
    client = signed_in(quick_fund.database, quick_fund.officer)
    days = {
        "signed_on-day": "9",
        "signed_on-month": "February",
        "signed_on-year": "2026",
        "first_pay_out_on-day": "2",
        "first_pay_out_on-month": "3",
        "first_pay_out_on-year": "2026",
        "first_due_on-day": "2",
        "first_due_on-month": "4",
        "first_due_on-year": "2026",
    }
    shown = do(client, application_id, "sign", **days, preview="yes")
    assert shown.status_code == 200
    words = text_of(shown.text)
    assert "Instalments 28, monthly First due 2 April 2026 Last due 2 July 2028" in words
    assert view_of(quick_fund, application_id).status == "approved"
    late = do(client, application_id, "sign", **{**days, "first_due_on-month": "6"})
    assert late.status_code == 422
    assert list(errors_of(late.text)) == ["first_due_on"]
    assert boxes(late.text, act_address(application_id, "sign"))["first_due_on-month"] == "6"
    early = do(client, application_id, "sign", **{**days, "first_due_on-month": "2"}, preview="yes")
    assert list(errors_of(early.text)) == ["first_due_on"]
    unread = do(client, application_id, "sign", **{**days, "signed_on-day": "31"}, preview="yes")
    assert list(errors_of(unread.text)) == ["signed_on"]
    signed = do(client, application_id, "sign", **days)
    assert signed.headers["location"].startswith("/loans/")


def test_an_act_that_is_not_possible_says_why_and_keeps_what_was_typed(quick_fund: Fund) -> None:
    application_id = builders.appraised_application(quick_fund)
    client = signed_in(quick_fund.database, quick_fund.officer)
    address = act_address(application_id, "recommend")
    answers = filled_in(client.get(address).text, address, {"reason": "Typed in good faith"})
    with quick_fund.act(SENT_ON) as (session, moment):
        applications.return_application(
            session, quick_fund.second_officer, moment, application_id, reason="Which meter?"
        )
    late = client.post(address, data=answers)
    assert late.status_code == 409
    words = text_of(late.text)
    assert "needs an application that is appraised; this one is returned." in words
    assert "Typed in good faith" in words
    assert client.get(address).status_code == 409


def test_unknown_acts_and_cases_are_missing_and_other_roles_are_told(quick_fund: Fund) -> None:
    application_id = builders.submitted_application(quick_fund)
    officer = signed_in(quick_fund.database, quick_fund.officer)
    for act in ("nonsense", "withdraw", "send_back", "resubmit"):
        assert officer.get(act_address(application_id, act)).status_code == 404
        assert officer.post(act_address(application_id, act)).status_code == 404
    for path in ("/applications/none", "/applications/none/appraisal", "/applications/x%00y"):
        assert officer.get(path).status_code == 404
    assert officer.post(act_address("none", "complete"), data={}).status_code == 404
    barred = officer.get(act_address(application_id, "approve"))
    assert barred.status_code == 409
    assert "“Approve” is for the role manager. Your role is officer." in text_of(barred.text)
    forced = officer.post(act_address(application_id, "approve"), data={"request_key": "k"})
    assert forced.status_code == 403
    for actor in (quick_fund.enterprise, quick_fund.adviser, quick_fund.administrator):
        stranger = signed_in(quick_fund.database, actor)
        assert stranger.get(f"/applications/{application_id}").status_code == 403


def test_the_appraisal_shows_every_figure_with_its_numbers(quick_fund: Fund) -> None:
    draft = golden_draft(
        finance={"own_contribution": "12000", "own_contribution_source": "Cash flow"}
    )
    application_id = builders.appraised_application(quick_fund, draft)
    client = signed_in(quick_fund.database, quick_fund.auditor)
    words = text_of(client.get(f"/applications/{application_id}/appraisal").text)
    for expected in (
        "The fund can lend up to EUR 108,000.00 for 28 months.",
        "120,000.00 / 60,000.00 Rests on investment , net saving a year 2.00 years",
        "0 + 24.0",
        "1.20 x 24.0 = 28.8; 36, the longest",
        "rounded down 90 % x 120,000.00",
        "108,000.00, the largest part of the investment that the loan finances; 200,000.00, the ",
        "108,000.00, i = 6.0 % / 12, n = 28",
        "(400,000 - 100,000) m3 x 0.20 EUR 60,000.00",
        "the cover is 1.21 in the weakest month and 1.21 on average",
        "The largest part of the investment that the loan finances 108,000.00 Binds",
        "EUR 107,447",
        "41.0 %",
        "Profitability index 1.90",
        "Year 5 0 60,000 0 60,000 180,000 37,255 107,447",
        "Total 120,000 300,000 0 180,000 107,447",
        "When do the savings recover the investment?",
        "28 5,000.00 4,143.06 1.21",
    ):
        assert expected in words
    assert "Month 0, the first disbursement, is not discounted" in words
    assert not NOT_IN_WORDS.search(words)


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (
            (golden_measure(savings=[{"code": "R1", "annual_amount": "0.00"}]),),
            ("Not recovered", "No rate", "Nothing can be lent on these figures"),
        ),
        (
            (golden_measure(implementation_months=9),),
            ("more than 10 % apart", "9 months of interest only come first.", "9 + 24.0"),
        ),
        (
            (
                golden_measure(),
                golden_measure(
                    code="M2",
                    investment=[{"code": "I01", "amount": "10000"}],
                    added_costs=[{"code": "K1", "label": "Upkeep", "annual_amount": "500"}],
                ),
            ),
            ("M1 120,000.00 + M2 10,000.00", "B and C", "M2: K1 Upkeep (added cost)"),
        ),
        (
            (golden_measure(savings=[{"code": "R1", "annual_amount": "30000"}]),),
            ("36, the longest", "Under the target"),
        ),
    ],
)
def test_unusual_projects_are_worded_honestly(
    quick_fund: Fund, measures: tuple[dict[str, Any], ...], expected: tuple[str, ...]
) -> None:
    application_id = builders.complete_application(quick_fund, golden_draft(*measures))
    client = signed_in(quick_fund.database, quick_fund.officer)
    words = text_of(client.get(f"/applications/{application_id}/appraisal").text)
    for text in expected:
        assert text in words
    case = text_of(client.get(f"/applications/{application_id}").text)
    assert not NOT_IN_WORDS.search(words + case)


def test_the_case_shows_answers_rules_decisions_and_history(quick_fund: Fund) -> None:
    application_id = builders.recommended_application(quick_fund)
    client = signed_in(quick_fund.database, quick_fund.manager)
    words = text_of(client.get(f"/applications/{application_id}").text)
    for expected in (
        "The fund manager approves or refuses.",
        "Not possible now: Cancel the approval",
        "rules, no rules fail and",
        "Largest part of the investment that the loan finances 90 % 90 % Passes",
        "Identification J. Jonaitis Plan of identification 30 June 2026",
        "Officer Person, 2 February 2026",
        "Loan EUR 108,000.00 Maturity 28 months",
        "Sound and short",
        "Appraised 12 January 2026 2 February 2026 21",
        "Confirmed complete Sent Complete",
    ):
        assert expected in words
    assert not NOT_IN_WORDS.search(words)
