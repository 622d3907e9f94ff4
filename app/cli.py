"""The command line: serve, load the demonstration fund, enter users, check the books, calculate."""

import gc
import logging
import socket
import sys
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from app import clock, demo
from app.assets import missing_assets
from app.auth.passwords import hash_password
from app.calculator_commands import app as calculators
from app.closing_command import app as closing
from app.export_command import app as exports
from app.import_command import app as imports
from app.main import create_app
from app.opened_database import opened_database
from app.settings import Settings
from app.simulation_command import app as simulation
from loans import fund, people, profile
from loans.books.books_check import check_books
from loans.people import Role
from loans.refusal import Refusal, WrongValue
from loans.storage.database_faults import DatabaseUnavailable
from loans.storage.migrate import migrate
from loans.storage.postgresql_engine import grant_application_role

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
users = typer.Typer(no_args_is_help=True, help="Enter the people who sign in.")
facilities = typer.Typer(no_args_is_help=True, help="Set up the revolving fund itself.")
app.add_typer(calculators)
app.add_typer(simulation)
app.add_typer(exports)
app.add_typer(imports)
app.add_typer(closing)
app.add_typer(users, name="user")
app.add_typer(facilities, name="facility")
_out = Console(soft_wrap=True)
_err = Console(stderr=True, soft_wrap=True)
REFUSED = 1


def main() -> None:
    """Run the command line; a database that cannot be used ends it with one plain line."""
    try:
        app()
    except (DatabaseUnavailable, Refusal) as error:
        _err.print(str(error), markup=False)
        sys.exit(REFUSED)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Migrate the database, then serve pages and API."""
    settings = Settings()
    _check_port(host, port)
    migrate(settings.database)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    if missing := missing_assets():
        _err.print(missing, markup=False)
    served = create_app(settings)
    # What is loaded by now stays: looking for garbage among it would hold requests up.
    gc.collect()
    gc.freeze()
    _out.print(f"Cleanloop is at http://{host}:{port}", markup=False, highlight=False)
    uvicorn.run(served, host=host, port=port, log_level="warning", server_header=False)


def _check_port(host: str, port: int) -> None:
    """Say in words that the port is taken, before anything else is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            message = f"Port {port} at {host} cannot be used. Choose another with --port."
            raise WrongValue(message) from None


@app.command(name="demo")
def load_demo() -> None:
    """Load the demonstration fund into an empty database, and name its accounts."""
    with opened_database() as database:
        with database.reading() as session:
            found = fund.find_facility(session)
            is_partial = found is not None and demo.is_interrupted(session)
        if is_partial:
            message = (
                "The demonstration was loaded in part only: its loading was interrupted. Remove "
                "the data folder, or empty the PostgreSQL database, and run this again."
            )
            raise WrongValue(message)
        if found is None:
            demo.load(database, _err)
        elif not found.is_demonstration:
            message = "The database holds a real fund. The demonstration needs an empty one."
            raise WrongValue(message)
        _out.print("Demonstration accounts, all with the password: ", demo.PASSWORD, markup=False)
        for email, role in demo.ACCOUNTS:
            _out.print(f"  {email:<32}{role}", markup=False, highlight=False)


@users.command(name="add")
def add_user(
    email: Annotated[str, typer.Option(help="E-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="Name as colleagues know it.")],
    role: Annotated[Role, typer.Option(help="What the person is to the fund.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Enter a person of the fund's staff; the first administrator comes from here.

    Users of enterprises are entered by the administrator on the page “Users”.
    """
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened_database() as database, database.writing() as session:
        people.add_user(
            session,
            email=email,
            name=name,
            role=role,
            password_hash=hash_password(password),
            at=clock.now(),
        )
    _out.print("The account is open.")


@facilities.command(name="open")
def open_facility(
    code: Annotated[str, typer.Option(help="Short code of the fund.")],
    name: Annotated[str, typer.Option(help="Name of the fund, as pages show it.")],
    currency: Annotated[
        str, typer.Option(help="Its currency; without it that of the profile.")
    ] = "",
    profile_code: Annotated[
        str, typer.Option("--profile", help="The profile with its terms.")
    ] = "nefco-1998",
) -> None:
    """Set up the fund on an empty database, with the terms of a profile as its first version."""
    lends_in = profile.load(profile_code).currency
    if currency not in ("", lends_in):
        message = f"The profile {profile_code} lends in {lends_in}. Leave the currency out."
        raise WrongValue(message)
    with opened_database() as database, database.writing() as session:
        if fund.find_facility(session) is not None:
            message = "The database holds a fund already."
            raise WrongValue(message)
        fund.open_facility(
            session,
            clock.moment(),
            code=code,
            name=name,
            currency=lends_in,
            profile_code=profile_code,
        )
    _out.print("The fund is set up. Enter its people with “cleanloop user add”.")


@app.command(name="grant-role")
def grant_role(
    role: Annotated[str, typer.Argument(help="The PostgreSQL role that serves the program.")],
) -> None:
    """Migrate PostgreSQL as its owner and give a role what serving needs, and no more."""
    with opened_database() as database:
        if database.dialect != "postgresql":
            message = (
                "Only PostgreSQL has roles. Set CLEANLOOP_DATABASE_URL to its owner's address."
            )
            raise WrongValue(message)
        with database.engine.begin() as connection:
            grant_application_role(connection, role)
    _out.print("The role may serve the program; it can change nothing that is posted.")


@app.command(name="check-ledger")
def check_ledger() -> None:
    """Check every invariant of the books; exit status 1 and the first broken one, if any."""
    with opened_database() as database, database.reading() as session:
        report = check_books(session)
    _out.print(report.summary, markup=False, highlight=False)
    if not report.is_sound:
        raise typer.Exit(REFUSED)


if __name__ == "__main__":
    main()
