from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.amounts import (
    AmountUnread,
    as_typed,
    read_amount,
    read_percent,
    read_price,
    read_quantity,
    shown_amount,
    shown_number,
)
from appraisal.money import LARGEST_MINOR, from_minor

READ_IN_EURO = {
    "1 234,50": "1234.50",
    "1\N{NO-BREAK SPACE}234,50": "1234.50",
    "1\N{NARROW NO-BREAK SPACE}234,50": "1234.50",
    "1\N{THIN SPACE}234.50": "1234.50",
    "1,234.50": "1234.50",
    "1.234,50": "1234.50",
    "1'234.50": "1234.50",
    "1\N{RIGHT SINGLE QUOTATION MARK}234.50": "1234.50",
    "\N{EURO SIGN}1000": "1000",
    "\N{EURO SIGN} 1 000": "1000",
    "1000\N{EURO SIGN}": "1000",
    "100 EUR": "100",
    "eur 100": "100",
    "100 euros": "100",
    "100.-": "100",
    "100,-": "100",
    "100.--": "100",
    " 12 ": "12",
    "\t12\n": "12",
    "1,5": "1.5",
    "1.50": "1.50",
    "0,500": "0.5",
    "1 000": "1000",
    "1,000,000": "1000000",
    "1.000.000": "1000000",
    "1,234,567.89": "1234567.89",
    "1.5000": "1.5",
    ".5": "0.5",
    "5.": "5",
    "007": "7",
    "0": "0",
    "-0": "0",
    "EUR 1,000.50": "1000.50",
}

NOT_NUMBERS = (
    *("NaN", "sNaN", "Infinity", "-Infinity", "inf", "1e5", "1e400", "1E-400", "1_000", "0x10"),
    *("true", "abc", "1/2", "(5)", "--5", "5-", "5 %", "5 kr", "\N{EURO SIGN}", "EUR", "5 EUR EUR"),
    *("<script>", "1;2", "=1+1", "1 2 3 x", "\x00", "\ud800", "."),
)


@pytest.mark.parametrize(("typed", "expected"), READ_IN_EURO.items())
def test_reads_amounts_as_people_type_them(typed: str, expected: str) -> None:
    reading = read_amount(typed, "EUR")
    assert reading.value == Decimal(expected)
    assert reading.shown == shown_amount(Decimal(expected), "EUR")


@pytest.mark.parametrize("typed", NOT_NUMBERS)
def test_refuses_what_is_no_number_without_repeating_it(typed: str) -> None:
    with pytest.raises(AmountUnread) as refusal:
        read_amount(typed, "EUR", what="the cost", may_be_negative=True)
    assert str(refusal.value).endswith("Enter the cost as a number in digits, such as 1234.50.")


@pytest.mark.parametrize("typed", ["1 23", "12 34", "1,00,000", "0 500", "1 234.5,6", "1.234 567"])
def test_refuses_thousands_that_are_not_groups_of_three(typed: str) -> None:
    with pytest.raises(AmountUnread, match="a space, comma or point in an unexpected place"):
        read_amount(typed, "EUR")


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [("1,000", "1000", "1"), ("12.500", "12500", "12.5")],
)
def test_names_both_readings_of_an_ambiguous_number(typed: str, first: str, second: str) -> None:
    with pytest.raises(AmountUnread) as refusal:
        read_amount(typed, "EUR", what="the cost")
    assert str(refusal.value) == (
        f"The cost can be read as {first} or as {second}. "
        f"Enter {first} or {second}, without a sign between thousands."
    )


def test_of_two_readings_only_that_is_offered_which_passes() -> None:
    with pytest.raises(AmountUnread) as refusal:
        read_amount("1.234", "EUR", what="the cost")
    assert str(refusal.value) == (
        "The cost can be read as 1234 or as 1.234. "
        "Enter 1234, without a sign between thousands, or a number with at most 2 decimals."
    )
    with pytest.raises(AmountUnread, match=r"Enter 1234 or 1\.2340, without"):
        read_price("1.234", "EUR")


def test_a_currency_without_decimals_has_only_one_reading() -> None:
    assert read_amount("1,000", "JPY").value == 1000
    assert read_amount("\N{YEN SIGN}1.000", "JPY").shown == "JPY 1,000"


@pytest.mark.parametrize(
    "typed",
    [
        "\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}",
        "\N{FULLWIDTH DIGIT ONE}",
        "1\N{VULGAR FRACTION ONE HALF}",
        "\N{SUPERSCRIPT TWO}",
    ],
)
def test_refuses_digits_of_other_scripts(typed: str) -> None:
    with pytest.raises(AmountUnread, match="in the digits 0 to 9"):
        read_amount(typed, "EUR")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the cost."),
        (" \N{NO-BREAK SPACE} ", "Enter the cost."),
        ("9" * 5000, "The cost is too long to be a number. Enter at most 40 digits."),
        ("-5", "The cost cannot be negative. Enter 0 or more."),
        ("\N{MINUS SIGN}5", "The cost cannot be negative. Enter 0 or more."),
        ("0.005", "Enter the cost with at most 2 decimals."),
        ("1234,567", "Enter the cost with at most 2 decimals."),
        ("1.0000000000000000000000000000000001", "Enter the cost with at most 2 decimals."),
        ("$5", "Enter the cost in EUR."),
        ("5 USD", "Enter the cost in EUR."),
        ("9223372036854775808", "The cost is too large. Enter at most 10,000,000,000."),
        ("10000000000.01", "The cost is too large. Enter at most 10,000,000,000."),
    ],
)
def test_says_what_is_wrong_and_what_to_enter(typed: str, message: str) -> None:
    with pytest.raises(AmountUnread) as refusal:
        read_amount(typed, "EUR", what="the cost")
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "typed", ["-5", "\N{MINUS SIGN}5", "\N{EURO SIGN}-5", "-\N{EURO SIGN}5", "EUR -5"]
)
def test_reads_negative_amounts_where_they_can_be(typed: str) -> None:
    assert read_amount(typed, "EUR", may_be_negative=True).value == -5


def test_reads_quantities_with_their_unit() -> None:
    assert read_quantity("1 200,5 kWh", unit="kWh").shown == "1,200.5 kWh"
    assert read_quantity("1234.567").value == Decimal("1234.567")
    with pytest.raises(AmountUnread, match="as a number"):
        read_quantity("5 MWh", unit="kWh")
    with pytest.raises(AmountUnread, match="no decimals"):
        read_quantity("1.5", places=0)
    with pytest.raises(AmountUnread, match="such as 12"):
        read_quantity("x", places=0)


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [("6", "0.06"), ("6 %", "0.06"), ("6,5%", "0.065"), ("0.06", "0.0006"), ("100 percent", "1")],
)
def test_reads_percentages_as_fractions(typed: str, fraction: str) -> None:
    assert read_percent(typed).value == Decimal(fraction)


def test_shows_what_was_read_as_a_percentage() -> None:
    assert read_percent("6,50").shown == "6.5 %"
    with pytest.raises(AmountUnread, match="Enter at most 1,000"):
        read_percent("1001")


def test_a_percentage_is_below_zero_only_where_it_may_be() -> None:
    assert read_percent("-1,5 %", may_be_negative=True).value == Decimal("-0.015")
    assert read_percent("1.23456789", places=8).value == Decimal("0.0123456789")
    with pytest.raises(AmountUnread, match="cannot be negative"):
        read_percent("-1.5")
    with pytest.raises(AmountUnread, match="at most 4 decimals"):
        read_percent("1.23456")


def test_never_shows_minus_zero() -> None:
    assert shown_number(Decimal("-0.001"), 2) == "0.00"
    assert shown_number(Decimal("-1234.5")) == "\N{MINUS SIGN}1,234.5"


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR), st.sampled_from(("EUR", "JPY")))
def test_what_is_shown_reads_back(minor: int, currency: str) -> None:
    value = from_minor(minor, currency)
    shown = shown_amount(value, currency)
    assert read_amount(shown, currency, may_be_negative=True).value == value
    assert read_amount(shown, currency, may_be_negative=True).shown == shown


@given(st.decimals(-(10**9), 10**9, places=6))
def test_what_is_put_into_a_box_reads_back(value: Decimal) -> None:
    assert read_quantity(as_typed(value), may_be_negative=True).value == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = read_amount(text, "EUR", may_be_negative=True).value
    except AmountUnread:
        return
    assert value * 100 == int(value * 100)


@given(st.text("0123456789 ,.'-", min_size=1, max_size=14))
def test_a_number_is_never_changed_by_a_thousand(text: str) -> None:
    try:
        value = read_quantity(text, may_be_negative=True).value
    except AmountUnread:
        return
    digits = "".join(sign for sign in text if sign.isdigit())
    last = max(text.rstrip("-.,").rfind(","), text.rstrip("-.,").rfind("."))
    decimals = len([sign for sign in text[last + 1 :] if sign.isdigit()]) if last >= 0 else 0
    assert abs(value) in {Decimal(digits), Decimal(digits).scaleb(-decimals)}
