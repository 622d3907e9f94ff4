"""The machine: whole lives of loans by the use cases, beside a model that never reads the books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from loans import own_money
from loans.books.books_check import check_books
from loans.books.ledger import close_period
from loans.cases.case_status import BORROWED, TAKES_MONEY, LoanStatus
from loans.component import Component
from loans.lending.loan_book import accrue
from loans.schedules.day_count import due_dates, month_after
from loans.schedules.schedule import GraceInterest, Method
from loans.servicing import (
    act_book,
    agreements,
    cancellations,
    charges,
    disbursing,
    new_terms,
    pay_offs,
    receipts,
    recoveries,
    reversals,
    waiting_money,
    write_offs,
)
from loans.storage.database import open_database
from loans.subledger.events import (
    Charged,
    CreditUsed,
    PaidOut,
    PrepaymentChoice,
    Received,
    Recovered,
    Refunded,
    Rescheduled,
    RestGivenUp,
    WrittenOff,
)
from loans.tables import Loan, Receipt
from tests import builders
from tests.funds import at
from tests.proofs.books_fund import SHAPES, Template, facility_terms
from tests.proofs.books_stage import Stage
from tests.proofs.books_world import TALLY, ModelledLoan, Pending, World

CHOICES = st.sampled_from(PrepaymentChoice)
PLACES = st.integers(0, 7)
SHARES = st.sampled_from((0.01, 0.3, 0.5, 1.0))
THEN = st.sampled_from((True, True, True, True, False, None))
"""What the second person does at once: agree, send back, or (None) let it wait."""
BACK = st.sampled_from((0, 0, 0, 1, 9, 40))
REVERSIBLE = (Received, Recovered, Charged, CreditUsed, Refunded)
Decide = Callable[..., Any]
Suits = Callable[[ModelledLoan], bool]
AGREE: Mapping[str, Decide] = {
    "pay-out": disbursing.release_disbursement,
    "write-off": write_offs.confirm_write_off,
    "refund": waiting_money.release_refund,
    "new terms": new_terms.agree_new_terms,
    "holiday": new_terms.agree_new_terms,
    "giving up": cancellations.agree_giving_up,
}
SEND_BACK: Mapping[str, Decide] = {
    "pay-out": disbursing.send_back_disbursement,
    "write-off": write_offs.send_back_write_off,
}


@dataclass(frozen=True)
class Beginning:
    """A world in which a loan has begun, left as it was, and where lives go on from there."""

    world: World
    stage: Stage


@dataclass(frozen=True)
class Beginnings:
    """By the shape of the loan and the days until it is paid out, made when first asked for."""

    template: Template
    made: dict[tuple[int, int], Beginning] = field(default_factory=dict)

    def close(self) -> None:
        """Close the databases that stayed open."""
        for one in self.made.values():
            one.stage.close()


def is_pending(loan: ModelledLoan) -> bool:
    return loan.pending is not None


def can_be_undone(loan: ModelledLoan) -> bool:
    return any(isinstance(event, REVERSIBLE) for event in loan.events.values())


class BooksMachine(RuleBasedStateMachine):
    """Every rule is one act of a person, which may be refused; the model learns what was done."""

    beginnings: ClassVar[Beginnings]

    begun: Beginning | None = None
    world: World

    # Beginning and time

    @initialize(shape=st.integers(0, len(SHAPES) - 1), wait=st.sampled_from((0, 3)))
    def one_loan_begins(self, shape: int, wait: int) -> None:
        """It begins alike each time, so it happens once and lives go on from there."""
        TALLY["examples"] += 1
        made = self.beginnings.made
        if (shape, wait) not in made:
            made[shape, wait] = self._begin(shape, wait)
        self.begun = made[shape, wait]
        self.world = self.begun.world.on(self.begun.stage.begin())
        assert self.world.stands() == self.begun.world.stands()

    def _begin(self, shape: int, wait: int) -> Beginning:
        """A fund in which a first loan is signed and paid out; it counts for no life."""
        template, tally = self.beginnings.template, TALLY.copy()
        url = template.databases.copy_of(template.url)
        self.world = World(template, open_database(url, is_test_server=True))
        try:
            self.sign(shape, wait, 28)
            self.prepare(0, 1.0 if wait else 0.6, 0, then=True)
            assert self.world.stands()
        finally:
            self.world.database.close()
            TALLY.clear()
            TALLY.update(tally)
        return Beginning(self.world, Stage(template.databases, url))

    @rule(days=st.sampled_from((1, 4, 15, 31, 31, 62)))
    def pass_days(self, days: int) -> None:
        self.world.pass_days(days)

    # Money of the fund, and its months

    @rule(amount=st.integers(1, 1_000_000))
    def contribute(self, amount: int) -> None:
        world = self.world
        world.ask(
            *("contribute", "manager"),
            lambda session, moment, key: own_money.record_contribution(
                *(session, world.fund.manager, moment),
                source="Donor Two",
                amount_minor=amount,
                paid_on=world.today,
                key=key,
            ),
        )

    @rule(back=st.sampled_from((1, 1, 2, 0)))
    def close_month(self, back: int) -> None:
        world = self.world
        month = month_after(world.today.replace(day=1), -back).strftime("%Y-%m")
        world.ask(
            *("close month", "manager"),
            lambda session, moment, _key: close_period(
                session,
                facility_id=world.fund.facility_id,
                month=month,
                actor_id=world.fund.manager.user_id,
                closed_at=moment.at,
            ),
        )

    @rule()
    def accrue_all(self) -> None:
        world = self.world
        for loan_id in world.loans:
            self._accrue(loan_id)

    def _accrue(self, loan_id: str) -> None:
        world = self.world
        world.ask(
            *("accrue", "manager"),
            lambda session, moment, key: accrue(
                *(session, world.fund.manager, moment, session.get_one(Loan, loan_id)), key=key
            ),
        )

    # The life of a loan

    @rule(shape=st.integers(0, len(SHAPES) - 1), wait=st.integers(0, 20), due=st.integers(1, 31))
    def sign(self, shape: int, wait: int, due: int) -> None:
        world = self.world
        pay_out_on = world.today + timedelta(wait)
        first_due_on = min(pay_out_on + timedelta(due), month_after(pay_out_on, 1))
        with facility_terms(SHAPES[shape]):
            loan_id = world.ask(
                *("sign", "officer"),
                lambda session, moment, _key: agreements.sign(
                    *(session, world.fund.officer, moment, world.template.application_ids[shape]),
                    signed_on=world.today,
                    first_pay_out_on=pay_out_on,
                    first_due_on=first_due_on,
                ),
            )
        if loan_id is not None:
            contract = SHAPES[shape].contract(pay_out_on, first_due_on)
            world.loans[loan_id] = ModelledLoan(loan_id, contract)
            builders.meet_conditions(world.fund, loan_id, on=world.today)

    # Which loan

    def loan(self, place: int, suits: Suits) -> ModelledLoan:
        """One of the loans that an act suits; of all of them for place 0, or where it suits none.

        What suits none is refused, which has to change nothing.
        """
        loans = list(self.world.loans.values())
        suited = [one for one in loans if place and suits(one)] or loans
        return suited[place % len(suited)]

    def has(self, suits: Suits) -> bool:
        return any(suits(one) for one in self.world.loans.values())

    def is_repaying(self, loan: ModelledLoan) -> bool:
        """Money goes and comes, and no request is waiting."""
        return loan.pending is None and loan.status(self.world.today) in BORROWED

    def takes_money(self, loan: ModelledLoan) -> bool:
        """Money may come, even where nothing is owed any more or the loan is given up."""
        return loan.pending is None and loan.status(self.world.today) in TAKES_MONEY

    def can_be_new(self, loan: ModelledLoan) -> bool:
        return self.is_repaying(loan) and loan.on(self.world.today).principal > 0

    def can_be_lost(self, loan: ModelledLoan) -> bool:
        """Anything is owed, be it costs of what was written off for nothing before."""
        if not self.is_repaying(loan):
            return False
        model = loan.on(self.world.today)
        return model.owed() + model.running + model.not_due > model.credit

    def can_be_put_off(self, loan: ModelledLoan) -> bool:
        return self.is_repaying(loan) and bool(loan.on(self.world.today).rows)

    def has_rest(self, loan: ModelledLoan) -> bool:
        is_begun = loan.status(self.world.today) in (LoanStatus.SIGNED, LoanStatus.DISBURSING)
        return loan.pending is None and is_begun

    def is_lost(self, loan: ModelledLoan) -> bool:
        return loan.status(self.world.today) is LoanStatus.WRITTEN_OFF

    def has_credit(self, loan: ModelledLoan) -> bool:
        return loan.pending is None and loan.on(self.world.today).credit > 0

    def with_credit(self, place: int, size: str) -> ModelledLoan:
        """A loan on which money waits; where there is none, some comes first."""
        if not self.has(self.has_credit):
            self.receive(place, size, 0, None)
        return self.loan(place, self.has_credit)

    @rule(place=PLACES, share=SHARES, ahead=st.sampled_from((0, 0, 2)), then=THEN)
    def prepare(self, place: int, share: float, ahead: int, *, then: bool | None) -> None:
        world, loan = self.world, self.loan(place, self.has_rest)
        amount = max(1, int(loan.contract.principal_minor * share))
        pay_on = world.today + timedelta(ahead)
        found = world.ask(
            *("prepare pay-out", "officer"),
            lambda session, moment, _key: disbursing.prepare_disbursement(
                *(session, world.fund.officer, moment, loan.loan_id),
                amount_minor=amount,
                pay_on=pay_on,
                purpose="Invoice 17 of Baltic Filters",
            ),
        )
        if found is not None:
            self._wait(loan, Pending("pay-out", found, PaidOut(pay_on, found, amount)), then=then)

    def _wait(self, loan: ModelledLoan, pending: Pending, *, then: bool | None) -> None:
        """Keep a request for the second person, who may act on it at once."""
        loan.pending = pending
        if then is not None:
            self._decide(loan, pending, agree=then)

    @precondition(lambda self: self.has(is_pending))
    @rule(place=st.integers(1, 7), agree=st.sampled_from((True, True, True, False)))
    def decide(self, place: int, *, agree: bool) -> None:
        loan = self.loan(place, is_pending)
        if loan.pending is not None:
            self._decide(loan, loan.pending, agree=agree)

    def _decide(self, loan: ModelledLoan, pending: Pending, *, agree: bool) -> None:
        world = self.world
        if agree:
            done = world.ask(
                *(f"agree to {pending.act}", "manager"),
                lambda session, moment, key: self._agree(loan, pending)(
                    session, world.fund.manager, moment, key=key
                ),
            )
        else:
            done = world.ask(
                *(f"send back {pending.act}", "manager"),
                lambda session, moment, _key: self._send_back(loan, pending)(
                    session, world.fund.manager, moment, reason="Look at it again"
                ),
            )
        if done is None:
            return
        loan.pending = None
        if agree:
            loan.events[pending.record_id] = self._dated(pending)

    def _agree(self, loan: ModelledLoan, pending: Pending) -> Decide:
        """What the second person does; a write-off is found by its loan."""
        is_loss = pending.act == "write-off"
        act, found = AGREE[pending.act], loan.loan_id if is_loss else pending.record_id
        return lambda session, actor, moment, **more: act(session, actor, moment, found, **more)

    def _send_back(self, loan: ModelledLoan, pending: Pending) -> Decide:
        is_loss = pending.act == "write-off"
        act = SEND_BACK.get(pending.act, act_book.send_back)
        found = loan.loan_id if is_loss else pending.record_id
        return lambda session, actor, moment, **more: act(session, actor, moment, found, **more)

    def _dated(self, pending: Pending) -> Any:
        """The event on the day on which it was agreed to; a pay-out has its own day."""
        event = pending.event
        if isinstance(event, PaidOut):
            return event
        fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
        return type(event)(**{**fields, "on": self.world.today})

    @rule(
        place=PLACES,
        size=st.sampled_from(("due", "due", "next", "next", "part", "all", "over", "odd")),
        back=BACK,
        prepays=st.sampled_from((None, None, *PrepaymentChoice)),
    )
    def receive(self, place: int, size: str, back: int, prepays: PrepaymentChoice | None) -> None:
        world, loan = self.world, self.loan(place, self.takes_money)
        on = world.today - timedelta(back)
        amount = self._amount(loan, size)
        was = loan.status(world.today)
        found = world.ask(
            *(f"receive {size}", "officer"),
            lambda session, moment, key: (
                receipts.record_receipt(
                    *(session, world.fund.officer, moment, loan.loan_id),
                    amount_minor=amount,
                    received_on=on,
                    bank_reference=key,
                    key=key,
                    prepays=prepays,
                ).receipt_id
            ),
        )
        if found is not None:
            TALLY["backdated receipt"] += back > 0
            TALLY["prepayment"] += prepays is not None
            TALLY["receipt after the last"] += was is LoanStatus.REPAID
            TALLY["receipt from before the write-off"] += was is LoanStatus.WRITTEN_OFF
            loan.events[found] = Received(on, found, amount, prepays)

    def _amount(self, loan: ModelledLoan, size: str) -> int:
        model = loan.on(self.world.today)
        owed = model.owed()
        following = model.rows[0].total if model.rows else 1_000
        everything = owed + model.not_due + model.running
        amounts = {
            "due": owed,
            "next": following,
            "part": (owed or following) // 3,
            "all": everything - model.credit,
            "over": everything + 12_345,
            "odd": 7_919,
        }
        return max(1, amounts[size])

    @rule(place=PLACES)
    def pay_off(self, place: int) -> None:
        """The amount that was quoted for the day closes the loan."""
        world, loan = self.world, self.loan(place, self.is_repaying)
        with world.database.reading() as session:
            quote = pay_offs.pay_off_view(
                *(session, world.fund.officer, at(world.today), loan.loan_id), on=world.today
            )
        if not quote.total_minor or quote.credit_minor < 0:
            return
        found = world.ask(
            *("pay off", "officer"),
            lambda session, moment, key: (
                receipts.record_receipt(
                    *(session, world.fund.officer, moment, loan.loan_id),
                    amount_minor=quote.total_minor,
                    received_on=world.today,
                    bank_reference=key,
                    key=key,
                ).receipt_id
            ),
        )
        if found is not None:
            loan.events[found] = Received(world.today, found, quote.total_minor)
            assert (
                world.record(loan.loan_id).at(world.today).is_settled or loan.newest > world.today
            )

    @rule(place=PLACES, amount=st.integers(1, 20_000), back=BACK, is_fee=st.booleans())
    def charge(self, place: int, amount: int, back: int, *, is_fee: bool) -> None:
        world, loan = self.world, self.loan(place, self.is_repaying)
        component = Component.FEES if is_fee else Component.COSTS
        on = world.today - timedelta(back)
        found = world.ask(
            *("charge", "officer"),
            lambda session, moment, key: charges.charge(
                *(session, world.fund.officer, moment, loan.loan_id),
                component=component,
                amount_minor=amount,
                charged_on=on,
                reason="Reminder",
                key=key,
            ),
        )
        if found is not None:
            loan.events[found] = Charged(on, found, amount, component)

    @rule(place=PLACES, share=SHARES, choice=CHOICES)
    def use_credit(self, place: int, share: float, choice: PrepaymentChoice) -> None:
        world, loan = self.world, self.with_credit(place, "next")
        amount = max(1, int(loan.on(world.today).credit * share))
        found = world.ask(
            *("use credit", "officer"),
            lambda session, moment, key: waiting_money.use_credit(
                *(session, world.fund.officer, moment, loan.loan_id),
                amount_minor=amount,
                prepays=choice,
                reason="Letter of the borrower",
                key=key,
            ),
        )
        if found is not None:
            loan.events[found] = CreditUsed(world.today, found, amount, choice)

    @rule(place=PLACES, share=SHARES, size=st.sampled_from(("next", "over")), then=THEN)
    def ask_refund(self, place: int, share: float, size: str, *, then: bool | None) -> None:
        world, loan = self.world, self.with_credit(place, size)
        amount = max(1, int(loan.on(world.today).credit * share))
        found = world.ask(
            *("ask for refund", "officer"),
            lambda session, moment, _key: waiting_money.request_refund(
                *(session, world.fund.officer, moment, loan.loan_id),
                amount_minor=amount,
                reason="To the account it came from",
            ),
        )
        if found is not None:
            event = Refunded(world.today, found, amount)
            self._wait(loan, Pending("refund", found, event), then=then)

    @precondition(lambda self: self.has(can_be_undone))
    @rule(place=st.integers(1, 7), kind=st.integers(0, 4), which=st.integers(0, 9))
    def reverse(self, place: int, kind: int, which: int) -> None:
        world, loan = self.world, self.loan(place, can_be_undone)
        kinds = [one for one in REVERSIBLE if any(type(e) is one for e in loan.events.values())]
        chosen = kinds[kind % len(kinds)]
        able = [ref for ref, event in loan.events.items() if type(event) is chosen]
        ref = able[which % len(able)]
        is_money = isinstance(loan.events[ref], Received | Recovered)
        undo = receipts.reverse_receipt if is_money else reversals.reverse_act
        done = world.ask(
            *(f"reverse {type(loan.events[ref]).__name__}", "officer"),
            lambda session, moment, key: undo(
                session, world.fund.officer, moment, ref, reason="Entered twice", key=key
            ),
        )
        if done is not None:
            assert chosen is not Refunded, "a refund was reversed"
            del loan.events[ref]

    @rule(
        place=PLACES,
        count=st.integers(1, 6),
        method=st.sampled_from((Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.BULLET)),
        grace=st.integers(0, 2),
        interest=st.sampled_from(GraceInterest),
        capitalises=st.booleans(),
        then=THEN,
    )
    def ask_new_terms(
        self,
        place: int,
        count: int,
        method: Method,
        grace: int,
        interest: GraceInterest,
        *,
        capitalises: bool,
        then: bool | None,
    ) -> None:
        first = self.world.today + timedelta(20)
        asked = new_terms.NewTerms(first, count, 1, method, grace, interest, capitalises)
        days = due_dates(first, count, 1)
        loan = self.loan(place, self.can_be_new)
        terms = (days, method, grace, interest, capitalises)
        self._ask_terms(loan, "new terms", asked, terms, then=then)

    @rule(
        place=PLACES,
        count=st.integers(1, 3),
        interest=st.sampled_from(GraceInterest),
        then=THEN,
    )
    def ask_holiday(
        self, place: int, count: int, interest: GraceInterest, *, then: bool | None
    ) -> None:
        loan = self.loan(place, self.can_be_put_off)
        model = loan.on(self.world.today)
        planned = [row.on for row in model.rows]
        step = 1
        more = due_dates(planned[-1], count + 1, step)[1:] if planned else ()
        terms = ((*planned, *more), model.terms[0], count, interest, False)
        self._ask_terms(loan, "holiday", new_terms.Holiday(count, interest), terms, then=then)

    def _ask_terms(
        self,
        loan: ModelledLoan,
        name: str,
        asked: Any,
        terms: tuple[Any, ...],
        *,
        then: bool | None,
    ) -> None:
        world = self.world
        found = world.ask(
            *(f"ask for {name}", "officer"),
            lambda session, moment, _key: new_terms.request_new_terms(
                *(session, world.fund.officer, moment, loan.loan_id, asked),
                reason="The plant stands still",
            ),
        )
        if found is not None:
            event = Rescheduled(world.today, found, *terms)
            self._wait(loan, Pending(name, found, event), then=then)

    @rule(place=PLACES, then=THEN)
    def ask_giving_up(self, place: int, *, then: bool | None) -> None:
        world, loan = self.world, self.loan(place, self.has_rest)
        paid = [event.amount_minor for event in loan.events.values() if isinstance(event, PaidOut)]
        rest = loan.contract.principal_minor - sum(paid)
        found = world.ask(
            *("ask for giving up", "officer"),
            lambda session, moment, _key: cancellations.request_giving_up(
                *(session, world.fund.officer, moment, loan.loan_id), reason="It is not needed"
            ),
        )
        if found is not None:
            event = RestGivenUp(world.today, found, rest)
            self._wait(loan, Pending("giving up", found, event), then=then)

    @rule(place=PLACES, then=THEN)
    def ask_write_off(self, place: int, *, then: bool | None) -> None:
        world, loan = self.world, self.loan(place, self.can_be_lost)
        found = world.ask(
            *("ask for write-off", "officer"),
            lambda session, moment, _key: write_offs.request_write_off(
                *(session, world.fund.officer, moment, loan.loan_id), reason="Bankrupt"
            ),
        )
        if found is not None:
            event = WrittenOff(world.today, found)
            self._wait(loan, Pending("write-off", found, event), then=then)

    @precondition(lambda self: self.has(self.is_lost))
    @rule(place=PLACES, amount=st.sampled_from((1_000, 100_000, 9_000_000)))
    def recover(self, place: int, amount: int) -> None:
        world, loan = self.world, self.loan(place, self.is_lost)

        def work(session: Any, moment: Any, key: str) -> str:
            entry_id = recoveries.record_recovery(
                *(session, world.fund.officer, moment, loan.loan_id),
                amount_minor=amount,
                received_on=world.today,
                bank_reference=key,
                key=key,
            )
            found = select(Receipt.id).where(Receipt.entry_id == entry_id)
            return str(session.scalars(found).one())

        found = world.ask("recover", "officer", work)
        if found is not None:
            loan.events[found] = Recovered(world.today, found, amount)

    # What never changes

    @rule()
    def retry(self) -> None:
        self.world.ask_again()

    @rule(place=PLACES, back=st.integers(0, 60))
    def remember(self, place: int, back: int) -> None:
        self.world.remember(self.loan(place, can_be_undone).loan_id, back)

    @invariant()
    def everything_holds(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        if self.begun is None:
            return
        try:
            self.world.check_history()
            with self.world.database.reading() as session:
                report = check_books(session)
            assert report.is_sound, report.summary
        finally:
            self.begun.stage.end(self.world.database)
