"""Carrying old loans into the fund, movement by movement in the order of their days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import commitments, people
from loans.cases.case_status import LoanStatus
from loans.fund import the_facility
from loans.history import Moment
from loans.importing.old_loans import OldLoan, OldLoans, OldPayOut, OldReceipt, months_of
from loans.importing.old_terms import contract_of, profile_at_signature
from loans.importing.tables import ImportedLoan
from loans.ledger_legs import Source
from loans.lending.loan_book import Act, accrue, follow
from loans.lending.loan_case import RELEASED, REPAYMENT, write_event
from loans.lending.loan_plans import keep_contract
from loans.people import Actor
from loans.profile import Profile
from loans.servicing.receipt_book import book_receipt
from loans.storage.database import new_id
from loans.storage.requests import entry_key
from loans.subledger.contract import Contract
from loans.tables import Disbursement, Enterprise, Loan

_SIGNATURE, _PAY_OUT, _RECEIPT = range(3)


class TakingOver:
    """One import under way: its loans by reference, and the key that its entries share."""

    def __init__(
        self, session: Session, actor: Actor, moment: Moment, import_id: str, key: str
    ) -> None:
        self._session = session
        self._actor = actor
        self._moment = moment
        self._import_id = import_id
        self._key = key
        self._loans: dict[str, Loan] = {}
        self._facility = the_facility(session)

    def steps(self, old: OldLoans) -> Iterator[str]:
        """Take one movement after another; answer the reference of its loan after each.

        At the end the books of every loan are brought to today.
        """
        first_paid_on = {name: rows[0].paid_on for name, rows in old.pay_outs_of().items()}
        moves = [
            *(
                (loan.signed_on, _SIGNATURE, loan.row, partial(self._sign, loan, first_paid_on))
                for loan in old.loans
            ),
            *(
                (one.paid_on, _PAY_OUT, one.row, partial(self._pay_out, one))
                for one in old.pay_outs
            ),
            *(
                (one.received_on, _RECEIPT, one.row, partial(self._receive, one))
                for one in old.receipts
            ),
        ]
        for _, _, _, move in sorted(moves, key=lambda one: one[:3]):
            yield move()
        for loan in self._loans.values():
            accrue(self._session, self._actor, self._moment, loan, key=f"{self._key} {loan.id}")

    def _sign(self, old: OldLoan, first_paid_on: dict[str, date]) -> str:
        pay_out_on = first_paid_on.get(old.reference, old.signed_on)
        profile = profile_at_signature(self._session, self._facility, old.signed_on)
        contract = contract_of(old, pay_out_on, profile, self._facility.currency)
        loan = self._loan(old, contract, profile)
        self._session.add(loan)
        self._session.flush()
        self._session.add(
            ImportedLoan(
                loan_id=loan.id,
                import_id=self._import_id,
                title=old.project,
                row=old.row,
                stated_minor=old.outstanding_minor,
                stated_on=old.outstanding_on,
            )
        )
        signed = Moment(old.signed_on, self._moment.at)
        keep_contract(self._session, self._actor, signed, loan, contract)
        write_event(self._session, self._actor, signed, loan, "import", note=old.project)
        self._loans[old.reference] = loan
        return old.reference

    def _loan(self, old: OldLoan, contract: Contract, profile: Profile) -> Loan:
        facility = self._facility
        return Loan(
            id=new_id(),
            facility_id=facility.facility_id,
            application_id=None,
            enterprise_id=self._enterprise(old),
            reference=old.reference,
            status=LoanStatus.SIGNED,
            principal_minor=old.principal_minor,
            annual_rate=str(old.annual_rate),
            maturity_months=months_of(old),
            method=old.method.value,
            day_count=old.day_count.value,
            grace_instalments=old.grace_instalments,
            signed_on=old.signed_on,
            first_pay_out_on=contract.planned_pay_out_on,
            first_due_on=old.first_due_on,
            profile_code=profile.code,
            profile_version=profile.version,
            hold_id=self._reserve(old, facility.facility_id),
        )

    def _reserve(self, old: OldLoan, facility_id: str) -> str:
        return commitments.promise(
            self._session,
            self._actor,
            Moment(old.signed_on, self._moment.at),
            facility_id=facility_id,
            amount_minor=old.principal_minor,
            about=Source("import", self._import_id),
            key=entry_key(self._actor.user_id, f"{self._key} reserve {old.row}"),
        )

    def _enterprise(self, old: OldLoan) -> str:
        found = self._session.scalars(
            select(Enterprise.id).where(
                Enterprise.registration_number == old.registration_number,
                Enterprise.country == old.country,
            )
        ).first()
        return found or people.add_enterprise(
            self._session,
            name=old.borrower,
            registration_number=old.registration_number,
            country=old.country,
            ownership=old.ownership.value,
            sector=old.sector,
            at=self._moment.at,
        )

    def _pay_out(self, one: OldPayOut) -> str:
        loan = self._loans[one.loan]
        row = Disbursement(
            id=new_id(),
            loan_id=loan.id,
            status=RELEASED,
            amount_minor=one.amount_minor,
            pay_on=one.paid_on,
            purpose=one.purpose,
            prepared_by=self._actor.user_id,
            prepared_at=self._moment.at,
            released_at=self._moment.at,
        )
        self._session.add(row)
        memo = f"Pay-out of {loan.reference}"
        act = Act(
            "disbursement",
            one.paid_on,
            row.id,
            -one.amount_minor,
            memo,
            hold_id=loan.hold_id,
            commitment_minor=one.amount_minor,
        )
        key = f"{self._key} pay-out {one.row}"
        followed = follow(self._session, self._actor, self._moment, loan, act, key=key)
        row.entry_id = followed.entry_id
        return one.loan

    def _receive(self, one: OldReceipt) -> str:
        book_receipt(
            self._session,
            self._actor,
            self._moment,
            self._loans[one.loan],
            REPAYMENT,
            amount_minor=one.amount_minor,
            received_on=one.received_on,
            bank_reference=one.bank_reference,
            key=f"{self._key} receipt {one.row}",
        )
        return one.loan
