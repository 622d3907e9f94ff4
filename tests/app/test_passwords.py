"""Passwords: hashed with Argon2id, compared without telling whether the account exists."""

import time
from itertools import pairwise

import pytest

from app.auth.passwords import LONGEST, SHORTEST, WeakPassword, hash_password, is_right
from tests.funds import PASSWORD


@pytest.fixture(scope="module")
def stored() -> str:
    return hash_password(PASSWORD)


def test_the_hash_is_argon2id_and_hides_the_password(stored: str) -> None:
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_the_right_password_is_right_and_others_are_not(stored: str) -> None:
    assert is_right(PASSWORD, stored)
    assert not is_right(PASSWORD.upper(), stored)
    assert not is_right(f"{PASSWORD} ", stored)


def test_equal_passwords_have_different_hashes(stored: str) -> None:
    assert hash_password(PASSWORD) != stored


def test_nobody_signs_in_without_an_account_not_even_with_the_stand_in() -> None:
    assert not is_right("no account has this password", None)


def test_an_unknown_account_takes_as_long_as_a_wrong_password(stored: str) -> None:
    is_right("warm up the stand-in", None)
    spent_seconds = []
    for known in (stored, None, stored, None):
        began = time.process_time()
        is_right("the wrong words for it", known)
        spent_seconds.append(time.process_time() - began)
    assert all(0.2 < one / other < 5 for one, other in pairwise(spent_seconds))


def test_an_endless_password_is_wrong_before_it_is_hashed(stored: str) -> None:
    began = time.process_time()
    assert not is_right("x" * 1_000_000, stored)
    assert time.process_time() - began < 0.01


@pytest.mark.parametrize(
    "password",
    ["", "a" * (SHORTEST - 1), "ab cd " * LONGEST],
    ids=["none", "eleven signs", "endless"],
)
def test_the_length_is_asked_for_in_numbers(password: str) -> None:
    with pytest.raises(WeakPassword, match="Enter a password of 12 to 128 characters") as refused:
        hash_password(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password", ["My PassWord 2026!", "cleanloop-cleanloop", "qwertyuiop-2026", "a" * SHORTEST]
)
def test_easy_guesses_are_refused_without_repeating_them(password: str) -> None:
    with pytest.raises(WeakPassword, match="easy to guess") as refused:
        hash_password(password)
    assert password not in refused.value.message


@pytest.mark.parametrize(
    "password", ["ąžuolas prie Nemuno", "日本語の長い合言葉です。よ", "x1 y2 z3 w4 v5"]
)
def test_any_language_and_spaces_are_welcome(password: str) -> None:
    assert is_right(password, hash_password(password))
