from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.ledger_legs import Leg, LegNotPositive, credit, debit


@given(st.integers(min_value=1))
def test_a_debit_is_positive_and_a_credit_its_opposite(amount_minor: int) -> None:
    assert debit("1010", amount_minor) == Leg("1010", amount_minor)
    assert credit("1010", amount_minor, loan_id="a") == Leg("1010", -amount_minor, "a")


@pytest.mark.parametrize("side", [debit, credit])
@pytest.mark.parametrize("amount", [0, -1, 1.5, True, Decimal(1), "1"])
def test_anything_but_a_whole_positive_number_is_refused(side: Any, amount: Any) -> None:
    with pytest.raises(LegNotPositive, match="above zero"):
        side("1010", amount)
