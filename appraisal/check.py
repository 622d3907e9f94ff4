"""One check of a stated result: its verdict, and the words around it."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

DECIDED_HERE = "Own decision of the software; the sources give no figure"


class Verdict(StrEnum):
    """What a check comes to."""

    PLAUSIBLE = "plausible"
    LOOK_AGAIN = "look_again"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One check in words; ``what_would_pass`` is None when it is plausible."""

    code: str
    rule: str
    verdict: Verdict
    value: str
    limit: str
    source: str
    what_would_pass: str | None


@dataclass(frozen=True)
class Case:
    """One measure, line or figure inside a check: how it comes out, and its words."""

    verdict: Verdict
    value: str
    limit: str


def judged(code: str, rule: str, cases: list[Case], *, source: str, needed: str) -> Check | None:
    """The check over all its cases, by the worst of them; nothing without a case."""
    if not cases:
        return None
    order = (Verdict.LOOK_AGAIN, Verdict.UNKNOWN, Verdict.PLAUSIBLE)
    worst = min((case.verdict for case in cases), key=order.index)
    shown = [case for case in cases if case.verdict is worst]
    return Check(
        code=code,
        rule=rule,
        verdict=worst,
        value="; ".join(case.value for case in shown),
        limit="; ".join(dict.fromkeys(case.limit for case in shown)),
        source=source,
        what_would_pass=None if worst is Verdict.PLAUSIBLE else needed,
    )


def missing(
    code: str, rule: str, gaps: list[tuple[str, str]], *, limit: str, source: str
) -> Check | None:
    """A check that something is missing on these lines; nothing where none is."""
    if not gaps:
        return None
    reasons = dict.fromkeys(reason for _, reason in gaps)
    value = ", ".join(name for name, _ in gaps)
    return Check(code, rule, Verdict.UNKNOWN, value, limit, source, " ".join(reasons))


def percent(share: Fraction) -> str:
    """A share in per cent, to a tenth."""
    return f"{100 * float(share):.1f}".removesuffix(".0") + " %"
