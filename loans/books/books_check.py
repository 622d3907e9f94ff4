"""Proving that the books and the records of the loans tell the same story, to the minor unit.

``ledger_check`` adds up the books by themselves; here every loan, pay-out, receipt, reserve and
schedule is held against the postings that it must have left.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from loans.books.ledger_check import CheckResult, check_ledger
from loans.cases.case_status import LoanStatus
from loans.chart import ALLOWANCE, CASH_PREFIX, COMMITMENTS, LOANS
from loans.lending.loan_case import RELEASED
from loans.lending.replay_check import check_replays
from loans.servicing_kinds import DONE, ActKind


@dataclass(frozen=True)
class BooksReport:
    """Every check in order, and how much was checked."""

    results: tuple[CheckResult, ...]
    entry_count: int
    loan_count: int

    @property
    def is_sound(self) -> bool:
        """Whether every check holds."""
        return all(result.ok for result in self.results)

    @property
    def summary(self) -> str:
        """One sentence: all is well, or the first rule that is broken and where."""
        for result in self.results:
            if not result.ok:
                return (
                    f"Broken: {result.name}. {result.broken_count} records break it, "
                    f"first {result.first_broken}."
                )
        return (
            f"The books are sound: {len(self.results)} rules hold over {self.entry_count} "
            f"journal entries and {self.loan_count} loans."
        )


# Sums by loan or by reserve, which several rules use.
_SUMS = {
    "balance": (
        "(SELECT p.loan_id, sum(p.amount_minor) AS balance FROM posting p JOIN account a "
        "ON a.facility_id = p.facility_id AND a.id = p.account_id "
        "WHERE a.code = :loans GROUP BY p.loan_id)"
    ),
    "paid_out": (
        "(SELECT loan_id, sum(amount_minor) AS paid_out FROM disbursement "
        "WHERE status = :released GROUP BY loan_id)"
    ),
    "given_up": (
        "(SELECT loan_id, sum(amount_minor) AS given_up FROM servicing_act "
        "WHERE kind = :give_up_rest AND status = :done AND reversed_at IS NULL GROUP BY loan_id)"
    ),
    "reserve": (
        "(SELECT h.facility_id, h.id, h.amount_minor - coalesce(sum(u.amount_minor), 0) AS unused "
        "FROM hold h LEFT JOIN hold_use u ON u.facility_id = h.facility_id AND u.hold_id = h.id "
        "GROUP BY h.facility_id, h.id, h.amount_minor)"
    ),
    "on_cash": (
        "(SELECT coalesce(sum(p.amount_minor), 0) FROM posting p JOIN account a "
        "ON a.facility_id = p.facility_id AND a.id = p.account_id "
        "WHERE p.facility_id = l.facility_id AND p.entry_id = r.entry_id AND p.loan_id = l.id "
        "AND a.code LIKE :cash)"
    ),
}

# Each query answers the records that break the rule.
_QUERIES = {
    "Every posting that follows a loan belongs to a loan": (
        "SELECT p.entry_id FROM posting p JOIN account a "
        "ON a.facility_id = p.facility_id AND a.id = p.account_id "
        "LEFT JOIN loan l ON l.id = p.loan_id WHERE a.code = :loans AND l.id IS NULL"
    ),
    "The account of loans equals the sum over the loans": (
        "SELECT a.code FROM account a JOIN account_balance b "
        "ON b.facility_id = a.facility_id AND b.account_id = a.id WHERE a.code = :loans "
        "AND b.debits_minor - b.credits_minor <> (SELECT coalesce(sum(s.balance), 0) "
        "FROM {balance} s JOIN loan l ON l.id = s.loan_id WHERE l.facility_id = a.facility_id)"
    ),
    "No loan is paid back beyond what was paid out": (
        "SELECT l.reference FROM loan l JOIN {balance} s ON s.loan_id = l.id WHERE s.balance < 0"
    ),
    "Loans repaid, written off or not paid out owe nothing": (
        "SELECT l.reference FROM loan l JOIN {balance} s ON s.loan_id = l.id "
        "WHERE s.balance <> 0 AND l.status IN (:repaid, :written_off, :signed, :cancelled)"
    ),
    "Loans that are repaying or repaid were paid out, or given up, in full": (
        "SELECT l.reference FROM loan l LEFT JOIN {paid_out} d ON d.loan_id = l.id "
        "LEFT JOIN {given_up} g ON g.loan_id = l.id WHERE l.status IN (:repaying, :repaid) "
        "AND coalesce(d.paid_out, 0) + coalesce(g.given_up, 0) <> l.principal_minor "
        # A write-off gives the rest up, also one that payments told later made one of nothing.
        "AND NOT EXISTS (SELECT 1 FROM write_off w WHERE w.loan_id = l.id "
        "AND w.status = :released)"
    ),
    "What is reserved for each loan is what it is still to be paid": (
        "SELECT l.reference FROM loan l LEFT JOIN {paid_out} d ON d.loan_id = l.id "
        "LEFT JOIN {reserve} h ON h.id = l.hold_id "
        "WHERE coalesce(h.unused, -1) <> CASE WHEN l.status IN (:signed, :disbursing) "
        "THEN l.principal_minor - coalesce(d.paid_out, 0) ELSE 0 END"
    ),
    "The memo of commitments equals what is reserved for cases": (
        "SELECT f.code FROM facility f WHERE (SELECT coalesce(sum(p.amount_minor), 0) "
        "FROM posting p JOIN account a ON a.facility_id = p.facility_id AND a.id = p.account_id "
        "WHERE a.facility_id = f.id AND a.code = :commitments) <> "
        "(SELECT coalesce(sum(r.unused), 0) FROM {reserve} r WHERE r.facility_id = f.id "
        "AND r.id IN (SELECT hold_id FROM approval UNION SELECT hold_id FROM loan))"
    ),
    "What is reserved for a restricted contribution is what is not released of it": (
        "SELECT a.code FROM restriction r JOIN account a "
        "ON a.facility_id = r.facility_id AND a.id = r.account_id JOIN account_balance b "
        "ON b.facility_id = r.facility_id AND b.account_id = r.account_id "
        "WHERE b.credits_minor - b.debits_minor <> (SELECT coalesce(sum(x.unused), 0) "
        "FROM {reserve} x JOIN hold h ON h.facility_id = x.facility_id AND h.id = x.id "
        "WHERE h.facility_id = r.facility_id AND (h.id = r.hold_id "
        "OR (h.source_kind = 'restriction' AND h.source_id = r.entry_id)))"
    ),
    "Every pay-out released has its entry of the same amount": (
        "SELECT r.id FROM disbursement r JOIN loan l ON l.id = r.loan_id "
        "WHERE r.status = :released AND r.amount_minor <> -{on_cash}"
    ),
    "Every receipt has its entry of the same amount": (
        "SELECT r.id FROM receipt r JOIN loan l ON l.id = r.loan_id "
        "WHERE r.amount_minor <> {on_cash}"
    ),
    "A receipt is reversed exactly where its entry is": (
        "SELECT r.id FROM receipt r JOIN loan l ON l.id = r.loan_id LEFT JOIN journal_entry e "
        "ON e.facility_id = l.facility_id AND e.reversal_of = r.entry_id "
        "WHERE (r.reversed_at IS NULL) <> (e.id IS NULL)"
    ),
    "Every refund has its entry of the same amount": (
        "SELECT r.id FROM servicing_act r JOIN loan l ON l.id = r.loan_id "
        "WHERE r.kind = :refund AND r.status = :done AND r.amount_minor <> -{on_cash}"
    ),
    "An act is reversed exactly where its entry is": (
        "SELECT r.id FROM servicing_act r JOIN loan l ON l.id = r.loan_id "
        "LEFT JOIN journal_entry e ON e.facility_id = l.facility_id "
        "AND e.reversal_of = r.entry_id WHERE r.entry_id IS NOT NULL "
        "AND (r.reversed_at IS NULL) <> (e.id IS NULL)"
    ),
    "The allowance of every loan is what the last run set aside": (
        "SELECT t.loan_id FROM (SELECT p.facility_id, coalesce(p.loan_id, 'none') AS loan_id, "
        "p.amount_minor AS amount FROM posting p JOIN account a "
        "ON a.facility_id = p.facility_id AND a.id = p.account_id WHERE a.code = :allowance "
        "UNION ALL SELECT r.facility_id, l.loan_id, l.allowance_minor FROM provision_line l "
        "JOIN provision_run r ON r.id = l.run_id WHERE r.run_on = (SELECT max(q.run_on) "
        "FROM provision_run q WHERE q.facility_id = r.facility_id)) t "
        "GROUP BY t.facility_id, t.loan_id HAVING sum(t.amount) <> 0"
    ),
    "No line of the bank is matched beyond its amount": (
        "SELECT l.id FROM bank_line l JOIN bank_match m ON m.line_id = l.id "
        "LEFT JOIN bank_unmatch u ON u.match_id = m.id WHERE u.match_id IS NULL "
        "AND m.kind <> 'note' AND NOT EXISTS (SELECT 1 FROM journal_entry e "
        "WHERE e.facility_id = l.facility_id AND e.reversal_of = m.entry_id) "
        "GROUP BY l.id, l.amount_minor "
        "HAVING abs(sum(m.amount_minor)) > abs(l.amount_minor)"
    ),
    "No entry is matched to the bank beyond what it moved there": (
        "SELECT m.entry_id FROM bank_match m JOIN bank_line l ON l.id = m.line_id "
        "LEFT JOIN bank_unmatch u ON u.match_id = m.id WHERE u.match_id IS NULL "
        "AND m.kind <> 'note' GROUP BY m.entry_id, l.facility_id, l.account_code "
        "HAVING abs(sum(m.amount_minor)) > abs((SELECT coalesce(sum(p.amount_minor), 0) "
        "FROM posting p JOIN account a ON a.facility_id = p.facility_id AND a.id = p.account_id "
        "WHERE p.facility_id = l.facility_id AND p.entry_id = m.entry_id "
        "AND a.code = l.account_code))"
    ),
    "Every loan has one active schedule and one contract": (
        "SELECT l.reference FROM loan l WHERE 1 <> (SELECT count(*) FROM schedule_version v "
        "WHERE v.loan_id = l.id AND v.is_active) OR NOT EXISTS "
        "(SELECT 1 FROM contract_version c WHERE c.loan_id = l.id)"
    ),
}
_VALUES = {
    "loans": LOANS,
    "commitments": COMMITMENTS,
    "cash": f"{CASH_PREFIX}%",
    "allowance": ALLOWANCE,
    "released": RELEASED,
    "done": DONE,
    "refund": ActKind.REFUND.value,
    "give_up_rest": ActKind.GIVE_UP_REST.value,
    **{status.value: status.value for status in LoanStatus},
}


def check_books(session: Session) -> BooksReport:
    """Check the books of every facility by themselves and against the records of its loans."""
    report = check_ledger(session)
    results = tuple(_check(session, name, query) for name, query in _QUERIES.items())
    loan_count = session.execute(text("SELECT count(*) FROM loan")).scalar_one()
    return BooksReport(
        (*report.results, *results, *check_replays(session)),
        report.figures["entries"],
        int(loan_count),
    )


def _check(session: Session, name: str, query: str) -> CheckResult:
    statement = text(query.format_map(_SUMS))
    found = session.execute(statement, _VALUES).scalars().all()
    return CheckResult(name, len(found), str(min(found)) if found else None)
