"""How the cost of equipment is written off year by year for tax, exact."""

from fractions import Fraction

from appraisal.proposal import Depreciation, Tax


def depreciation(cost: Fraction, tax: Tax) -> tuple[Fraction, ...]:
    """What is written off in each year under the method of ``tax``, down to nothing.

    Raises:
        ValueError: a negative cost.
    """
    years = tax.depreciation_years
    match tax.depreciation:
        case Depreciation.STRAIGHT_LINE:
            return straight_line(cost, years)
        case Depreciation.DECLINING_BALANCE:
            return declining_balance(cost, years, Fraction(tax.declining_factor))
        case Depreciation.SUM_OF_YEARS_DIGITS:
            return sum_of_years_digits(cost, years)


def straight_line(
    cost: Fraction, years: int, salvage: Fraction = Fraction(0)
) -> tuple[Fraction, ...]:
    """(cost - salvage) / years, every year.

    Raises:
        ValueError: no years, a negative amount, or a salvage value above the cost.
    """
    _check(cost, years, salvage)
    return ((cost - salvage) / years,) * years


def declining_balance(
    cost: Fraction,
    years: int,
    factor: Fraction = Fraction(2),
    salvage: Fraction = Fraction(0),
    *,
    switch: bool = True,
) -> tuple[Fraction, ...]:
    """Book value x factor / years, at most all of it, never below the salvage value.

    With ``switch`` the rest is written off evenly from the year in which that is more, so that
    the salvage value is reached; without, as a spreadsheet's DDB, some of the cost may remain.

    Raises:
        ValueError: as ``straight_line``, or a factor that is not positive.
    """
    _check(cost, years, salvage)
    if factor <= 0:
        message = "The factor is not above zero. Enter 2 for double declining balance."
        raise ValueError(message)
    share = min(factor / years, Fraction(1))
    amounts, book_value = [], cost
    for years_left in range(years, 0, -1):
        evenly = (book_value - salvage) / years_left if switch else Fraction(0)
        amounts.append(max(min(book_value * share, book_value - salvage), evenly))
        book_value -= amounts[-1]
    return tuple(amounts)


def sum_of_years_digits(
    cost: Fraction, years: int, salvage: Fraction = Fraction(0)
) -> tuple[Fraction, ...]:
    """(cost - salvage) x years left / (1 + 2 + ... + years).

    Raises:
        ValueError: as ``straight_line``.
    """
    _check(cost, years, salvage)
    digits = years * (years + 1) // 2
    return tuple((cost - salvage) * left / digits for left in range(years, 0, -1))


def _check(cost: Fraction, years: int, salvage: Fraction) -> None:
    if years < 1:
        message = "The number of years is below one. Enter at least 1."
        raise ValueError(message)
    if not 0 <= salvage <= cost:
        message = "The value at the end is not between zero and the cost. Enter a smaller one."
        raise ValueError(message)
