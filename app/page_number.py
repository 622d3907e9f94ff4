"""The number of a page in an address, which anybody may have changed."""

_LARGEST_PAGE = 1_000_000


def page_number(text: str) -> int:
    """The page that an address asks for, 1 unless it is a number up to a million."""
    is_number = text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST_PAGE))
    return max(1, int(text)) if is_number else 1
