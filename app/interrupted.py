"""A form sent after the session ended: what was typed waits behind the sign-in and goes on.

Nothing is stored: the answers travel in a hidden field of the sign-in form, and come back in a form
of their own that the person sends with one button. Passwords are left out.
"""

import json

from starlette.datastructures import FormData

from app.typed_text import showable

_LONGEST = 1_000_000


def kept_answers(form: FormData) -> str:
    """The typed answers as one text for a hidden field."""
    pairs = [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and "password" not in name
    ]
    return json.dumps(pairs) if pairs else ""


def answers_kept(text: object) -> tuple[tuple[str, str], ...]:
    """The answers that were kept; none where the text is not of that kind."""
    if not isinstance(text, str) or not text or len(text) > _LONGEST:
        return ()
    try:
        pairs = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(pairs, list):
        return ()
    return tuple((showable(pair[0]), showable(pair[1])) for pair in pairs if _is_answer(pair))


def _is_answer(pair: object) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) == 2  # noqa: PLR2004  # a name and a value
        and all(isinstance(part, str) for part in pair)
    )
