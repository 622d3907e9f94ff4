from loans.assessing.finding import Outcome, Subject
from tests.loans.proposals import measure
from tests.loans.sheets import GOOD, needed, of, with_terms

A = measure("A", cost="3000", saving="6000")
B = measure("B", cost="15000", saving="18000")
C = measure("C", cost="90000", saving="40000")
ONLY_C = {"measures": ["C"], "own_contribution": "3000"}


def test_short_measures_make_the_loan_smaller() -> None:
    found = of(A, B, C, finance=ONLY_C)["ladder"]
    assert (found.outcome, found.subject) == (Outcome.PASS, Subject.LADDER)
    assert found.value.startswith(
        "short measures first: the loan is EUR 66,000.00 in month 42, EUR 81,000.00 at once; "
        "waiting costs a present value of EUR "
    )


def test_a_loan_that_becomes_too_small_is_a_warning_with_the_last_month() -> None:
    small = measure("C", cost="70000", saving="32000")
    found = of(A, B, small, finance=ONLY_C)["ladder"]
    assert found.outcome is Outcome.WARN
    assert needed(found) == (
        "Begin the loan by month 40, while it is large enough, or wait until month 65, when no "
        "loan is needed."
    )


def test_a_loan_that_is_too_small_at_any_time() -> None:
    tiny = measure("C", cost="30000", saving="10000")
    found = of(A, B, tiny, finance=ONLY_C)["ladder"]
    assert needed(found) == "Wait until month 45, when no loan is needed."
    idle = measure("A", cost="3000", saving="3001", life_years=1)
    never = of(idle, tiny, finance=ONLY_C | {"own_contribution": "6000"})["ladder"]
    assert needed(never) == "Finance more at a time, so that the loan is large enough."


def test_a_loan_that_the_savings_do_not_cover_never_passes() -> None:
    strict = with_terms(minimum_cover="2.0", target_cover="2.0")
    found = of(A, B, C, finance=ONLY_C, profile=strict)["ladder"]
    assert found.outcome is Outcome.WARN
    assert found.value.startswith("short measures first: the loan is EUR 66,000.00 in month 42")
    assert needed(found) == (
        "The rules allow a loan of at most EUR 49,172.09 over 32 months, the largest with a "
        "savings cover of 2: pay EUR 16,827.91 more from own money, or save until month 75."
    )


def test_waiting_is_no_way_where_the_loan_stays_too_large() -> None:
    idle = measure("A", cost="3000", saving="3001", life_years=1)
    strict = with_terms(minimum_cover="2.0", target_cover="2.0")
    found = of(idle, C, finance=ONLY_C | {"own_contribution": "12000"}, profile=strict)["ladder"]
    assert found.outcome is Outcome.WARN
    assert needed(found).endswith("more from own money.")


def test_own_money_that_never_suffices_is_named() -> None:
    found = of(B, C, finance=ONLY_C)["ladder"]
    assert found.outcome is Outcome.WARN
    assert needed(found) == ("Own money of EUR 21,000.00 more: then everything starts at once.")
    enough = of(B, C, finance=ONLY_C | {"own_contribution": "24000"})["ladder"]
    assert enough.outcome is Outcome.PASS


def test_a_ladder_too_large_to_state_is_not_known() -> None:
    rate = {"discount_rate": -0.9999999, "horizon_years": 5}
    long_lived = A | {"life_years": 40}
    found = of(
        long_lived,
        C | {"life_years": 40, "implementation_months": 36},
        finance=ONLY_C,
        assumptions=rate,
    )["ladder"]
    assert found.outcome is Outcome.UNKNOWN


def test_no_short_measure_no_ladder() -> None:
    sheet = of(GOOD)
    assert "ladder" not in sheet
    assert "housekeeping_first" not in sheet
    assert "ladder" not in of(A, B, finance={"measures": ["B"]})


def test_housekeeping_comes_first_and_outside_the_loan() -> None:
    outside = of(A, C, finance=ONLY_C)["housekeeping_first"]
    assert (outside.outcome, outside.value) == (Outcome.PASS, "A outside the loan")
    inside = of(A, C)["housekeeping_first"]
    assert (inside.outcome, inside.value) == (Outcome.WARN, "A in the loan")
    assert needed(inside) == (
        "Carry out A now from own money: it costs EUR 3,000.00 and saves EUR 6,000.00 a year."
    )
