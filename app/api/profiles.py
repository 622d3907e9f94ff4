"""The facility's terms over JSON, each with its source."""

from collections.abc import Mapping
from typing import Any

from app.api.acting import Answer, api_router
from loans import profile as profiles
from loans.profile import Profile

router = api_router("Profiles")


class ProfileLine(Answer):
    """One profile in the list."""

    code: str
    version: int
    title: str


class ProfileList(Answer):
    """The profiles that come with the program."""

    profiles: tuple[ProfileLine, ...]


@router.get("/profiles")
def list_profiles() -> ProfileList:
    """All profiles, by code."""
    found = (profiles.load(code) for code in profiles.codes())
    return ProfileList(
        profiles=tuple(
            ProfileLine(code=one.code, version=one.version, title=one.title) for one in found
        )
    )


@router.get("/profiles/{profile_code}", response_model=Profile)
def show(profile_code: str) -> Mapping[str, Any]:
    """One profile with every term, its source, and whether the product decided it."""
    return profiles.load(profile_code).model_dump(mode="json")
