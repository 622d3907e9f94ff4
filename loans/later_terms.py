"""What a profile means that is older than a term: used by who reads such a document, nowhere else.

A version that was stored or shipped before the program knew a term stays as it is. It is read as
if it stated the value here, which is what the program did before.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SOURCE = "The version is older than this term"

LATER_TERMS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "payback_limit_years": {
            "value": None,
            "unit": "years",
            "label": "Longest simple payback that may borrow",
            "source": _SOURCE,
            "decided": True,
            "note": "Left open: the payback sets the maturity and is no limit by itself.",
        },
        "required_sections": {
            "value": ["enterprise", "project", "measures", "finance", "responsibilities"],
            "unit": "choices",
            "label": "Sections of the form that are asked",
            "source": _SOURCE,
            "decided": True,
            "note": "The full form.",
        },
        "prior_assessment_required": {
            "value": False,
            "unit": "yes or no",
            "label": "A cleaner-production assessment of the plant comes before the application",
            "source": _SOURCE,
            "decided": True,
            "note": "",
        },
    }
)
"""Each term that came after the first version, with what its absence means."""
