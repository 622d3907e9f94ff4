"""Text that an act needs: there, not too long to be stored, and without control characters."""

from __future__ import annotations

from loans.refusal import WrongValue


class TextMissing(WrongValue):
    """A reason, purpose or name was left empty."""


class TextTooLong(WrongValue):
    """More text than is stored."""


class TextUnstorable(WrongValue):
    """Text with signs that no database keeps."""


def entered_text(text: str, *, field: str, ask: str, longest: int) -> str:
    """``text`` without outer blanks; ``ask`` is the whole sentence that asks for it.

    Raises:
        TextMissing: nothing was entered.
        TextTooLong: more than ``longest`` characters.
        TextUnstorable: control characters or halves of characters.
    """
    kept = text.strip()
    if not kept:
        raise TextMissing(ask, field=field)
    if len(kept) > longest:
        message = f"The text is too long. Enter at most {longest} characters."
        raise TextTooLong(message, field=field)
    check_storable(kept, field=field)
    return kept


def entered_line(text: str, *, field: str, ask: str, longest: int) -> str:
    """A name or another text of one line: as ``entered_text``, with single blanks in it."""
    return entered_text(" ".join(text.split()), field=field, ask=ask, longest=longest)


def check_storable(text: str, *, field: str) -> None:
    """Refuse text that one of the databases cannot keep.

    Raises:
        TextUnstorable: control characters or halves of characters.
    """
    if any(_is_unstorable(sign) for sign in text):
        message = "The text contains characters that cannot be stored. Type it instead of pasting."
        raise TextUnstorable(message, field=field)


def _is_unstorable(sign: str) -> bool:
    return (sign < " " and sign not in "\n\t\r") or "\ud800" <= sign <= "\udfff"
