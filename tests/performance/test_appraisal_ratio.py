"""What the figures cost of the page that shows them.

Ours: one appraisal with tornado, switching values and profile, as the request computes them. The
page: the whole request for the appraisal page as its first visitor makes it, sign-in, database and
templates included, with every chart drawn anew.
"""

from app import chart_drawing
from appraisal.appraise import appraise
from appraisal.npv_profile import NpvProfile, npv_profile
from appraisal.proposal import Proposal
from appraisal.sensitivity import Sensitivity, sensitivity
from appraisal.switching_values import SwitchingValue, switching_values
from loans import profile as profiles
from loans.assessing.study import offered_loan, payback_limit
from loans.cases import assessment
from loans.cases.assessment import assess
from loans.storage.database import Database
from loans.tables import Application
from tests import builders
from tests.app.visiting import signed_in
from tests.funds import open_fund
from tests.performance.ratios import Contender, hold_ratio

PROFILE = profiles.load("nefco-1998")
AT_LEAST = 20
"""The figures take less than a twentieth of the page's time."""

Studied = tuple[Sensitivity, tuple[SwitchingValue, ...], NpvProfile]


def test_the_figures_of_a_request_against_its_page(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database)
    application_id = builders.appraised_application(fund)
    client = signed_in(sqlite_database, fund.officer)
    with sqlite_database.reading() as session:
        application = session.get_one(Application, application_id)
        figures = Proposal.model_validate(application.figures)
    offer = assess(figures, PROFILE).offer
    loan, limit = offered_loan(offer), payback_limit(figures, PROFILE)

    def studied() -> Studied:
        appraisal = appraise(
            figures,
            minor_investment=PROFILE.terms.minor_investment.required,
            finance_rate=float(PROFILE.terms.annual_rate.required),
        )
        rates = appraisal.project.internal_rate_of_return
        return (
            sensitivity(figures, loan),
            switching_values(figures, rates, loan, limit),
            npv_profile(figures, rates),
        )

    def page() -> str:
        chart_drawing._svg.cache_clear()  # noqa: SLF001  # a first visitor finds nothing drawn,
        assessment._assessed.cache_clear()  # noqa: SLF001  # and nothing appraised
        return client.get(f"/applications/{application_id}/appraisal").text

    def agree(ours: Studied, theirs: str) -> None:
        assert f"{ours[2].hurdle.net_present_value:,.0f}" in theirs
        assert "<svg" in theirs

    hold_ratio(
        "appraisal, tornado, switching values, profile",
        Contender("ours", 1, studied),
        Contender("appraisal page", 1, page),
        at_least=AT_LEAST,
        agree=agree,
    )
