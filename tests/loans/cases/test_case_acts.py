import pytest

from loans import profile
from loans.cases.assessment import Assessment, assess
from loans.cases.case_acts import ActState, Recommended, act_states
from loans.cases.case_status import CaseStatus
from loans.people import Actor, Role
from tests.appraisal.proposals import proposal, simple_measure

NEFCO = profile.load("nefco-1998")
SOUND = assess(proposal(), NEFCO)
AMOUNT_MINOR = 10_800_000


def person(role: Role, user_id: str = "m") -> Actor:
    return Actor(user_id, "Person", "person@example.org", role, None, "The fund")


def acts(
    status: CaseStatus,
    actor: Actor,
    *,
    assessment: Assessment = SOUND,
    recommended: Recommended | None = None,
    available_minor: int = 2 * AMOUNT_MINOR,
) -> dict[str, ActState]:
    states = act_states(
        status,
        actor,
        assessment=assessment,
        recommended=recommended,
        available_minor=available_minor,
    )
    return {state.name: state for state in states}


@pytest.mark.parametrize(
    ("recommended", "available_minor", "obstacle"),
    [
        (Recommended("o", AMOUNT_MINOR, figures_are_current=True), AMOUNT_MINOR, None),
        (
            Recommended("o", AMOUNT_MINOR, figures_are_current=True),
            AMOUNT_MINOR - 1,
            "The fund has less money available than this loan needs.",
        ),
        (
            Recommended("m", AMOUNT_MINOR, figures_are_current=True),
            AMOUNT_MINOR,
            "You recommended this loan yourself. Another person has to approve it.",
        ),
        (
            Recommended("o", AMOUNT_MINOR, figures_are_current=False),
            AMOUNT_MINOR,
            "The figures changed after the recommendation. It has to be made again.",
        ),
        (None, AMOUNT_MINOR, "There is no recommendation to approve."),
    ],
)
def test_what_stands_in_the_way_of_an_approval(
    recommended: Recommended | None, available_minor: int, obstacle: str | None
) -> None:
    found = acts(
        CaseStatus.RECOMMENDED,
        person(Role.MANAGER),
        recommended=recommended,
        available_minor=available_minor,
    )
    assert found["approve"].obstacle == obstacle


def test_a_rule_that_fails_or_is_open_bars_a_recommendation() -> None:
    officer = person(Role.OFFICER)
    lost = assess(proposal(simple_measure("10000", "0")), NEFCO)
    found = acts(CaseStatus.APPRAISED, officer, assessment=lost)["recommend"].obstacle
    assert found is not None
    assert found.endswith("The rule sheet says what would pass.")
    terms = NEFCO.terms
    open_term = terms.liquidity_reserve.model_copy(update={"value": None})
    undecided = NEFCO.model_copy(
        update={"terms": terms.model_copy(update={"liquidity_reserve": open_term})}
    )
    waiting = acts(CaseStatus.APPRAISED, officer, assessment=assess(proposal(), undecided))[
        "recommend"
    ].obstacle
    assert waiting == (f"The rules leave open: {open_term.label}. The fund has to decide first.")


def test_an_act_that_the_case_has_passed_is_left_out() -> None:
    assert set(acts(CaseStatus.RECOMMENDED, person(Role.OFFICER))) == {"refuse", "sign"}
    assert acts(CaseStatus.WITHDRAWN, person(Role.OFFICER)) == {}
    assert acts(CaseStatus.SUBMITTED, person(Role.AUDITOR)) == {}


def test_addresses_are_written_with_hyphens_and_the_way_to_a_loan_stands_out() -> None:
    found = acts(CaseStatus.RECOMMENDED, person(Role.MANAGER))
    assert found["send_back"].slug == "send-back"
    assert [name for name, act in found.items() if act.leads_on] == ["approve"]
