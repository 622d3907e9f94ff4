"""What is posted for loans: the sum on each account that follows a loan, and up to which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from loans.books.tables import AccountRow, posting
from loans.subledger.balances import FOLLOWED


@dataclass(frozen=True)
class Posted:
    """The postings of one loan: minor units by account, and their newest value date.

    The books of the loan are brought to that day; None where nothing is posted.
    """

    balances: Mapping[str, int]
    brought_to: date | None


NOTHING_POSTED = Posted(dict.fromkeys(FOLLOWED, 0), None)


# Built once: every act on a loan asks it.
_OF_ALL = (
    select(
        posting.c.loan_id,
        AccountRow.code,
        func.sum(posting.c.amount_minor),
        func.max(posting.c.effective_on),
    )
    .join(
        AccountRow,
        and_(
            AccountRow.facility_id == posting.c.facility_id,
            AccountRow.id == posting.c.account_id,
        ),
    )
    .where(
        posting.c.facility_id == bindparam("facility_id"),
        posting.c.loan_id.is_not(None),
        # What is set aside for a loan is no part of its books.
        AccountRow.code.in_(FOLLOWED),
    )
    .group_by(posting.c.loan_id, AccountRow.code)
)
_OF_SOME = _OF_ALL.where(posting.c.loan_id.in_(bindparam("loan_ids", expanding=True)))


def posted_of(
    session: Session, facility_id: str, loan_ids: Sequence[str] | None = None
) -> Mapping[str, Posted]:
    """What is posted for some loans of a facility, or for all, in one query.

    A loan without postings is left out.
    """
    if loan_ids is None:
        rows = session.execute(_OF_ALL, {"facility_id": facility_id})
    else:
        rows = session.execute(_OF_SOME, {"facility_id": facility_id, "loan_ids": loan_ids})
    sums: dict[str, dict[str, int]] = {}
    newest: dict[str, date] = {}
    for loan_id, code, total, last_on in rows:
        sums.setdefault(loan_id, dict.fromkeys(FOLLOWED, 0))[code] = int(total)
        newest[loan_id] = max(newest.get(loan_id, last_on), last_on)
    return {loan_id: Posted(found, newest[loan_id]) for loan_id, found in sums.items()}
