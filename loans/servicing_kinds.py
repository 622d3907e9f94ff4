"""The kinds of acts on a loan that are kept as such, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
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


ASKED: Mapping[ActKind, str] = {
    ActKind.CHARGE: "A charge",
    ActKind.CREDIT_USE: "A use of waiting money",
    ActKind.REFUND: "A refund of waiting money",
    ActKind.RESCHEDULE: "A request for new terms",
    ActKind.HOLIDAY: "A request for a payment holiday",
    ActKind.GIVE_UP_REST: "A request to give up the rest",
    ActKind.RELEASE_SECURITY: "A request to release a security",
}
"""What waits for the second person, at the beginning of a sentence."""

REVERSIBLE = frozenset({ActKind.CHARGE, ActKind.CREDIT_USE})
"""Acts that are undone by a reversal. New terms are followed by newer ones, and a refund that comes
back is a receipt."""
