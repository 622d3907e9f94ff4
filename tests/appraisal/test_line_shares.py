import numpy as np
import pytest

from appraisal.line_shares import LineShape, Runs, by_year, month_of_end, month_shares

EVERY_MONTH = tuple(range(1, 13))
AT_ONCE = LineShape(start_month=0, ramp_months=0, active_months=EVERY_MONTH)


def test_a_run_has_its_column_the_life_changing_fastest() -> None:
    runs = Runs(range(3, 5), range(1, 4))
    assert runs.count == 6
    assert runs.column(4, 2) == 4
    assert runs.end_months().tolist() == [15, 27, 39, 16, 28, 40]


def test_a_twelfth_a_month_from_the_month_after_commissioning_to_the_end_of_life() -> None:
    shares = month_shares(AT_ONCE, Runs(range(2, 4), range(1, 2)), 24)
    assert shares.shape == (24, 2)
    assert np.flatnonzero(shares[:, 0]).tolist() == list(range(2, 14))
    assert np.flatnonzero(shares[:, 1]).tolist() == list(range(3, 15))
    assert shares.sum(axis=0) == pytest.approx(1.0)


def test_a_season_earns_the_whole_year_in_its_months() -> None:
    winter = LineShape(0, 0, (1, 2, 12))
    shares = month_shares(winter, Runs(range(1), range(2, 3)), 24)[:, 0]
    assert np.flatnonzero(shares).tolist() == [0, 1, 11, 12, 13, 23]
    assert by_year(shares[:, None]).ravel() == pytest.approx([1.0, 1.0])


def test_a_ramp_rises_in_a_straight_line() -> None:
    slow = LineShape(start_month=1, ramp_months=4, active_months=EVERY_MONTH)
    shares = month_shares(slow, Runs(range(1), range(1, 2)), 7)[:, 0]
    assert (12 * shares) == pytest.approx([0, 0.125, 0.375, 0.625, 0.875, 1, 1])


def test_what_comes_back_comes_at_the_end_of_life_or_of_the_horizon() -> None:
    ends = month_of_end(Runs(range(1), range(1, 4)), 24)
    assert ends.argmax(axis=0).tolist() == [12, 24, 24]
    assert month_of_end(Runs(range(1), range(1, 2)), 24, earliest=20).argmax() == 20
