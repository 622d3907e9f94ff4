"""Internal rates of return of many scenarios at once, one column each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from appraisal.irr_result import irr_result
from appraisal.irr_roots import Term, all_roots

Floats = NDArray[np.float64]


def internal_rates_of_return(
    flows: Floats, times: Sequence[float] | None = None
) -> tuple[Floats, NDArray[np.int8]]:
    """Rates and statuses of ``flows`` (periods, scenarios), by the rule for one list of flows.

    The rate is NaN where no single one is meant; a status is ``IrrStatus.code``. ``times`` are
    years, one for each row, ascending; without them rows are one period apart.
    """
    moments = range(flows.shape[0]) if times is None else times
    rates = np.full(flows.shape[1], np.nan)
    statuses = np.empty(flows.shape[1], np.int8)
    for number, column in enumerate(flows.T):
        terms: list[Term] = [
            (float(flow), float(time))
            for flow, time in zip(column, moments, strict=True)
            if flow != 0
        ]
        roots, certified = all_roots(terms)
        result = irr_result(terms, roots, certified=certified)
        rates[number] = np.nan if result.rate is None else result.rate
        statuses[number] = result.status.code
    return rates, statuses
