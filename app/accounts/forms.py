"""What people type in about themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField

from app.web import labels
from app.web.choice_fields import ChecksField
from app.web.fields import Text, WholeNumberField, required
from app.web.forms import Form
from app.web.i18n import LANGUAGES
from app.web.shell import language_name

ADDRESS = _l("E-mail address or mobile number")
LONG_PASSWORD = _l("At least 12 characters; several words that only you would put together are good.")


class Secret(PasswordField):
    """A password, taken exactly as typed."""

    data: Any

    def __init__(self, label: Any, *, autocomplete: str, **options: Any) -> None:
        super().__init__(label, [required()], render_kw={"autocomplete": autocomplete}, **options)


def _languages() -> list[tuple[str, str]]:
    return [(language, language_name(language)) for language in LANGUAGES]


class SignUpForm(Form):
    name = Text(_l("Your name"), [required()], longest=60, render_kw={"autocomplete": "name"})
    address = Text(ADDRESS, [required()], longest=254, render_kw={"autocomplete": "username"})
    password = Secret(_l("Password"), autocomplete="new-password", description=LONG_PASSWORD)
    agree = BooleanField(_l("I agree to the terms of use and the privacy notice."), [required()])


class CodeForm(Form):
    code = Text(
        _l("Code"), [required()], longest=12, render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )


class SignInForm(Form):
    address = Text(ADDRESS, [required()], longest=254, render_kw={"autocomplete": "username"})
    password = Secret(_l("Password"), autocomplete="current-password")


class AddressForm(Form):
    address = Text(ADDRESS, [required()], longest=254, render_kw={"autocomplete": "username"})


class ResetForm(CodeForm):
    password = Secret(_l("New password"), autocomplete="new-password", description=LONG_PASSWORD)


class ConsentForm(Form):
    agree = BooleanField(_l("I agree to the terms of use and the privacy notice."), [required()])


class ProfileForm(Form):
    name = Text(_l("Your name"), [required()], longest=60, render_kw={"autocomplete": "name"})
    language = SelectField(_l("Language of pages and mails"), choices=_languages)


class PasswordForm(Form):
    old_password = Secret(_l("Present password"), autocomplete="current-password")
    password = Secret(_l("New password"), autocomplete="new-password", description=LONG_PASSWORD)


class TokenForm(Form):
    name = Text(_l("What it is for"), [required()], longest=60)
    scopes = ChecksField(_l("What it may do"), [required()])
    days = WholeNumberField(_l("Good for how many days"), [required()], least=1, most=365, default=90)

    def offer(self, scopes: Iterable[str]) -> None:
        self.scopes.choices = [(scope, labels.scope(scope)) for scope in scopes]
