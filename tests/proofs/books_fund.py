"""The fund in which the machine lets loans live: approved applications, copied for each life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

from loans import profile as profiles
from loans.cases.decisions import Terms
from loans.component import Component
from loans.schedules.business_days import next_business_day
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import GraceInterest, Method
from loans.storage.database import open_database
from loans.subledger.contract import RECOVERY_ORDER, Contract
from loans.versions import profile_versions
from tests import builders
from tests.databases import Databases, share_compiled_statements
from tests.funds import Fund, open_fund

CAPITAL_MINOR = 12_000_000
ANNUAL_RATE = Decimal("0.06")
_EASY: Mapping[str, Any] = {
    "minimum_amount": Decimal(1),
    "minimum_cover": Decimal("0.001"),
    "schedule_methods": (Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.BULLET),
}


@dataclass(frozen=True)
class Shape:
    """A loan as it is approved: amount, instalments, method and the terms of its facility."""

    amount_minor: int
    months: int
    method: Method
    grace: int = 0
    terms: Mapping[str, Any] = field(default_factory=dict)

    def contract(self, pay_out_on: date, first_due_on: date) -> Contract:
        """The contract that the signature is to make."""
        terms = self.terms
        return Contract(
            principal_minor=self.amount_minor,
            annual_rate=ANNUAL_RATE,
            day_count=DayCount.ACT_365_FIXED,
            method=self.method,
            planned_pay_out_on=pay_out_on,
            due_on=due_dates(first_due_on, self.months, start=pay_out_on),
            allocation_order=tuple(Component)[1:],
            recovery_order=RECOVERY_ORDER,
            grace_instalments=self.grace,
            grace_interest=terms.get("grace_interest", GraceInterest.PAID),
            late_interest_margin=terms.get("late_interest_margin", Decimal(0)),
            tolerance_minor=int(100 * terms.get("arrears_tolerance", 1)),
            business_days_of=terms.get("business_day_country"),
        )


SHAPES = (
    Shape(3_000_000, 6, Method.LEVEL),
    Shape(
        *(2_400_000, 4, Method.EQUAL_PRINCIPAL, 0),
        {
            "late_interest_margin": Decimal("0.04"),
            "business_day_country": "LT",
            "non_accrual_days": 30,
        },
    ),
    Shape(
        *(3_600_001, 7, Method.LEVEL, 2),
        {
            "grace_interest": GraceInterest.CAPITALISED,
            "late_interest_margin": Decimal("0.10"),
            "arrears_tolerance": Decimal(0),
            "non_accrual_days": 20,
        },
    ),
    Shape(1_234_567, 3, Method.BULLET, 0, {"late_interest_margin": Decimal("0.30")}),
)


@contextmanager
def facility_terms(shape: Shape) -> Iterator[None]:
    """Let the facility lend by the terms of a shape."""
    profile = profiles.load("nefco-1998")
    changed = {
        name: getattr(profile.terms, name).model_copy(update={"value": value})
        for name, value in {**_EASY, **shape.terms}.items()
    }
    terms = profile.terms.model_copy(update=changed)
    lent = profile.model_copy(update={"terms": terms})
    with mock.patch.object(profile_versions, "_parsed", return_value=lent):
        yield


@dataclass(frozen=True)
class Template:
    """A fund with an approved application of each shape, in a database that is only copied."""

    databases: Databases
    url: str
    fund: Fund
    application_ids: tuple[str, ...]


def template_in(databases: Databases) -> Template:
    """Make the fund; nothing of it is signed yet."""
    share_compiled_statements()
    # The calendar reads its holidays once, before time is measured.
    next_business_day(builders.OPENED_ON, "LT")
    url = databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database, capital_minor=CAPITAL_MINOR)
    ids = []
    for shape in SHAPES:
        with facility_terms(shape):
            draft = builders.golden_draft(
                builders.golden_measure(implementation_months=shape.grace)
            )
            terms = Terms(shape.amount_minor, shape.months, ANNUAL_RATE, shape.method)
            ids.append(builders.approved_application(fund, draft, terms=terms))
    database.close()
    return Template(databases, url, fund, tuple(ids))
