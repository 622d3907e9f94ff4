"""One act for one key: stored answers, other content, refusals that stay, and twins at once."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.chart import CASH
from loans.own_money import record_contribution
from loans.refusal import OutOfStep, Refusal
from loans.storage.database import Database
from loans.storage.requests import KeyMissing, KeyReused, Outcome, RefusedBefore, Request, carry_out
from loans.tables import RequestKey
from tests.builders import OPENED_ON, Fund, at, open_fund

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database, capital_minor=0)


def ask(fund: Fund, key: str = "k1", actor_id: str = "", **content: Any) -> Request:
    return Request(
        actor_id or fund.manager.user_id, key, "POST /fund", content or {"amount": "10"}, NOON
    )


def give(fund: Fund, key: str = "k1") -> Mapping[str, Any]:
    def work(session: Session) -> Mapping[str, Any]:
        entry_id = record_contribution(
            session,
            fund.manager,
            at(OPENED_ON),
            source="Donor One",
            amount_minor=1_000,
            paid_on=OPENED_ON,
            key=key,
        )
        return {"entry": entry_id}

    return {"work": work}


def once(fund: Fund, request: Request) -> Outcome:
    return carry_out(fund.database, request, **give(fund, request.key))


def test_the_same_request_again_gets_the_stored_answer(fund: Fund) -> None:
    first, second = once(fund, ask(fund)), once(fund, ask(fund))
    assert (first.is_repeat, second.is_repeat) == (False, True)
    assert second.answer == first.answer
    assert fund.balance() == 1_000


def test_the_same_key_for_something_else_is_refused(fund: Fund) -> None:
    once(fund, ask(fund))
    with pytest.raises(KeyReused):
        once(fund, ask(fund, amount="11"))
    assert fund.balance() == 1_000


def test_keys_belong_to_their_askers(fund: Fund) -> None:
    once(fund, ask(fund))
    answer = carry_out(
        fund.database, ask(fund, actor_id=fund.officer.user_id), lambda _: {"done": True}
    )
    assert not answer.is_repeat


def test_a_refused_request_stays_refused_even_when_it_could_now_succeed(fund: Fund) -> None:
    def refuse(_session: Session) -> Mapping[str, Any]:
        message = "The fund has no money."
        raise OutOfStep(message)

    with pytest.raises(OutOfStep, match="no money"):
        carry_out(fund.database, ask(fund), refuse)
    with pytest.raises(RefusedBefore, match="no money"):
        once(fund, ask(fund))
    assert fund.balance() == 0


def test_a_twin_that_waits_for_a_request_is_refused_with_it(fund: Fund) -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        twins: list[Future[Outcome]] = []

        def refuse(_session: Session) -> Mapping[str, Any]:
            twins.append(pool.submit(once, fund, ask(fund)))
            with pytest.raises(TimeoutError):
                twins[0].result(timeout=0.05)
            message = "The fund has no money."
            raise OutOfStep(message)

        with pytest.raises(OutOfStep, match="no money"):
            carry_out(fund.database, ask(fund), refuse)
        with pytest.raises(RefusedBefore, match="no money"):
            twins[0].result()
    assert fund.balance() == 0


def test_a_refusal_leaves_nothing_of_the_act(fund: Fund) -> None:
    def half(session: Session) -> Mapping[str, Any]:
        give(fund)["work"](session)
        message = "Half done."
        raise OutOfStep(message)

    with pytest.raises(OutOfStep):
        carry_out(fund.database, ask(fund), half)
    assert fund.trial_balance() == {}


def test_a_fault_keeps_no_key_so_that_the_act_can_be_tried_again(fund: Fund) -> None:
    def break_down(_session: Session) -> Mapping[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        carry_out(fund.database, ask(fund), break_down)
    assert not once(fund, ask(fund)).is_repeat


@pytest.mark.parametrize("key", ["", "  ", "x" * 201, "a\x00b", "a\nb"])
def test_a_key_that_cannot_serve_is_refused(sqlite_database: Database, key: str) -> None:
    fund = open_fund(sqlite_database, capital_minor=0)
    with pytest.raises(KeyMissing):
        once(fund, ask(fund, key))


def test_the_same_key_fifty_times_at_once_is_one_posting(fund: Fund) -> None:
    def attempt(_number: int) -> Outcome | Refusal:
        try:
            return once(fund, ask(fund))
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(max_workers=10) as pool:
        outcomes = list(pool.map(attempt, range(50)))
    answers = [found for found in outcomes if isinstance(found, Outcome)]
    assert len(answers) == 50
    assert sum(not found.is_repeat for found in answers) == 1
    assert len({str(found.answer) for found in answers}) == 1
    assert fund.balance(CASH) == 1_000
    with fund.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RequestKey)) == 1
