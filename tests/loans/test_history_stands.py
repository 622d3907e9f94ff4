"""What was answered for a value date, as known on a day, is answered again whatever came since."""

from __future__ import annotations

from datetime import date, timedelta

from loans.books import ledger
from loans.figures.fund_figures import fund_figures
from loans.figures.fund_series import fund_series
from loans.figures.portfolio import loans_at
from loans.fund import the_facility
from loans.history import Moment, record
from loans.lending.loan_list import loans
from loans.lending.loan_views import loan_view
from loans.lending.statement import statement
from loans.schedules.schedule import GraceInterest
from loans.servicing import new_terms
from loans.servicing.new_terms import Holiday
from loans.servicing.receipts import reverse_receipt
from loans.storage.database import Database, new_id
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    complete_application,
    disbursed_loan,
    open_fund,
    receive,
)

KNOWN_ON = FIRST_DUE_ON + timedelta(days=40)
LATER = KNOWN_ON + timedelta(days=10)
VALUE_DATES = (PAY_OUT_ON, FIRST_DUE_ON, FIRST_DUE_ON + timedelta(days=15), KNOWN_ON)
KNOWN_DATES = (FIRST_DUE_ON + timedelta(days=5), KNOWN_ON)


def answers(fund: Fund, loan_id: str, as_of: date, known_on: date) -> str:
    """Statement, loan, portfolio, list, trial balance and fund, every figure of each."""
    with fund.database.reading() as session:
        facility = the_facility(session)
        found = (
            statement(session, fund.auditor, loan_id, as_of=as_of, known_on=known_on),
            loan_view(session, fund.auditor, loan_id, as_of=as_of, known_on=known_on),
            loans_at(session, facility, as_of, known_on),
            loans(session, fund.auditor, on=as_of, known_on=known_on, is_past=True),
            fund_figures(session, facility, as_of, known_on),
            fund_series(session, facility, as_of, known_on),
            ledger.trial_balance(
                session, facility_id=facility.facility_id, as_of=as_of, known_on=known_on
            ),
        )
        return "\n".join(map(repr, found))


def test_backdated_receipts_and_reversals_change_no_earlier_answer(database: Database) -> None:
    fund = open_fund(database)
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, 414_382, on=FIRST_DUE_ON)
    receive(fund, loan_id, 250_000, on=FIRST_DUE_ON + timedelta(days=33))
    case_id = complete_application(fund)
    pairs = [(value, known) for value in VALUE_DATES for known in KNOWN_DATES]
    before = {pair: answers(fund, loan_id, *pair) for pair in pairs}
    newest = answers(fund, loan_id, KNOWN_ON, LATER)

    receive(fund, loan_id, 100_000, on=FIRST_DUE_ON + timedelta(days=10), entered_on=LATER)
    with fund.act(LATER) as (session, moment):
        reverse_receipt(
            session, fund.officer, moment, first.receipt_id, reason="Wrong loan", key=new_id()
        )

    with fund.act(LATER) as (session, moment):
        record(
            session,
            fund.officer,
            Moment(FIRST_DUE_ON, moment.at),
            subject=("application", case_id),
            action="appraise",
            facility_id=fund.facility_id,
            statuses=("complete", "appraised"),
        )
        asked = Holiday(2, GraceInterest.PAID)
        act_id = new_terms.request_new_terms(
            session, fund.officer, moment, loan_id, asked, reason="The plant stands still"
        )
    with fund.act(LATER) as (session, moment):
        new_terms.agree_new_terms(session, fund.manager, moment, act_id, key=new_id())

    assert {pair: answers(fund, loan_id, *pair) for pair in pairs} == before
    assert answers(fund, loan_id, KNOWN_ON, LATER) != newest
