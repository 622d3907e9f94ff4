from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, make_url

from appraisal.money import LARGEST_MINOR
from loans.storage.column_types import Document, Instant, Minor

SQLITE: Dialect = make_url("sqlite://").get_dialect()()
POSTGRESQL: Dialect = make_url("postgresql://").get_dialect()()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR))
def test_whole_minor_units_pass_unchanged(amount_minor: int) -> None:
    assert Minor().process_bind_param(amount_minor, SQLITE) == amount_minor
    assert Minor().process_result_value(Decimal(amount_minor), POSTGRESQL) == amount_minor


@pytest.mark.parametrize("amount", [1.0, Decimal(1), True, "1"])
def test_what_is_not_a_whole_number_is_refused_before_the_database_rounds_it(amount: Any) -> None:
    with pytest.raises(TypeError, match="whole minor units"):
        Minor().process_bind_param(amount, POSTGRESQL)


def test_an_amount_beyond_the_largest_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        Minor().process_bind_param(LARGEST_MINOR + 1, SQLITE)


def test_nothing_stays_nothing() -> None:
    for kind in (Minor(), Instant(), Document()):
        assert kind.process_bind_param(None, SQLITE) is None
        assert kind.process_result_value(None, SQLITE) is None


def test_an_instant_is_kept_in_utc() -> None:
    east = datetime(2026, 3, 10, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    stored = Instant().process_bind_param(east, SQLITE)
    assert stored == datetime(2026, 3, 9, 22, 30, tzinfo=UTC)
    assert Instant().process_result_value(stored.replace(tzinfo=None), SQLITE) == east
    assert Instant().process_result_value(east, POSTGRESQL) == east
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(datetime(2026, 3, 10), SQLITE)  # noqa: DTZ001 - the fault


@given(json_values)
def test_a_document_comes_back_equal_and_equal_ones_are_equal_text(value: Any) -> None:
    written = Document().process_bind_param(value, SQLITE)
    assert Document().process_result_value(written, SQLITE) == value
    if isinstance(value, dict):
        other = dict(reversed(list(value.items())))
        assert Document().process_bind_param(other, SQLITE) == written


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_document_without_a_json_form_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        Document().process_bind_param({"rate": number}, SQLITE)
