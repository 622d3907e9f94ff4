"""Numbers as people type them, read exactly or refused in words, and written back.

A number is never guessed: where a comma or a point may divide thousands or decimals, the
message names both readings. What was read is shown again in one form, ``EUR 1,000.50``.
``what`` completes the sentence "Enter ...", for example "the total cost of the investment".
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from appraisal.money import LARGEST_MINOR, currencies, from_minor, minor_digits

MINUS = "\N{MINUS SIGN}"
_LONGEST = 40
_LARGEST_NUMBER = Decimal(10) ** 12
_QUANTITY_PLACES = 6
_PERCENT_PLACES = 4
_LARGEST_PERCENT = Decimal(1000)
_CURRENCY_WORDS = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "$": "USD",
    "£": "GBP",
    "₽": "RUB",
    "руб": "RUB",  # noqa: RUF001  # Russian
    "zł": "PLN",
    "₴": "UAH",
    "¥": "JPY",
    "Kč": "CZK",
}
_PERCENT_WORDS = frozenset(("%", "percent", "per cent"))
_WORD = r"(?:[^\W\d_]+\.?(?: [^\W\d_]+)?|[€$£₽₴¥%])"
_LEADING_WORD = re.compile(rf"(?P<word>{_WORD})\s*(?P<rest>.*)")
_TRAILING_WORD = re.compile(rf"(?P<rest>.*?)\s*(?P<word>{_WORD})")
_NO_CENTS = re.compile(r"(?<=\d)[.,][-\N{EN DASH}\N{EM DASH}]{1,2}$")
_DECIMAL_SIGNS = (".", ",")
_SEPARATORS = (*_DECIMAL_SIGNS, " ", "'", "\N{RIGHT SINGLE QUOTATION MARK}")
_THOUSANDS = "[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}})+"


class AmountUnread(ValueError):  # says what happened, not that it is an error
    """A number that could not be read; the message says which one and what to enter."""


@dataclass(frozen=True)
class Reading:
    """A number as read, exact, and the one way in which it is shown."""

    value: Decimal
    shown: str


@dataclass(frozen=True)
class _Question:
    """What is asked for: its words, decimal places, bound, and the unit words it may carry."""

    what: str
    places: int
    largest: Decimal
    words: frozenset[str]
    may_be_negative: bool

    @property
    def opening(self) -> str:
        return self.what[:1].upper() + self.what[1:]


def read_amount(
    text: str, currency: str, *, what: str = "the amount", may_be_negative: bool = False
) -> Reading:
    """Read money of ``currency`` in major units: "1 234,50", "€1000", "100 EUR", "100.-".

    Raises:
        AmountUnread: blank, ambiguous ("1,000"), not a number, of another currency, negative
            where that cannot be, too precise for the currency, or beyond the largest amount.
    """
    largest = from_minor(LARGEST_MINOR, currency)
    question = _Question(
        what, minor_digits(currency), largest, _currency_words(currency), may_be_negative
    )
    value = _read(text, question)
    return Reading(value, shown_amount(value, currency))


def read_price(text: str, currency: str, *, what: str = "the price") -> Reading:
    """Read the price of one unit in major units of ``currency``, with up to six decimals.

    Raises:
        AmountUnread: as ``read_amount``.
    """
    largest = from_minor(LARGEST_MINOR, currency)
    words = _currency_words(currency)
    value = _read(text, _Question(what, _QUANTITY_PLACES, largest, words, may_be_negative=False))
    return Reading(value, f"{currency} {shown_number(value)}")


def read_quantity(
    text: str,
    *,
    what: str = "the quantity",
    unit: str = "",
    places: int = _QUANTITY_PLACES,
    may_be_negative: bool = False,
) -> Reading:
    """Read a quantity with at most ``places`` decimals; its ``unit`` may be typed with it.

    Raises:
        AmountUnread: as ``read_amount``.
    """
    words = frozenset({unit.casefold()} if unit else ())
    value = _read(text, _Question(what, places, _LARGEST_NUMBER, words, may_be_negative))
    return Reading(value, shown_number(value) + (f" {unit}" if unit else ""))


def read_percent(
    text: str,
    *,
    what: str = "the percentage",
    places: int = _PERCENT_PLACES,
    may_be_negative: bool = False,
) -> Reading:
    """Read a percentage with at most ``places`` decimals as a fraction: "6" and "6 %" are 0.06.

    Raises:
        AmountUnread: as ``read_amount``; more than 1,000 per cent is refused too.
    """
    question = _Question(what, places, _LARGEST_PERCENT, _PERCENT_WORDS, may_be_negative)
    value = _read(text, question)
    return Reading(value / 100, f"{shown_number(value)} %")


def shown_amount(value: Decimal, currency: str) -> str:
    """Money with its currency: ``EUR 1,000.50``, ``EUR \N{MINUS SIGN}1,000.50``."""
    return f"{currency} {shown_number(value, minor_digits(currency))}"


def shown_number(value: Decimal, places: int | None = None) -> str:
    """``value`` with commas between thousands and a true minus sign.

    ``places`` None shows the decimals that there are, without trailing zeros.
    """
    text = _without_zeros(f"{value:,f}") if places is None else f"{value:,.{places}f}"
    return text.replace("-", MINUS if text.strip("-0.,") else "")


def as_typed(value: Decimal) -> str:
    """``value`` as a person would type it into a box, so that it reads back as the same number.

    A third decimal gets a fourth ("1.2340"), because "1.234" could mean thousands.
    """
    text = _without_zeros(f"{value:f}")
    return text + "0" if _is_ambiguous(text.lstrip("-")) else text


def _currency_words(currency: str) -> frozenset[str]:
    words = {word.casefold() for word, code in _CURRENCY_WORDS.items() if code == currency}
    return frozenset({currency.casefold(), *words})


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read(text: str, question: _Question) -> Decimal:
    tidy = " ".join(text.replace(MINUS, "-").split())
    if not tidy:
        message = f"Enter {question.what}."
        raise AmountUnread(message)
    if len(tidy) > _LONGEST:
        message = f"{question.opening} is too long to be a number. Enter at most {_LONGEST} digits."
        raise AmountUnread(message)
    _check_digits(tidy, question)
    is_negative, body = _without_sign_and_word(tidy, question)
    value = Decimal(_plain(_NO_CENTS.sub("", body), question))
    return _checked(-value if is_negative and value else value, question)


def _check_digits(text: str, question: _Question) -> None:
    if any(unicodedata.category(sign).startswith("N") and not sign.isascii() for sign in text):
        message = f"Enter {question.what} in the digits 0 to 9."
        raise AmountUnread(message)


def _without_sign_and_word(text: str, question: _Question) -> tuple[bool, str]:
    is_negative = text.startswith("-")
    body = text.removeprefix("-").strip()
    for pattern in (_LEADING_WORD, _TRAILING_WORD):
        if found := pattern.fullmatch(body):
            _check_word(found["word"], question)
            body = found["rest"]
            break
    if not is_negative and body.startswith("-"):
        return True, body.removeprefix("-").strip()
    return is_negative, body


def _check_word(word: str, question: _Question) -> None:
    if word.casefold().rstrip(".") in question.words:
        return
    if word.rstrip(".") in _CURRENCY_WORDS or word.upper() in currencies():
        codes = sorted(known.upper() for known in question.words if known.upper() in currencies())
        message = f"Enter {question.what} in {codes[0]}." if codes else _in_digits(question)
        raise AmountUnread(message)
    raise AmountUnread(_in_digits(question))


def _in_digits(question: _Question) -> str:
    example = "1234.50" if question.places else "12"
    return f"Enter {question.what} as a number in digits, such as {example}."


def _is_ambiguous(body: str) -> bool:
    return re.fullmatch("[1-9][0-9]{0,2}[.,][0-9]{3}", body) is not None


def _plain(body: str, question: _Question) -> str:
    """``body`` with its thousands joined and a point before the decimals."""
    separators = "".join(sign for sign in body if not sign.isdigit())
    if set(separators) - set(_SEPARATORS) or len(separators) == len(body):
        raise AmountUnread(_in_digits(question))
    if question.places and _is_ambiguous(body):
        raise AmountUnread(_both_readings(body, question))
    last = separators[-1:]
    has_decimals = last in _DECIMAL_SIGNS and separators.count(last) == 1
    if has_decimals and not (question.places == 0 and _is_ambiguous(body)):
        whole, _, decimals = body.rpartition(last)
        return f"{_joined(whole, question) or '0'}.{decimals or '0'}"
    return _joined(body, question)


def _joined(whole: str, question: _Question) -> str:
    """``whole`` without the signs between its thousands."""
    separators = {sign for sign in whole if not sign.isdigit()}
    if not separators:
        return whole
    separator = separators.pop()
    if separators or not re.fullmatch(_THOUSANDS.format(separator=re.escape(separator)), whole):
        message = (
            f"{question.opening} has a space, comma or point in an unexpected place. "
            f"{_in_digits(question)}"
        )
        raise AmountUnread(message)
    return whole.replace(separator, "")


def _both_readings(body: str, question: _Question) -> str:
    thousands = re.sub("[.,]", "", body)
    other = Decimal(body.replace(",", "."))
    decimals = as_typed(other)
    enter = f"Enter {thousands} or {decimals}, without a sign between thousands."
    if round(other, question.places) != other:
        decimals = _without_zeros(f"{other:f}")
        most = f"with at most {question.places} decimals"
        enter = f"Enter {thousands}, without a sign between thousands, or a number {most}."
    return f"{question.opening} can be read as {thousands} or as {decimals}. {enter}"


def _checked(value: Decimal, question: _Question) -> Decimal:
    decimals = _without_zeros(f"{value:f}").partition(".")[2]
    if len(decimals) > question.places:
        most = f"at most {question.places} decimals" if question.places else "no decimals"
        message = f"Enter {question.what} with {most}."
        raise AmountUnread(message)
    if value < 0 and not question.may_be_negative:
        message = f"{question.opening} cannot be negative. Enter 0 or more."
        raise AmountUnread(message)
    if abs(value) > question.largest:
        message = (
            f"{question.opening} is too large. Enter at most {shown_number(question.largest)}."
        )
        raise AmountUnread(message)
    return value
