"""Form fields that offer the members of an enum or a list: one of them, or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.web import labels
from app.web.fields import presence


def _member_or_none(kind: type[StrEnum]) -> Callable[[Any], StrEnum | None]:
    def coerce(value: Any) -> StrEnum | None:
        return kind(value) if value else None

    return coerce


class EnumField(SelectField):
    """One member of an enum, by its label; empty is a choice unless the field is required."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        kind: type[StrEnum],
        members: Iterable[StrEnum] | None = None,
        **options: Any,
    ) -> None:
        self.members = list(members or kind)
        super().__init__(label, presence(validators), coerce=_member_or_none(kind), choices=self._named, **options)

    def offer(self, members: Iterable[StrEnum]) -> None:
        """Offer these from now on; WTForms has read once what was offered before and keeps it."""
        self.members = list(members)
        self.choices = self._named()

    def _named(self) -> list[tuple[str, str]]:
        return [("", _("Please choose")), *((m.value, labels.label(m)) for m in self.members)]


class ChecksField(SelectMultipleField):
    """Any number of choices, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EnumsField(ChecksField):
    """Any number of members of an enum, as check boxes."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        kind: type[StrEnum],
        members: Iterable[StrEnum] | None = None,
        **options: Any,
    ) -> None:
        offered = list(members or kind)
        super().__init__(
            label,
            validators,
            coerce=kind,
            choices=lambda: [(m.value, labels.label(m)) for m in offered],
            **options,
        )
