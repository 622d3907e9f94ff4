"""Money that a donor gave for a purpose stands apart and is not lent before its release."""

from __future__ import annotations

from datetime import date

import pytest

from loans import bookings, fund, own_money
from loans.books import ledger, restriction_releases, restrictions
from loans.books.books_check import check_books
from loans.books.restriction_views import find_restriction
from loans.books.restriction_views import restrictions as restrictions_of
from loans.figures.fund_figures import fund_figures
from loans.ledger_refusals import HoldExceeded
from loans.own_money import WrongCapital
from loans.people import WrongPerson
from loans.servicing.reversals import reverse_entry
from loans.storage.database import Database, new_id
from tests.funds import CAPITAL_MINOR, Fund, open_fund

TODAY = date(2026, 3, 10)
GIVEN = 5_000_000


@pytest.fixture
def given(database: Database) -> tuple[Fund, str]:
    """A fund with 50,000 of its first donor for one country; the entry of it."""
    found = open_fund(database)
    with found.act(TODAY) as (session, moment):
        entry_id = restrictions.record_restricted_contribution(
            session,
            found.manager,
            moment,
            source="donor one",
            purpose="Latvia",
            until_on=date(2027, 1, 1),
            amount_minor=GIVEN,
            paid_on=TODAY,
            key="given",
        )
    return found, entry_id


def _release(found: Fund, amount_minor: int) -> None:
    with found.act(TODAY) as (session, moment):
        restriction_releases.release_restriction(
            session,
            found.manager,
            moment,
            "3001-1",
            amount_minor=amount_minor,
            reason="Lent to a mill in Latvia",
            key=new_id(),
        )


def _figure(found: Fund, code: str) -> object:
    with found.database.reading() as session:
        facility = fund.the_facility(session)
        return fund_figures(session, facility, TODAY).figures[code].value


def test_restricted_money_is_capital_but_cannot_be_lent(given: tuple[Fund, str]) -> None:
    found, _ = given
    assert found.balance("3001-1") == -GIVEN
    assert found.available() == CAPITAL_MINOR
    assert _figure(found, "c1") == CAPITAL_MINOR + GIVEN
    assert _figure(found, "contributions") == CAPITAL_MINOR + GIVEN
    assert _figure(found, "c3") == CAPITAL_MINOR
    assert _figure(found, "restricted") == GIVEN
    assert _figure(found, "c4") == 0
    with found.act(TODAY) as (session, moment), pytest.raises(ledger.Overdrawn):
        own_money.record_administration(
            session,
            found.manager,
            moment,
            purpose="All of it",
            amount_minor=CAPITAL_MINOR + 1,
            paid_on=TODAY,
            key="all",
        )


def test_a_release_frees_as_much_as_it_says(given: tuple[Fund, str]) -> None:
    found, _ = given
    _release(found, 2_000_000)
    assert found.available() == CAPITAL_MINOR + 2_000_000
    assert found.balance("3001-1") == -3_000_000
    assert _figure(found, "c3") == CAPITAL_MINOR + 2_000_000
    with pytest.raises(WrongCapital, match=r"30,000\.00"):
        _release(found, 3_000_001)
    _release(found, 3_000_000)
    assert _figure(found, "restricted") == 0
    with found.database.reading() as session:
        assert check_books(session).is_sound


def test_only_a_manager_releases(given: tuple[Fund, str]) -> None:
    found, _ = given
    with found.act(TODAY) as (session, moment), pytest.raises(WrongPerson):
        restriction_releases.release_restriction(
            session, found.officer, moment, "3001-1", amount_minor=1, reason="Why", key="k"
        )


def test_a_restricted_contribution_is_reversed_whole_or_not_at_all(
    given: tuple[Fund, str],
) -> None:
    found, entry_id = given
    _release(found, 1)
    with found.act(TODAY) as (session, moment), pytest.raises(restriction_releases.ReleasedBefore):
        reverse_entry(session, found.manager, moment, entry_id, reason="Wrong", key=new_id())
    with found.act(TODAY) as (session, moment):
        second = restrictions.record_restricted_contribution(
            session,
            found.manager,
            moment,
            source="Donor One",
            purpose="Textiles",
            until_on=None,
            amount_minor=700,
            paid_on=TODAY,
            key="second",
        )
    assert found.balance("3001-2") == -700
    with found.act(TODAY) as (session, moment):
        reverse_entry(session, found.manager, moment, second, reason="Wrong", key=new_id())
    assert found.balance("3001-2") == 0
    assert found.available() == CAPITAL_MINOR + 1


def _only_release(found: Fund) -> str:
    with found.database.reading() as session:
        every = ledger.entries(session, facility_id=found.facility_id, limit=50).entries
    return next(one.entry_id for one in every if one.event == bookings.RELEASE)


def test_a_mistaken_release_is_taken_back(given: tuple[Fund, str]) -> None:
    found, entry_id = given
    _release(found, 2_000_000)
    release = _only_release(found)
    with found.act(TODAY) as (session, moment):
        reverse_entry(session, found.manager, moment, release, reason="Estonia", key=new_id())
    assert found.available() == CAPITAL_MINOR
    assert found.balance("3001-1") == -GIVEN
    with found.database.reading() as session:
        (row,) = restrictions_of(session, fund.the_facility(session))
        assert (row.given_minor, row.left_minor, row.is_reversed) == (GIVEN, GIVEN, False)
        assert check_books(session).is_sound
    # All of it can be released later, over both reserves, or given back to the donor.
    _release(found, 4_000_000)
    assert found.available() == CAPITAL_MINOR + 4_000_000
    again = _only_release(found)
    with found.act(TODAY) as (session, moment):
        reverse_entry(session, found.manager, moment, again, reason="Estonia", key=new_id())
    with found.act(TODAY) as (session, moment):
        reverse_entry(session, found.manager, moment, entry_id, reason="Wrong", key=new_id())
    assert (found.available(), found.balance("3001-1")) == (CAPITAL_MINOR, 0)
    with found.database.reading() as session:
        (row,) = restrictions_of(session, fund.the_facility(session))
        assert (row.given_minor, row.left_minor, row.is_reversed) == (GIVEN, 0, True)


def test_two_releases_at_once_free_no_more_than_was_given(
    given: tuple[Fund, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one looked before the first had booked."""
    found, _ = given
    with found.database.reading() as session:
        before = find_restriction(session, fund.the_facility(session), "3001-1")
    _release(found, 4_000_000)
    monkeypatch.setattr(restriction_releases, "find_restriction", lambda *_: before)
    with pytest.raises(HoldExceeded, match="released meanwhile"):
        _release(found, 4_000_000)
    assert found.balance("3001-1") == -1_000_000


def test_what_was_reversed_is_not_reversed_again(given: tuple[Fund, str]) -> None:
    found, entry_id = given
    _release(found, 2_000_000)
    for entry in (_only_release(found), entry_id):
        with found.act(TODAY) as (session, moment):
            reverse_entry(session, found.manager, moment, entry, reason="Wrong", key=new_id())
        with (
            found.act(TODAY) as (session, moment),
            pytest.raises(ledger.AlreadyReversed, match="reversed already"),
        ):
            reverse_entry(session, found.manager, moment, entry, reason="Wrong", key=new_id())
    with pytest.raises(WrongCapital, match="was reversed"):
        _release(found, 1)


def test_a_release_whose_money_is_promised_stays(given: tuple[Fund, str]) -> None:
    found, _ = given
    _release(found, 2_000_000)
    with found.act(TODAY) as (session, moment):
        own_money.record_administration(
            *(session, found.manager, moment),
            purpose="Audit",
            amount_minor=CAPITAL_MINOR + 1,
            paid_on=TODAY,
            key="spent",
        )
    release = _only_release(found)
    with (
        found.act(TODAY) as (session, moment),
        pytest.raises(restriction_releases.ReleasedBefore, match=r"19,999\.99"),
    ):
        reverse_entry(session, found.manager, moment, release, reason="Estonia", key=new_id())


def test_a_restriction_does_not_end_before_it_begins(given: tuple[Fund, str]) -> None:
    found, _ = given
    with found.act(TODAY) as (session, moment), pytest.raises(restrictions.PastDay):
        restrictions.record_restricted_contribution(
            session,
            found.manager,
            moment,
            source="Donor One",
            purpose="Latvia",
            until_on=date(2026, 3, 9),
            amount_minor=1,
            paid_on=TODAY,
            key="past",
        )
