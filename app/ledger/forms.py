"""What may be typed in about a list of past use, and about standing for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from app.catalogue.seeds.words import WORDS
from app.ledger.rules.history.rows import Clock, HistoryField
from app.web.fields import EnumField, LongText, Text, required
from app.web.forms import Form
from app.web.words import label


class HistoryMappingForm(Form):
    """For each field a column or a constant; built for the columns of one table."""

    clock = EnumField(_l("Times in the file"), [required()], kind=Clock, default=Clock.OFFSET_REQUIRED)
    money_unit = RadioField(
        _l("Bare numbers in the amount charged are"),
        choices=lambda: [("", _("to be asked about")), *((unit, unit) for unit in WORDS.likely_units)],
        default="",
    )
    create_instruments = BooleanField(_l("Register instruments that the provider does not have yet, as drafts"))


def mapping_form(columns: Sequence[str], stored: Mapping[str, Any]) -> HistoryMappingForm:
    """A form with two fields per HistoryField, showing the mapping as it stands."""
    choices = [("", _("— none —")), *((str(n), name or str(n + 1)) for n, name in enumerate(columns))]
    parts: dict[str, Any] = {}
    for one in HistoryField:
        chosen = stored["columns"].get(one.value)
        parts[f"column_{one.value}"] = SelectField(
            label(one), choices=lambda: choices, default="" if chosen is None else str(chosen)
        )
        parts[f"constant_{one.value}"] = Text(
            _("%(field)s: the same for all rows", field=label(one)), default=stored["constants"].get(one.value, "")
        )
    form: HistoryMappingForm = type("HistoryMappingOf", (HistoryMappingForm,), parts)()
    return form


def show_stored(form: HistoryMappingForm, stored: Mapping[str, Any], version: int) -> None:
    form.clock.data = Clock(stored["clock"])
    form.money_unit.data = stored["money_unit"] or ""
    form.create_instruments.data = stored["create_instruments"]
    form.version.data = version


def mapping_of(form: HistoryMappingForm) -> dict[str, Any]:
    columns = {one.value: form[f"column_{one.value}"].data for one in HistoryField}
    constants = {one.value: form[f"constant_{one.value}"].data for one in HistoryField}
    return {
        "columns": {name: int(column) for name, column in columns.items() if column},
        "constants": {name: text for name, text in constants.items() if text},
        "clock": form.clock.data.value,
        "money_unit": form.money_unit.data or None,
        "create_instruments": bool(form.create_instruments.data),
    }


class CheckForm(Form):
    note = LongText(_l("What was looked at, and how"), longest=500)
