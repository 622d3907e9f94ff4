"""Passwords: stored as Argon2id hashes only, and refused where they are easy to guess."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from loans.refusal import WrongValue

SHORTEST, LONGEST = 12, 128
_COMMON = ("password", "cleanloop", "qwerty", "123456789", "letmein", "nefco")


class WeakPassword(WrongValue):
    """A password that is too short, too long or easy to guess."""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _stand_in() -> str:
    return _hasher().hash("no account has this password")


def hash_password(password: str) -> str:
    """The Argon2id hash to store.

    Raises:
        WeakPassword: shorter than 12 or longer than 128 characters, or made of a common word.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"Enter a password of {SHORTEST} to {LONGEST} characters."
        raise WeakPassword(message, field="password")
    folded = password.casefold()
    if any(word in folded for word in _COMMON) or len(set(folded)) < SHORTEST // 2:
        message = "The password is easy to guess. Enter several words that do not belong together."
        raise WeakPassword(message, field="password")
    return _hasher().hash(password)


def is_right(password: str, stored_hash: str | None) -> bool:
    """Whether the password belongs to the hash; takes as long where there is no account."""
    if len(password) > LONGEST:
        return False
    is_match = _hasher().verify(password, stored_hash or _stand_in())
    return is_match and stored_hash is not None
