"""The parts of the appraisal page, each shaped for show: no page does arithmetic."""

from dataclasses import dataclass

from app.appraisal_charts import cover_chart, profile_chart, recovery_chart
from app.cash_flow_table import CashFlowTable, cash_flow_table
from app.charts import Chart
from app.cover_table import CoverRow, cover_rows
from app.environment_table import EnvironmentTable, environment_table
from app.explanation_groups import ExplanationGroups, explanation_groups
from app.inventory_table import InventoryGroup, inventory_table
from app.ladder_view import LadderView, ladder_view
from app.results_table import (
    AlternativesTable,
    ResultTable,
    alternatives_tables,
    price_bases,
    three_lines,
)
from app.sensitivity_view import (
    SwitchRow,
    VariedRow,
    limit_words,
    scenario_table,
    scenario_words,
    switch_rows,
    tornado_chart,
    varied_rows,
)
from app.verdict import Verdict, verdict
from loans.assessing.study import Study, study
from loans.cases.assessment import Assessment
from loans.profile import Profile


@dataclass(frozen=True)
class Part:
    """A part of the page: its anchor and template have one name; its title stands in the list."""

    template: str
    title: str

    @property
    def anchor(self) -> str:
        """Where the list at the top leads to."""
        return f"part-{self.template.replace('_', '-')}"


@dataclass(frozen=True)
class WhatIf:
    """What could change the result: charts, scenarios and switching values."""

    tornado: Chart
    varied: tuple[VariedRow, ...]
    profile: Chart
    scenarios: ResultTable
    scenario_words: tuple[str, ...]
    switches: tuple[SwitchRow, ...]
    payback_limit: str


@dataclass(frozen=True)
class AppraisalSections:
    """Everything that the page shows of one assessment."""

    parts: tuple[Part, ...]
    verdict: Verdict
    inventory: tuple[InventoryGroup, ...]
    lines: ResultTable
    explanations: ExplanationGroups
    flows: CashFlowTable
    recovery: Chart
    price_bases: ResultTable | None
    alternatives: tuple[AlternativesTable, ...]
    cover: tuple[CoverRow, ...]
    cover_chart: Chart | None
    ladder: LadderView
    what_if: WhatIf
    environment: EnvironmentTable


def appraisal_sections(assessment: Assessment) -> AppraisalSections:
    """The page of an assessment; parts that were not asked for are left out of its list."""
    flows, cover = cash_flow_table(assessment), cover_rows(assessment)
    bases, rivals = price_bases(assessment), alternatives_tables(assessment)
    studied, currency = study(assessment), assessment.figures.currency
    explained = explanation_groups(assessment, studied)
    return AppraisalSections(
        parts=_parts(has_bases=bases is not None, has_alternatives=bool(rivals)),
        verdict=verdict(assessment),
        inventory=inventory_table(assessment, explained.rows),
        lines=three_lines(assessment),
        explanations=explained,
        flows=flows,
        recovery=recovery_chart(assessment, flows),
        price_bases=bases,
        alternatives=rivals,
        cover=cover,
        cover_chart=cover_chart(assessment, cover) if cover else None,
        ladder=ladder_view(studied.ladder, assessment.offer, assessment.profile),
        what_if=_what_if(studied, currency, assessment.profile),
        environment=environment_table(assessment.figures, studied.environment),
    )


def _what_if(studied: Study, currency: str, profile: Profile) -> WhatIf:
    return WhatIf(
        tornado=tornado_chart(studied.sensitivity, currency),
        varied=varied_rows(studied.sensitivity, currency),
        profile=profile_chart(studied.npv_profile, currency),
        scenarios=scenario_table(studied.scenarios, currency),
        scenario_words=scenario_words(studied.scenarios),
        switches=switch_rows(studied.switching_values),
        payback_limit=limit_words(studied.payback_limit, profile),
    )


def _parts(*, has_bases: bool, has_alternatives: bool) -> tuple[Part, ...]:
    wanted = (
        ("inventory", "What it rests on", True),
        ("results", "Results on three lines", True),
        ("cash_flow", "Cash flow", True),
        ("prices", "Prices and tax", has_bases),
        ("alternatives", "Alternatives compared", has_alternatives),
        ("loan", "The loan and its cover", True),
        ("ladder", "Small measures first: the ladder", True),
        ("what_if", "What could change it", True),
        ("environment", "Results for the environment", True),
        ("rules", "Rules", True),
        ("workings", "How every figure came about", True),
        ("conventions", "Conventions", True),
    )
    return tuple(Part(template, title) for template, title, is_shown in wanted if is_shown)
