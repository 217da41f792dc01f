"""Form fields that speak the kernel's types: clean text, money in yuan, Shanghai times, credit codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import TextInput
from wtforms.widgets.core import DateInput, DateTimeLocalInput

from app.kernel import civil, text, uscc
from app.kernel.canonical import decimal_text
from app.kernel.errors import Refusal
from app.kernel.money import ZERO, Money
from app.web import labels

BIGGEST_NUMBER = 10**12
LONGEST_VALUE = 200  # a day's opening hours; what takes such a text apart need not be quick with longer ones
BIGGEST_AMOUNT = Money.yuan(10**11)


class Required(InputRequired):
    """Something must have been sent, and something must be left of it once it was read."""

    def __call__(self, form: Any, field: Field) -> None:
        super().__call__(form, field)
        value = field.data
        if not field.errors and (value is None or value is False or (isinstance(value, str) and text.is_blank(value))):
            raise StopValidation(str(self.message))


def required() -> Required:
    return Required(_l("This must be filled in."))


class _NotEmptied(Required):
    """What has a value of its own may be left out of a form, and not be sent empty."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.raw_data:
            super().__call__(form, field)


def not_emptied() -> Required:
    return _NotEmptied(_l("This must be filled in."))


def presence(needed: Iterable[Any] | None) -> list[Any]:
    """A field without validators may stay empty."""
    given = list(needed or [])
    return given if any(isinstance(v, InputRequired) for v in given) else [Optional(), *given]


class _Cleaned:
    """Mix-in: what arrives is cleaned before anything else sees it."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        try:
            self.data = text.clean(valuelist[0])
        except ValueError:
            self.data = ""
            raise ValueError(_("This contains characters that cannot be stored.")) from None


class Text(_Cleaned, StringField):
    """One line of clean text, at most `longest` characters."""

    def __init__(self, label: Any = None, validators: Any = None, *, longest: int = 200, **options: Any) -> None:
        length = Length(max=longest, message=_l("At most %(max)d characters."))
        super().__init__(label, [*presence(validators), length], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = " ".join(self.data.split()) if self.data else self.data


class LongText(_Cleaned, TextAreaField):
    """Several lines of clean text."""

    def __init__(self, label: Any = None, validators: Any = None, *, longest: int = 2000, **options: Any) -> None:
        length = Length(max=longest, message=_l("At most %(max)d characters."))
        super().__init__(label, [*presence(validators), length], **options)


class Parsed(_Cleaned, Field):
    """A line of text read as a value; what cannot be read stays on the page as it was typed."""

    widget: Any = TextInput()
    fault: Any = _l("This cannot be read.")
    typed: str | None = None

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, presence(validators), **options)

    def parse(self, typed: str) -> Any:
        raise NotImplementedError

    def show(self, value: Any) -> str:
        return str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return  # not sent at all: what the form was made with stays
        self.typed = valuelist[0]
        try:
            super().process_formdata(valuelist)
            typed = self.data
        finally:
            self.data = None
        if not typed:
            return
        try:
            if len(typed) > LONGEST_VALUE:
                raise ValueError
            self.data = self.parse(typed)
        except (ValueError, ArithmeticError):
            raise ValueError(str(self.fault)) from None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed.replace("\x00", "")
        return "" if self.data is None else self.show(self.data)


def _number(typed: str, places: int) -> Decimal:
    value = text.number(typed)
    if -int(value.as_tuple().exponent) > places:
        raise ValueError("too many decimals")
    return value


class NumberField(Parsed):
    """A finite decimal between `least` and `most`."""

    fault = _l("Enter a number such as 12.5.")

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        least: Decimal | int = 0,
        most: Decimal | int = BIGGEST_NUMBER,
        places: int = 6,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.least, self.most, self.places = least, most, places
        self.render_kw = {"inputmode": "decimal", **(self.render_kw or {})}

    def parse(self, typed: str) -> Any:
        return _number(typed, self.places)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not self.least <= self.data <= self.most:
            raise StopValidation(_("Enter a number from %(least)s to %(most)s.", least=self.least, most=self.most))


class WholeNumberField(NumberField):
    fault = _l("Enter a whole number.")

    def parse(self, typed: str) -> Any:
        value = super().parse(typed)
        if value != int(value):
            raise ValueError
        return int(value)


class MoneyField(Parsed):
    """Yuan with at most two decimals, read into Money."""

    fault = _l("Enter an amount in yuan with at most two decimals, such as 1033.33.")
    yuan, places = 1, 2  # what a bare 1 is, and to how many decimals

    def __init__(self, label: Any = None, validators: Any = None, *, least: Money = ZERO, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.least = least
        self.render_kw = {"inputmode": "decimal", **(self.render_kw or {})}

    def parse(self, typed: str) -> Money:
        amount = _number(text.fold(typed).lstrip("¥"), self.places) * self.yuan
        if not self.least.in_yuan() <= amount <= BIGGEST_AMOUNT.in_yuan():
            raise ValueError
        return Money.yuan(amount)

    def show(self, value: Money) -> str:
        return str(value.in_yuan())


class WanField(MoneyField):
    """Ten thousand yuan (万元), the unit in which the value of an instrument is shown, read into Money."""

    fault = _l("Enter an amount in 10,000 yuan with at most six decimals, such as 103.33.")
    yuan, places = 10_000, 6

    def show(self, value: Money) -> str:
        return decimal_text(value.in_yuan() / self.yuan)


class UsccField(Parsed):
    """A unified social credit code, normalised; a wrong one is refused with the reason."""

    fault = _l("A unified social credit code has 18 characters.")

    def parse(self, typed: str) -> str:
        code = uscc.normalise(typed)
        if fault := uscc.fault(code):
            self.fault = labels.message(Refusal(fault))
            raise ValueError
        return code


class ShanghaiDateTimeField(Parsed):
    """A day and a time on Shanghai clocks, read into a UTC instant."""

    widget = DateTimeLocalInput()
    fault = _l("Enter a day and a time between 1990 and 2100, such as 2026-11-21 14:00.")

    def parse(self, typed: str) -> datetime:
        return civil.parse_instant(typed, assume_shanghai=True)

    def show(self, value: datetime) -> str:
        return civil.local(value).strftime("%Y-%m-%dT%H:%M")


class DateField(Parsed):
    """A civil day between the year `since` and 2100."""

    widget = DateInput()

    def __init__(self, label: Any = None, validators: Any = None, *, since: int = 1990, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.since = date(since, 1, 1)

    @property
    def fault(self) -> str:
        return _("Enter a day between %(since)s and 2100, such as 2026-11-21.", since=self.since.year)

    def parse(self, typed: str) -> date:
        return civil.parse_day(typed, since=self.since)

    def show(self, value: date) -> str:
        return value.isoformat()
