"""Text as it arrives from a form: tidied where that is harmless, refused in words where not."""

import unicodedata

_LINE_ENDS = str.maketrans({"\r": "\n"})
_HARMLESS = dict.fromkeys((0x200B, 0x2060, 0xFEFF))
_CONTROLS = frozenset(("Cc", "Cs", "Co", "Cn"))
_DIRECTION_SIGNS = frozenset(
    chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_ALLOWED_CONTROLS = frozenset("\n\t")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class TextUnread(ValueError):  # says what happened, not that it is an error
    """Text with characters that cannot be kept; the message says which kind."""


def tidy(text: str) -> str:
    """``text`` composed (NFC), with plain line ends, without zero-width spaces or outer blanks.

    Raises:
        TextUnread: control characters, characters that reverse the direction of writing, or
            halves of characters.
    """
    plain = text.replace("\r\n", "\n").translate(_LINE_ENDS).translate(_HARMLESS)
    if any(_is_unwanted(sign) for sign in plain):
        message = "contains characters that cannot be stored. Type the text instead of pasting it."
        raise TextUnread(message)
    return unicodedata.normalize("NFC", plain).strip()


def showable(text: str) -> str:
    """``text`` as typed, with a replacement sign for each character that cannot be shown."""
    return "".join(REPLACEMENT if _is_unwanted(sign) and sign != "\r" else sign for sign in text)


def _is_unwanted(sign: str) -> bool:
    if sign in _ALLOWED_CONTROLS:
        return False
    return sign in _DIRECTION_SIGNS or unicodedata.category(sign) in _CONTROLS
