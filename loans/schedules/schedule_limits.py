"""What a schedule refuses before it is built, each refusal naming the field to correct."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from appraisal.money import LARGEST_MINOR
from loans.refusal import WrongValue
from loans.schedules.accrual import BalanceChange

MOST_INSTALMENTS = 1_200
"""A hundred years of months."""

HIGHEST_ANNUAL_RATE = Decimal(1)


def _demand(holds: bool, field: str, message: str) -> None:  # noqa: FBT001  # reads as a list of rules
    if not holds:
        raise WrongValue(message, field=field)


def check_dates(
    disbursements: Sequence[BalanceChange], due_on: Sequence[date], grace_instalments: int
) -> None:
    """Due dates follow each other and the first disbursement; some instalment repays principal.

    Raises:
        WrongValue: naming the field.
    """
    _demand(bool(disbursements), "disbursements", "Enter what is paid out and when.")
    _demand(
        1 <= len(due_on) <= MOST_INSTALMENTS,
        "instalments",
        f"Enter from 1 to {MOST_INSTALMENTS} instalments.",
    )
    _demand(
        due_on[0] > disbursements[0].on,
        "first_due",
        "The first instalment must fall due after the first disbursement. Enter a later day.",
    )
    _demand(
        all(earlier < later for earlier, later in pairwise(due_on)),
        "due_dates",
        "Each due date must lie after the one before it. Enter them in order, each once.",
    )
    _demand(
        0 <= grace_instalments < len(due_on),
        "grace_instalments",
        f"Enter from 0 to {len(due_on) - 1}, so that an instalment is left to repay principal.",
    )
    _demand(
        disbursements[-1].on < due_on[grace_instalments],
        "disbursements",
        "Everything must be paid out before the first instalment that repays principal is due. "
        "Enter an earlier day, or more instalments without principal.",
    )


def check_amounts(
    disbursements: Sequence[BalanceChange],
    annual_rate: Decimal,
    rounding_step_minor: int,
    balloon_minor: int,
) -> None:
    """Amounts are positive and bounded, the rate is a fraction, the balloon under the principal.

    Raises:
        WrongValue: naming the field.
    """
    principal = sum(part.amount_minor for part in disbursements)
    _demand(
        all(part.amount_minor > 0 for part in disbursements),
        "principal",
        "Enter an amount above zero.",
    )
    _demand(
        principal <= LARGEST_MINOR,
        "principal",
        f"The amount is too large. Enter at most {LARGEST_MINOR} of the smallest coin.",
    )
    _demand(
        annual_rate.is_finite() and 0 <= annual_rate <= HIGHEST_ANNUAL_RATE,
        "annual_rate",
        "Enter the rate as a part of one, from 0 to 1; 6 % is 0.06.",
    )
    _demand(
        1 <= rounding_step_minor <= LARGEST_MINOR,
        "rounding_step",
        "Enter a rounding step above zero, at most as large as the largest amount.",
    )
    _demand(
        0 <= balloon_minor < principal,
        "balloon",
        "Enter a balloon smaller than the amount paid out, or none.",
    )


def check_savings(
    savings_minor: Sequence[int] | None, instalments: int, grace_instalments: int
) -> None:
    """One saving per instalment, none negative, and something saved once repayment begins.

    Raises:
        WrongValue: naming the field.
    """
    if savings_minor is None:
        return
    _demand(
        len(savings_minor) == instalments,
        "savings",
        f"Enter one saving for each of the {instalments} instalments.",
    )
    _demand(
        all(0 <= saving <= LARGEST_MINOR for saving in savings_minor),
        "savings",
        "Enter savings from zero upwards, none larger than the largest amount.",
    )
    _demand(
        any(savings_minor[grace_instalments:]),
        "savings",
        "Nothing is saved while the loan is repaid. Enter a saving above zero.",
    )
