"""What the bank of the demonstration fund states, and what the fund sets aside for losses.

The bank says what the books say, but for three things that happen: a payment reaches it a day
later, it takes a fee, and it shows a payment that nobody recorded yet.
"""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.stage import Stage
from app.demo.timeline import months_before
from loans.banking import importing, matching
from loans.banking.facts import BooksEntry
from loans.banking.reading import bank_facts
from loans.banking.stated import StatedLine, StatedStatement
from loans.books.bank_accounts import bank_account
from loans.cases.case_status import LoanStatus
from loans.chart import CASH
from loans.history import Moment
from loans.people import Role
from loans.provisioning.run import run_provisions
from loans.tables import Enterprise, Loan

Step = Callable[[Session, Moment], None]

FEE_MINOR = 1_850
UNRECORDED_MINOR = 125_000
_MONTHS_STATED = 3
_RUNS = 3


def steps(stage: Stage, today: date) -> list[tuple[date, Step]]:
    """The allowance at the end of the last months, and yesterday the statements of the bank."""
    firsts = [months_before(today.replace(day=1), months) for months in reversed(range(_RUNS))]
    runs: list[tuple[date, Step]] = [(one - timedelta(days=1), _set_aside(stage)) for one in firsts]
    return [*runs, (today - timedelta(days=1), _take_in(stage))]


def _set_aside(stage: Stage) -> Step:
    def run(session: Session, moment: Moment) -> None:
        key = f"demo allowance {moment.on}"
        run_provisions(session, stage.actors[Role.MANAGER], moment, run_on=moment.on, key=key)

    return run


def _take_in(stage: Stage) -> Step:
    def take_in(session: Session, moment: Moment) -> None:
        officer = stage.actors[Role.OFFICER]
        statement = _statement(session, moment.on)
        importing.import_statements(
            session,
            officer,
            moment,
            CASH,
            statements=(statement,),
            file_hash=sha256(repr(statement).encode()).hexdigest(),
            file_name=f"statement-{moment.on:%Y-%m}.xml",
        )
        matching.accept_proposals(session, officer, moment, CASH)

    return take_in


def _statement(session: Session, last: date) -> StatedStatement:
    first = months_before(last.replace(day=1), _MONTHS_STATED)
    entries = bank_facts(session, bank_account(session, CASH)).entries
    opening = sum(one.amount_minor for one in entries if one.effective_on < first)
    shown = [one for one in entries if one.effective_on >= first]
    lines = [_line(one, position, last) for position, one in enumerate(shown)]
    lines += [
        StatedLine(last.replace(day=1), -FEE_MINOR, "FEE", "", "Account fee of the month"),
        _unrecorded(session, last),
    ]
    ordered = tuple(sorted(lines, key=lambda line: line.booked_on))
    closing = opening + sum(line.amount_minor for line in ordered)
    return StatedStatement(
        "camt.053", "LT601010012345678901", first, last, opening, closing, ordered
    )


def _line(entry: BooksEntry, position: int, last: date) -> StatedLine:
    """What the bank says of an entry; every fifth reaches it a day later."""
    on = min(last, entry.effective_on + timedelta(days=position % 5 == 0))
    words = " ".join((*entry.names, entry.memo)) or "Transfer"
    return StatedLine(on, entry.amount_minor, f"B{position:05d}", "", words[:300])


def _unrecorded(session: Session, last: date) -> StatedLine:
    """A payment on a running loan that nobody entered yet."""
    newest = select(Loan).where(Loan.status == LoanStatus.REPAYING).order_by(Loan.reference.desc())
    loan = session.scalars(newest.limit(1)).one()
    borrower = session.get_one(Enterprise, loan.enterprise_id).name
    words = f"Payment for {loan.reference}"
    return StatedLine(last, UNRECORDED_MINOR, "B99999", borrower, words)
