import pytest

from loans.chart import (
    CASH,
    AccountKind,
    TooManySources,
    contribution_account,
    contribution_code,
    opening_chart,
)


def test_codes_are_given_once_and_only_cash_has_a_floor() -> None:
    chart = opening_chart()
    assert len({account.code for account in chart}) == len(chart)
    assert [account.code for account in chart if account.floor_minor is not None] == [CASH]


@pytest.mark.parametrize("kind", list(AccountKind))
def test_what_is_owed_or_earned_is_shown_positive(kind: AccountKind) -> None:
    is_credit_kind = kind in {AccountKind.LIABILITY, AccountKind.EQUITY, AccountKind.INCOME}
    assert kind.shown_minor(-100) == (100 if is_credit_kind else -100)


def test_each_source_of_contributions_has_its_own_account() -> None:
    assert contribution_code(1) == "3001"
    account = contribution_account(12, "Ministry")
    assert (account.code, account.name, account.kind) == ("3012", "Ministry", AccountKind.EQUITY)


@pytest.mark.parametrize("number", [0, -1, 100])
def test_a_source_without_a_number_of_its_own_is_refused(number: int) -> None:
    with pytest.raises(TooManySources, match="99 sources"):
        contribution_code(number)
