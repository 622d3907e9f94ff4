"""What the rule sheet says would pass is done, by its words alone; then the rule passes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from loans.assessing.finding import Finding, Outcome
from tests.loans.proposals import measure
from tests.loans.sheets import needed, of, with_terms


@dataclass(frozen=True)
class Plan:
    """One measure with the same saving every month."""

    cost: Decimal
    saving: Decimal
    installation: int = 0
    asked: Decimal | None = None
    own: Decimal | None = None
    months: int | None = None
    horizon_years: int = 5

    def sheet(self) -> dict[str, Finding]:
        finance: dict[str, Any] = {
            "requested_amount": None if self.asked is None else str(self.asked),
            "own_contribution": None if self.own is None else str(self.own),
            "requested_maturity_months": self.months,
        }
        only = measure(
            cost=str(self.cost), saving=str(self.saving), implementation_months=self.installation
        )
        return of(only, finance=finance, assumptions={"horizon_years": max(self.horizon_years, 4)})


def amounts(pattern: str, words: str) -> list[Decimal]:
    return [Decimal(text.replace(",", "")) for text in re.findall(pattern, words)]


MONEY = r"EUR ([\d,]+\.\d\d)"


def obey_minimum(plan: Plan, words: str) -> Plan:
    for cost in amounts(f"investment of at least {MONEY}", words):
        plan = replace(plan, cost=cost)
    for month in amounts(f"net saving of at least {MONEY}", words):
        plan = replace(plan, saving=12 * month)
    for asked in amounts(f"Ask for at least {MONEY}", words):
        plan = replace(plan, asked=asked)
    return plan


def obey_cover(plan: Plan, words: str) -> Plan:
    for asked in amounts(f"(?:at most|A loan of) {MONEY}", words):
        plan = replace(plan, asked=asked)
    return obey_minimum(plan, words)


def obey_maturity(plan: Plan, words: str) -> Plan:
    longer = re.findall(r"Ask for at least (\d+) month", words)
    if longer:
        return replace(plan, months=int(longer[0]))
    for months in re.findall(r"Ask for at most (\d+) month", words):
        plan = replace(plan, months=int(months))
    if "within the first month" in words:
        plan = replace(plan, installation=0)
    for months in re.findall(r"in at most (\d+) month", words):
        plan = replace(plan, installation=int(months))
    return plan


def obey_saving(plan: Plan, words: str) -> Plan:
    for saving in amounts(f"yearly saving of at least {MONEY}", words):
        plan = replace(plan, saving=saving)
    for months in re.findall(r"installation of less than (\d+) months", words):
        plan = replace(plan, installation=0, saving=12 * plan.cost / int(months) + 1)
    return replace(plan, saving=plan.saving.quantize(Decimal("0.01")))


def obey_horizon(plan: Plan, words: str) -> Plan:
    return replace(plan, horizon_years=int(re.findall(r"at most (\d+) year", words)[0]))


def ask_for(plan: Plan, words: str) -> Plan:
    return replace(plan, asked=amounts(f"at most {MONEY}", words)[0])


def pay(plan: Plan, words: str) -> Plan:
    return replace(plan, own=amounts(f"at least {MONEY}", words)[0])


def pay_more(plan: Plan, words: str) -> Plan:
    return replace(plan, own=(plan.own or Decimal(0)) + amounts(f"where {MONEY}", words)[0])


OBEYED: dict[str, Callable[[Plan, str], Plan]] = {
    "minimum_amount": obey_minimum,
    "savings_cover": obey_cover,
    "maturity": obey_maturity,
    "roi_period": obey_saving,
    "net_present_value": obey_saving,
    "horizon": obey_horizon,
    "financed_share": ask_for,
    "maximum_amount": ask_for,
    "own_contribution": pay,
    "financing_gap": pay_more,
}
CENTS = st.decimals(0, 400_000, places=2)
PLANS = st.builds(
    Plan,
    cost=CENTS,
    saving=st.decimals("0.01", 400_000, places=2),
    installation=st.integers(0, 36),
    asked=st.one_of(st.none(), st.decimals(0, 300_000, places=2)),
    own=st.one_of(st.none(), st.decimals(0, 100_000, places=2)),
    months=st.one_of(st.none(), st.integers(1, 48)),
    horizon_years=st.integers(4, 30),
)


@given(plan=PLANS)
@example(plan=Plan(Decimal(120_000), Decimal(20_000), asked=Decimal(200_001)))
@example(plan=Plan(Decimal(63_000), Decimal(19_000), installation=6, own=Decimal(5)))
@example(plan=Plan(Decimal(63_000), Decimal(19_000), installation=6, months=6, horizon_years=30))
@example(plan=Plan(Decimal(300), Decimal(1), asked=Decimal(0)))
def test_what_would_pass_passes(plan: Plan) -> None:
    for code, found in plan.sheet().items():
        if code in OBEYED and found.outcome is not Outcome.PASS:
            better = OBEYED[code](plan, needed(found))
            assert better != plan, needed(found)
            again = better.sheet().get(code)
            assert again is None or again.outcome is Outcome.PASS, (better, needed(found))


def test_each_figure_that_would_pass_is_tried() -> None:
    """The plans above reach every rule that names a figure."""
    tried = [
        Plan(Decimal(120_000), Decimal(20_000), asked=Decimal(200_001), own=Decimal(5), months=48),
        Plan(Decimal(63_000), Decimal(19_000), months=6, installation=6, horizon_years=30),
        Plan(Decimal(300), Decimal(1)),
    ]
    failing = {
        code
        for plan in tried
        for code, found in plan.sheet().items()
        if found.outcome is not Outcome.PASS
    }
    assert set(OBEYED) <= failing


def test_every_limit_under_the_minimum_is_named_at_once() -> None:
    words = needed(
        Plan(Decimal(40_000), Decimal(9_000), asked=Decimal(100)).sheet()["minimum_amount"]
    )
    assert words == (
        "The facility lends from EUR 50,000.00. That needs equipment for an investment of at "
        "least EUR 55,555.56. Ask for at least EUR 50,000.00. A loan of EUR 50,000.00 needs a net "
        "saving of at least EUR 1,521.10 in each month with an instalment; the weakest month of "
        "savings is month 1, with EUR 750.00."
    )


def test_a_facility_without_a_smallest_loan_lends_a_cent_at_least() -> None:
    nothing = of(measure(cost="0", saving="100"), profile=with_terms(minimum_amount="0"))
    found = nothing["minimum_amount"]
    assert found.outcome is Outcome.FAIL
    assert "investment of at least EUR 0.02" in needed(found)
