"""What the rebuild of a loan from its events costs of the page that shows it.

Ours: a loan of 36 instalments and 36 receipts replayed, as every request about it does. The page:
the whole request for the loan, sign-in, database and template included.
"""

from datetime import date
from decimal import Decimal

from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import Method
from loans.storage.database import Database
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Received
from loans.subledger.replay import replay
from loans.subledger.state import AccountState
from tests import builders
from tests.app.visiting import signed_in
from tests.funds import open_fund
from tests.performance.ratios import Contender, hold_ratio

PAID_ON = date(2026, 1, 15)
AT_LEAST = 100 / 3
"""Less than three hundredths of the page's time."""


def test_the_rebuild_of_a_loan_against_its_page(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database)
    loan_id = builders.disbursed_loan(fund)
    builders.repay_instalments(fund, loan_id, 3)
    client = signed_in(sqlite_database, fund.officer)
    contract = Contract(
        principal_minor=10_800_000,
        annual_rate=Decimal("0.06"),
        day_count=DayCount.ACT_365_FIXED,
        method=Method.LEVEL,
        planned_pay_out_on=PAID_ON,
        due_on=due_dates(date(2026, 2, 15), 36),
    )
    events: list[Event] = [PaidOut(PAID_ON, "p", 10_800_000)]
    planned = replay(contract, events, until=PAID_ON).schedule
    events += [Received(row.due_on, f"r{row.number}", row.total_minor) for row in planned]

    def agree(ours: AccountState, theirs: str) -> None:
        assert ours.is_settled
        assert "Every version of the schedule" in theirs

    hold_ratio(
        "rebuild of 36 instalments and 36 receipts",
        Contender("ours", 1, lambda: replay(contract, events, until=planned[-1].due_on), 20),
        Contender("loan page", 1, lambda: client.get(f"/loans/{loan_id}").text),
        at_least=AT_LEAST,
        agree=agree,
    )
