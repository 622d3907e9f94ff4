"""The statements of an act over the interface, by the driver alone: no server, no layer of tables.

They are recorded as the program sends them, twice; what differs is made anew in each repetition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from secrets import token_hex
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from loans.people import Actor
from loans.storage.database import Database
from tests.app.api.programs import program_of

Parameters = Mapping[str, Any] | Sequence[Any]
Statement = tuple[str, Parameters]


class BareAct:
    """What a person's program posts to ``path``, as statements of PostgreSQL."""

    def __init__(self, database: Database, actor: Actor, path: str, body: object) -> None:
        program = program_of(database, actor)
        sent: list[Statement] = []

        def note(_connection: object, _cursor: object, *sending: Any) -> None:
            sent.append(sending[:2])

        assert program.post(path, body).status_code == 201
        event.listen(Engine, "before_cursor_execute", note)
        answers = [program.post(path, body).status_code for _ in range(2)]
        event.remove(Engine, "before_cursor_execute", note)
        assert answers == [201, 201]
        half = len(sent) // 2
        self.statements = tuple(sent[:half])
        assert [one.startswith("SELECT") for one, _ in sent[:2]] == [True, False]
        self._changing = frozenset(_differing(sent[:half], sent[half:]))

    def carry_out(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """Once more, with new ids and keys; the connection commits by itself.

        Who asks is one question by itself, the rest a transaction.
        """
        fresh = {old: token_hex(len(old))[: len(old)] for old in self._changing}
        (who_asks, asked), *act = self.statements
        connection.execute(who_asks, asked)
        connection.execute("BEGIN")
        for statement, parameters in act:
            connection.execute(statement, _renewed(parameters, fresh))
        connection.execute("COMMIT")


def _differing(first: Iterable[Statement], again: Iterable[Statement]) -> Iterable[str]:
    for (statement, ours), (same, theirs) in zip(first, again, strict=True):
        assert statement == same
        for one, other in zip(_values(ours), _values(theirs), strict=True):
            if isinstance(one, str) and one != other:
                yield one


def _values(parameters: Parameters) -> Sequence[Any]:
    return tuple(parameters.values() if isinstance(parameters, Mapping) else parameters)


def _renewed(parameters: Parameters, fresh: Mapping[str, str]) -> Parameters:
    if isinstance(parameters, Mapping):
        return {name: fresh.get(str(value), value) for name, value in parameters.items()}
    return [fresh.get(str(value), value) for value in parameters]
