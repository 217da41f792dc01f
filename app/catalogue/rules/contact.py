"""How the public reaches whoever keeps an instrument: mail, telephone and web address in a form that works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from app.accounts.rules.addresses import AddressKind, read
from app.kernel.errors import Refusal
from app.kernel.text import fold

# Several numbers stand in one line, and each may end with an extension (\u8f6c, ext., x or a dash).
_BETWEEN = re.compile(r"[,;/\u3001]")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()-]{4,18}[0-9]( ?(\u8f6c|ext\.?|x|#) ?[0-9]{1,6})?")
_HOST = re.compile(r"[^\s.@:/]+(\.[^\s.@:/]+)+")


def is_email(text: str) -> bool:
    address = read(text)
    return address is not None and address.kind is AddressKind.EMAIL


def is_phone(text: str) -> bool:
    return all(_PHONE.fullmatch(one.strip()) for one in _BETWEEN.split(fold(text)))


def is_web_address(text: str) -> bool:
    """Of http or https, with the full name of a host; without a name and password in it."""
    try:
        parts, _port = urlsplit(text), urlsplit(text).port
    except ValueError:
        return False
    named = _HOST.fullmatch(parts.hostname or "") is not None and "@" not in parts.netloc
    return parts.scheme in {"http", "https"} and named and not re.search(r"\s", text)


CHECKS: Mapping[str, Callable[[str], bool]] = {"email": is_email, "phone": is_phone, "service_url": is_web_address}


def faults(values: Mapping[str, str]) -> Iterator[Refusal]:
    """Every way to reach somebody that is given and leads nowhere."""
    for name, works in CHECKS.items():
        if (text := values.get(name)) and not works(text):
            yield Refusal(f"{name.replace('_', '-')}-unusable", {}, name)
