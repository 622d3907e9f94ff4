"""The reference: certified real roots of the exact integer polynomial, by FLINT.

With x = 1 / (1 + r), the present value of whole cents is a polynomial with whole coefficients.
"""

import sys
from dataclasses import dataclass
from typing import cast

import flint

from tests.proofs.flow_sets import Cents

_BITS = 160
_SMALLEST_ERROR = 1e-12
"""What ln(1 + rate) may always be wrong by, where the flows fix it that well."""

_MOST_CONDITIONS = 20
"""Where they do not: so many times what half a unit in the last digit of each flow moves a root."""


@dataclass(frozen=True)
class CertifiedRoot:
    """A root as ln(1 + rate), and the error that may be made in it."""

    log_rate: float
    multiplicity: int
    condition: float
    """What rounding each flow can move a simple root by."""

    @property
    def allowed(self) -> float:
        """The error that may be made: at a root of multiplicity m, rounding hides its m-th power.

        The flows of such a root are rounded many times on the way to it, hence the factor.
        """
        if self.multiplicity > 1:
            return float((1000 * sys.float_info.epsilon) ** (1 / self.multiplicity))
        return max(_SMALLEST_ERROR, _MOST_CONDITIONS * self.condition)


def certified_roots(flows: Cents) -> list[CertifiedRoot]:
    """All distinct rates above -100 %, ascending as ln(1 + rate)."""
    flint.ctx.prec = _BITS
    found = []
    ball_roots = flint.fmpz_poly(list(flows)).complex_roots()
    # FLINT's own annotation leaves out the multiplicity.
    for root, multiplicity in cast("list[tuple[flint.acb, int]]", ball_roots):
        if root.imag == 0 and root.real > 0:
            condition = 0.0 if multiplicity > 1 else _condition(flows, root.real)
            log_rate = float(-root.real.log().mid())
            found.append(CertifiedRoot(log_rate, multiplicity, condition))
    return sorted(found, key=lambda root: root.log_rate)


def _condition(flows: Cents, x: flint.arb) -> float:
    size = slope = flint.arb(0)
    for time, flow in enumerate(flows):
        power = x**time
        size += abs(flow) * power
        slope += time * flow * power
    return sys.float_info.epsilon * float((size / abs(slope)).mid())


def fault(found: list[float], wanted: list[CertifiedRoot]) -> str | None:
    """What is wrong with roots as ln(1 + rate); None if nothing is."""
    if len(found) != len(wanted):
        return f"{len(found)} roots, not {len(wanted)}"
    for log_rate, root in zip(found, wanted, strict=True):
        error = abs(log_rate - root.log_rate)
        if not error <= root.allowed:
            return f"a root is wrong by {error:.2e}, and may be by {root.allowed:.2e}"
    return None
