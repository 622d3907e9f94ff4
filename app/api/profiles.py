"""The facility's terms over JSON, each with its source."""

from datetime import date
from typing import Any

from app.api.acting import Answer, api_router
from loans import profile as profiles
from loans.profile import Profile, Rule

router = api_router("Profiles")


class ProfileLine(Answer):
    """One profile in the list."""

    code: str
    version: int
    title: str
    valid_from: date
    currency: str

    @classmethod
    def of(cls, profile: Profile) -> "ProfileLine":
        """The line of a profile."""
        return cls(**{name: getattr(profile, name) for name in ProfileLine.model_fields})


class ProfileList(Answer):
    """The profiles that come with the program."""

    profiles: tuple[ProfileLine, ...]


class TermAnswer(Answer):
    """One term: null where the fund left it open; ``decided``: by the program, not the source."""

    value: str | int | bool | list[str | int] | None
    unit: str
    label: str
    source: str
    decided: bool
    note: str


class ProfileAnswer(ProfileLine):
    """One profile: each term by its code, and its rules."""

    terms: dict[str, TermAnswer]
    rules: tuple[Rule, ...]


@router.get("/profiles")
def list_profiles() -> ProfileList:
    """All profiles, by code."""
    found = (profiles.load(code) for code in profiles.codes())
    return ProfileList(profiles=tuple(ProfileLine.of(profile) for profile in found))


@router.get("/profiles/{profile_code}", response_model=ProfileAnswer)
def show(profile_code: str) -> dict[str, Any]:
    """One profile with every term, its unit and its source."""
    return profiles.load(profile_code).model_dump(mode="json")
