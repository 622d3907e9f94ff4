"""Proving the books from their postings: what the triggers keep is added up again from the start.

Run nightly, on demand and after a restore. Every check answers how many rows break it and names
the first, so that a person knows where to look.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from loans.books.tables import GUARDS


@dataclass(frozen=True)
class CheckResult:
    """One check: what must hold, how many rows break it, and the first of them."""

    name: str
    broken_count: int
    first_broken: str | None

    @property
    def ok(self) -> bool:
        """Whether nothing breaks it."""
        return self.broken_count == 0


@dataclass(frozen=True)
class CheckReport:
    """All checks in order, and the figures of the books that were checked."""

    results: tuple[CheckResult, ...]
    figures: dict[str, int]

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(result.ok for result in self.results)

    @property
    def first_broken(self) -> str | None:
        """What is wrong first, in words; None where all is well."""
        for result in self.results:
            if not result.ok:
                return f"{result.name}: {result.broken_count} broken, first {result.first_broken}"
        return None


# Each query answers the rows that break the rule. :facility is NULL for all facilities; the cast
# tells PostgreSQL the type of a NULL.
_HERE = "(CAST(:facility AS TEXT) IS NULL OR {0}.facility_id = CAST(:facility AS TEXT))"
_QUERIES = {
    "Debits equal credits in every entry and currency": (
        "SELECT p.entry_id FROM posting p WHERE {p} "
        "GROUP BY p.facility_id, p.entry_id, p.currency HAVING sum(p.amount_minor) <> 0"
    ),
    "Every entry has all its postings": (
        "SELECT e.id FROM journal_entry e LEFT JOIN posting p "
        "ON p.facility_id = e.facility_id AND p.entry_id = e.id WHERE {e} "
        "GROUP BY e.facility_id, e.id, e.n_postings HAVING count(p.line_no) <> e.n_postings"
    ),
    "Every posting has its entry": (
        "SELECT p.entry_id FROM posting p LEFT JOIN journal_entry e "
        "ON e.facility_id = p.facility_id AND e.id = p.entry_id "
        "AND e.effective_on = p.effective_on WHERE {p} AND e.id IS NULL"
    ),
    "Every account has its balance, equal to the sum of its postings": (
        "SELECT a.code FROM account a LEFT JOIN account_balance b "
        "ON b.facility_id = a.facility_id AND b.account_id = a.id LEFT JOIN "
        "(SELECT facility_id, account_id, "
        "sum(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS debits, "
        "sum(CASE WHEN amount_minor < 0 THEN -amount_minor ELSE 0 END) AS credits "
        "FROM posting GROUP BY facility_id, account_id) s "
        "ON s.facility_id = a.facility_id AND s.account_id = a.id WHERE {a} "
        "AND (coalesce(b.debits_minor, -1) <> coalesce(s.debits, 0) "
        "OR b.credits_minor <> coalesce(s.credits, 0))"
    ),
    "Every day's change equals the sum of its postings": (
        "SELECT d.day FROM (SELECT facility_id, account_id, day, sum(amount) AS amount FROM "
        "(SELECT facility_id, account_id, effective_on AS day, amount_minor AS amount FROM posting "
        "UNION ALL SELECT facility_id, account_id, day, -delta_minor FROM account_balance_day) m "
        "GROUP BY facility_id, account_id, day) d WHERE {d} AND d.amount <> 0"
    ),
    "What is reserved equals the open reserves": (
        "SELECT a.code FROM account_balance b JOIN account a "
        "ON a.facility_id = b.facility_id AND a.id = b.account_id WHERE {b} "
        "AND b.reserved_minor <> (SELECT coalesce(sum(h.amount_minor), 0) FROM hold h "
        "WHERE h.facility_id = b.facility_id AND h.account_id = b.account_id) "
        "- (SELECT coalesce(sum(u.amount_minor), 0) FROM hold_use u JOIN hold h "
        "ON h.facility_id = u.facility_id AND h.id = u.hold_id "
        "WHERE h.facility_id = b.facility_id AND h.account_id = b.account_id)"
    ),
    "No reserve is used beyond its amount": (
        "SELECT h.id FROM hold h JOIN hold_use u "
        "ON u.facility_id = h.facility_id AND u.hold_id = h.id WHERE {h} "
        "GROUP BY h.facility_id, h.id, h.amount_minor HAVING sum(u.amount_minor) > h.amount_minor"
    ),
    "Every use of a reserve by an entry is the entry's own": (
        "SELECT e.id FROM journal_entry e LEFT JOIN hold_use u "
        "ON u.facility_id = e.facility_id AND u.entry_id = e.id AND u.hold_id = e.hold_id "
        "AND u.amount_minor = e.hold_used_minor "
        "WHERE {e} AND e.hold_id IS NOT NULL AND u.id IS NULL"
    ),
    "The journal is numbered from 1 without a gap, each entry once": (
        "SELECT e.id FROM journal_entry e LEFT JOIN journal_number n "
        "ON n.facility_id = e.facility_id AND n.entry_id = e.id LEFT JOIN "
        "(SELECT facility_id, count(*) AS entries FROM journal_entry GROUP BY facility_id) c "
        "ON c.facility_id = e.facility_id "
        "WHERE {e} AND (n.number IS NULL OR n.number NOT BETWEEN 1 AND c.entries)"
    ),
    "No account is below its floor": (
        "SELECT a.code FROM account_balance b JOIN account a "
        "ON a.facility_id = b.facility_id AND a.id = b.account_id WHERE {b} "
        "AND b.debits_minor - b.credits_minor - b.reserved_minor < a.floor_minor"
    ),
    "No key was booked twice": (
        "SELECT e.idem_key FROM journal_entry e WHERE {e} "
        "GROUP BY e.facility_id, e.idem_key HAVING count(*) > 1"
    ),
    "No entry was reversed twice": (
        "SELECT e.reversal_of FROM journal_entry e WHERE {e} AND e.reversal_of IS NOT NULL "
        "GROUP BY e.facility_id, e.reversal_of HAVING count(*) > 1"
    ),
}

_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


def check_ledger(session: Session, facility_id: str | None = None) -> CheckReport:
    """Add up the books of one facility, or of all, and compare with what the triggers kept."""
    results = tuple(_check(session, name, query, facility_id) for name, query in _QUERIES.items())
    return CheckReport((*results, _check_guards(session)), _figures(session, facility_id))


def _check(session: Session, name: str, query: str, facility_id: str | None) -> CheckResult:
    found = session.execute(text(_for_facility(query)), {"facility": facility_id}).scalars().all()
    return CheckResult(name, len(found), str(min(found)) if found else None)


def _for_facility(query: str) -> str:
    return query.format_map({alias: _HERE.format(alias) for alias in "abdehp"})


def _check_guards(session: Session) -> CheckResult:
    present = session.execute(text(_TRIGGERS[session.get_bind().dialect.name])).scalars()
    missing = sorted(GUARDS - set(present))
    name = "The database's own guards are in place"
    return CheckResult(name, len(missing), missing[0] if missing else None)


def _figures(session: Session, facility_id: str | None) -> dict[str, int]:
    queries = {
        "entries": "SELECT count(*) FROM journal_entry e WHERE {e}",
        "postings": "SELECT count(*) FROM posting p WHERE {p}",
        "debits_minor": (
            "SELECT coalesce(sum(p.amount_minor), 0) FROM posting p WHERE {p} "
            "AND p.amount_minor > 0"
        ),
        "reserves": "SELECT count(*) FROM hold h WHERE {h}",
    }
    return {
        name: int(
            session.execute(text(_for_facility(query)), {"facility": facility_id}).scalar_one()
        )
        for name, query in queries.items()
    }
