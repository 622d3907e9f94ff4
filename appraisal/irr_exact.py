"""What floating point cannot decide about the roots of even flows, decided in whole numbers.

Flows one period apart are a polynomial in x = 1 / (1 + r). Sturm's chain of it counts its
distinct roots with x > 0, and ends with the factor that multiple roots have in common.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from appraisal.irr_roots import Root, all_roots
from appraisal.irr_terms import Term, sign_change_count

Polynomial = list[int]
"""Whole coefficients, the constant first, the last not zero."""

_MOST_PERIODS = 60
"""Longer chains take more than a moment, since their numbers grow with every link."""

_MOST_BITS = 400


def certain_roots(terms: Sequence[Term]) -> tuple[list[Root], bool]:
    """All distinct roots, and whether their number is certain; see ``irr_roots.all_roots``.

    Where floating point leaves a doubt, multiple roots are made simple ones by division and the
    number of roots is counted exactly. That is done for flows at whole times up to 60 periods.
    """
    roots, certified = all_roots(terms)
    if certified:
        return roots, True
    polynomial = _polynomial(terms)
    if polynomial is None:
        return roots, False
    chain = _sturm_chain(polynomial)
    simple = _quotient(polynomial, chain[-1])
    again, _ = all_roots(_terms(simple))
    if len(again) != _positive_roots(chain):
        return roots, False
    return _marked(polynomial, again), True


def _polynomial(terms: Sequence[Term]) -> Polynomial | None:
    """The flows in a whole unit, if they are short and not too far apart."""
    if terms[-1][1] > _MOST_PERIODS or any(not time.is_integer() for _, time in terms):
        return None
    amounts = [Fraction(flow) for flow, _ in terms]
    unit = math.lcm(*(amount.denominator for amount in amounts))
    if unit.bit_length() > _MOST_BITS:
        return None
    polynomial = [0] * (int(terms[-1][1]) + 1)
    for amount, (_, time) in zip(amounts, terms, strict=True):
        polynomial[int(time)] = int(amount * unit)
    return _primitive(polynomial)


def _primitive(polynomial: Polynomial) -> Polynomial:
    """Without leading zeros and common divisor; the signs stay."""
    while polynomial and polynomial[-1] == 0:
        polynomial = polynomial[:-1]
    divisor = math.gcd(*polynomial)
    return [coefficient // divisor for coefficient in polynomial]


def _sturm_chain(polynomial: Polynomial) -> list[Polynomial]:
    """The polynomial, its derivative, and each remainder with its sign turned, to the last."""
    slope = [power * coefficient for power, coefficient in enumerate(polynomial)][1:]
    chain = [polynomial, _primitive(slope)]
    while True:
        remainder = _turned_remainder(chain[-2], chain[-1])
        if not remainder:
            return chain
        chain.append(remainder)


def _turned_remainder(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """Minus the remainder, times any positive number."""
    rest, leading = list(dividend), abs(divisor[-1])
    sign = 1 if divisor[-1] > 0 else -1
    while len(rest) >= len(divisor):
        factor, shift = rest[-1], len(rest) - len(divisor)
        rest = [leading * coefficient for coefficient in rest]
        for power, coefficient in enumerate(divisor):
            rest[shift + power] -= sign * factor * coefficient
        rest.pop()
    turned = [-coefficient for coefficient in rest]
    return _primitive(turned) if any(turned) else []


def _quotient(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    """Of a division that leaves nothing, times any number."""
    rest = [Fraction(coefficient) for coefficient in dividend]
    quotient: list[Fraction] = []
    while len(rest) >= len(divisor):
        factor, shift = rest[-1] / divisor[-1], len(rest) - len(divisor)
        quotient.append(factor)
        for power, coefficient in enumerate(divisor):
            rest[shift + power] -= factor * coefficient
        rest.pop()
    unit = math.lcm(*(factor.denominator for factor in quotient))
    return _primitive([int(factor * unit) for factor in reversed(quotient)])


def _positive_roots(chain: list[Polynomial]) -> int:
    """Sturm: sign changes of the chain at 0 less those at infinity."""
    at_zero = [link[0] for link in chain if link[0]]
    return sign_change_count(at_zero) - sign_change_count([link[-1] for link in chain])


def _terms(polynomial: Polynomial) -> list[Term]:
    largest = max(map(abs, polynomial))
    return [
        (float(Fraction(coefficient, largest)), float(power))
        for power, coefficient in enumerate(polynomial)
        if coefficient
    ]


def _marked(polynomial: Polynomial, roots: Sequence[Root]) -> list[Root]:
    """The roots, with those at which the polynomial keeps its sign marked as touching."""
    logs = [root.log_rate for root in roots]
    between = [_sign(polynomial, math.exp(-(one + other) / 2)) for one, other in pairwise(logs)]
    signs = [_sign(polynomial, math.inf), *between, _sign(polynomial, 0.0)]
    return [
        Root(log_rate, touches=before == after)
        for log_rate, (before, after) in zip(logs, pairwise(signs), strict=True)
    ]


def _sign(polynomial: Polynomial, x: float) -> int:
    """Exact; the sign of the last coefficient where x is infinite."""
    value = Fraction(polynomial[-1])
    if math.isfinite(x):
        for coefficient in polynomial[-2::-1]:
            value = value * Fraction(x) + coefficient
    return (value > 0) - (value < 0)
