import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Annotated, Literal, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator
from starlette.datastructures import FormData, UploadFile

from app.forms import Ask, FieldProblem, Filled, FormModel, Reads, as_form, filled, filled_rows


class Owner(StrEnum):
    STATE = "state"
    PRIVATE = "private"


class Project(FormModel):
    title: Annotated[str, Ask("the title of the project"), Field(min_length=3, max_length=20)]
    cost: Annotated[Decimal, Ask("the total cost", Reads.AMOUNT), Field(ge=100, le=5000)]
    rate: Annotated[Decimal | None, Ask("the discount rate", Reads.PERCENT), Field(le=1)] = None
    months: Annotated[int, Ask("the grace period", unit="months"), Field(ge=0, lt=36)] = 0
    heat: Annotated[Decimal, Ask("the heat used", Reads.QUANTITY, unit="MWh")] = Decimal(0)
    country: Annotated[
        str, Ask("the country", shape="two letters, such as LT"), Field(pattern="^[A-Z]{2}$")
    ] = "LT"
    owner: Annotated[Owner, Ask("who owns the enterprise")]
    size: Annotated[Literal["small", "large"], Ask("the size")] = "small"
    measures: Annotated[tuple[str, ...], Ask("what to finance"), Field(min_length=1, max_length=2)]
    begins_on: Annotated[date, Ask("the first day")]
    ends_on: Annotated[date | None, Ask("the last day")] = None
    purpose: Annotated[str, Ask("what changes", Reads.LINES)] = ""
    exports: Annotated[bool, Ask("whether you export")] = False
    is_true: Annotated[Literal[True], Ask("that it is true", missing="Confirm that it is true.")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on and self.ends_on < self.begins_on:
            field = "ends_on"
            message = "The last day is before the first day. Enter a later day."
            raise FieldProblem(field, message)
        if self.title == "Nothing":
            message = "Enter a project that changes something."
            raise ValueError(message)
        return self


GOOD = {
    "title": " Dye-bath  reuse ",
    "cost": "1 234,50",
    "owner": "state",
    "measures": "M1",
    "begins_on": "15 January 2026",
    "is_true": "yes",
}


def data(*more: tuple[str, str | UploadFile]) -> FormData:
    return FormData([*GOOD.items(), *more])


def read(**changes: str) -> Filled[Project]:
    return filled(Project, {**GOOD, **changes}, currency="EUR")


def test_a_good_form_becomes_its_value() -> None:
    form = read(rate="6 %", months="3", purpose="One\r\nTwo", exports="no", heat="1,5 MWh")
    assert not form.errors
    assert form.value == Project(
        title="Dye-bath reuse",
        cost=Decimal("1234.50"),
        rate=Decimal("0.06"),
        months=3,
        heat=Decimal("1.5"),
        owner=Owner.STATE,
        measures=("M1",),
        begins_on=date(2026, 1, 15),
        purpose="One\nTwo",
        is_true=True,
    )


def test_an_empty_form_names_every_gap_in_the_order_of_the_fields() -> None:
    form = filled(Project, {"title": "  ", "cost": ""}, currency="EUR")
    assert form.value is None
    assert list(form.errors.items()) == [
        ("title", "Enter the title of the project."),
        ("cost", "Enter the total cost, in EUR."),
        ("owner", "Choose who owns the enterprise."),
        ("measures", "Choose what to finance."),
        ("begins_on", "Enter the first day, such as 15 January 2026."),
        ("is_true", "Confirm that it is true."),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("title", "ab", "The title of the project is too short. Enter at least 3 characters."),
        ("title", "a" * 21, "The title of the project is too long. Enter at most 20 characters."),
        ("purpose", "a" * 5001, "What changes is too long. Enter at most 5,000 characters."),
        ("cost", "ten", "Enter the total cost as a number in digits, such as 1234.50."),
        ("cost", "99.99", "The total cost is too small. Enter EUR 100.00 or more."),
        ("cost", "5000.01", "The total cost is too large. Enter EUR 5,000.00 or less."),
        ("rate", "101", "The discount rate is too large. Enter 100 % or less."),
        ("months", "36", "The grace period is too large. Enter less than 36 months."),
        ("months", "1.5", "Enter the grace period with no decimals."),
        ("heat", "5 kg", "Enter the heat used as a number in digits, such as 1234.50."),
        ("country", "Lithuania", "Enter the country as two letters, such as LT."),
        ("owner", "me", "Choose who owns the enterprise from the list."),
        ("size", "huge", "Choose the size from the list."),
        ("exports", "maybe", "Choose whether you export."),
        ("is_true", "no", "Confirm that it is true."),
        ("ends_on", "1.1.2026", "The last day is before the first day. Enter a later day."),
        ("", "Nothing", "Enter a project that changes something."),
    ],
)
def test_each_way_of_missing_has_words_of_its_own(field: str, typed: str, message: str) -> None:
    form = read(**{field or "title": typed})
    assert form.value is None
    assert form.errors == {field: message}


def test_what_was_typed_stays_as_it_was_typed() -> None:
    form = read(cost="1,000", title="  x ")
    assert form.typed["cost"] == "1,000"
    assert form.typed["title"] == "  x "


@pytest.mark.parametrize(
    "typed", ["a\x00b", "a\x1bb", "abc\ud800", "abc\N{RIGHT-TO-LEFT OVERRIDE}d", "abc\x7f"]
)
def test_characters_that_cannot_be_kept_are_refused_and_shown_harmlessly(typed: str) -> None:
    form = read(title=typed)
    assert form.errors == {
        "title": (
            "The title of the project contains characters that cannot be stored. "
            "Type the text instead of pasting it."
        )
    }
    shown = form.typed["title"]
    assert isinstance(shown, str)
    assert shown.encode().decode().isprintable()


def test_harmless_oddities_are_tidied() -> None:
    form = read(title="Caf\u0065\u0301\u200b\N{NO-BREAK SPACE}x")
    assert form.value
    assert form.value.title == "Caf\u00e9 x"


def test_lists_keep_every_value_and_single_fields_take_one() -> None:
    form = filled(Project, data(("measures", "M2"), ("title", "Another")), currency="EUR")
    assert form.errors == {"title": "Enter the title of the project once."}
    assert form.typed["measures"] == ("M1", "M2")
    form = filled(Project, data(("measures", "M2"), ("measures", "M3")), currency="EUR")
    assert form.errors == {"measures": "Choose what to finance: at most 2."}


def test_days_may_come_in_three_boxes() -> None:
    boxes = {"begins_on": "", "begins_on-day": "15", "begins_on-month": "sausio"}
    form = read(**boxes, **{"begins_on-year": "2026"})
    assert form.value
    assert form.value.begins_on == date(2026, 1, 15)
    half = read(**boxes, **{"begins_on-year": ""})
    assert "as a date" in half.errors["begins_on"]
    assert half.typed["begins_on-month"] == "sausio"
    blank = filled(Project, {"ends_on-day": "", "ends_on-month": " "}, currency="EUR")
    assert "ends_on" not in blank.errors


def test_unknown_fields_and_files_are_refused() -> None:
    expected = "The form was sent with a field that this page does not have."
    assert read(role="administrator").errors[""].startswith(expected)
    with_file = data(("title", UploadFile(BytesIO())))
    assert filled(Project, with_file, currency="EUR").errors[""].startswith(expected)


class Line(FormModel):
    label: Annotated[str, Ask("what is bought")]
    price: Annotated[Decimal, Ask("the price", Reads.AMOUNT)]


def test_rows_are_read_each_by_itself_and_blank_rows_dropped() -> None:
    form = {
        "title": "x",
        "line-0-label": "Pump",
        "line-0-price": "10,50",
        "line-1-label": " ",
        "line-1-price": "",
        "line-7-label": "Pipe",
        "line-7-price": "ten",
    }
    first, second = filled_rows(Line, form, "line", currency="EUR")
    assert first.value == Line(label="Pump", price=Decimal("10.50"))
    assert (first.prefix, second.prefix) == ("line-0-", "line-7-")
    assert list(second.errors) == ["price"]
    rest = filled(Line, form, currency="EUR", groups=("line",))
    assert "" in rest.errors
    assert not any(name.startswith("line-") for name in rest.typed)


def test_a_refusal_of_the_use_case_is_added_to_the_form() -> None:
    form = read().with_error("cost", "Enter at most what is left.")
    assert form.value is None
    assert form.errors == {"cost": "Enter at most what is left."}
    assert form.typed["cost"] == "1 234,50"


def test_stored_values_fill_a_form_that_reads_back_the_same() -> None:
    value = read(rate="6,5", heat="1234.567", months="12", exports="yes").value
    assert value
    shown = as_form(Project, dict(value))
    assert shown.typed["rate"] == "6.5"
    assert shown.typed["begins_on-month"] == "1"
    pairs: list[tuple[str, str | UploadFile]] = [
        (name, text)
        for name, texts in shown.typed.items()
        for text in ((texts,) if isinstance(texts, str) else texts)
    ]
    assert filled(Project, FormData(pairs), currency="EUR").value == value


def test_an_empty_form_to_show_has_neither_values_nor_errors() -> None:
    form = as_form(Project)
    assert (form.value, form.typed, form.errors) == (None, {}, {})


def test_a_field_must_say_what_it_asks_and_how_decimals_are_read() -> None:
    class Nameless(FormModel):
        title: str

    class Unclear(FormModel):
        cost: Annotated[Decimal, Ask("the cost")]

    class Loose(FormModel):
        weight: Annotated[float, Ask("the weight")]

    class Sized(FormModel):
        place: Annotated[str, Ask("the place", Reads.TEXT), Field(strict=True)]
        kilos: Annotated[int, Ask("the kilos", Reads.TEXT)]

    with pytest.raises(TypeError, match="must say how it is read"):
        filled(Loose, {})
    words = filled(Sized, {"place": "here", "kilos": "x"}).errors
    assert words == {"kilos": "Enter the kilos as the label says."}
    with pytest.raises(TypeError, match="has no Ask"):
        filled(Nameless, {})
    with pytest.raises(TypeError, match="must say how it is read"):
        filled(Unclear, {})


@given(st.dictionaries(st.sampled_from((*Project.model_fields, "x")), st.text(max_size=40)))
def test_any_form_gives_a_value_or_kind_words(form: dict[str, str]) -> None:
    result = filled(Project, form, currency="EUR")
    assert (result.value is None) == bool(result.errors)
    for message in result.errors.values():
        assert message.endswith(".")
        assert not re.search(
            "please|invalid|required field|oops|pydantic|None", message, re.IGNORECASE
        )
