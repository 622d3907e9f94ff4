"""Money as whole minor units of a currency, and the one rounding function.

Inside the program an amount of money is an ``int`` of minor units (cents) wherever it is posted,
scheduled or summed, and a ``Decimal`` of major units where people and other programs see it.
Both are exact; a float is neither accepted nor produced.
"""

from decimal import Decimal
from fractions import Fraction

LARGEST_MINOR = 10**12
"""No single amount may exceed this many minor units (10 thousand million euro)."""

_MINOR_DIGITS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(
        (
            *("AMD", "AUD", "AZN", "BGN", "BOB", "BRL", "BYN", "CAD", "CHF", "CNY", "COP", "CZK"),
            *("DKK", "EGP", "EUR", "GBP", "GEL", "HUF", "IDR", "INR", "KES", "KGS", "KZT", "LKR"),
            *("LTL", "LVL", "EEK", "MDL", "MXN", "MYR", "NOK", "PEN", "PHP", "PLN", "RON", "RSD"),
            *("RUB", "SEK", "THB", "TJS", "TRY", "TWD", "UAH", "USD", "UZS", "ZAR"),
        ),
        2,
    ),
}


class MoneyError(ValueError):
    """An amount not of whole minor units, one too large, or a currency that is not known."""


def minor_digits(currency: str) -> int:
    """Decimal places of ``currency`` (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.

    Raises:
        MoneyError: the currency is not one that the program knows.
    """
    try:
        return _MINOR_DIGITS[currency]
    except KeyError:
        message = "The currency is not known. Enter a three-letter code such as EUR."
        raise MoneyError(message) from None


def currencies() -> tuple[str, ...]:
    """All currency codes that the program knows, in alphabetical order."""
    return tuple(sorted(_MINOR_DIGITS))


def to_minor(amount: Decimal, currency: str) -> int:
    """``amount`` in major units as whole minor units: 12.34 EUR -> 1234.

    Raises:
        MoneyError: a fraction of a minor unit, not finite, or beyond ``LARGEST_MINOR``.
    """
    if not amount.is_finite() or abs(amount) > LARGEST_MINOR:
        message = f"The amount is too large. Enter at most {from_minor(LARGEST_MINOR, currency):f}."
        raise MoneyError(message)
    digits = minor_digits(currency)
    scaled = Fraction(amount) * 10**digits
    if scaled.denominator != 1:
        message = f"The amount has more than {digits} decimal places. {currency} has {digits}."
        raise MoneyError(message)
    if abs(scaled) > LARGEST_MINOR:
        message = f"The amount is too large. Enter at most {from_minor(LARGEST_MINOR, currency):f}."
        raise MoneyError(message)
    return int(scaled)


def from_minor(minor: int, currency: str) -> Decimal:
    """Whole minor units as major units with the currency's decimal places: 1234 -> 12.34."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def round_half_up(value: Fraction | Decimal | int, step: int = 1) -> int:
    """``value`` to the nearest multiple of ``step``; exactly half goes away from zero.

    The one rounding rule of the program: 2.5 -> 3, -2.5 -> -3.
    """
    exact = abs(Fraction(value)) / step
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return step * (whole if value >= 0 else -whole)


def as_text(minor: int, currency: str) -> str:
    """Whole minor units as people read them: -123450 of EUR -> "EUR \N{MINUS SIGN}1,234.50"."""
    return f"{currency} {from_minor(minor, currency):,f}".replace("-", "\N{MINUS SIGN}")
