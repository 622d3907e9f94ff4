"""What the books refuse, one class each."""

from __future__ import annotations

from loans.refusal import Missing, OutOfStep, WrongValue


class Overdrawn(OutOfStep):
    """The fund has less available than is to be paid or reserved."""

    code = "overdrawn"


class PeriodClosed(OutOfStep):
    """The month of the booking, or a later one, is closed."""

    code = "period_closed"


class PeriodNotOver(OutOfStep):
    """A month is closed only when it is over."""

    code = "period_not_over"


class DuplicateKey(OutOfStep):
    """The key of this act is in the books already."""

    code = "duplicate_key"


class AlreadyReversed(OutOfStep):
    """The entry was reversed before, or is itself a reversal."""

    code = "already_reversed"


class HoldExceeded(OutOfStep):
    """More would be taken from a reserve than is left of it, or than the entry pays."""

    code = "hold_exceeded"


class AccountExists(OutOfStep):
    """The facility has an account with this code."""

    code = "account_exists"


class Unbalanced(WrongValue):
    """Debits and credits of an entry differ, or it has fewer than two legs."""

    code = "unbalanced"


class UnknownAccount(WrongValue):
    """The facility has no account with this code."""

    code = "unknown_account"


class UnknownMonth(WrongValue):
    """A month is written as year and month, such as 2026-03."""

    code = "unknown_month"


class NoSuchEntry(Missing):
    """The facility has no such entry."""


class NoSuchHold(Missing):
    """The facility has no such reserve."""
