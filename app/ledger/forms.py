"""What may be typed in about a list of past use, and about standing for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from app.catalogue.forms import chosen_sources, money_units, sources
from app.ledger.rules.history.rows import Clock, HistoryField
from app.web.choice_fields import EnumField
from app.web.fields import LongText, required
from app.web.forms import Form


class HistoryMappingForm(Form):
    """For each field a column or a constant; built for the columns of one table."""

    clock = EnumField(_l("Times in the file"), [required()], kind=Clock, default=Clock.OFFSET_REQUIRED)
    money_unit = RadioField(
        _l("Bare numbers in the amount charged are"),
        choices=money_units,
        default="",
    )
    create_instruments = BooleanField(_l("Register instruments that the provider does not have yet, as drafts"))


def mapping_form(columns: Sequence[str], stored: Mapping[str, Any]) -> HistoryMappingForm:
    parts = sources(columns, stored, HistoryField)
    form: HistoryMappingForm = type("HistoryMappingOf", (HistoryMappingForm,), parts)()
    return form


def show_mapping(form: HistoryMappingForm, stored: Mapping[str, Any], version: int) -> None:
    form.clock.data = Clock(stored["clock"])
    form.money_unit.data = stored["money_unit"] or ""
    form.create_instruments.data = stored["create_instruments"]
    form.version.data = version


def mapping_of(form: HistoryMappingForm) -> dict[str, Any]:
    return {
        **chosen_sources(form, HistoryField),
        "clock": form.clock.data.value,
        "money_unit": form.money_unit.data or None,
        "create_instruments": bool(form.create_instruments.data),
    }


class CheckForm(Form):
    note = LongText(_l("What was looked at, and how"), longest=500)
