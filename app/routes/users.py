"""The people who sign in, as the administrator keeps them."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field, model_validator
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app import clock
from app.auth.passwords import WeakPassword, hash_password
from app.countries import country_choices
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, Submission, new_key
from app.forms import Ask, FieldProblem, Filled, FormModel, Reads, as_form, filled
from app.navigation import ROLE_NAMES
from app.rendering import page
from app.router import Router
from appraisal.proposal import Ownership
from loans.accounts import NewEnterprise, accounts, open_account, register, set_account
from loans.assessing.coded_words import OWNERSHIPS
from loans.fund import find_facility
from loans.people import Role
from loans.versions.profile_versions import profile_in_force

router = Router()

_NEW = "new"
_ASKED_OF_NEW = {
    "new_name": "Enter the name of the new enterprise.",
    "new_registration_number": "Enter the registration number of the new enterprise.",
    "new_country": "Choose the country of the new enterprise.",
    "new_ownership": "Choose who owns the new enterprise.",
    "new_sector": "Enter the sector of the new enterprise.",
}
_Short = Annotated[str, Field(max_length=120)]


class AccountForm(FormModel):
    """A person, the role, and for whom they act."""

    name: Annotated[_Short, Ask("the name of the person")]
    email: Annotated[
        Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")],
        Ask("the e-mail address", shape="an address such as name@example.org"),
    ]
    role: Annotated[Role, Ask("the role of the person")]
    password: Annotated[str, Ask("a first password")]
    enterprise: Annotated[str | None, Ask("the enterprise of the person")] = None
    new_name: Annotated[
        str | None, Field(max_length=200), Ask("the name of the new enterprise")
    ] = None
    new_registration_number: Annotated[
        str | None, Field(max_length=40), Ask("the registration number")
    ] = None
    new_country: Annotated[
        str | None, Field(pattern="^[A-Z]{2}$"), Ask("the country", Reads.CHOICE)
    ] = None
    new_ownership: Annotated[Ownership | None, Ask("who owns the new enterprise")] = None
    new_sector: Annotated[str | None, Field(max_length=120), Ask("the sector")] = None
    assigned: Annotated[tuple[str, ...], Ask("the enterprises of the adviser")] = ()

    @model_validator(mode="after")
    def _acts_for_somebody(self) -> "AccountForm":
        if self.role is not Role.ENTERPRISE:
            return self
        if self.enterprise is None:
            message = "Choose the enterprise of the person, or “A new enterprise”."
            raise FieldProblem(field="enterprise", message=message)
        if self.enterprise == _NEW:
            for field, message in _ASKED_OF_NEW.items():
                if getattr(self, field) is None:
                    raise FieldProblem(field=field, message=message)
        return self

    def acts_for(self) -> str | NewEnterprise | None:
        """The enterprise of the person, if the role has one."""
        if self.role is not Role.ENTERPRISE:
            return None
        if self.enterprise != _NEW:
            return self.enterprise
        return NewEnterprise(
            name=self.new_name or "",
            registration_number=self.new_registration_number or "",
            country=self.new_country or "",
            ownership=self.new_ownership or "",
            sector=self.new_sector or "",
        )


class ActiveForm(FormModel):
    """Whether an account is open."""

    active: Annotated[Literal["yes", "no"], Ask("whether the account is open")]


@router.get("/users")
def show(request: Request, session: Reading, actor: SignedIn) -> Response:
    """All accounts, each with the act to close it or to open it again."""
    return _list(request, session, actor.user_id, as_form(ActiveForm))


@router.get("/users/new")
def ask(request: Request, session: Reading) -> Response:
    """The form for a new account."""
    return _ask(request, session, as_form(AccountForm))


@router.post("/users/new")
def add(request: Request, desk: AtDesk, sent: Sent) -> Response:
    """Open the account; the password is hashed at once and kept nowhere else."""
    form = filled(AccountForm, sent.form)
    password_hash = ""
    if form.value is not None:
        try:
            password_hash = hash_password(form.value.password)
        except WeakPassword as refusal:
            form = form.with_error("password", refusal.message)

    def work(session: Session, value: AccountForm) -> str:
        open_account(
            session,
            desk.actor,
            desk.moment,
            email=value.email,
            name=value.name,
            role=value.role,
            password_hash=password_hash,
            enterprise=value.acts_for(),
            assigned=value.assigned,
        )
        return "/users"

    def again(shown: Filled[AccountForm]) -> Response:
        with desk.database.reading() as session:
            return _ask(request, session, shown)

    return desk.submit(_without_password(sent), form, work, again, done="user-added")


@router.post("/users/{user_id}/active")
def set_active(request: Request, desk: AtDesk, sent: Sent, user_id: str) -> Response:
    """Close an account, or open it again."""

    def work(session: Session, value: ActiveForm) -> str:
        set_account(session, desk.actor, desk.moment, user_id, is_active=value.active == "yes")
        return "/users"

    def again(shown: Filled[ActiveForm]) -> Response:
        return _list_again(request, desk, shown)

    return desk.submit(sent, filled(ActiveForm, sent.form), work, again, done="user-changed")


def _without_password(sent: Submission) -> Submission:
    """What may be kept, as a hash, to know the request again."""
    kept = [(name, text) for name, text in sent.form.multi_items() if name != "password"]
    return Submission(FormData(kept), sent.key)


def _list_again(request: Request, desk: Desk, form: Filled[ActiveForm]) -> Response:
    with desk.database.reading() as session:
        return _list(request, session, desk.actor.user_id, form)


def _list(request: Request, session: Session, own_id: str, form: Filled[ActiveForm]) -> Response:
    found = accounts(session)
    return page(
        request,
        "users/list.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        accounts=found,
        keys={account.user.user_id: new_key() for account in found},
        own_id=own_id,
        form=form,
        roles=_role_names(),
    )


def _ask(request: Request, session: Session, form: Filled[AccountForm]) -> Response:
    known = register(session)
    return page(
        request,
        "users/new.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        form=form,
        key=new_key(),
        roles=tuple(_role_names().items()),
        enterprises=((_NEW, "A new enterprise"), *known),
        advised=known,
        countries=country_choices(_home_countries(session)),
        ownerships=tuple((owner.value, words) for owner, words in OWNERSHIPS.items()),
    )


def _role_names() -> dict[str, str]:
    return {role.value: words for role, words in ROLE_NAMES.items()}


def _home_countries(session: Session) -> tuple[str, ...]:
    facility = find_facility(session)
    if facility is None:
        return ()
    profile = profile_in_force(session, facility.facility_id, facility.profile_code, clock.today())
    return profile.terms.countries.value or ()
