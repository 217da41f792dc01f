"""What fields make of what is typed, odd input first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.kernel.money import Money
from app.web import fields, i18n

VALID_CODE = "91110114MA00000018"


class Typed(Form):
    text = fields.Text(longest=10)
    long = fields.LongText()
    money = fields.MoneyField()
    wan = fields.WanField()
    number = fields.NumberField(most=100)
    whole = fields.WholeNumberField()
    moment = fields.ShanghaiDateTimeField()
    day = fields.DateField()
    code = fields.UsccField()


@pytest.fixture(autouse=True)
def context() -> Iterator[None]:
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        yield


def read(name: str, typed: str) -> tuple[Any, bool]:
    form = Typed(MultiDict({name: typed}))
    valid = form.validate()
    return form[name].data, valid


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("text", "  e\u0301  a ", "é a"),
        ("long", "a\r\nb", "a\nb"),
        ("money", "\uff11\uff0c\uff10\uff13\uff13.33", Money(103333)),
        ("money", "¥1,033.3", Money(103330)),
        ("wan", "103.333333", Money(103_333_333)),
        ("wan", "\uff11\uff0c\uff10\uff13\uff13", Money.yuan(10_330_000)),
        ("number", "12.50", Decimal("12.50")),
        ("whole", "\uff11\uff12", 12),
        ("moment", "2026-11-21T14:00", datetime(2026, 11, 21, 6, 0, tzinfo=UTC)),
        ("moment", "2026-11-21 14:00", datetime(2026, 11, 21, 6, 0, tzinfo=UTC)),
        ("day", "2026-11-21", date(2026, 11, 21)),
    ],
)
def test_read(name: str, typed: str, value: object) -> None:
    assert read(name, typed) == (value, True)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("text", "nul\x00"),
        ("text", "lone \ud800"),
        ("text", "eleven chars"),
        ("money", "1.005"),
        ("money", "NaN"),
        ("money", "Infinity"),
        ("money", "-1"),
        ("money", "1e30"),
        ("money", "一百"),
        ("money", "1_000"),
        ("money", "1e5"),
        ("money", "\u0661\u0662"),
        ("wan", "1.0000001"),
        ("wan", "10000000.000001"),
        ("number", "1_000"),
        ("whole", "1e1"),
        ("whole", "\u0661\u0662"),
        ("number", "sNaN"),
        ("number", "101"),
        ("whole", "1.5"),
        ("whole", "9" * 5000),
        ("whole", "1e999999999"),
        ("number", "0e999999999"),
        ("moment", "2026-11-21T23:59:60"),
        ("moment", "0001-01-01T00:00"),
        ("moment", "9999-12-31T23:59"),
        ("moment", "2026-02-30T10:00"),
        ("day", "9999-12-31"),
        ("day", "0001-01-01"),
        ("day", "21.11.2026"),
        ("code", "91110114MA0000001I"),
        ("code", "short"),
    ],
)
def test_refused(name: str, typed: str) -> None:
    _value, valid = read(name, typed)
    assert not valid


def test_what_cannot_be_read_stays_as_it_was_typed() -> None:
    form = Typed(MultiDict({"money": "twelve"}))
    assert not form.validate()
    assert 'value="twelve"' in str(form.money())


def test_nothing_typed_is_nothing() -> None:
    assert read("money", "") == (None, True)


@pytest.mark.parametrize("unseen", [" ", "\t\r\n", "\u3000", "\u200b", "\u202e"])
@pytest.mark.parametrize("name", ["text", "long", "money", "number", "whole", "moment", "day", "code"])
def test_what_shows_nothing_does_not_fill_a_required_field(name: str, unseen: str) -> None:
    form = Typed(MultiDict({name: unseen}))
    form[name].validators = [fields.required(), *form[name].validators[1:]]
    assert not form.validate()


def test_a_field_that_cannot_be_read_says_so_and_not_that_it_is_empty() -> None:
    form = Typed(MultiDict({"whole": "twelve"}))
    form.whole.validators = [fields.required()]
    assert not form.validate()
    assert form.whole.errors == ["请输入整数。"]


def test_the_value_of_an_instrument_is_shown_as_it_is_typed() -> None:
    form = Typed(data={"wan": Money(103_333_300)})
    assert 'value="103.3333"' in str(form.wan())
