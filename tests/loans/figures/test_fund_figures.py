"""The figures of the fund: the worked check, rows that sum to each, any day, an empty fund."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.books.ledger_balances import reserved
from loans.cases.case_status import CaseStatus, LoanStatus
from loans.chart import ALLOWANCE, BORROWERS_CREDIT, CASH, LOANS, AccountKind
from loans.figures.fund_definitions import DEFINITIONS
from loans.figures.fund_figures import (
    FundFigures,
    NoSuchFigure,
    Unit,
    figure_rows,
    figures_of,
    fund_figures,
    rows_of,
)
from loans.figures.fund_rows import Behind, Rows
from loans.figures.fund_series import MOST_PERIODS, FundSeries, fund_series, periods
from loans.figures.fund_state import fund_state
from loans.fund import the_facility
from loans.own_money import record_administration, record_contribution
from loans.storage.database import Database
from tests.builders import (
    APPROVED_ON,
    FIRST_DUE_ON,
    OPENED_ON,
    PAY_OUT_ON,
    SENT_ON,
    SIGNED_ON,
    Fund,
    approved_application,
    disbursed_loan,
    open_fund,
    repay_instalments,
    submitted_application,
    written_off_loan,
)
from tests.loans.fund_states import ON, account, case, commitment, loan, moved, state, worked_check

DAY = timedelta(days=1)
WRITTEN_OFF_ON = FIRST_DUE_ON + 200 * DAY


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def figures(fund: Fund, on: date) -> FundFigures:
    with fund.database.reading() as session:
        return fund_figures(session, the_facility(session), on)


def series(fund: Fund, on: date) -> FundSeries:
    with fund.database.reading() as session:
        return fund_series(session, the_facility(session), on)


def test_the_worked_check() -> None:
    found = figures_of(worked_check()).figures
    assert found["c1"].value == 201_000_000
    assert found["c2"].value == 140_000_000
    assert found["c3"].value == 61_000_000
    assert found["c4"].value == 36_000_000
    assert found["c5"].value == 25_000_000
    assert found["c6"].value == Fraction(610, 2010)
    assert found["c7"].value == Fraction(1400, 2010)
    assert found["c7-committed"].value == Fraction(1760, 2010)
    assert found["contributions"].value == 200_000_000
    assert found["s2"].value == Fraction(201, 200)
    assert found["c11"].value == Fraction(140, 200)


def test_money_of_borrowers_is_not_lent() -> None:
    credit = account(BORROWERS_CREDIT, AccountKind.LIABILITY, -700)
    held = state(accounts=(credit,), cash_by_event=(moved("receipt", 1_000),))
    assert figures_of(held).figures["c3"].value == 300


def at_risk(rows: list[tuple[int, int]], days: int) -> Fraction | None:
    """Whole principal of loans more than ``days`` days past due over all principal."""
    whole = sum(principal for principal, _ in rows)
    late = sum(principal for principal, past_due in rows if past_due > days)
    return Fraction(late, whole) if whole else None


def test_portfolio_at_risk_counts_whole_loans() -> None:
    late = zip((400, 300, 200, 100), (0, 10, 45, 120), strict=True)
    found = state(loans=tuple(loan(n, p, days) for n, (p, days) in enumerate(late)))
    shares = figures_of(found).figures
    assert shares["par-30"].value == Fraction(3, 10)
    assert shares["par-60"].value == Fraction(1, 10)
    assert shares["par-90"].value == Fraction(1, 10)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 400)), min_size=1, max_size=12))
def test_portfolio_at_risk_agrees_with_the_rule_and_falls_with_the_days(
    rows: list[tuple[int, int]],
) -> None:
    held = state(loans=tuple(loan(n, p, days) for n, (p, days) in enumerate(rows)))
    shares = [rows_of(held, f"par-{days}").figure.value for days in (30, 60, 90)]
    assert shares == [at_risk(rows, days) for days in (30, 60, 90)]
    assert shares == sorted(shares, key=lambda share: share or 0, reverse=True)


@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 90)), max_size=6),
)
def test_the_allowance_covers_the_principal_of_loans_more_than_thirty_days_late(
    set_aside_minor: int, rows: list[tuple[int, int]]
) -> None:
    """The allowance is a credit balance, shown as an amount above zero."""
    held = state(
        accounts=(
            account(ALLOWANCE, AccountKind.ASSET, -set_aside_minor),
            account(CASH, AccountKind.ASSET, 500),
        ),
        loans=tuple(loan(n, principal, days) for n, (principal, days) in enumerate(rows)),
    )
    found = figures_of(held).figures
    late = sum(principal for principal, days in rows if days > 30)
    assert found["allowance"].value == set_aside_minor
    assert found["coverage"].value == (Fraction(set_aside_minor, late) if late else None)


def test_commitments_and_arrears_fall_into_bands_of_age() -> None:
    ages = (0, 30, 31, 90, 91, 180, 181)
    held = state(
        commitments=tuple(commitment(n, 1, age) for n, age in enumerate(ages)),
        loans=tuple(loan(n, 5_000, days) for n, days in enumerate((1, 30, 31, 181))),
    )
    found = figures_of(held)
    assert [(b.label, b.amount_minor) for b in found.commitments_by_age] == [
        ("0-30", 2),
        ("31-90", 2),
        ("91-180", 2),
        ("over 180", 1),
    ]
    assert [b.amount_minor for b in found.overdue_by_age] == [2_000, 1_000, 0, 0, 1_000]
    assert found.figures["q5"].value == 4_000


def test_thirty_nine_approved_sixteen_disbursed_ten_active_can_be_told() -> None:
    took = {"submit": 300, "complete": 290, "appraise": 270, "approve": 250}
    approved = [case(n, CaseStatus.APPROVED, took) for n in range(39)]
    refused = [case(100 + n, CaseStatus.REFUSED, {"submit": 99}) for n in range(4)]
    pending = [case(200, CaseStatus.RETURNED, {"submit": 9})]
    held = state(
        cases=(*approved, *refused, *pending),
        loans=(
            *(loan(n, 100) for n in range(9)),
            loan(9, 100, status=LoanStatus.DISBURSING),
            *(loan(10 + n, 100, status=LoanStatus.REPAID, principal_minor=0) for n in range(5)),
            loan(15, 100, status=LoanStatus.WRITTEN_OFF, principal_minor=0),
            loan(16, 100, status=LoanStatus.SIGNED, principal_minor=0, disbursed_minor=0),
        ),
    )
    found = {code: one.value for code, one in figures_of(held).figures.items()}
    assert (found["applied"], found["approved"], found["disbursed"]) == (44, 39, 16)
    assert (found["active"], found["repaid"], found["written-off"]) == (10, 5, 1)
    assert (found["refused"], found["pending"]) == (4, 1)


def test_lags_are_the_median_and_the_ninetieth_percentile() -> None:
    waited = (10, 20, 30, 40, 90)
    complete = [
        case(n, CaseStatus.COMPLETE, {"submit": 100, "complete": 100 - days})
        for n, days in enumerate(waited)
    ]
    held = state(cases=(*complete, case(9, CaseStatus.SUBMITTED, {"submit": 5})))
    lag = figures_of(held).figures["lag-complete"]
    assert lag.value == 30
    assert lag.ninetieth == 70
    assert lag.row_count == 5


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_fund_without_anything_has_zeros_and_no_shares(code: str) -> None:
    figure = figures_of(state()).figures[code]
    is_count = figure.unit in (Unit.MONEY, Unit.CASES)
    assert figure.value == (0 if is_count else None)
    assert figure.total == 0


def test_losses_beyond_the_capital_give_no_share_of_it() -> None:
    held = state(accounts=(account("5020", AccountKind.EXPENSE, 500),), loans=(loan(1, 100),))
    found = figures_of(held).figures
    assert (found["c1"].value, found["c7"].value) == (-500, None)


def test_the_write_off_ratio_is_over_the_average_of_thirteen_balances() -> None:
    held = state(
        loans=(loan(1, 100, status=LoanStatus.WRITTEN_OFF, principal_minor=0),),
        written_off_minor={"loan-1": 50},
        outstanding_minor=(100,) * 12 + (1_400,),
    )
    assert figures_of(held).figures["q7"].value == Fraction(50, 200)


def active_fund(fund: Fund) -> None:
    """Administration, a written-off loan, one that stopped after three instalments, and more."""
    with fund.act(APPROVED_ON) as (session, moment):
        record_administration(
            session,
            fund.manager,
            moment,
            purpose="Audit",
            amount_minor=12_345,
            paid_on=APPROVED_ON,
            key="audit",
        )
    written_off_loan(fund, on=WRITTEN_OFF_ON)
    repay_instalments(fund, disbursed_loan(fund), 3)
    approved_application(fund)
    submitted_application(fund)


def test_every_figure_is_the_sum_of_its_rows_and_agrees_with_the_books(fund: Fund) -> None:
    active_fund(fund)
    with fund.database.reading() as session:
        facility = the_facility(session)
        for days in (-1, 0, 30, 60, 61, 120, 199, 250, 600):
            on = FIRST_DUE_ON + timedelta(days=days)
            read = fund_state(session, facility, on)
            found = figures_of(read).figures
            assert figures_of(read) == fund_figures(session, facility, on)
            assert figure_rows(session, facility, "c4", on) == rows_of(read, "c4")
            for code, figure in found.items():
                behind = rows_of(read, code)
                assert behind.figure == figure
                assert sum(row.amount for row in behind.rows) == figure.total
            assert found["c2"].value == fund.balance(LOANS, as_of=on)
            assert found["c3"].value == fund.balance(CASH, as_of=on)
            assert found["c1"].total == found["c2"].total + found["c3"].total
            held = reserved(session, facility_id=fund.facility_id, account=CASH, as_of=on)
            assert found["c4"].value == held


def test_a_case_is_counted_from_the_day_of_each_step(fund: Fund) -> None:
    disbursed_loan(fund)
    stages = ("applied", "approved", "signed", "disbursed", "active")

    def counts(on: date) -> list[int]:
        found = figures(fund, on).figures
        return [found[code].total for code in stages]

    assert counts(SENT_ON - DAY) == [0, 0, 0, 0, 0]
    assert counts(SENT_ON) == [1, 0, 0, 0, 0]
    assert counts(APPROVED_ON) == [1, 1, 0, 0, 0]
    assert counts(SIGNED_ON) == [1, 1, 1, 0, 0]
    assert counts(PAY_OUT_ON) == [1, 1, 1, 1, 1]
    lags = figures(fund, PAY_OUT_ON).figures
    assert lags["lag-agreement-to-money"].value == (PAY_OUT_ON - APPROVED_ON).days
    assert lags["lag-whole"].value == (PAY_OUT_ON - SENT_ON).days
    assert figures(fund, SIGNED_ON).figures["lag-whole"].value is None


def test_money_is_committed_from_the_approval_to_the_pay_out(fund: Fund) -> None:
    disbursed_loan(fund)
    committed = [
        figures(fund, on).figures["c4"].value
        for on in (APPROVED_ON - DAY, APPROVED_ON, PAY_OUT_ON - DAY, PAY_OUT_ON)
    ]
    assert committed == [0, 10_800_000, 10_800_000, 0]
    (row,) = rows_behind(fund, "c4", PAY_OUT_ON - DAY)
    assert (row.behind, row.owner) == (Behind.APPLICATION, "UAB Pavyzdys Žalias")
    assert row.detail == f"Approved {(PAY_OUT_ON - DAY - APPROVED_ON).days} days before"


def rows_behind(fund: Fund, code: str, on: date) -> Rows:
    with fund.database.reading() as session:
        return figure_rows(session, the_facility(session), code, on).rows


def test_what_was_repaid_counts_from_the_first_of_january(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 10)
    whole = figures(fund, date(2026, 12, 31)).figures["repaid-this-year"].total
    assert whole == 10_800_000 - fund.balance(LOANS, as_of=date(2026, 12, 31))
    assert figures(fund, date(2027, 1, 1)).figures["repaid-this-year"].total == 0
    new_year = figures(fund, date(2027, 1, 31)).figures["repaid-this-year"].total
    assert 0 < new_year < whole


def test_a_write_off_counts_for_twelve_months(fund: Fund) -> None:
    written_off_loan(fund, on=WRITTEN_OFF_ON)
    assert figures(fund, WRITTEN_OFF_ON - DAY).figures["q7"].total == 0
    assert figures(fund, WRITTEN_OFF_ON).figures["q7"].total > 0
    year_after = WRITTEN_OFF_ON.replace(year=WRITTEN_OFF_ON.year + 1)
    assert figures(fund, year_after - DAY).figures["q7"].total > 0
    assert figures(fund, year_after).figures["q7"].total == 0


def test_an_unknown_figure_is_refused(fund: Fund) -> None:
    with fund.database.reading() as session, pytest.raises(NoSuchFigure):
        figure_rows(session, the_facility(session), "c99", ON)


def test_the_series_end_with_the_balances_of_the_day(fund: Fund) -> None:
    active_fund(fund)
    with fund.act(FIRST_DUE_ON) as (session, moment):
        record_contribution(
            session,
            fund.manager,
            moment,
            source="Donor Two",
            amount_minor=77,
            paid_on=FIRST_DUE_ON,
            key="two",
        )
    on = FIRST_DUE_ON + 40 * DAY
    found = series(fund, on)
    assert [period.label for period in found.periods] == [
        "Jan 2026",
        "Feb 2026",
        "Mar 2026",
        "Apr 2026",
        "May 2026",
    ]
    assert found.periods[-1].ends_on == on
    assert dict(found.contributions) == {
        "Donor One": (100_000_000,) * 5,
        "Donor Two": (0, 0, 0, 77, 77),
    }
    for period, lent, cash in zip(found.periods, found.outstanding, found.cash, strict=True):
        assert lent == fund.balance(LOANS, as_of=period.ends_on)
        assert cash == fund.balance(CASH, as_of=period.ends_on)


def test_before_any_money_there_is_no_series(fund: Fund) -> None:
    assert series(fund, OPENED_ON - DAY) == FundSeries((), (), (), ())


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 4_000).map(timedelta))
def test_periods_are_few_and_end_in_order_on_the_day(first: date, span: timedelta) -> None:
    as_of = first + span
    found = periods(first, as_of)
    ends = [period.ends_on for period in found]
    assert 1 <= len(found) <= MOST_PERIODS
    assert ends == sorted(set(ends))
    assert ends[-1] == as_of
    assert len({period.label for period in found}) == len(found)


def test_long_histories_are_told_by_quarters_then_years() -> None:
    assert periods(date(2021, 10, 5), date(2026, 11, 24))[0].label == "2021 Q4"
    assert periods(date(2001, 1, 1), date(2026, 11, 24))[-1].label == "2026"
    assert len(periods(date(1900, 1, 1), date(2026, 11, 24))) == MOST_PERIODS
