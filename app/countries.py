"""Countries for people to choose from: their two-letter codes and English names."""

import re
from functools import cache

from babel import Locale

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories
    return {
        code: str(name)
        for code, name in territories.items()
        if re.fullmatch("[A-Z]{2}", code) and code not in _NOT_COUNTRIES
    }


def country_name(code: str) -> str:
    """The English name of a country, or the code where it has none."""
    return _names().get(code, code)


def is_country(code: str) -> bool:
    """Whether there is a country with this two-letter code."""
    return code in _names()


def country_choices(first: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, those of ``first`` on top, the others by name."""
    others = sorted(set(_names()) - set(first), key=country_name)
    return tuple((code, country_name(code)) for code in (*first, *others))
