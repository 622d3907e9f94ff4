"""What the description of the interface says of each route: its fields, and values for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
Place = tuple[str | int, ...]
"""Where a value stands in a body: the names and numbers that lead to it."""

_DAY, _ID = "2026-03-02", "01a20b45-b058-7bd3-bd8b-d1bd471a3358"
_CODES = {r"^[A-Z]{2}$": "LT", r"^[A-Z]{3}$": "EUR"}


@dataclass(frozen=True)
class Described:
    """The description of every route."""

    description: Mapping[str, Any]

    def operation(self, method: str, path: str) -> Mapping[str, Any]:
        """One route."""
        found: Mapping[str, Any] = self.description["paths"][path][method.lower()]
        return found

    def body(self, method: str, path: str) -> Schema | None:
        """The schema of the body, or None where the route reads none."""
        sent = self.operation(method, path).get("requestBody")
        found: Schema | None = sent and sent["content"]["application/json"]["schema"]
        return found

    def needs_body(self, method: str, path: str) -> bool:
        """Whether the route refuses a request without a body."""
        return bool(self.operation(method, path).get("requestBody", {}).get("required"))

    def parameters(self, method: str, path: str, where: str) -> list[Mapping[str, Any]]:
        """The parameters in the path, the query or the header."""
        found = self.operation(method, path).get("parameters", ())
        return [one for one in found if one["in"] == where]

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself: behind its reference, and the first of several."""
        while True:
            if "$ref" in schema:
                schema = self.description["components"]["schemas"][schema["$ref"].split("/")[-1]]
            elif "anyOf" in schema:
                schema = schema["anyOf"][0]
            else:
                return schema

    def sample(self, schema: Schema) -> Any:
        """A value with every field, each of its right kind."""
        found = self.resolved(schema)
        match found.get("type"):
            case "object":
                fields = {
                    name: self.sample(part) for name, part in found.get("properties", {}).items()
                }
                return fields or self._entries(found)
            case "array":
                return [self.sample(found["items"])]
            case "string":
                return _text(found)
            case "boolean":
                return False
            case _:
                return int(found.get("minimum", 1))

    def _entries(self, schema: Schema) -> dict[str, Any]:
        if not isinstance(schema.get("additionalProperties"), Mapping):
            return {}
        names = self.resolved(schema.get("propertyNames", {})).get("enum", ["any"])
        return {names[0]: self.sample(schema["additionalProperties"])}

    def places(self, schema: Schema, here: Place = ()) -> Iterator[tuple[Place, Schema]]:
        """Every place of a body with its schema, the whole body first; ``kinds`` are its types."""
        found = self.resolved(schema)
        kinds = {self.resolved(part).get("type") for part in schema.get("anyOf", (schema,))}
        yield here, {**found, "kinds": kinds}
        for name, part in found.get("properties", {}).items():
            yield from self.places(part, (*here, name))
        if found.get("type") == "array":
            yield from self.places(found["items"], (*here, 0))
        if "propertyNames" in found:
            name = next(iter(self._entries(found)))
            yield from self.places(found["additionalProperties"], (*here, name))


def _text(schema: Schema) -> str:
    if "enum" in schema:
        return str(schema["enum"][0])
    usual = {"date": _DAY, "uuid": _ID}.get(schema.get("format", ""), "Plain words")
    return _CODES.get(schema.get("pattern", ""), usual)


def replaced(value: Any, place: Place, part: Any) -> Any:
    """``value`` with ``part`` at ``place``."""
    if not place:
        return part
    step, rest = place[0], place[1:]
    if isinstance(value, list):
        return [replaced(one, rest, part) if n == step else one for n, one in enumerate(value)]
    return {**value, step: replaced(value[step], rest, part)}
