"""What the machine acts in: a copy of the fund, the day, and what the model knows of each loan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from loans.books.ledger import available, trial_balance
from loans.cases.case_status import LoanStatus
from loans.chart import (
    BORROWERS_CREDIT,
    CASH,
    FEES_RECEIVABLE,
    INTEREST_RECEIVABLE,
    LATE_INTEREST_RECEIVABLE,
    LOANS,
)
from loans.component import Component
from loans.history import Moment
from loans.lending.loan_book import booked_on, posted_balances
from loans.lending.loan_record import LoanRecord, record_of
from loans.lending.statement import statement
from loans.people import Actor
from loans.refusal import Refusal
from loans.storage.database import Database
from loans.storage.requests import KeyReused, Outcome, Request, carry_out
from loans.subledger.contract import Contract
from loans.subledger.events import Event, Received
from loans.subledger.state import AccountState, Target
from loans.tables import Loan
from tests.funds import at
from tests.proofs.books_fund import Template
from tests.proofs.books_model import ModelLoan

CONTROL = (
    *(LOANS, INTEREST_RECEIVABLE, LATE_INTEREST_RECEIVABLE, FEES_RECEIVABLE),
    BORROWERS_CREDIT,
)
TALLY: Counter[str] = Counter()
"""How often each act was done and refused in this process."""

Work = Callable[[Session, Moment, str], Any]


@dataclass
class Pending:
    """What waits for the second person: the act, its record and the event it will be."""

    act: str
    record_id: str
    event: Event


@dataclass
class ModelledLoan:
    """What the machine itself knows of a loan: never read from the program."""

    loan_id: str
    contract: Contract
    events: dict[str, Event] = field(default_factory=dict)
    pending: Pending | None = None
    _answered: tuple[object, ModelLoan] | None = None

    def on(self, day: date) -> ModelLoan:
        """The model on a day, to be read."""
        asked = (day, *self.events.values())
        if self._answered is None or self._answered[0] != asked:
            self._answered = asked, ModelLoan(self.contract, self.events.values(), day)
        return self._answered[1]

    @property
    def newest(self) -> date:
        """The day of the newest event."""
        return max((event.on for event in self.events.values()), default=date.min)

    def status(self, day: date) -> LoanStatus:
        """Where the loan stands by its facts."""
        loan = self.on(day)
        if loan.claim is not None:
            return LoanStatus.WRITTEN_OFF
        rest = self.contract.principal_minor - loan.disbursed - loan.given_up
        if not loan.disbursed:
            return LoanStatus.SIGNED if rest else LoanStatus.CANCELLED
        owes = loan.principal or loan.running or loan.credit or loan.owed()
        if rest:
            return LoanStatus.DISBURSING
        return LoanStatus.REPAYING if owes else LoanStatus.REPAID


@dataclass(frozen=True)
class Seen:
    """An answer about the past: what was asked, and what was answered."""

    loan_id: str
    as_of: date
    known_on: date
    answer: object


class World:
    """A database in the state of the template, and the acts of its people through the use cases."""

    def __init__(self, template: Template, database: Database) -> None:
        self.template = template
        self.database = database
        self.fund = replace(template.fund, database=database)
        self.today = date(2026, 2, 10)
        self.loans: dict[str, ModelledLoan] = {}
        self.history: list[Seen] = []
        self.latest: tuple[Request, Outcome] | None = None
        self._keys = 0
        self._stands: tuple[object, ...] | None = None
        self._checked: object = None

    def on(self, database: Database) -> World:
        """The same world on a database in the same state; what happens there is not known here."""
        world = World(self.template, database)
        world.today, world.latest, world._keys = self.today, self.latest, self._keys
        world.loans = {
            loan_id: replace(loan, events=dict(loan.events)) for loan_id, loan in self.loans.items()
        }
        return world

    @cached_property
    def actors(self) -> Mapping[str, Actor]:
        """The people by their role."""
        return {"officer": self.fund.officer, "manager": self.fund.manager}

    # Acts

    def ask(self, act: str, role: str, work: Work, **content: Any) -> Any:
        """Let a person act once; None where it was refused, and then nothing has changed."""
        self._keys += 1
        moment = at(self.today)
        request = Request(self.actors[role].user_id, f"k{self._keys}", act, content, moment.at)
        before = self.stands()

        def once(session: Session) -> Mapping[str, Any]:
            return {"answer": work(session, moment, request.key)}

        try:
            outcome = carry_out(self.database, request, once)
        except Refusal:
            assert self.fingerprint() == before, f"{act} was refused and changed something"
            TALLY[f"{act} refused"] += 1
            return None
        TALLY[act] += 1
        self._stands = None
        self.latest = request, outcome
        return outcome.answer["answer"] or True

    def ask_again(self) -> None:
        """The same key with the same content answers the same; with another it is refused."""
        if self.latest is None:
            return
        request, outcome = self.latest
        before = self.stands()
        again = carry_out(self.database, request, _never)
        assert again.is_repeat
        assert again.answer == outcome.answer
        try:
            carry_out(self.database, replace(request, content={"other": "content"}), _never)
        except KeyReused:
            pass
        else:
            message = "a key was accepted with other content"
            raise AssertionError(message)
        assert self.fingerprint() == before
        TALLY["retry"] += 1

    def stands(self) -> tuple[object, ...]:
        """The fingerprint since the last act that was done."""
        if self._stands is None:
            self._stands = self.fingerprint()
        return self._stands

    def fingerprint(self) -> tuple[object, ...]:
        """Counts and sums of everything that an act can write."""
        with self.database.reading() as session:
            return tuple(session.execute(_FINGERPRINT).one())

    # Reading

    def record(self, loan_id: str) -> LoanRecord:
        """What the program has recorded of a loan."""
        with self.database.reading() as session:
            return record_of(session, session.get_one(Loan, loan_id))

    def seen_on(self, loan_id: str, as_of: date, known_on: date) -> object:
        """The statement of a loan and the trial balance, of a day as known on a day."""
        with self.database.reading() as session:
            shown = statement(session, self.fund.auditor, loan_id, as_of=as_of, known_on=known_on)
            rows = trial_balance(
                session, facility_id=self.fund.facility_id, as_of=as_of, known_on=known_on
            )
        return shown, {row.code: row.balance_minor for row in rows if row.balance_minor}

    # What must hold

    def check(self) -> None:
        """Every invariant that is quick to see, after each step that changed something."""
        TALLY["steps"] += 1
        stands = (self.today, self.stands())
        if stands == self._checked:
            return
        self._checked = stands
        with self.database.reading() as session:
            broken = {name: session.execute(query).scalar() for name, query in _NOTHING.items()}
            assert not any(broken.values()), broken
            assert available(session, facility_id=self.fund.facility_id, account=CASH) >= 0
            for known in self.loans.values():
                self._check_loan(session, known)

    def _check_loan(self, session: Session, known: ModelledLoan) -> None:
        loan = session.get_one(Loan, known.loan_id)
        day = booked_on(session, loan) or loan.signed_on
        posted = posted_balances(session, loan)
        model = known.on(day)
        assert {
            "principal": posted[LOANS],
            "interest": posted[INTEREST_RECEIVABLE],
            "late interest": posted[LATE_INTEREST_RECEIVABLE],
            "fees and costs": posted[FEES_RECEIVABLE],
            "credit": -posted[BORROWERS_CREDIT],
        } == {
            "principal": model.principal,
            "interest": model.owed(Component.INTEREST) + model.running,
            "late interest": model.owed(Component.LATE_INTEREST),
            "fees and costs": model.owed(Component.FEES, Component.COSTS),
            "credit": model.credit,
        }, f"{loan.reference} on {day}"
        assert loan.status == known.status(max(day, known.newest, loan.signed_on))
        record = record_of(session, loan)
        _check_state(record.at(self.today))
        _check_pay_off(record, self.today)

    def remember(self, loan_id: str, days_back: int) -> None:
        """Ask about the past as it was known yesterday: nothing can be added to that any more."""
        known_on = self.today - timedelta(1)
        with self.database.reading() as session:
            loan = session.get_one(Loan, loan_id)
            as_of = max(loan.signed_on, self.today - timedelta(days_back))
            if loan.signed_on > known_on:
                return
        answer = self.seen_on(loan_id, as_of, known_on)
        self.history.append(Seen(loan_id, as_of, known_on, answer))
        TALLY["remember"] += 1

    def check_history(self) -> None:
        """What was answered about the past is answered again."""
        for seen in self.history:
            assert self.seen_on(seen.loan_id, seen.as_of, seen.known_on) == seen.answer, seen

    def pass_days(self, days: int) -> None:
        """Let the day be later."""
        self.today += timedelta(days=days)


def _never(_session: Session) -> Mapping[str, Any]:
    message = "a repeated request was carried out again"
    raise AssertionError(message)


def _check_state(state: AccountState) -> None:
    paid = sum(
        part.amount_minor
        for one in state.allocations
        for part in one.parts
        if part.component == Component.PRINCIPAL and part.target in (Target.DUE, Target.PREPAID)
    )
    assert state.principal_minor >= 0
    assert state.principal_minor == (
        state.disbursed_minor + state.capitalised_minor - paid - state.written_off.principal
    )


def _check_pay_off(record: LoanRecord, day: date) -> None:
    state = record.at(day)
    if state.written_off_on is not None or state.pay_off_minor <= 0:
        return
    money = Received(day, "~", state.pay_off_minor)
    assert LoanRecord(record.contract, (*record.events, money)).at(day).is_settled


_TABLES = (
    *("journal_entry", "posting", "receipt", "servicing_act", "disbursement", "write_off"),
    *("case_event", "schedule_version", "instalment", "contract_version", "hold_use", "period"),
)
_COUNTS = ", ".join(f"(SELECT count(*) FROM {table})" for table in _TABLES)  # noqa: S608
_FINGERPRINT = text(
    f"SELECT {_COUNTS}, "  # noqa: S608  # names of tables
    "(SELECT count(*) FROM receipt WHERE reversed_at IS NOT NULL), "
    "(SELECT count(*) FROM servicing_act WHERE reversed_at IS NOT NULL), "
    "(SELECT count(*) FROM servicing_act WHERE status = 'requested'), "
    "(SELECT count(*) FROM disbursement WHERE status = 'prepared'), "
    "(SELECT count(*) FROM write_off WHERE status = 'prepared'), "
    "(SELECT sum(debits_minor * 3 + credits_minor * 5 + reserved_minor * 7) FROM account_balance)"
)
_NOTHING = {
    "entries that do not balance": text(
        "SELECT count(*) FROM (SELECT entry_id FROM posting GROUP BY entry_id "
        "HAVING sum(amount_minor) <> 0) AS unbalanced"
    ),
    "control accounts that are not the sum over loans": text(
        "SELECT count(*) FROM account a JOIN account_balance b ON b.facility_id = a.facility_id "  # noqa: S608
        f"AND b.account_id = a.id WHERE a.code IN {CONTROL} "
        "AND b.debits_minor - b.credits_minor <> (SELECT coalesce(sum(p.amount_minor), 0) "
        "FROM posting p JOIN loan l ON l.id = p.loan_id WHERE p.account_id = a.id)"
    ),
}
