"""What the codes of a proposal mean in the words of people: owners, evidence and techniques."""

from collections.abc import Mapping
from itertools import chain

from appraisal.proposal import Evidence, Ownership, Technique

OWNERSHIPS: Mapping[Ownership, str] = {
    Ownership.STATE: "The state or a municipality",
    Ownership.LOCAL_PRIVATE: "Private owners in the country",
    Ownership.FOREIGN_PRIVATE: "Private owners abroad",
    Ownership.JOINT_VENTURE: "A joint venture of owners in the country and abroad",
}
EVIDENCE: Mapping[Evidence, str] = {
    Evidence.METER: "Meter readings",
    Evidence.INVOICE: "Bills",
    Evidence.CONTRACT: "A contract",
    Evidence.QUOTE: "A quotation",
    Evidence.CALCULATION: "A calculation",
    Evidence.ESTIMATE: "An estimate",
}
TECHNIQUES: Mapping[Technique, str] = {
    Technique.GOOD_HOUSEKEEPING: "Better housekeeping",
    Technique.INPUT_SUBSTITUTION: "Other inputs",
    Technique.PROCESS_MODIFICATION: "Changed process",
    Technique.BETTER_CONTROL: "Better control",
    Technique.EQUIPMENT_MODIFICATION: "Changed equipment",
    Technique.TECHNOLOGY_CHANGE: "New technology",
    Technique.ON_SITE_RECOVERY: "Recovery in the plant",
    Technique.BY_PRODUCT: "Useful by-product",
    Technique.PRODUCT_MODIFICATION: "Changed product",
    Technique.OFF_SITE_RECYCLING: "Recycling elsewhere",
    Technique.END_OF_PIPE: "Treatment at the end",
}
_NAMES: Mapping[str, str] = dict(chain(OWNERSHIPS.items(), EVIDENCE.items(), TECHNIQUES.items()))


def words(code: str) -> str:
    """A code inside a sentence: ``quote`` is "a quotation"; any other without its underscores."""
    name = _NAMES.get(code)
    return code.replace("_", " ") if name is None else name[0].lower() + name[1:]
