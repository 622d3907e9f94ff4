"""The rows of a file of old loans as the fund takes them: amounts in minor units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.countries import is_country
from app.imports.old_loan_file import OldLoanFile, Read
from app.imports.old_loan_rows import OldLoanRow
from appraisal.money import MoneyError, to_minor
from loans.importing.old_loans import OldLoan, OldLoans, OldPayOut, OldReceipt, RowProblem


def old_loans_of(file: OldLoanFile, currency: str) -> tuple[OldLoans, tuple[RowProblem, ...]]:
    """What can be taken over, and every row that cannot be read."""
    amounts = _Amounts(currency)
    old = OldLoans(
        loans=tuple(_loan(one, amounts) for one in file.loans),
        pay_outs=tuple(
            OldPayOut(
                one.number,
                one.row.loan,
                one.row.paid_on,
                amounts.minor("pay_outs", one.number, one.row.amount),
                one.row.purpose,
            )
            for one in file.pay_outs
        ),
        receipts=tuple(
            OldReceipt(
                one.number,
                one.row.loan,
                one.row.received_on,
                amounts.minor("receipts", one.number, one.row.amount),
                one.row.bank_reference,
            )
            for one in file.receipts
        ),
    )
    nowhere = (
        RowProblem(
            "loans",
            one.number,
            "country",
            f"There is no country {one.row.country}. Enter two letters, such as LT.",
        )
        for one in file.loans
        if not is_country(one.row.country)
    )
    unread = tuple(
        RowProblem(row.table, row.number, column, message)
        for row in file.report
        for column, message in row.problems
    )
    return old, (*unread, *nowhere, *amounts.problems)


class _Amounts:
    """Amounts in minor units; one with too many decimals is a problem of its row."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._found: list[RowProblem] = []

    @property
    def problems(self) -> Sequence[RowProblem]:
        """What was wrong so far."""
        return self._found

    def minor(self, table: str, row: int, amount: Decimal, column: str = "amount") -> int:
        """The amount; 1 where it cannot be one, which is reported."""
        try:
            return to_minor(amount, self._currency)
        except MoneyError as error:
            self._found.append(RowProblem(table, row, column, str(error)))
            return 1


def _loan(one: Read[OldLoanRow], amounts: _Amounts) -> OldLoan:
    row, number = one.row, one.number
    stated = row.outstanding
    return OldLoan(
        row=number,
        reference=row.reference,
        borrower=row.borrower,
        registration_number=row.registration_number,
        country=row.country,
        ownership=row.ownership,
        sector=row.sector,
        project=row.project,
        principal_minor=amounts.minor("loans", number, row.principal, "principal"),
        annual_rate=row.annual_rate,
        method=row.method,
        day_count=row.day_count,
        signed_on=row.signed_on,
        first_due_on=row.first_due_on,
        instalments=row.instalments,
        months_between=row.months_between,
        grace_instalments=row.grace_instalments,
        outstanding_minor=None
        if stated is None
        else amounts.minor("loans", number, stated, "outstanding"),
        outstanding_on=row.outstanding_on,
        late_interest_margin=row.late_interest_margin or Decimal(0),
    )
