"""What a profile may demand before money is paid out: the conditions that it can name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Precedent(StrEnum):
    """A condition precedent that is known by name; an officer may add others in words."""

    OWN_CONTRIBUTION = "own_contribution"
    """Counted from the evidence, never ticked."""

    INVOICES = "invoices"
    """Counted from the invoices that the pay-out names, never ticked."""

    SUPPLIERS_CHOSEN = "suppliers_chosen"
    """Counted from the quotations chosen for the lines of the plan, never ticked."""

    COLLATERAL_SIGNED = "collateral_signed"
    COLLATERAL_REGISTERED = "collateral_registered"
    INSURANCE = "insurance"
    PERMITS = "permits"


COUNTED = frozenset({Precedent.OWN_CONTRIBUTION, Precedent.INVOICES, Precedent.SUPPLIERS_CHOSEN})
"""Conditions that figures decide; an officer cannot enter that they are met."""


class Occasion(StrEnum):
    """For which pay-outs a condition has to be met."""

    FIRST = "first"
    EVERY = "every"


WORDS: Mapping[Precedent, str] = {
    Precedent.OWN_CONTRIBUTION: "Own contribution paid and evidenced",
    Precedent.INVOICES: "Invoices that carry the pay-out",
    Precedent.SUPPLIERS_CHOSEN: "Quotation chosen for every line of the plan",
    Precedent.COLLATERAL_SIGNED: "Collateral agreement signed",
    Precedent.COLLATERAL_REGISTERED: "Collateral registered",
    Precedent.INSURANCE: "Insurance of the plant in force",
    Precedent.PERMITS: "Permits granted",
}
"""How each condition stands in lists and sentences."""
