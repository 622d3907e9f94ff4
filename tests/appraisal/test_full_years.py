from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from appraisal.cost_lines import SavingLine
from appraisal.full_years import full_years
from tests.appraisal.proposals import measure


@given(
    st.integers(min_value=0, max_value=36),
    st.integers(min_value=1, max_value=40),
    st.integers(min_value=1, max_value=30),
)
def test_without_a_line_it_is_the_life_inside_the_horizon(
    delay_months: int, life_years: int, horizon_years: int
) -> None:
    found = full_years(
        measure(life_years=life_years, implementation_months=delay_months), horizon_years
    )
    months = min(12 * life_years, max(0, 12 * horizon_years - delay_months))
    assert found == Fraction(months, 12)


@given(
    st.integers(min_value=0, max_value=24),
    st.integers(min_value=0, max_value=24),
    st.sets(st.integers(min_value=1, max_value=12), min_size=1),
)
def test_a_later_slower_or_seasonal_start_never_adds_years(
    start_month: int, ramp_months: int, active: set[int]
) -> None:
    line = SavingLine(
        code="R1",
        annual_amount=1,
        start_month=start_month,
        ramp_months=ramp_months,
        active_months=tuple(sorted(active)),
    )
    assert 0 <= full_years(measure(), 5, line) <= full_years(measure(), 5) == 5
