"""The base of every form: hidden version, a key against double sending, and room for refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.widgets import HiddenInput

from app.kernel.errors import DomainError
from app.web.fields import WholeNumberField
from app.web.labels import message


class VersionField(WholeNumberField):
    """The version of the row that the person looked at."""

    widget: Any = HiddenInput()


class Form(FlaskForm):
    """`version` is filled from the edited row; `idempotency_key` is new on every fresh page."""

    version = VersionField()
    idempotency_key = HiddenField(default=lambda: uuid4().hex)

    status = 200

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        self.status = 200 if valid else 422
        return valid

    @contextmanager
    def taking_refusals(self) -> Iterator[None]:
        """What a service refuses becomes errors of this form, beside what was typed."""
        try:
            yield
        except DomainError as error:
            if not error.refusals:
                raise
            self.refuse(error)

    def refuse(self, error: DomainError) -> None:
        """Each refusal goes to the field it blames, otherwise above the form."""
        self.status = error.status
        for refusal in error.refusals:
            field = self._fields.get(refusal.field or "")
            errors = self.form_errors if field is None else _errors_of(field)
            errors.append(message(refusal))

    def take_over(self, refused: Form) -> None:
        """Show here, above the form, what was refused of another form of the same page."""
        self.form_errors = [text for _id, text in refused.summary()]
        self.status = refused.status

    @property
    def failed(self) -> bool:
        return self.status >= 400

    def shown_fields(self) -> list[Field]:
        return [field for field in self if not isinstance(field.widget, HiddenInput) and field.name != "csrf_token"]

    def summary(self) -> list[tuple[str | None, str]]:
        """(id of the field or None, sentence): everything wrong, for the box above the form."""
        found: list[tuple[str | None, str]] = [(None, str(text)) for text in self.form_errors]
        for field in self:
            name = field.label.text
            found += [(field.id, _("%(field)s: %(fault)s", field=name, fault=text)) for text in field.errors]
        return found


def _errors_of(field: Field) -> list[str]:
    field.errors = list(field.errors)
    errors: list[str] = field.errors
    return errors
