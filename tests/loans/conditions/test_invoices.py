"""Invoices: entered once, paid once, carrying what is paid out; and what the borrower asks for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy.exc import IntegrityError

from loans.conditions import invoices, pay_out_requests
from loans.conditions.invoices import InvoiceKnown, InvoicePaid, InvoiceWithdrawn
from loans.conditions.pay_out_requests import RequestDecided, RequestWaits
from loans.conditions.tables import PayOutInvoice
from loans.lending.loan_case import WrongAmount
from loans.people import Actor, WrongPerson
from loans.refusal import Missing
from loans.servicing import disbursing
from loans.storage.database import Database, new_id
from tests.builders import PAY_OUT_ON, Fund, open_fund, signed_loan
from tests.loans.conditions.test_precedents import release, view_of

WHOLE = 10_800_000


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def bill(
    fund: Fund,
    loan_id: str,
    number: str,
    amount_minor: int,
    *,
    actor: Actor | None = None,
    supplier: str = "Baltic Filters",
) -> str:
    line_id = view_of(fund, loan_id).plan[0].plan_line_id
    with fund.act(PAY_OUT_ON) as (session, moment):
        return invoices.add_invoice(
            session,
            actor or fund.officer,
            moment,
            loan_id,
            number=number,
            supplier=supplier,
            invoiced_on=PAY_OUT_ON,
            amount_minor=amount_minor,
            plan_line_id=line_id,
        )


def withdraw(fund: Fund, invoice_id: str, actor: Actor | None = None) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        invoices.withdraw_invoice(
            session, actor or fund.officer, moment, invoice_id, reason="Wrong amount"
        )


def prepare(fund: Fund, loan_id: str, amount_minor: int, named: Sequence[str]) -> str:
    with fund.act(PAY_OUT_ON) as (session, moment):
        return disbursing.prepare_disbursement(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=amount_minor,
            pay_on=PAY_OUT_ON,
            purpose="Filters",
            invoice_ids=named,
        )


def send_back(fund: Fund, pay_out_id: str) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        disbursing.send_back_disbursement(
            session, fund.manager, moment, pay_out_id, reason="Another day"
        )


def ask(
    fund: Fund, loan_id: str, amount_minor: int, named: Sequence[str], actor: Actor | None = None
) -> str:
    with fund.act(PAY_OUT_ON) as (session, moment):
        return pay_out_requests.file_request(
            session,
            actor or fund.enterprise,
            moment,
            loan_id,
            amount_minor=amount_minor,
            purpose="The filters",
            invoice_ids=named,
        )


def test_a_pay_out_is_carried_by_the_financed_share_of_its_invoices(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    first, second = bill(fund, loan_id, "1", 5_000_001), bill(fund, loan_id, "2", 1_000_000)
    with pytest.raises(WrongAmount, match=r"at most EUR 45,000\.00"):
        prepare(fund, loan_id, 4_500_001, [first])
    waiting = prepare(fund, loan_id, 4_500_000, [first, first])
    release(fund, waiting)
    states = {one.number: (one.is_paid, one.is_open) for one in view_of(fund, loan_id).invoices}
    assert states == {"1": (True, False), "2": (False, True)}
    line = view_of(fund, loan_id).plan[0]
    assert (line.invoiced_minor, line.paid_minor) == (6_000_001, 5_000_001)
    assert view_of(fund, loan_id).carried_minor == 900_000
    assert second


def test_no_invoice_is_paid_twice(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    one = bill(fund, loan_id, "1", 5_000_000)
    release(fund, prepare(fund, loan_id, 1_000_000, [one]))
    with pytest.raises(InvoicePaid, match="No invoice is paid twice"):
        prepare(fund, loan_id, 1_000_000, [one])
    with pytest.raises(InvoicePaid):
        withdraw(fund, one)
    with pytest.raises(InvoiceKnown):
        bill(fund, loan_id, "1", 5_000_000, supplier="BALTIC filters")
    other = prepare(fund, loan_id, 1_000_000, [])
    with pytest.raises(IntegrityError), fund.act(PAY_OUT_ON) as (session, _):
        session.add(PayOutInvoice(disbursement_id=other, invoice_id=one))


def test_a_pay_out_sent_back_gives_its_invoices_free(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    one = bill(fund, loan_id, "1", 12_000_000)
    send_back(fund, prepare(fund, loan_id, WHOLE, [one]))
    assert [found.is_open for found in view_of(fund, loan_id).invoices] == [True]
    release(fund, prepare(fund, loan_id, WHOLE, [one]))
    assert [found.is_paid for found in view_of(fund, loan_id).invoices] == [True]


def test_a_withdrawn_invoice_stays_and_can_be_entered_anew(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    wrong = bill(fund, loan_id, "1", 12_000_001, actor=fund.enterprise)
    assert view_of(fund, loan_id).plan[0].over_plan_minor == 1
    withdraw(fund, wrong, fund.enterprise)
    with pytest.raises(InvoiceWithdrawn):
        withdraw(fund, wrong)
    with pytest.raises(InvoiceWithdrawn):
        prepare(fund, loan_id, 1, [wrong])
    bill(fund, loan_id, "1", 12_000_000)
    view = view_of(fund, loan_id)
    assert view.plan[0].over_plan_minor == 0
    assert [one.is_withdrawn for one in view.invoices] == [True, False]


def test_invoices_of_others_do_not_exist(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    one = bill(fund, loan_id, "1", 1_000_000)
    with pytest.raises(Missing):
        bill(fund, loan_id, "2", 1_000_000, actor=fund.other_enterprise)
    with pytest.raises(Missing):
        withdraw(fund, one, fund.other_enterprise)
    with pytest.raises(Missing):
        prepare(fund, loan_id, 1, [new_id()])
    for actor in (fund.manager, fund.auditor):
        with pytest.raises(WrongPerson):
            bill(fund, loan_id, "2", 1_000_000, actor=actor)


def test_a_request_of_the_borrower_is_prepared_by_the_officer(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    one = bill(fund, loan_id, "1", 12_000_000, actor=fund.enterprise)
    with pytest.raises(WrongAmount):
        ask(fund, loan_id, WHOLE + 1, [one])
    with pytest.raises(WrongPerson):
        ask(fund, loan_id, WHOLE, [one], fund.officer)
    ask(fund, loan_id, WHOLE, [one])
    with pytest.raises(RequestWaits):
        ask(fund, loan_id, 1, [])
    waiting = view_of(fund, loan_id).waiting_request
    assert waiting is not None
    assert (waiting.amount_minor, waiting.invoice_ids) == (WHOLE, (one,))
    prepare(fund, loan_id, WHOLE, [one])
    assert view_of(fund, loan_id).requests[0].status == "taken_up"


def test_a_request_is_sent_back_once_with_a_reason(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    request_id = ask(fund, loan_id, 1_000_000, [], fund.adviser)

    def back(actor: Actor) -> None:
        with fund.act(PAY_OUT_ON) as (session, moment):
            pay_out_requests.send_back_request(
                session, actor, moment, request_id, reason="Name the invoice"
            )

    with pytest.raises(WrongPerson):
        back(fund.manager)
    back(fund.officer)
    shown = view_of(fund, loan_id).requests[0]
    assert (shown.status, shown.sent_back_because) == ("sent_back", "Name the invoice")
    with pytest.raises(RequestDecided):
        back(fund.officer)
    assert ask(fund, loan_id, 1_000_000, [])
