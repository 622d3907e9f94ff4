"""Replaying what happened to a loan, in the order of the value dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import assert_never

from loans.schedules.schedule import Instalment
from loans.subledger.contract import Agreed, Contract
from loans.subledger.events import (
    Charged,
    CreditUsed,
    Event,
    PaidOut,
    Received,
    Recovered,
    Refunded,
    Rescheduled,
    RestGivenUp,
    WrittenOff,
    value_order,
)
from loans.subledger.loss import Loss
from loans.subledger.running_account import RunningAccount
from loans.subledger.running_item import LATE_INTEREST, PLACE_OF
from loans.subledger.standing import standing_of
from loans.subledger.state import AccountState, Amounts, PlanReason


def replay(contract: Contract, events: Iterable[Event], *, until: date) -> AccountState:
    """What the loan owes on the evening of ``until``; later events are left out.

    A pure function: the order in which events are given plays no part. Instalments of a day fall
    due before its events; among these the order is that of ``events.value_order``.
    """
    life = _Life(contract)
    for event in sorted((one for one in events if one.on <= until), key=value_order):
        life.take(event)
    return life.end(until)


class _Life:
    """The account, and what an account alone does not know: pay-outs, rest, loss, new terms."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.account: RunningAccount | None = None
        self.disbursed = self.given_up = self.fees = 0
        self.restructured_on: date | None = None
        self.loss: Loss | None = None

    def take(self, event: Event) -> None:
        """Let the days pass up to the event, then let it happen."""
        if isinstance(event, RestGivenUp):
            self.given_up += event.amount_minor
            return
        account = self._account_on(event)
        if account is None:
            return
        account.reach(event.on)
        if self.loss is not None:
            self._after_loss(self.loss, account, event)
        else:
            self._happen(account, event)

    def _account_on(self, event: Event) -> RunningAccount | None:
        """The account; the first pay-out opens it, and nothing can happen before that."""
        if self.account is None and isinstance(event, PaidOut):
            self.account = RunningAccount(self.contract, event.on)
        return self.account

    def _happen(  # noqa: C901 - one line for each kind of event
        self, account: RunningAccount, event: Event
    ) -> None:
        match event:
            case PaidOut():
                self._pay_out(account, event)
            case Charged():
                self._charge(account, event)
            case Received():
                account.receive(event.on, event.ref, event.amount_minor, event.prepays)
            case Recovered():
                account.receive(event.on, event.ref, event.amount_minor, None)
            case CreditUsed():
                account.use_credit(event.on, event.ref, event.amount_minor, event.prepays)
            case Rescheduled():
                self._reschedule(account, event)
            case Refunded():
                account.credit -= event.amount_minor
            case WrittenOff():
                self._write_off(account, event.on)
            case RestGivenUp():
                pass
            case _:
                assert_never(event)

    def _pay_out(self, account: RunningAccount, event: PaidOut) -> None:
        self.disbursed += event.amount_minor
        account.close_tail()
        account.principal += event.amount_minor
        days = account.dates_after(event.on)
        account.plan_anew(event.on, PlanReason.PAY_OUT, days, account.shape(days))

    def _charge(self, account: RunningAccount, event: Charged) -> None:
        item = account.item(event.on, ref=event.ref)
        item.due[PLACE_OF[event.component]] = event.amount_minor
        self.fees += event.amount_minor
        account.use_waiting(event.on)

    def _reschedule(self, account: RunningAccount, event: Rescheduled) -> None:
        account.close_tail()
        account.count_lateness(event.on)
        capitalises = event.capitalises_overdue_interest
        account.release_overdue(event.on, event.ref, capitalises=capitalises)
        self.restructured_on = self.restructured_on or event.on
        account.dates = event.due_on
        grace_until = account.number + event.grace_instalments
        balloon = account.agreed.balloon_minor if event.is_holiday else 0
        account.agreed = Agreed(event.method, grace_until, event.grace_interest, balloon)
        reason = PlanReason.HOLIDAY if event.is_holiday else PlanReason.RESCHEDULE
        account.plan_anew(event.on, reason, event.due_on, account.shape(event.due_on))

    def _write_off(self, account: RunningAccount, on: date) -> None:
        """Give up what is owed and what is not paid out.

        Where payments told later leave nothing that was owed, there was no loss.
        """
        self.given_up = max(self.given_up, self.contract.principal_minor - self.disbursed)
        account.set_off(on)
        if account.open or account.principal or account.accrued_minor:
            suspended = standing_of(account, on).suspended
            self.loss = Loss.of(account, on, suspended)

    def _after_loss(self, loss: Loss, account: RunningAccount, event: Event) -> None:
        """After a write-off money is a recovery, and costs raise what is claimed."""
        match event:
            case Received() | Recovered():
                loss.recover(account, event.on, event.ref, event.amount_minor)
            case Charged():
                loss.claim(event.component, event.amount_minor)
            case Refunded():
                account.credit -= event.amount_minor
            case _:
                pass

    def end(self, until: date) -> AccountState:
        """The evening of the last day."""
        account = self.account
        if account is None:
            return _nothing_paid_out(self.contract, until, self.given_up)
        account.reach(until)
        account.count_lateness(until)
        standing = standing_of(account, until)
        loss = self.loss
        return AccountState(
            on=until,
            disbursed_minor=self.disbursed,
            given_up_minor=self.given_up,
            capitalised_minor=account.capitalised,
            principal_minor=account.principal,
            accrued_minor=account.accrued_minor,
            credit_minor=account.credit,
            items=tuple(item.frozen() for item in account.items),
            schedule=_schedule(account),
            plans=tuple(account.plans),
            allocations=tuple(account.allocations),
            interest_earned_minor=account.earned + account.rate.earned(account.time),
            late_interest_earned_minor=_late_interest_earned(account, loss),
            fees_charged_minor=self.fees,
            written_off_on=loss.on if loss else None,
            written_off=loss.given_up if loss else Amounts(),
            suspended_when_written_off=loss.suspended if loss else Amounts(),
            recovered=loss.recovered if loss else Amounts(),
            still_lost=loss.still_lost if loss else Amounts(),
            restructured_on=self.restructured_on,
            days_past_due=standing.days_past_due,
            overdue_minor=standing.overdue_minor,
            overdue_principal_minor=standing.overdue_principal_minor,
            is_non_accrual=standing.is_non_accrual,
        )


def _schedule(account: RunningAccount) -> tuple[Instalment, ...]:
    """The schedule, its next instalment as it will fall due if nothing else happens until then.

    The plan of the running period does not know of principal that is or was overdue in it, and
    that earns until it is paid.
    """
    rows = account.instalments()
    fallen = len(account.billed.rows)
    if fallen == len(rows):
        return rows
    row = rows[fallen]
    span = account.rate.position(row.due_on) - account.at
    interest = account.rate.earned(account.time + account.principal * span)
    if interest == row.interest_minor + row.capitalised_minor:
        return rows
    added = interest if row.capitalised_minor else 0
    more = added - row.capitalised_minor
    first = replace(row, interest_minor=interest - added, capitalised_minor=added)
    ahead = (first, *rows[fallen + 1 :])
    raised = (replace(one, balance_minor=one.balance_minor + more) for one in ahead)
    return (*rows[:fallen], *raised)


def _late_interest_earned(account: RunningAccount, loss: Loss | None) -> int:
    """Late interest of all items, with what was given up of it."""
    given_up = loss.given_up.late_interest if loss else 0
    return given_up + sum(item.due[LATE_INTEREST] for item in account.items)


def _nothing_paid_out(contract: Contract, on: date, given_up_minor: int) -> AccountState:
    """A loan that is signed: its schedule is the plan of the contract."""
    planned = RunningAccount(contract, contract.planned_pay_out_on)
    planned.principal = contract.principal_minor
    days = list(contract.due_on)
    planned.plan_anew(contract.planned_pay_out_on, PlanReason.PAY_OUT, days, planned.shape(days))
    none = Amounts()
    return AccountState(
        on=on,
        disbursed_minor=0,
        given_up_minor=given_up_minor,
        capitalised_minor=0,
        principal_minor=0,
        accrued_minor=0,
        credit_minor=0,
        items=(),
        schedule=planned.instalments(),
        plans=(),
        allocations=(),
        interest_earned_minor=0,
        late_interest_earned_minor=0,
        fees_charged_minor=0,
        written_off_on=None,
        written_off=none,
        suspended_when_written_off=none,
        recovered=none,
        still_lost=none,
        restructured_on=None,
        days_past_due=0,
        overdue_minor=0,
        overdue_principal_minor=0,
        is_non_accrual=False,
    )
