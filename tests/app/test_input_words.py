from decimal import Decimal

import pytest

from app.input_words import change_words, full_words, short_words
from appraisal.varied_inputs import (
    InputKind,
    VariedInput,
    delay_input,
    discount_rate_input,
    life_input,
)
from tests.appraisal.proposals import proposal

WATER = VariedInput(InputKind.PRICE, "Price: water", "EUR per m3", Decimal("0.2"), 5)
REPAIR = VariedInput(InputKind.PRICE, "Less repair", "EUR a year", Decimal(700), 2)
OUTLAY = VariedInput(InputKind.INVESTMENT, "Investment", "EUR", Decimal(120_000), 2)
YEN = VariedInput(InputKind.INVESTMENT, "Investment", "JPY", Decimal(100), 0)
LIFE = life_input(proposal())
RATE = discount_rate_input(proposal())


@pytest.mark.parametrize(
    ("varied", "value", "short", "full"),
    [
        (WATER, "0.2", "0.2", "EUR 0.20 per m3"),
        (WATER, "0.057820", "0.0578", "EUR 0.05782 per m3"),
        (WATER, "3E+1", "30", "EUR 30.00 per m3"),
        (REPAIR, "560", "560", "EUR 560.00 a year"),
        (OUTLAY, "96000.4", "96,000", "EUR 96,000.40"),
        (YEN, "150.0", "150", "JPY 150"),
        (LIFE, "1", "1 year", "1 year"),
        (RATE, "0.08", "8.0 %", "8.0 %"),
        (delay_input(), "0", "No delay", "No delay"),
        (delay_input(), "3", "3 months", "3 months later"),
    ],
)
def test_an_input_is_written_in_its_own_unit(
    varied: VariedInput, value: str, short: str, full: str
) -> None:
    written = (short_words(varied, Decimal(value)), full_words(varied, Decimal(value)))
    assert written == (short, full)


@pytest.mark.parametrize(
    ("varied", "value", "words"),
    [
        (OUTLAY, "150000", "+25.0 %"),
        (OUTLAY, "96000", "\N{MINUS SIGN}20.0 %"),
        (OUTLAY, "120000", "as entered"),
        (OUTLAY, "120059", "less than 0.1 %"),
        (OUTLAY, "119941", "less than 0.1 %"),
        (OUTLAY, "120060", "+0.1 %"),
        (LIFE, "3", "2 years less"),
        (LIFE, "6", "1 year more"),
        (LIFE, "5", ""),
        (RATE, "0.135", "+3.5 points"),
        (delay_input(), "3", ""),
    ],
)
def test_how_far_it_moved(varied: VariedInput, value: str, words: str) -> None:
    assert change_words(varied, Decimal(value)) == words
