"""How scenarios differ from the proposal they start from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import chain, count
from typing import Self

import numpy as np

from appraisal.line_shares import FloatArray, IntArray
from appraisal.proposal import Measure

LONGEST_LIFE_YEARS = 40
LONGEST_DELAY_MONTHS = 120

LineKey = tuple[str, str]
"""Code of a measure and code of one of its lines; see ``line_keys``."""

Factor = float | FloatArray
"""One number for all scenarios, or one for each."""

Count = int | IntArray
"""One whole number for all scenarios, or one for each."""


def line_keys(measure: Measure) -> tuple[LineKey, ...]:
    """The key of each saving and then of each added cost of ``measure``, every one another.

    A code that is used again is numbered (R1, R1 #2), so that a price moves its own line only.
    """
    codes: dict[str, None] = {}
    for line in (*measure.savings, *measure.added_costs):
        numbered = (f"{line.code} #{number}" for number in count(2))
        codes[next(code for code in chain((line.code,), numbered) if code not in codes)] = None
    return tuple((measure.code, code) for code in codes)


@dataclass(frozen=True)
class Changes:
    """How scenarios differ; each value is one for all of them or an array with one for each.

    Factors multiply: 1.2 is 20 % more. ``savings`` is volume: it scales every saving line;
    ``prices`` scales single lines, savings or added costs. ``price_growth`` is added to the
    growth of every line, a fraction a year. ``delay_months`` lengthens the installation of every
    measure; outlays do not wait for it. ``life_years`` takes the place of every measure's life
    and ``life_change_years`` is added to it; a life stays between 1 and 40 years.
    ``discount_rate`` takes the place of the proposal's.
    """

    investment: Factor = 1.0
    savings: Factor = 1.0
    prices: Mapping[LineKey, Factor] = field(default_factory=dict)
    added_costs: Factor = 1.0
    price_growth: Factor = 0.0
    delay_months: Count = 0
    life_years: Count | None = None
    life_change_years: Count = 0
    discount_rate: Factor | None = None

    def part(self, columns: slice) -> Self:
        """The changes of some of the scenarios."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        cut = {name: v[columns] for name, v in values.items() if isinstance(v, np.ndarray)}
        prices = {
            key: factor[columns] if isinstance(factor, np.ndarray) else factor
            for key, factor in self.prices.items()
        }
        return replace(self, **cut, prices=prices)

    def check(self, n: int, lowest_growth: float) -> None:
        """Refuse what cannot be computed; ``lowest_growth`` is the smallest of all lines.

        Raises:
            ValueError: an array that is not of length ``n``, a factor that is negative or not
                finite, a delay outside 0 to 120 months, growth or a rate of -100 % or less.
        """
        for name, value in self._all():
            if isinstance(value, np.ndarray) and value.shape != (n,):
                message = f"Changes of {name}: give one number for each of the {n} scenarios."
                raise ValueError(message)
            if not np.isfinite(value).all():
                message = f"Changes of {name}: a value is not a finite number."
                raise ValueError(message)
            lowest, highest = _LIMITS.get(name, (0.0, np.inf))
            if np.min(value) < lowest or np.max(value) > highest:
                message = f"Changes of {name}: a value is not between {lowest:g} and {highest:g}."
                raise ValueError(message)
        rates = [lowest_growth + np.min(self.price_growth)]
        if self.discount_rate is not None:
            rates.append(np.min(self.discount_rate))
        if min(rates) <= -1:
            message = "A growth or discount rate is not above -100 %. Enter a fraction a year."
            raise ValueError(message)

    def _all(self) -> Iterator[tuple[str, Factor | Count]]:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Mapping):
                yield from (("a price", factor) for factor in value.values())
            elif value is not None:
                yield each.name.replace("_", " "), value


_LIMITS = {
    "price growth": (-1.0, 10.0),
    "delay months": (0, LONGEST_DELAY_MONTHS),
    "life years": (1, LONGEST_LIFE_YEARS),
    "life change years": (-LONGEST_LIFE_YEARS, LONGEST_LIFE_YEARS),
    "discount rate": (-1.0, np.inf),
}
