"""What may be typed in about an instrument, and about a list that is brought in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField

from app.catalogue.models import AssetKind, InstrumentClass, PriorityField, ServiceMode
from app.catalogue.rules.holidays import LONGEST_NAME, HolidayKind
from app.catalogue.rules.instrument_rows import subjects_in
from app.catalogue.rules.national import MOST_SUBJECTS
from app.catalogue.rules.words import ColumnField, Origin, ShareMode
from app.catalogue.seeds.words import WORDS
from app.organisations.models import EvaluationUnit, Organisation
from app.web.choice_fields import ChecksField, EnumField, EnumsField
from app.web.fields import DateField, LongText, Parsed, Text, WanField, WholeNumberField, not_emptied, required
from app.web.forms import Form
from app.web.i18n import named, named_choices
from app.web.labels import label

_WHAT = (
    "name",
    "name_en",
    "asset_kind",
    "class_code",
    "inner_id",
    "national_number",
    "special",
    "share_mode",
    "evaluation_unit",
)
_ORIGIN = ("origin", "original_value", "funds", "nation", "maker", "model", "began_on", "owning_unit")
_SERVICE = (
    "modes",
    "fields",
    "subjects",
    "technical",
    "functions",
    "service_content",
    "achievements",
    "requirements",
    "fee_text",
)
_WHERE = ("service_url", "town", "address", "postcode", "contact", "phone", "email", "places")
_CUSTOMS = ("customs_supervised", "customs_declaration", "customs_item", "customs_name", "customs_released_on")


class SubjectsField(Parsed):
    """Up to four subjects in one line."""

    fault = _l("Name at most %(most)s subjects, separated by commas.", most=MOST_SUBJECTS)

    def parse(self, typed: str) -> list[str]:
        found = subjects_in(typed)
        if len(found) > MOST_SUBJECTS:
            raise ValueError
        return found

    def show(self, value: list[str]) -> str:
        return ", ".join(value)


class InstrumentForm(Form):
    """The national fields (domain.md §6) and what this platform needs besides."""

    provider = SelectField(_l("Provider"), [required()])
    name = Text(_l("Name"), [required()], longest=200)
    name_en = Text(_l("English name"), longest=200)
    asset_kind = EnumField(_l("Instrument or facility"), [required()], kind=AssetKind, default=AssetKind.INSTRUMENT)
    class_code = SelectField(_l("Class"))
    inner_id = Text(_l("Number within the unit"), [required()], longest=150)
    national_number = Text(_l("Number on the national platform"), longest=60)
    special = BooleanField(_l("For special purposes (otherwise general)"))
    share_mode = EnumField(_l("Sharing"), [required()], kind=ShareMode, default=ShareMode.EXTERNAL)
    evaluation_unit = SelectField(_l("Evaluation unit"), default="")
    origin = EnumField(_l("Origin"), [required()], kind=Origin, default=Origin.PURCHASED)
    original_value = WanField(_l("Original value (10,000 yuan)"))
    funds = Text(_l("Source of funds"), longest=200)
    nation = Text(_l("Country of origin"), longest=60)
    maker = Text(_l("Maker"), longest=200)
    model = Text(_l("Model"), longest=200)
    began_on = DateField(_l("In use since"), since=1900)
    owning_unit = Text(_l("Owning unit"), longest=200)
    modes = EnumsField(_l("Ways of working"), kind=ServiceMode)
    fields = ChecksField(_l("Priority fields"))
    subjects = SubjectsField(_l("Subjects (at most 4, separated by commas)"))
    technical = LongText(_l("Technical data"), longest=500)
    functions = LongText(_l("Functions"), longest=300)
    service_content = LongText(_l("Services"), longest=200)
    achievements = LongText(_l("Results achieved with it"), longest=500)
    requirements = LongText(_l("Requirements on users"), longest=500)
    fee_text = LongText(_l("Charges in words"), longest=500)
    service_url = Text(_l("Web address"), longest=150)
    town = Text(_l("Town"), longest=60)
    address = Text(_l("Address"), longest=100)
    postcode = Text(_l("Postcode"), longest=6)
    contact = Text(_l("Contact"), longest=20)
    phone = Text(_l("Telephone"), longest=40)
    email = Text(_l("E-mail"), longest=50)
    places = WholeNumberField(_l("Places"), [not_emptied()], least=1, most=200, default=1)
    customs_supervised = BooleanField(_l("Imported free of tax under customs supervision"))
    customs_declaration = Text(_l("Customs declaration number (18 characters)"), longest=18)
    customs_item = Text(_l("Item of the declaration"), longest=20)
    customs_name = Text(_l("Name in the declaration"), longest=200)
    customs_released_on = DateField(_l("Released from supervision on"))

    GROUPS = (
        (_l("What it is"), _WHAT),
        (_l("Where it comes from"), _ORIGIN),
        (_l("What it does"), _SERVICE),
        (_l("Where to find it"), _WHERE),
        (_l("Customs"), _CUSTOMS),
    )

    def offer(
        self,
        providers: Sequence[Organisation],
        units: Sequence[EvaluationUnit],
        classes: Sequence[InstrumentClass],
        fields: Sequence[PriorityField],
    ) -> None:
        if self.provider is not None:
            self.provider.choices = named_choices(providers)
        if units:
            owners = {row.id: named(row) for row in providers} if len(providers) > 1 else {}
            told = [(u.public_id, " · ".join(filter(None, (owners.get(u.organisation_id), u.name)))) for u in units]
            self.evaluation_unit.choices = [("", _("The institution as a whole")), *told]
        else:
            del self.evaluation_unit
        coded = [(c.code, f"{c.code} {named(c)}") for c in classes]
        self.class_code.choices = [("", _("Please choose")), *coded]
        self.fields.choices = [(f.code, named(f)) for f in fields]

    def values(self) -> dict[str, Any]:
        """The attributes of an instrument; empty text for texts, None for other empty fields."""
        names = (*_WHAT, *_ORIGIN, *_SERVICE, *_WHERE, *_CUSTOMS)
        read = {name: self[name].data for name in names if name in self}
        texts = {n: v or "" for n, v in read.items() if isinstance(self[n], Text | LongText)}
        read["subjects"] = read["subjects"] or []
        modes = [mode.value for mode in self.modes.data or []]
        return {**read, **texts, "modes": modes, "class_code": self.class_code.data or None}


class ManagersForm(Form):
    managers = ChecksField(_l("Managers"), coerce=int)

    def offer(self, staff: Mapping[int, str]) -> None:
        self.managers.choices = list(staff.items())


class PictureForm(Form):
    picture = FileField(
        _l("Picture"),
        [FileRequired(_l("Choose a file."))],
        description=_l("JPEG, PNG or WebP; it is made smaller here."),
    )


class HolidayForm(Form):
    day = DateField(_l("Date"), [required()])
    name = Text(_l("Holiday"), [required()], longest=LONGEST_NAME)
    kind = EnumField(_l("Off or worked"), [required()], kind=HolidayKind, default=HolidayKind.OFF)


class NoticeForm(Form):
    lines = LongText(
        _l("Days"),
        [required()],
        longest=10_000,
        description=_l("One day a line: day, name, off or work – as in 2027-01-01, New Year, off."),
        render_kw={"rows": 8},
    )


class UploadForm(Form):
    provider = SelectField(_l("Provider"), [required()])
    table = FileField(
        _l("Table"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV (UTF-8 or GB18030) or XLSX; the first row names the columns."),
    )

    def offer(self, providers: Sequence[Organisation]) -> None:
        self.provider.choices = named_choices(providers)


class PublishForm(Form):
    publish = BooleanField(
        _l("Publish them at once"),
        description=_l("Otherwise they come in as drafts, which only your staff sees."),
    )


def money_units() -> list[tuple[str, str]]:
    """What a bare number may be in: the word that lists use, and how the reader calls it."""
    called = {1: _("yuan"), 10_000: _("10,000 yuan")}
    units = [(unit, called[int(WORDS.amount_units[unit])]) for unit in WORDS.likely_units]
    return [("", _("to be asked about")), *units]


class MappingForm(Form):
    """For each field a column or a constant; built for the columns of one table."""

    worth_unit = RadioField(
        _l("Bare numbers in the original value are"),
        choices=money_units,
        default="",
    )


def sources(columns: Sequence[str], stored: Mapping[str, Any], fields: Iterable[StrEnum]) -> dict[str, Any]:
    """Two form fields for each field: the column it stands in, and what it is for all rows."""
    choices = [("", _("— none —")), *((str(n), name or str(n + 1)) for n, name in enumerate(columns))]
    parts: dict[str, Any] = {}
    for one in fields:
        chosen = stored["columns"].get(one.value)
        parts[f"column_{one.value}"] = SelectField(
            label(one), choices=lambda: choices, default="" if chosen is None else str(chosen)
        )
        parts[f"constant_{one.value}"] = Text(
            _("%(field)s: the same for all rows", field=label(one)), default=stored["constants"].get(one.value, "")
        )
    return parts


def chosen_sources(form: Form, fields: Iterable[StrEnum]) -> dict[str, Any]:
    """The `columns` and `constants` of a mapping, as chosen."""
    names = [one.value for one in fields]
    columns = {name: form[f"column_{name}"].data for name in names}
    constants = {name: form[f"constant_{name}"].data for name in names}
    return {
        "columns": {name: int(column) for name, column in columns.items() if column},
        "constants": {name: text for name, text in constants.items() if text},
    }


def mapping_form(columns: Sequence[str], stored: Mapping[str, Any]) -> MappingForm:
    form: MappingForm = type("MappingOf", (MappingForm,), sources(columns, stored, ColumnField))()
    return form


def show_mapping(form: MappingForm, stored: Mapping[str, Any], version: int) -> None:
    form.worth_unit.data, form.version.data = stored["worth_unit"] or "", version


def mapping_of(form: MappingForm, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {**stored, **chosen_sources(form, ColumnField), "worth_unit": form.worth_unit.data or None}
