"""Types A, B and C of a measure, by its simple payback, in exact arithmetic."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class MeasureType(StrEnum):
    """How a measure is paid for, in the facility's own three classes."""

    A = "A"
    """Housekeeping: nil or minor investment, payback under one year."""

    B = "B"
    """Payback under one year, but more than a minor investment."""

    C = "C"
    """Payback of one year or more: needs an external loan."""


def payback_ratio(
    investment: Decimal | Fraction, net_annual_saving: Decimal | Fraction
) -> Fraction | None:
    """Simple payback in years: investment / net annual saving, exact and never rounded.

    None when the saving is not positive: such a measure is not recovered.

    Raises:
        ValueError: the investment is negative.
    """
    if investment < 0:
        message = "The investment is negative. Enter zero or more."
        raise ValueError(message)
    if net_annual_saving <= 0:
        return None
    return Fraction(investment) / Fraction(net_annual_saving)


def classify(
    investment: Decimal | Fraction,
    net_annual_saving: Decimal | Fraction,
    minor_investment: Decimal | Fraction,
) -> MeasureType | None:
    """The type of a measure; None when it is not recovered.

    Payback strictly under one year is A if the investment is at most ``minor_investment`` and B
    otherwise; one year exactly or more is C, so that the doubtful case meets the fuller scrutiny.

    Raises:
        ValueError: the investment is negative.
    """
    ratio = payback_ratio(investment, net_annual_saving)
    if ratio is None:
        return None
    if ratio >= 1:
        return MeasureType.C
    return MeasureType.A if investment <= minor_investment else MeasureType.B
