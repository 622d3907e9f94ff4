"""Every way past the rules of the books that we know of, tried by direct SQL on both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.ledger_check import check_ledger
from loans.books.tables import (
    APPEND_ONLY,
    AccountRow,
    hold,
    hold_use,
    journal_entry,
    journal_number,
    posting,
)
from loans.chart import CASH, LOANS, Account, AccountKind
from loans.ledger_legs import credit, debit
from loans.storage.database import new_id
from loans.storage.migrate import migrating_engine
from loans.storage.postgresql_engine import grant_application_role
from tests.loans.facilities import ACTOR, DONOR, MORNING, Books, open_books

DOLLARS = "1011"


@dataclass(frozen=True)
class Target:
    """Books with one entry, one reversed entry, one reserve and a closed month, to be attacked."""

    books: Books
    entry_id: str
    reversed_id: str
    hold_id: str
    accounts: dict[str, str]
    foreign_account: str

    def line(
        self, entry_id: str, line_no: int, amount_minor: int, **changes: Any
    ) -> dict[str, Any]:
        return {
            "facility_id": self.books.facility_id,
            "entry_id": entry_id,
            "line_no": line_no,
            "n_postings": 2,
            "account_id": self.accounts[CASH if amount_minor < 0 else LOANS],
            "currency": "EUR",
            "amount_minor": amount_minor,
            "loan_id": None,
            "effective_on": MORNING.date(),
        } | changes

    def header(self, entry_id: str, **changes: Any) -> dict[str, Any]:
        return {
            "facility_id": self.books.facility_id,
            "id": entry_id,
            "event": "attack",
            "effective_on": MORNING.date(),
            "booked_at": MORNING,
            "actor_id": ACTOR,
            "idem_key": entry_id,
            "reversal_of": None,
            "n_postings": 2,
            "hold_id": None,
            "hold_used_minor": None,
            "memo": "",
            "source_kind": None,
            "source_id": None,
        } | changes

    def enter(self, connection: Connection, amounts: tuple[int, ...], **changes: Any) -> None:
        """An entry past ``ledger.post``, of these amounts on the default accounts."""
        entry_id = new_id()
        count = changes.get("n_postings", len(amounts))
        lines = [
            self.line(entry_id, number, amount, n_postings=count)
            for number, amount in enumerate(amounts, start=1)
        ]
        connection.execute(insert(posting), lines)
        connection.execute(
            insert(journal_entry), self.header(entry_id, **({"n_postings": count} | changes))
        )

    def use(self, connection: Connection, amount_minor: int, entry_id: str | None) -> None:
        row = {
            "facility_id": self.books.facility_id,
            "id": new_id(),
            "hold_id": self.hold_id,
            "entry_id": entry_id,
            "amount_minor": amount_minor,
            "effective_on": MORNING.date(),
            "booked_at": MORNING,
            "actor_id": ACTOR,
        }
        connection.execute(insert(hold_use), row)

    def number(
        self, connection: Connection, number: int, entry_id: str, previous: int | None
    ) -> None:
        row = {
            "facility_id": self.books.facility_id,
            "number": number,
            "previous": previous,
            "entry_id": entry_id,
        }
        connection.execute(insert(journal_number), row)

    def keep_back(
        self, connection: Connection, amount_minor: int, leniency: str = "", month: int = 3
    ) -> None:
        row = {
            "facility_id": self.books.facility_id,
            "id": new_id(),
            "account_id": self.accounts[CASH],
            "amount_minor": amount_minor,
            "effective_on": MORNING.date(),
            "booked_at": MORNING.replace(month=month),
            "actor_id": ACTOR,
            "idem_key": new_id(),
            "memo": "",
            "source_kind": None,
            "source_id": None,
        }
        statement = insert(hold).prefix_with(leniency) if leniency else insert(hold)
        connection.execute(statement, row)


@pytest.fixture
def target(books: Books) -> Target:
    """Cash 1,000.00, of which 300.00 is reserved and 200.00 of that used."""
    books.pay_in(100_000)
    entry_id = books.pay_in(500)
    books.reverse(entry_id)
    hold_id = books.reserve(30_000)
    paid = books.pay_out(20_000, hold_id=hold_id)
    with books.database.writing() as session:
        dollars = Account(DOLLARS, "Dollars", AccountKind.ASSET)
        ledger.open_account(session, facility_id=books.facility_id, account=dollars, currency="USD")
    other = open_books(books.database, "other")
    books.close("2026-02")
    with books.database.reading() as session:
        rows = session.execute(select(AccountRow.facility_id, AccountRow.code, AccountRow.id))
        by_code = {(facility, code): account_id for facility, code, account_id in rows}
    accounts = {code: key for (owner, code), key in by_code.items() if owner == books.facility_id}
    return Target(books, paid, entry_id, hold_id, accounts, by_code[other.facility_id, CASH])


Attack = Callable[[Connection, Target], object]


def _two_currencies(connection: Connection, target: Target) -> None:
    entry_id = new_id()
    dollars = {"account_id": target.accounts[DOLLARS], "currency": "USD"}
    lines = [target.line(entry_id, 1, 100, **dollars), target.line(entry_id, 2, -100)]
    connection.execute(insert(posting), lines)
    connection.execute(insert(journal_entry), target.header(entry_id))


def _line_added(connection: Connection, target: Target) -> None:
    connection.execute(insert(posting), target.line(target.entry_id, 3, 100))


def _pair_added(connection: Connection, target: Target) -> None:
    lines = [
        target.line(target.entry_id, number, amount, n_postings=4)
        for number, amount in ((3, 100), (4, -100))
    ]
    connection.execute(insert(posting), lines)


def _orphans(connection: Connection, target: Target) -> None:
    entry_id = new_id()
    connection.execute(
        insert(posting), [target.line(entry_id, 1, 100), target.line(entry_id, 2, -100)]
    )


def _other_account(connection: Connection, target: Target, **changes: str) -> None:
    entry_id = new_id()
    lines = [target.line(entry_id, 1, 100, **changes), target.line(entry_id, 2, -100, **changes)]
    connection.execute(insert(posting), lines)
    connection.execute(insert(journal_entry), target.header(entry_id))


def _other_day(connection: Connection, target: Target) -> None:
    entry_id = new_id()
    day = MORNING.date().replace(day=1)
    lines = [
        target.line(entry_id, 1, 100, effective_on=day),
        target.line(entry_id, 2, -100, effective_on=day),
    ]
    connection.execute(insert(posting), lines)
    connection.execute(insert(journal_entry), target.header(entry_id))


def _no_facility(connection: Connection, target: Target) -> None:
    """Its number and the entry name no facility by themselves: the postings' accounts do."""
    target.enter(connection, (100, -100), facility_id=new_id())


def _no_facility_at_all(connection: Connection, target: Target) -> None:
    entry_id, nowhere = new_id(), new_id()
    lines = [
        target.line(entry_id, number, amount, facility_id=nowhere)
        for number, amount in ((1, 100), (2, -100))
    ]
    connection.execute(insert(posting), lines)
    connection.execute(insert(journal_entry), target.header(entry_id, facility_id=nowhere))


def _run(statement: str) -> Attack:
    return lambda connection, _target: connection.exec_driver_sql(statement)


def _same_key(connection: Connection, target: Target) -> None:
    for _ in range(2):
        target.enter(connection, (100, -100), idem_key="k")


def _reversed_again(connection: Connection, target: Target) -> None:
    target.enter(connection, (100, -100), reversal_of=target.reversed_id)


def _released_in_a_closed_month(connection: Connection, target: Target) -> None:
    row = {
        "facility_id": target.books.facility_id,
        "id": new_id(),
        "hold_id": target.hold_id,
        "entry_id": None,
        "amount_minor": 1,
        "effective_on": MORNING.date(),
        "booked_at": MORNING.replace(month=2),
        "actor_id": ACTOR,
    }
    connection.execute(insert(hold_use), row)


def _unnumbered(connection: Connection, target: Target) -> str:
    """A sound entry of this transaction, which has no number yet where a commit gives it."""
    entry_id = new_id()
    lines = [target.line(entry_id, 1, 100), target.line(entry_id, 2, -100)]
    connection.execute(insert(posting), lines)
    connection.execute(insert(journal_entry), target.header(entry_id))
    return entry_id


ATTACKS: dict[str, Attack] = {
    "unbalanced": lambda c, t: t.enter(c, (100, -99)),
    "balanced only across two currencies": _two_currencies,
    "one posting": lambda c, t: t.enter(c, (100,)),
    "no postings": lambda c, t: c.execute(insert(journal_entry), t.header(new_id())),
    "fewer postings than declared": lambda c, t: t.enter(c, (100, -100), n_postings=3),
    "posting added to an entry": _line_added,
    "balanced pair added to an entry": _pair_added,
    "postings without an entry": _orphans,
    "amount of nothing": lambda c, t: t.enter(c, (100, -100, 0)),
    "amount beyond the largest": _run(
        "INSERT INTO posting SELECT facility_id, 'x', line_no, n_postings, account_id, currency, "
        "amount_minor * 1000000000, loan_id, effective_on FROM posting"
    ),
    "text for an amount": _run(
        "INSERT INTO posting SELECT facility_id, 'x', line_no, n_postings, account_id, currency, "
        "'12abc', loan_id, effective_on FROM posting"
    ),
    "same key twice": _same_key,
    "empty key": lambda c, t: t.enter(c, (100, -100), idem_key=""),
    "reversed twice": _reversed_again,
    "closed month": lambda c, t: t.enter(c, (100, -100), booked_at=MORNING.replace(month=2)),
    "month before a closed one": lambda c, t: t.enter(
        c, (100, -100), booked_at=MORNING.replace(month=1)
    ),
    "cash overdrawn": lambda c, t: t.enter(c, (80_001, -80_001)),
    "reserved cash spent": lambda c, t: t.enter(c, (70_001, -70_001)),
    "currency that the account has not": lambda c, t: _other_account(c, t, currency="USD"),
    "account of another facility": lambda c, t: _other_account(c, t, account_id=t.foreign_account),
    "entry of a facility that is not there": _no_facility,
    "postings and entry of a facility that is not there": _no_facility_at_all,
    "postings with another value date": _other_day,
    "reserve beyond what is available": lambda c, t: t.keep_back(c, 70_001),
    "reserve of nothing": lambda c, t: t.keep_back(c, 0),
    "reserve used without an entry": lambda c, t: t.use(c, 100, new_id()),
    "reserve used with an old entry": lambda c, t: t.use(c, 100, t.reversed_id),
    "reserve used twice with one entry": lambda c, t: t.use(c, 20_000, t.entry_id),
    "reserve released beyond its rest": lambda c, t: t.use(c, 10_001, None),
    "reserve used beyond its rest": lambda c, t: t.enter(
        c, (10_001, -10_001), hold_id=t.hold_id, hold_used_minor=10_001
    ),
    "reserve used beyond what is paid": lambda c, t: t.enter(
        c, (100, -100), hold_id=t.hold_id, hold_used_minor=101
    ),
    "reserve made in a closed month": lambda c, t: t.keep_back(c, 1, month=2),
    "reserve released in a closed month": _released_in_a_closed_month,
    "entry numbered twice": lambda c, t: t.number(c, 5, t.entry_id, 4),
    "number given twice": lambda c, t: t.number(c, 4, _unnumbered(c, t), 3),
    "number after a gap": lambda c, t: t.number(c, 9, _unnumbered(c, t), 8),
    "number that stands on another": lambda c, t: t.number(c, 9, _unnumbered(c, t), 4),
    "number that stands on none": lambda c, t: t.number(c, 9, _unnumbered(c, t), None),
    "number nought": lambda c, t: t.number(c, 0, _unnumbered(c, t), None),
    "number of no entry": lambda c, t: t.number(c, 5, new_id(), 4),
    "number of an entry that gets its own": lambda c, t: t.number(c, 5, _unnumbered(c, t), 4),
    "reserve without an amount": lambda c, t: t.enter(c, (100, -100), hold_id=t.hold_id),
    **{
        f"change of {table}": _run(f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - fixed names
        for table, column in (
            ("account", "name"),
            ("journal_entry", "memo"),
            ("journal_number", "number"),
            ("posting", "amount_minor"),
            ("period", "month"),
            ("hold", "amount_minor"),
            ("hold_use", "amount_minor"),
        )
    },
    **{
        f"removal from {table}": _run(f"DELETE FROM {table}")  # noqa: S608 - fixed names
        for table in APPEND_ONLY
    },
}

ATTACKS_ON_SQLITE: dict[str, Attack] = {
    "part of a cent": _run(
        "INSERT INTO posting SELECT facility_id, 'x', line_no, n_postings, account_id, currency, "
        "1.5, loan_id, effective_on FROM posting"
    ),
    "posting replaced": _run("INSERT OR REPLACE INTO posting SELECT * FROM posting"),
    "entry replaced": _run("INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry"),
    "overdrawn with leniency": lambda c, t: [
        c.execute(insert(posting), [t.line("x" * 36, 1, 80_001), t.line("x" * 36, 2, -80_001)]),
        c.execute(insert(journal_entry).prefix_with("OR IGNORE"), t.header("x" * 36)),
    ],
    "reserve beyond what is available with leniency": lambda c, t: t.keep_back(
        c, 70_001, "OR IGNORE"
    ),
    "reserve overused with leniency": lambda c, t: [
        c.execute(insert(posting), [t.line("x" * 36, 1, 10_001), t.line("x" * 36, 2, -10_001)]),
        c.execute(
            insert(journal_entry).prefix_with("OR IGNORE"),
            t.header("x" * 36, hold_id=t.hold_id, hold_used_minor=10_001),
        ),
    ],
}

ATTACKS_ON_POSTGRESQL: dict[str, Attack] = {
    f"emptying of {table}": _run(f"TRUNCATE {table} CASCADE") for table in APPEND_ONLY
}

PAST_THE_TRIGGERS: dict[str, str] = {
    "change of a balance": "UPDATE account_balance SET debits_minor = 9 WHERE credits_minor = 0",
    "removal of a balance": "DELETE FROM account_balance",
    "change of a day": "UPDATE account_balance_day SET delta_minor = 9",
    "removal of a table": "DROP TABLE posting",
}
PAST_THE_TRIGGERS_ON_SQLITE = PAST_THE_TRIGGERS | {
    "removal of a guard": "DROP TRIGGER posting_no_update",
    "guard of one's own": "CREATE TEMP TRIGGER t BEFORE INSERT ON posting BEGIN SELECT 1; END",
    "number entered": "INSERT INTO journal_number SELECT * FROM journal_number",
    "other database": "ATTACH DATABASE ':memory:' AS other",
    "foreign keys off": "PRAGMA foreign_keys = off",
    "triggers off": "PRAGMA recursive_triggers = off",
    "schema made writable": "PRAGMA writable_schema = on",
    "schema written": "DELETE FROM sqlite_master",
    "balance from a view": "CREATE VIEW v AS SELECT 1",
}
PAST_THE_TRIGGERS_ON_POSTGRESQL = PAST_THE_TRIGGERS | {
    "removal of a guard": "DROP TRIGGER posting_no_update ON posting",
    "guards off": "ALTER TABLE posting DISABLE TRIGGER ALL",
    "guards off as a replica": "SET session_replication_role = replica",
    "number entered": "INSERT INTO journal_number SELECT * FROM journal_number",
    "balance entered": "INSERT INTO account_balance SELECT * FROM account_balance",
    "guard replaced": "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger "
    "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
}


def _refused(engine: Engine, attack: Attack, target: Target) -> None:
    books = target.books
    before = books.balances()
    available = books.available()
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        attack(connection, target)
    assert _is_refusal(caught.value), str(caught.value)
    assert books.balances() == before
    assert books.available() == available
    with books.database.reading() as session:
        assert check_ledger(session).ok


def _is_refusal(error: DBAPIError) -> bool:
    """Refused by a rule or for want of rights, not because the statement makes no sense."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith("23") or state in {"22P02", "42501"}
    words = ("not authorized", "may not be modified")
    return isinstance(error, IntegrityError) or str(error.orig).endswith(words)


def _attacks_for(dialect: str) -> dict[str, Attack]:
    own = ATTACKS_ON_SQLITE if dialect == "sqlite" else ATTACKS_ON_POSTGRESQL
    return ATTACKS | own


def test_the_program_cannot_break_the_books(target: Target, subtests: pytest.Subtests) -> None:
    database = target.books.database
    for name, attack in _attacks_for(database.dialect).items():
        with subtests.test(name):
            _refused(database.engine, attack, target)


def test_the_owner_cannot_break_the_books_while_the_guards_stand(
    target: Target, database_url: str, subtests: pytest.Subtests
) -> None:
    engine = migrating_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _switch_rules_on)
    for name, attack in _attacks_for(engine.dialect.name).items():
        with subtests.test(name):
            _refused(engine, attack, target)
    engine.dispose()


def _switch_rules_on(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = on")
    connection.execute("PRAGMA recursive_triggers = on")


@contextmanager
def _application_role(engine: Engine) -> Iterator[str]:
    role = f"application_{new_id()[-12:]}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role}")
        grant_application_role(connection, role)
    yield role
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")


def test_the_program_cannot_get_past_the_guards(target: Target, subtests: pytest.Subtests) -> None:
    database = target.books.database
    if database.dialect == "sqlite":
        for name, statement in PAST_THE_TRIGGERS_ON_SQLITE.items():
            with subtests.test(name):
                _refused(database.engine, _run(statement), target)
        return
    with _application_role(database.engine) as role:
        for name, statement in PAST_THE_TRIGGERS_ON_POSTGRESQL.items():
            with subtests.test(name):
                _refused(database.engine, _as_role(role, _run(statement)), target)
        _as_role_the_books_work(database.engine, role, target)


def _as_role(role: str, attack: Attack) -> Attack:
    def attacked(connection: Connection, target: Target) -> None:
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
        attack(connection, target)

    return attacked


def _as_role_the_books_work(engine: Engine, role: str, target: Target) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
        target.enter(connection, (100, -100))
        connection.execute(text("SELECT lock_journal()"))
        legs = (debit(LOANS, 30), credit(CASH, 30))
        target.books.post(Session(connection), legs)
    assert target.books.balances()[LOANS] == 20_130
    assert target.books.balances()[DONOR] == -100_000
