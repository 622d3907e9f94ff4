"""Seeded lists of flows in whole cents, of the four kinds that projects and bad luck produce."""

from collections.abc import Callable, Iterator
from random import Random

Cents = tuple[int, ...]
"""Whole cents, one a period: floating point and polynomials hold them exactly."""

SHARES = {"A": 40_000, "B": 20_000, "C": 37_000, "D": 3_000}
"""Lists of each set in the whole proof of 100,000."""


def flow_sets(seed: int, share: float) -> Iterator[tuple[str, Cents]]:
    """That share of each set, with its name; the same for the same seed."""
    for name, count in SHARES.items():
        random = Random(f"{seed} {name}")  # noqa: S311  # not a secret
        for _ in range(round(count * share)):
            yield name, _MAKERS[name](random)


def _investment(random: Random) -> Cents:
    """A: one outlay, then savings for 1 to 20 years."""
    years = random.randint(1, 20)
    outlay = round(10 ** random.uniform(3, 7.5))
    payback = random.uniform(0.3, 1.5 * years)
    return (-outlay, *(round(outlay / payback * random.uniform(0.6, 1.4)) for _ in range(years)))


def _with_costs_later(random: Random) -> Cents:
    """B: the same with a closing cost, and often with parts replaced on the way."""
    flows = list(_investment(random))
    outlay = -flows[0]
    flows.append(-round(outlay * random.uniform(0.01, 1.5)))
    if len(flows) > 4 and random.random() < 0.5:
        flows[random.randrange(2, len(flows) - 1)] -= round(outlay * random.uniform(0.2, 1.2))
    return tuple(flows)


def _any_signs(random: Random) -> Cents:
    """C: any amounts of either sign, 2 to 16 periods, from cents to a hundred thousand."""
    size = 10 ** random.randint(0, 7)
    flows = [random.randint(-size, size) for _ in range(random.randint(3, 17))]
    return tuple(flows) if any(flows) else (-1, *flows[1:])


def _monthly(random: Random) -> Cents:
    """D: 24 to 120 months, seasons, a ramp-up, sometimes an overhaul or a closing cost."""
    months = random.randint(24, 120)
    outlay = round(10 ** random.uniform(6, 7.5))
    saving = outlay / random.uniform(8, 1.3 * months)
    flows = [-outlay]
    for month in range(1, months + 1):
        season = 0 if month % 12 in (6, 7, 8) and outlay % 2 else 1
        flows.append(round(saving * season * min(month / 6, 1) * random.uniform(0.9, 1.1)))
    if random.random() < 0.3:
        flows[random.randrange(12, months)] -= round(outlay * random.uniform(0.05, 0.5))
    if random.random() < 0.3:
        flows[-1] -= round(outlay * random.uniform(0.05, 0.5))
    return tuple(flows)


_MAKERS: dict[str, Callable[[Random], Cents]] = {
    "A": _investment,
    "B": _with_costs_later,
    "C": _any_signs,
    "D": _monthly,
}
