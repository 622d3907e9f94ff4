"""Short ways to secure a loan in the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from loans import profile as profiles
from loans.collateral import assets, charges, pledges
from loans.collateral.loan_coverage import Secured, secured
from loans.coverage import AssetKind, GuarantorKind, ValuationBasis
from loans.lending.seen import Seen
from loans.people import Actor
from loans.servicing import security_releases
from loans.storage.database import new_id
from loans.tables import Loan
from tests.builders import SIGNED_ON, Fund

DEMANDED = Decimal("1.25")


def demand(patch: pytest.MonkeyPatch, minimum: Decimal | None = DEMANDED) -> None:
    """Let every loan's profile demand a coverage, as the later facility does."""
    stated = profiles.load("nefco-1998")
    term = stated.terms.collateral_minimum.model_copy(update={"value": minimum})
    terms = stated.terms.model_copy(update={"collateral_minimum": term})
    demanding = stated.model_copy(update={"terms": terms})
    patch.setattr("loans.collateral.loan_coverage.profile_of", lambda _session, _loan: demanding)
    patch.setattr(
        "loans.collateral.loan_coverage.profiles_of",
        lambda _session, loans: {loan.id: demanding for loan in loans},
    )


def asset(
    fund: Fund,
    value_minor: int | None = None,
    *,
    kind: AssetKind = AssetKind.DEPOSIT,
    on: date = SIGNED_ON,
    **changes: Any,
) -> str:
    """An asset of the enterprise, valued unless said otherwise; a deposit has no haircut."""
    values: dict[str, Any] = {
        "enterprise_id": fund.enterprise_id,
        "kind": kind,
        "owner": "",
        "description": "Boiler house in Kaunas",
        "register_number": f"LT-77-{new_id()}",
    }
    with fund.act(on) as (session, moment):
        asset_id = assets.register_asset(session, fund.officer, moment, **(values | changes))
    if value_minor is not None:
        value(fund, asset_id, value_minor, on=on)
    return asset_id


def value(
    fund: Fund,
    asset_id: str,
    value_minor: int,
    *,
    on: date = SIGNED_ON,
    entered_on: date | None = None,
    **changes: Any,
) -> str:
    """A valuation of a day, entered on that day unless said otherwise."""
    values: dict[str, Any] = {
        "value_minor": value_minor,
        "valued_on": on,
        "valued_by": "Baltic Valuers",
        "basis": ValuationBasis.MARKET,
        "document": "Report 12",
    }
    with fund.act(entered_on or on) as (session, moment):
        return assets.value_asset(session, fund.officer, moment, asset_id, **(values | changes))


def pledge(fund: Fund, loan_id: str, asset_id: str, *, on: date = SIGNED_ON, **changes: Any) -> str:
    """A pledge at rank 1 without a limit, unless said otherwise."""
    values: dict[str, Any] = {
        "asset_id": asset_id,
        "rank": 1,
        "limit_minor": None,
        "pledged_on": on,
        "document": "Contract of pledge 7",
    }
    with fund.act(on) as (session, moment):
        return pledges.pledge_asset(session, fund.officer, moment, loan_id, **(values | changes))


def other_charge(fund: Fund, asset_id: str, *, on: date = SIGNED_ON, **changes: Any) -> str:
    """The claim of a bank at rank 1 for 100,000."""
    values: dict[str, Any] = {
        "creditor": "House Bank",
        "rank": 1,
        "limit_minor": 10_000_000,
        "charged_on": on,
        "document": "Extract of the register",
    }
    with fund.act(on) as (session, moment):
        return charges.record_other_charge(
            session, fund.officer, moment, asset_id, **(values | changes)
        )


def guarantee(fund: Fund, loan_id: str, *, on: date = SIGNED_ON, **changes: Any) -> str:
    """A guarantee of the state for 100,000, for three years."""
    values: dict[str, Any] = {
        "guarantor": "Ministry of Finance",
        "kind": GuarantorKind.STATE,
        "amount_minor": 10_000_000,
        "share": None,
        "given_on": on,
        "valid_until": on.replace(year=on.year + 3),
        "document": "Deed 4",
    }
    with fund.act(on) as (session, moment):
        return pledges.record_guarantee(
            session, fund.officer, moment, loan_id, **(values | changes)
        )


def ask_release(
    fund: Fund, loan_id: str, security_id: str, *, on: date, actor: Actor | None = None
) -> str:
    """A release that the officer asks for."""
    with fund.act(on) as (session, moment):
        return security_releases.request_release(
            session,
            actor or fund.officer,
            moment,
            loan_id,
            security_id=security_id,
            reason="The borrower asked for it",
        )


def agree_release(fund: Fund, act_id: str, *, on: date, actor: Actor | None = None) -> None:
    """A release that the manager agrees to."""
    with fund.act(on) as (session, moment):
        security_releases.agree_release(session, actor or fund.manager, moment, act_id)


def release(fund: Fund, loan_id: str, security_id: str, *, on: date) -> None:
    """A release asked for and agreed to on one day."""
    agree_release(fund, ask_release(fund, loan_id, security_id, on=on), on=on)


def secured_on(fund: Fund, loan_id: str, on: date, known_on: date | None = None) -> Secured:
    """How far the loan is secured on a day."""
    with fund.database.reading() as session:
        loan = session.get_one(Loan, loan_id)
        return secured(session, loan, on, Seen.on(on, known_on))


def ratio_on(fund: Fund, loan_id: str, on: date, known_on: date | None = None) -> Fraction | None:
    """The coverage of the loan on a day."""
    return secured_on(fund, loan_id, on, known_on).coverage.ratio


@contextmanager
def nothing_changes(fund: Fund, loan_id: str, on: date) -> Iterator[None]:
    """What is refused leaves the coverage as it was."""
    before = ratio_on(fund, loan_id, on)
    yield
    assert ratio_on(fund, loan_id, on) == before
