"""The history of a case as its authors read it: what happened, in words, without inner notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from loans.history import HistoryLine

_WORDS: Mapping[str, str] = {
    "start": "opened the proposal",
    "save": "saved answers",
    "submit": "sent the proposal to the fund",
    "return": "returned it with questions",
    "complete": "confirmed that it is complete",
    "appraise": "finished the appraisal",
    "recommend": "put it before the fund manager",
    "send_back": "asked the loan officer to look again",
    "approve": "approved the loan",
    "refuse": "refused the application",
    "sign": "recorded the signature",
    "withdraw": "withdrew it",
    "cancel": "cancelled the approval",
}
_FOR_AUTHORS = frozenset({"return", "refuse", "withdraw", "cancel"})
"""Acts whose note is written for the enterprise; other notes are the fund's own."""


_BY_AUTHORS = frozenset({"start", "save", "submit", "withdraw"})
"""Acts of the authors themselves; whoever does the others is “The fund” to them."""


@dataclass(frozen=True)
class Happening:
    """One line of the history: the day, who, what, and the words that came with it."""

    on: date
    who: str
    what: str
    note: str


def happenings(lines: tuple[HistoryLine, ...]) -> tuple[Happening, ...]:
    """The history, oldest first; several savings by one person on one day are one line."""
    known = [line for line in lines if line.action in _WORDS]
    found = []
    for (on, who, action), same in groupby(
        known, key=lambda line: (line.happened_on, _who(line), line.action)
    ):
        group = list(same)
        count = f" ({len(group)} times)" if len(group) > 1 else ""
        note = group[-1].note if action in _FOR_AUTHORS else ""
        found.append(Happening(on, who, _WORDS[action] + count, note))
    return tuple(found)


def _who(line: HistoryLine) -> str:
    return line.actor_name if line.action in _BY_AUTHORS else "The fund"


def latest(lines: tuple[HistoryLine, ...], action: str) -> HistoryLine | None:
    """The last act of this name, or None."""
    return next((line for line in reversed(lines) if line.action == action), None)
