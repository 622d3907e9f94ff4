"""Money of a loan over JSON: pay-outs, receipts, prepayments, the write-off and recoveries."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sqlalchemy.orm import Session

from app.api.acting import Act, Answer, Asked, Booked, BookedOnDay, Done, Reason, api_router
from app.api.values import (
    AccountCode,
    Day,
    Id,
    InvoiceIds,
    Label,
    PositiveAmount,
    ShortText,
    Text,
    in_minor,
)
from app.api.views import answer_of
from app.calculator_answers import major_text
from loans.books.closed_months import counts_late
from loans.fund import the_facility
from loans.people import Role
from loans.refusal import Missing
from loans.servicing import disbursing, receipts, recoveries, write_offs
from loans.servicing_kinds import SENT_BACK
from loans.subledger.events import PrepaymentChoice

router = api_router("Loans")


class DisbursementAsked(Asked):
    """A pay-out to prepare; another person releases it. ``invoice_ids`` are those that it pays.

    ``bank_account`` is the account of the fund that pays; its first one without it.
    """

    amount: PositiveAmount
    pay_on: Day
    purpose: ShortText
    invoice_ids: InvoiceIds = ()
    bank_account: AccountCode | None = None


class ReceiptAsked(Asked):
    """Money from the borrower, to ``bank_account`` or the fund's first account at a bank."""

    amount: PositiveAmount
    received_on: Day
    bank_reference: Label
    bank_account: AccountCode | None = None


class PrepaymentAsked(ReceiptAsked):
    """Money that lowers the principal once what is due is paid."""

    choice: PrepaymentChoice


class WriteOffAsked(Asked):
    """Why the loan will not be repaid; a manager who confirms leaves it out."""

    reason: Text = ""


class Prepared(Answer):
    """The pay-out that waits for its release."""

    disbursement_id: str


class PartAnswer(Answer):
    """What money paid: a component of an instalment or charge; ``credit`` waits."""

    target: str
    number: int | None
    ref: str | None
    component: str | None
    amount: str


class Received(BookedOnDay):
    """The receipt, its entry, what it paid, and the entry that books what changed behind it."""

    receipt_id: str
    rebuild_entry_id: str | None
    is_repaid: bool
    credit: str
    parts: tuple[PartAnswer, ...]


class WriteOffAnswer(Answer):
    """The request that waits for a manager, or the entry of the confirmed write-off."""

    write_off_id: str | None
    entry_id: str | None


@router.post(
    "/loans/{loan_id}/disbursements", status_code=HTTPStatus.CREATED, response_model=Prepared
)
def prepare(loan_id: Id, body: DisbursementAsked, act: Act) -> Mapping[str, Any]:
    """Prepare a pay-out."""

    def work(session: Session) -> Mapping[str, Any]:
        disbursement_id = disbursing.prepare_disbursement(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            pay_on=body.pay_on,
            purpose=body.purpose,
            invoice_ids=body.invoice_ids,
            bank_account=body.bank_account,
        )
        return {"disbursement_id": disbursement_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/disbursements/{disbursement_id}/release", response_model=Booked)
def release(loan_id: Id, disbursement_id: Id, act: Act) -> Mapping[str, Any]:
    """Release what another person prepared: the money goes out."""

    def work(session: Session) -> Mapping[str, Any]:
        if disbursing.loan_of(session, act.desk.actor, disbursement_id) != loan_id:
            raise Missing
        entry_id = disbursing.release_disbursement(
            session,
            act.desk.actor,
            act.desk.moment,
            disbursement_id,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once({"disbursement_id": disbursement_id}, work)


@router.post("/loans/{loan_id}/disbursements/{disbursement_id}/send-back", response_model=Done)
def send_back_disbursement(
    loan_id: Id, disbursement_id: Id, body: Reason, act: Act
) -> Mapping[str, Any]:
    """Send a prepared pay-out back to the officer."""
    actor, moment = act.desk.actor, act.desk.moment

    def work(session: Session) -> Mapping[str, Any]:
        if disbursing.loan_of(session, actor, disbursement_id) != loan_id:
            raise Missing
        disbursing.send_back_disbursement(
            session, actor, moment, disbursement_id, reason=body.reason
        )
        return {"act_id": disbursement_id, "status": SENT_BACK}

    return act.once({"disbursement_id": disbursement_id, "reason": body.reason}, work)


@router.post("/loans/{loan_id}/receipts", status_code=HTTPStatus.CREATED, response_model=Received)
def receive(loan_id: Id, body: ReceiptAsked, act: Act) -> Mapping[str, Any]:
    """Record money from the borrower: what is due first, the rest waits."""
    return act.once(body, lambda session: _received(session, act, loan_id, body, None))


@router.post(
    "/loans/{loan_id}/prepayments", status_code=HTTPStatus.CREATED, response_model=Received
)
def prepay(loan_id: Id, body: PrepaymentAsked, act: Act) -> Mapping[str, Any]:
    """Record money that lowers the principal before it is due."""
    return act.once(body, lambda session: _received(session, act, loan_id, body, body.choice))


def _received(
    session: Session,
    act: Act,
    loan_id: str,
    body: ReceiptAsked,
    prepays: PrepaymentChoice | None,
) -> Mapping[str, Any]:
    currency = the_facility(session).currency
    done = receipts.record_receipt(
        session,
        act.desk.actor,
        act.desk.moment,
        loan_id,
        amount_minor=in_minor(body.amount, currency),
        received_on=body.received_on,
        bank_reference=body.bank_reference,
        bank_account=body.bank_account,
        key=act.key,
        prepays=prepays,
    )
    shown = {**answer_of(done, currency), "notice": _notice(session, act, body, "the receipt")}
    shown["parts"] = [
        {**part._asdict(), "amount": major_text(part.amount_minor, currency)} for part in done.parts
    ]
    for part in shown["parts"]:
        del part["amount_minor"]
    return shown


def _notice(session: Session, act: Act, body: ReceiptAsked, what: str) -> str | None:
    facility_id = the_facility(session).facility_id
    return counts_late(session, facility_id, body.received_on, act.desk.moment, what=what)


@router.post("/loans/{loan_id}/write-off", response_model=WriteOffAnswer)
def write_off(loan_id: Id, body: WriteOffAsked, act: Act) -> Mapping[str, Any]:
    """An officer asks for what is owed to be given up; a manager confirms it."""
    actor, moment = act.desk.actor, act.desk.moment

    def work(session: Session) -> Mapping[str, Any]:
        if actor.role is Role.OFFICER:
            write_off_id = write_offs.request_write_off(
                session, actor, moment, loan_id, reason=body.reason
            )
            return {"write_off_id": write_off_id, "entry_id": None}
        entry_id = write_offs.confirm_write_off(session, actor, moment, loan_id, key=act.key)
        return {"write_off_id": None, "entry_id": entry_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/write-off/send-back", response_model=Done)
def send_back_write_off(loan_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Send a requested write-off back to the officer."""

    def work(session: Session) -> Mapping[str, Any]:
        write_offs.send_back_write_off(
            session, act.desk.actor, act.desk.moment, loan_id, reason=body.reason
        )
        return {"act_id": loan_id, "status": SENT_BACK}

    return act.once(body, work)


@router.post(
    "/loans/{loan_id}/recoveries", status_code=HTTPStatus.CREATED, response_model=BookedOnDay
)
def recover(loan_id: Id, body: ReceiptAsked, act: Act) -> Mapping[str, Any]:
    """Record money that came after the write-off."""

    def work(session: Session) -> Mapping[str, Any]:
        entry_id = recoveries.record_recovery(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            amount_minor=in_minor(body.amount, the_facility(session).currency),
            received_on=body.received_on,
            bank_reference=body.bank_reference,
            bank_account=body.bank_account,
            key=act.key,
        )
        return {"entry_id": entry_id, "notice": _notice(session, act, body, "the recovery")}

    return act.once(body, work)
