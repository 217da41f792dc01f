"""Signed heads: the end of the chain as a document that is kept outside and that nobody else could have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.kernel import canonical

ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class Head:
    """The place and hash of the last entry at an instant."""

    length: int
    hash: str
    at: datetime

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = canonical.plain({"length": self.length, "hash": self.hash, "at": self.at})
        return {"algorithm": ALGORITHM, **found}


def new_key() -> bytes:
    """A private key as PEM; whoever holds it can sign heads, so it is kept apart from the database."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_key(pem: bytes) -> str:
    """The public half in hexadecimal; raises ValueError where the file holds no Ed25519 key."""
    return _private(pem).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(head: Head, pem: bytes) -> dict[str, Any]:
    document = head.document()
    return {**document, "signature": _private(pem).sign(canonical.text(document).encode()).hex()}


def signed_head(text: str, key: str) -> Mapping[str, Any]:
    """What a signed head says; raises ValueError where it was not signed by this public key as it stands."""
    try:
        document = dict(json.loads(text))
        signature = bytes.fromhex(document.pop("signature"))
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, canonical.text(document).encode())
    except (InvalidSignature, KeyError, TypeError, ValueError) as error:
        raise ValueError("the head was not signed by this key, or was changed since") from error
    return document


def _private(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("the file holds no Ed25519 key")
    return key
