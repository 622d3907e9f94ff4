from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.savings_cover import exact_level_payment, level_payment, savings_cover
from loans.assessing.offer import (
    AmountRule,
    MaturityRule,
    Offer,
    OfferFigures,
    make_offer,
    offer_on,
)
from loans.profile import Profile, parse
from tests.loans.proposals import NEFCO, appraised, measure, proposal


def changed(**values: object) -> Profile:
    document = NEFCO.model_dump(mode="json")
    for term, value in values.items():
        document["terms"][term]["value"] = value
    return parse(document)


def offer(cost: str, saving: str, *, profile: Profile = NEFCO, **more: Any) -> Offer:
    finance = more.pop("finance", {})
    figures = proposal(measure(cost=cost, saving=saving, **more), finance=finance)
    return make_offer(figures, appraised(figures), profile)


def flat(investment: int, saving: int, delay_months: int = 0, **more: Any) -> OfferFigures:
    months = [Fraction(0)] * delay_months + [Fraction(saving, 12)] * 120
    ratio = Fraction(investment, saving)
    return OfferFigures("EUR", Decimal(investment), ratio, delay_months, months, **more)


def test_the_golden_case() -> None:
    golden = offer("120000.00", "60000.00")
    assert golden.eligible
    assert str(golden.maximum_amount) == "108000.00"
    assert golden.amount_rule is AmountRule.FINANCED_SHARE
    assert golden.maximum_maturity_months == 28
    assert golden.maturity_rule is MaturityRule.PAYBACK_PLUS_20_PERCENT
    assert str(golden.indicative_level_payment) == "4143.06"
    assert float(golden.minimum_cover or 0) == pytest.approx(1.2068, abs=5e-5)
    assert golden.reasons == ()


@pytest.mark.parametrize(
    ("cost", "saving", "months", "rule"),
    [
        ("120000", "60000", 28, "payback_plus_20_percent"),
        ("120000", "50000", 34, "payback_plus_20_percent"),
        ("120000", "48000", 36, "payback_plus_20_percent"),
        ("251000", "100000", 36, "payback_plus_20_percent"),
        ("260000", "100000", 36, "three_year_cap"),
        ("249000", "100000", 35, "payback_plus_20_percent"),
        ("62500", "36000", 25, "payback_plus_20_percent"),
        ("300000", "75000", 36, "three_year_cap"),
    ],
)
def test_the_longest_maturity_is_rounded_down(
    cost: str, saving: str, months: int, rule: str
) -> None:
    worked_out = offer(cost, saving)
    assert (worked_out.maximum_maturity_months, worked_out.maturity_rule) == (months, rule)


def test_a_loan_under_the_minimum_by_half_a_euro_is_refused_with_what_would_pass() -> None:
    refused = offer("55555", "27777")
    assert not refused.eligible
    assert str(refused.maximum_amount) == "49999.50"
    assert "EUR 55,555.56" in refused.reasons[0]


def test_a_loan_over_the_minimum_by_forty_cents_is_offered() -> None:
    offered = offer("55556", "27778")
    assert offered.eligible
    assert str(offered.maximum_amount) == "50000.40"


def test_the_investment_named_in_the_refusal_would_pass() -> None:
    assert offer("55555.56", "27777").eligible
    assert not offer("55555.55", "27777").eligible


def test_a_payback_of_four_years_is_capped_in_months_and_amount() -> None:
    capped = offer("300000", "75000")
    assert (capped.maximum_maturity_months, capped.amount_rule) == (36, "facility_maximum")
    assert str(capped.maximum_amount) == "200000.00"


@pytest.mark.parametrize(
    ("payback_years", "cover"),
    [("1", 1.25), ("2", 1.21), ("2.5", 1.22), ("2.75", 1.11), ("3", 1.0145)],
)
def test_cover_at_ninety_percent(payback_years: str, cover: float) -> None:
    saving = Decimal(200_000) / Decimal(payback_years)
    worked_out = offer_on(flat(200_000, int(saving)), NEFCO)
    assert worked_out.amount_rule is AmountRule.FINANCED_SHARE
    assert float(worked_out.minimum_cover or 0) == pytest.approx(cover, abs=0.005)


def test_a_long_payback_is_limited_by_the_cover() -> None:
    worked_out = offer_on(flat(210_000, 60_000), NEFCO)
    assert worked_out.amount_rule is AmountRule.COVER
    assert worked_out.maximum_amount == worked_out.cover_limited_amount
    assert worked_out.minimum_cover is not None
    assert 1 <= worked_out.minimum_cover < Fraction(1001, 1000)
    share = Fraction(9, 10) * 210_000 * exact_level_payment(Decimal("0.06"), 36)
    assert float(5_000 / share) == pytest.approx(0.87, abs=0.005)


def test_of_equal_limits_the_first_is_named() -> None:
    both = offer_on(flat(200_000, 100_000, requested_amount=Decimal(180_000)), NEFCO)
    assert both.amount_rule is AmountRule.FINANCED_SHARE
    top = changed(maximum_amount="180000")
    assert offer_on(flat(200_000, 100_000), top).amount_rule is AmountRule.FINANCED_SHARE


def test_asking_for_less_or_shorter_is_kept_and_asking_for_more_changes_nothing() -> None:
    less = {"requested_amount": "60000.00", "requested_maturity_months": 20}
    small = offer("120000", "60000", finance=less)
    assert (str(small.maximum_amount), small.amount_rule) == ("60000.00", "requested")
    assert (small.maximum_maturity_months, small.maturity_rule) == (20, "requested")
    assert small.longest_by_rules_months == 28
    more = {"requested_amount": "150000.00", "requested_maturity_months": 36}
    large = offer("120000", "60000", finance=more)
    assert (str(large.maximum_amount), large.amount_rule) == ("108000.00", "financed_share")
    assert (large.maximum_maturity_months, large.maturity_rule) == (28, "payback_plus_20_percent")


def test_asking_for_less_than_the_minimum_is_refused() -> None:
    refused = offer("120000", "60000", finance={"requested_amount": "49999.99"})
    assert not refused.eligible
    assert "Ask for at least" in refused.reasons[0]


def test_installation_lengthens_the_roi_period_and_leaves_fewer_instalments() -> None:
    delayed = offer("120000", "60000", implementation_months=6)
    assert delayed.roi_period_months == 30
    assert (delayed.maximum_maturity_months, delayed.grace_months) == (36, 6)
    per_unit = exact_level_payment(Decimal("0.06"), 30)
    assert float(delayed.indicative_level_payment or 0) == pytest.approx(float(108_000 * per_unit))


def test_the_roi_period_may_begin_with_commissioning() -> None:
    profile = changed(roi_period_from="commissioning")
    delayed = offer("120000", "60000", implementation_months=6, profile=profile)
    assert delayed.roi_period_months == 24
    assert delayed.maximum_maturity_months == 28


def test_installation_that_outlasts_the_loan_is_refused() -> None:
    late = offer("120000", "60000", implementation_months=36)
    assert not late.eligible
    assert late.maximum_amount is None
    assert "36 months" in late.reasons[0]


def test_savings_that_pause_leave_nothing_to_lend() -> None:
    line = {"code": "S1", "annual_amount": "60000", "active_months": [1, 2, 3]}
    seasonal = offer("120000", "60000", savings=[line])
    assert seasonal.maximum_amount == 0
    assert seasonal.amount_rule is AmountRule.COVER
    assert not seasonal.eligible
    assert "weakest month" in seasonal.reasons[0]


def test_a_measure_that_is_not_recovered_has_no_offer() -> None:
    refused = offer("120000", "0")
    assert not refused.eligible
    assert refused.maximum_amount is None
    assert any("not recovered" in reason for reason in refused.reasons)


def test_another_currency_is_not_compared_with_the_limits() -> None:
    figures = proposal(measure(cost="120000", saving="60000"), currency="USD")
    refused = make_offer(figures, appraised(figures), NEFCO)
    assert not refused.eligible
    assert refused.maximum_amount is None


def test_a_failed_rule_of_the_project_makes_the_offer_ineligible() -> None:
    refused = offer("120000", "60000", expands_capacity=True)
    assert not refused.eligible
    assert str(refused.maximum_amount) == "108000.00"


def test_every_limit_is_shown_and_the_smallest_binds() -> None:
    worked_out = offer("300000", "75000", finance={"requested_amount": "205000"})
    assert [(limit.rule, str(limit.amount)) for limit in worked_out.limits] == [
        ("financed_share", "270000.00"),
        ("facility_maximum", "200000.00"),
        ("cover", "205444.01"),
        ("requested", "205000.00"),
    ]
    assert worked_out.amount_rule is AmountRule.FACILITY_MAXIMUM
    assert [(limit.rule, limit.months) for limit in worked_out.maturity_limits] == [
        ("payback_plus_20_percent", 57),
        ("three_year_cap", 36),
    ]
    asked = offer("120000", "60000", finance={"requested_maturity_months": 20})
    assert asked.maturity_limits[-1] == (MaturityRule.REQUESTED, 20)


def test_the_covers_of_the_golden_case() -> None:
    golden = offer("120000", "60000")
    assert len(golden.covers) == golden.instalments == 28
    assert set(golden.covers) == {golden.minimum_cover}
    assert float(golden.loan_life_cover or 0) == pytest.approx(1.2068, abs=5e-5)
    assert str(golden.cover_limited_amount) == "130338.57"
    assert str(golden.target_cover_amount) == "108615.32"
    assert str(golden.debt_capacity) == "108000.00"
    assert golden.grace_interest_payment is None
    assert (golden.weakest_month, golden.weakest_saving) == (1, Fraction(5000))


def test_debt_capacity_is_the_worth_of_the_savings_where_no_cap_is_lower() -> None:
    long = offer_on(flat(210_000, 60_000), NEFCO)
    per_unit = exact_level_payment(Decimal("0.06"), 36)
    exact = Fraction(5000) / Fraction(6, 5) / per_unit
    assert 0 <= exact - Fraction(long.debt_capacity or 0) < Fraction(1, 100)
    assert long.debt_capacity is not None
    assert long.maximum_amount is not None
    assert long.debt_capacity < long.maximum_amount
    large = offer_on(flat(600_000, 600_000), NEFCO)
    assert large.debt_capacity == 200_000


def test_during_installation_the_interest_is_paid_from_own_money() -> None:
    delayed = offer("120000", "60000", implementation_months=6)
    assert str(delayed.grace_interest_payment) == "540.00"
    assert delayed.weakest_month == 7


def test_cover_is_taken_in_money_of_the_day() -> None:
    flat_prices = measure(cost="150000", saving="50000")
    figures = proposal(flat_prices, assumptions={"inflation": 0.10})
    rising = make_offer(figures, appraised(figures), NEFCO)
    assert float(rising.covers[12] / rising.covers[11]) == pytest.approx(1.10)
    assert float(rising.covers[24] / rising.covers[0]) == pytest.approx(1.21)
    assert rising.minimum_cover == offer("150000", "50000").minimum_cover
    assert (rising.average_cover or 0) > (offer("150000", "50000").average_cover or 0)


def test_only_equipment_is_lent_for_while_payback_counts_working_capital() -> None:
    outlays = [
        {"code": "I1", "amount": "100000", "evidence": "quote"},
        {"code": "I2", "amount": "20000", "kind": "working_capital", "evidence": "quote"},
        {"code": "I3", "amount": "9000", "kind": "replacement", "month": 40, "evidence": "quote"},
    ]
    worked_out = offer("1", "60000", investment=outlays)
    assert str(worked_out.maximum_amount) == "90000.00"
    assert worked_out.roi_period_months == 24


def test_a_loan_of_a_cent_has_a_payment_of_a_cent() -> None:
    tiny = offer_on(flat(200_000, 100_000, requested_amount=Decimal("0.01")), NEFCO)
    assert not tiny.eligible
    assert str(tiny.indicative_level_payment) == "0.01"
    assert tiny.minimum_cover is not None


MONEY = st.integers(1_000, 5_000_000)


@given(MONEY, MONEY, st.integers(0, 12), st.one_of(st.none(), st.integers(1, 300_000).map(Decimal)))
def test_the_amount_is_one_of_its_limits_and_a_cent_more_breaks_the_binding_one(
    investment: int, saving: int, delay_months: int, requested: Decimal | None
) -> None:
    figures = flat(investment, saving, delay_months, requested_amount=requested)
    worked_out = offer_on(figures, NEFCO)
    amount = worked_out.maximum_amount
    if amount is None:
        assert worked_out.instalments < 1
        return
    assert amount == min(limit.amount for limit in worked_out.limits)
    assert (worked_out.amount_rule, amount) in worked_out.limits
    assert (worked_out.maturity_rule, worked_out.maximum_maturity_months) in (
        worked_out.maturity_limits
    )
    more = amount + Decimal("0.01")
    match worked_out.amount_rule:
        case AmountRule.FINANCED_SHARE:
            assert more > Fraction(9, 10) * investment
        case AmountRule.FACILITY_MAXIMUM:
            assert more > 200_000
        case AmountRule.COVER:
            payment = level_payment(more, Decimal("0.06"), worked_out.instalments, "EUR")
            cover = savings_cover(
                figures.monthly_net_savings,
                payment,
                grace_months=delay_months,
                instalments=worked_out.instalments,
            )
            assert cover.minimum < 1
        case _:
            assert requested is not None
            assert more > requested
    assert worked_out.debt_capacity is not None
    assert worked_out.debt_capacity <= Fraction(9, 10) * investment
    assert worked_out.debt_capacity <= 200_000


@given(MONEY, MONEY, st.integers(0, 12))
def test_no_offer_breaks_a_rule(investment: int, saving: int, delay_months: int) -> None:
    worked_out = offer_on(flat(investment, saving, delay_months), NEFCO)
    amount, months = worked_out.maximum_amount, worked_out.maximum_maturity_months
    assert months is not None
    assert 1 <= months <= 36
    roi = delay_months + Fraction(12 * investment, saving)
    assert months == 1 or months <= Fraction(6, 5) * roi
    if worked_out.eligible:
        assert amount is not None
        assert 50_000 <= amount <= 200_000
        assert amount <= Fraction(9, 10) * investment
        assert worked_out.minimum_cover is not None
        assert worked_out.minimum_cover >= 1


@given(MONEY, MONEY, st.integers(0, 100_000))
def test_maturity_never_falls_when_the_payback_grows(
    investment: int, saving: int, more: int
) -> None:
    shorter = offer_on(flat(investment, saving), NEFCO)
    longer = offer_on(flat(investment + more, saving), NEFCO)
    assert (shorter.maximum_maturity_months or 0) <= (longer.maximum_maturity_months or 0)


def test_a_maturity_is_at_least_one_month() -> None:
    assert offer_on(flat(1, 1_000_000), NEFCO).maximum_maturity_months == 1
