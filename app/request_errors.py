"""What is wrong with a request, field by field, in words and without repeating what was sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

_NAME_ITSELF = "[key]"
"""How pydantic places a fault in a name that should be one of a list."""

WHOLE_REQUEST = "request"
"""Named where the fault lies in the request as a whole, or in a field that is not known."""

_SENTENCES: Mapping[str, str] = {
    "missing": "Enter a value; there is none.",
    "extra_forbidden": "A field here is not known. Leave it out.",
    "enum": "Enter one of these: {expected}.",
    "literal_error": "Enter one of these: {expected}.",
    "int_type": "Enter a whole number, without quotation marks.",
    "int_from_float": "Enter a whole number.",
    "int_parsing": "Enter a whole number.",
    "bool_parsing": "Enter true or false.",
    "bool_type": "Enter true or false.",
    "string_type": "Enter text in quotation marks.",
    "string_unicode": "The text has signs that are not Unicode. Enter it again without them.",
    "string_too_short": "Enter at least {min_length} character.",
    "string_too_long": "Enter at most {max_length} characters.",
    "string_pattern_mismatch": "Enter a code in capital letters, such as LT or EUR.",
    "tuple_type": "Enter a list.",
    "too_long": "Enter at most {max_length} of these.",
    "too_short": "Enter at least {min_length} of these.",
    "model_type": "Enter an object with its fields.",
    "model_attributes_type": "Enter an object with its fields.",
    "greater_than": "Enter a number above {gt}.",
    "greater_than_equal": "Enter {ge} or more.",
    "union_tag_invalid": "Enter one of these as {discriminator}: {expected_tags}.",
    "union_tag_not_found": "Enter the field {discriminator}; there is none.",
    "less_than": "Enter a number under {lt}.",
    "less_than_equal": "Enter {le} or less.",
}
_OTHERWISE = "Enter a value of the kind that the documentation names."


class FieldError(BaseModel):
    """One field to correct."""

    model_config = ConfigDict(frozen=True)

    field: str
    message: str


class ErrorBody(BaseModel):
    """Why a request has no answer."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    fields: tuple[FieldError, ...]


class ErrorAnswer(BaseModel):
    """The answer to a request that cannot be answered."""

    model_config = ConfigDict(frozen=True)

    error: ErrorBody


def refused(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    """An error object with one sentence, about one field or about the whole request."""
    fields = (FieldError(field=field, message=message),) if field else ()
    return ErrorAnswer(error=ErrorBody(code=code, message=message, fields=fields)).model_dump()


def refused_fields(error: ValidationError) -> dict[str, Any]:
    """An error object that names every field at fault."""
    return refused_faults(error.errors(include_url=False, include_input=False))


def refused_faults(faults: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same for faults that were found already."""
    places = [fault["loc"] for fault in faults]
    fields = tuple(
        FieldError(field=_path(fault, places), message=_sentence(fault))
        for fault in faults
        if fault["type"] != "too_short" or not _has_fault_inside(fault["loc"], places)
    )
    first = f"{fields[0].field}: {fields[0].message}"
    many = "" if len(fields) == 1 else f"{len(fields)} values cannot be used. "
    body = ErrorBody(code="wrong_value", message=f"{many}{first}", fields=fields)
    return ErrorAnswer(error=body).model_dump()


def _has_fault_inside(
    place: tuple[int | str, ...], places: Sequence[tuple[int | str, ...]]
) -> bool:
    """Whether a list seems too short only because one of its parts could not be read."""
    return any(other[: len(place)] == place and other != place for other in places)


def _path(fault: Mapping[str, Any], places: Sequence[tuple[int | str, ...]]) -> str:
    """Where the fault lies; the name of an unknown field is the sender's and is left out."""
    known = fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"]
    for length in range(1, len(known) + 1):
        if (*known[:length], _NAME_ITSELF) in places:
            known = known[: length - 1]
            break
    return ".".join(str(part) for part in known) or WHOLE_REQUEST


def _sentence(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return _SENTENCES.get(fault["type"], _OTHERWISE).format_map(fault.get("ctx", {}))
