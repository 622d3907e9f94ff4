"""The forms of a page as a browser reads them, and what it would send of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHOSEN = ("radio", "checkbox")


@dataclass
class Field:
    """One named field: how it is filled in, what stands in it, what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    is_number: bool = False


@dataclass
class Form:
    """A form that is posted, with its fields by name."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    def answers(self) -> dict[str, str]:
        """What stands in the form, with blanks and choices filled in plausibly."""
        return {name: one.value or _plausible(one) for name, one in self.fields.items()}


def forms_of(page: str) -> list[Form]:
    """The forms of the main part of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def _plausible(one: Field) -> str:
    if one.choices:
        return one.choices[0]
    if one.name.endswith("-day"):
        return "1"
    if one.name.endswith("-month"):
        return "3"
    if one.name.endswith("-year"):
        return "2026"
    if one.name.endswith("_on"):
        return "2026-03-01"
    return "10" if one.is_number else "" if one.kind == "hidden" else "Some words"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_main = self._is_form = False
        self._open: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._is_main = True
        elif tag == "form":
            self._is_form = self._is_main and given.get("method") == "post"
            if self._is_form:
                self.forms.append(Form(given["action"]))
        elif self._is_form and tag in {"input", "textarea", "select", "option"}:
            self._read(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_form = False
        if tag in {"textarea", "select"}:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._open.kind == "textarea":
            self._open.value = (self._open.value + data).removeprefix("\n")

    def _read(self, tag: str, given: dict[str, str]) -> None:
        if tag == "option":
            self._read_option(given)
            return
        kind = given.get("type", "text") if tag == "input" else tag
        name = given.get("name", "")
        one = self.forms[-1].fields.setdefault(name, Field(name, kind))
        one.is_number = "inputmode" in given
        if kind in _CHOSEN:
            one.choices.append(given.get("value", "on"))
            if "checked" in given:
                one.value = given.get("value", "on")
        elif tag == "input":
            one.value = given.get("value", "")
        else:
            self._open = one

    def _read_option(self, given: dict[str, str]) -> None:
        if self._open is None or not given.get("value"):
            return
        self._open.choices.append(given["value"])
        if "selected" in given:
            self._open.value = given["value"]
