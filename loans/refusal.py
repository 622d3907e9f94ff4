"""What an action that cannot be done says: one sentence, and who must act or what would pass.

Each refusal is a class of its own beside the function that raises it; the bases here only say how
the edge answers: a missing thing, a state that does not allow the act, or a value to correct.
"""

from __future__ import annotations


class Refusal(Exception):
    """An act refused in words. ``code`` is for programs, the message for people."""

    code = "refused"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each field concerned with its sentence."""
        return ((self.field, self.message),) if self.field else ()


class Missing(Refusal):
    """The thing named does not exist, or belongs to someone else: both look alike."""

    code = "not_found"

    def __init__(self, message: str = "There is no such page or record for you.") -> None:
        super().__init__(message)


class NotYours(Refusal):
    """The role of this person does not include the act."""

    code = "not_allowed"


class OutOfStep(Refusal):
    """The state of the case does not allow the act now."""

    code = "out_of_step"


class WrongValue(Refusal):
    """A value that somebody can correct and send again."""

    code = "wrong_value"
