"""The figures of a draft: complete and checked, or as far as they go, and their fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from appraisal.proposal import Assumptions, Measure, horizon_years_of
from appraisal.proposal import Proposal as Figures
from loans.draft import Draft, Section, to_proposal
from loans.draft_gaps import Gap, gaps
from loans.profile import Profile
from loans.refusal import WrongValue


class Incomplete(WrongValue):
    """The proposal cannot be sent yet; every gap is named."""

    code = "incomplete"

    def __init__(self, found: tuple[Gap, ...]) -> None:
        count = "One answer is" if len(found) == 1 else f"{len(found)} answers are"
        super().__init__(f"{count} missing. {found[0].message}")
        self.gaps = found

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each gap, as section and field, with its sentence."""
        return tuple((f"{gap.section}.{gap.field}", gap.message) for gap in self.gaps)


def checked_figures(draft: Draft, profile: Profile) -> Figures:
    """The figures of a draft, or the refusal that names every gap."""
    missing = gaps(draft, profile)
    if missing:
        raise Incomplete(missing)
    return _figures(draft, profile)


def assumptions_of(profile: Profile, measures: Sequence[Measure]) -> Assumptions:
    """What the appraisal of a proposal under the profile assumes.

    The profile's discount rate, over the longest life of the measures, at most ten years.
    """
    return Assumptions(
        discount_rate=float(profile.terms.default_discount_rate.required),
        horizon_years=horizon_years_of(measures),
    )


def _figures(draft: Draft, profile: Profile) -> Figures:
    try:
        return to_proposal(
            draft,
            facility=profile.code,
            currency=profile.currency,
            assumptions=assumptions_of(profile, draft.measures),
            minor_investment=profile.terms.minor_investment.required,
        )
    except ValidationError as error:
        found = tuple(
            Gap(Section.MEASURES, "measures", str(problem["msg"]).removeprefix("Value error, "))
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise Incomplete(found) from error


def figures_so_far(draft: Draft, profile: Profile) -> Figures | None:
    """The figures of an unfinished draft where its measures allow it, for a preview."""
    if not any(measure.savings for measure in draft.measures):
        return None
    stand_in = draft.model_copy(
        update={
            "enterprise": draft.enterprise.model_copy(
                update={
                    "name": draft.enterprise.name or "The enterprise",
                    "country": draft.enterprise.country or "XX",
                }
            ),
            "project": draft.project.model_copy(
                update={"title": draft.project.title or "The project"}
            ),
        }
    )
    try:
        return _figures(stand_in, profile)
    except Incomplete:
        return None


def figures_hash(stored: Mapping[str, Any]) -> str:
    """SHA-256 of the figures as stored, in canonical form: what was approved is what is paid out.

    Of the stored document and not of a value made from it, so that a field which the program
    learns later changes no hash.
    """
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
