"""The kinds of acts on a loan that are kept as such, and how far each has come."""

from __future__ import annotations

from enum import StrEnum

REQUESTED, DONE, SENT_BACK = "requested", "done", "sent_back"


class ActKind(StrEnum):
    """What an act does to a loan."""

    CHARGE = "charge"
    CREDIT_USE = "credit_use"
    REFUND = "refund"
    RESCHEDULE = "reschedule"
    HOLIDAY = "holiday"
    GIVE_UP_REST = "give_up_rest"
    RELEASE_SECURITY = "release_security"


REVERSIBLE = frozenset({ActKind.CHARGE, ActKind.CREDIT_USE})
"""Acts that are undone by a reversal. New terms are followed by newer ones, and a refund that comes
back is a receipt."""
