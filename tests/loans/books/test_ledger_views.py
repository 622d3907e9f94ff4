"""The trial balance as people read it: currencies stand beside each other and are never added."""

from __future__ import annotations

from dataclasses import replace

from loans.books.ledger_views import TrialBalance
from loans.chart import AccountKind
from tests.loans.fund_states import account


def test_each_currency_has_its_own_totals() -> None:
    euro = (account("1010", AccountKind.ASSET, 500), account("3001", AccountKind.EQUITY, -500))
    dollar = tuple(
        replace(row, code=f"{row.code}-2", currency="USD", balance_minor=3 * row.balance_minor)
        for row in euro
    )
    found = TrialBalance((*euro, *dollar))
    assert [(one.currency, one.debits_minor, one.credits_minor) for one in found.totals] == [
        ("EUR", 500, 500),
        ("USD", 1_500, 1_500),
    ]
    assert found.is_balanced


def test_what_one_currency_lacks_another_does_not_make_up() -> None:
    euro = account("1010", AccountKind.ASSET, 500)
    dollar = replace(account("3001", AccountKind.EQUITY, -500), currency="USD")
    assert not TrialBalance((euro, dollar)).is_balanced
