"""Who may open which route: the table in ``access.csv`` decides, and what it lacks is closed.

Each row is a method and a path, each column a role; ``x`` opens the route. The table speaks of
roles only: whether an enterprise may see one particular case is decided where the case is read.
"""

import csv
import importlib.resources
from collections.abc import Mapping
from functools import cache

from loans.people import Role

VISITOR = "visitor"


@cache
def access_table() -> Mapping[tuple[str, str], frozenset[str]]:
    """The roles, or ``visitor``, for each method and path of the table."""
    text = importlib.resources.files("app.auth").joinpath("access.csv").read_text("utf-8")
    return {
        (row["method"], row["path"]): frozenset(
            role for role in (VISITOR, *Role) if row[str(role)].strip() == "x"
        )
        for row in csv.DictReader(text.splitlines())
    }


def is_open(method: str, path: str, role: Role | None) -> bool:
    """Whether this role, or a visitor, may open the route."""
    allowed = access_table().get(("GET" if method == "HEAD" else method, path), frozenset())
    return (VISITOR if role is None else role.value) in allowed
