"""The two kinds of address a person signs in with: e-mail and Chinese mobile number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 254
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_FILLERS = str.maketrans("", "", " -()")


class AddressKind(StrEnum):
    EMAIL = "email"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Address:
    kind: AddressKind
    text: str


def read(typed: str) -> Address | None:
    """The address in its one stored form, or None if it is neither a mail address nor a mobile number."""
    plain = unicodedata.normalize("NFKC", typed).strip().lower()
    if len(plain) > LONGEST:
        return None
    if mobile := _MOBILE.fullmatch(plain.translate(_FILLERS)):
        return Address(AddressKind.MOBILE, mobile[1])
    if _EMAIL.fullmatch(plain) and ".." not in plain:
        return Address(AddressKind.EMAIL, plain)
    return None


def masked(address: Address) -> str:
    """Enough to recognise one's own: z***@example.org, 138****5678."""
    if address.kind is AddressKind.MOBILE:
        return f"{address.text[:3]}****{address.text[-4:]}"
    name, _, host = address.text.partition("@")
    return f"{name[0]}***@{host}"
