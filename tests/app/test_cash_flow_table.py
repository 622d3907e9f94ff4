import pytest

from app.cash_flow_table import cash_flow_table
from tests.app.appraised import assessed
from tests.appraisal.proposals import measure_document, proposal


@pytest.mark.parametrize("timing", ["annual", "monthly"])
def test_present_values_of_the_years_sum_to_the_net_present_value(timing: str) -> None:
    late = measure_document(implementation_months=7, residual_value="5000")
    assessment = assessed(proposal(late, timing=timing))
    table = cash_flow_table(assessment)
    expected = assessment.appraisal.project.net_present_value
    assert table.present_value == pytest.approx(expected, rel=1e-12)
    assert table.net_flow == table.net_saving + table.residual_value - table.investment
    assert sum(row.net_flow for row in table.years) == table.net_flow
    assert table.years[-1].cumulative == table.net_saving - table.investment


def test_the_discounted_sum_leaves_the_residual_value_out() -> None:
    assessment = assessed(proposal(measure_document(residual_value="5000")))
    table = cash_flow_table(assessment)
    without = table.present_value - 5000 * 1.1**-5
    assert table.years[-1].discounted_cumulative == pytest.approx(without)
    assert table.years[0].name == "At the start"
    assert table.years[5].name == "Year 5"
