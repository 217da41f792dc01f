"""What a backup says of itself, and whether it still is what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from app.kernel import canonical

FILE = "manifest.json"
FORMAT = 1

# What is being done, how much of it is done, of how much in all.
Watch = Callable[[str, int, int], None]


class Failure(RuntimeError):
    """The backup or the restoring was given up; the message says why and what to do."""


@dataclass(frozen=True)
class Facts:
    """What the database held at the one moment the backup shows."""

    revision: str
    tables: dict[str, int]  # rows by table
    audit: list[str]  # length and hash of the chain's head
    files: list[str]  # digests of the uploaded files that rows name


@dataclass(frozen=True)
class Manifest:
    made_at: str
    version: str
    engine: str
    facts: Facts
    contents: dict[str, str]  # path inside the backup → SHA-256
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> str:
    """Write it last: a folder without one is no backup. Returns its digest."""
    text = canonical.text(asdict(manifest)).encode()
    (folder / FILE).write_bytes(text)
    return hashlib.sha256(text).hexdigest()


def read(folder: Path) -> Manifest:
    try:
        found = json.loads((folder / FILE).read_bytes())
        if found["format"] != FORMAT:
            raise Failure(f"the backup has format {found['format']}, this program reads {FORMAT}")
        return Manifest(**{**found, "facts": Facts(**found["facts"])})
    except FileNotFoundError as error:
        raise Failure(f"{folder} is no backup: it has no {FILE}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"{FILE} was altered or cut short: it cannot be read") from error


def check(folder: Path, manifest: Manifest, watch: Watch) -> None:
    """Every part is there and has the digest that was noted."""
    for number, (name, wanted) in enumerate(sorted(manifest.contents.items()), start=1):
        path = folder / name
        if not path.is_file():
            raise Failure(f"{name} is missing from the backup")
        if digest(path) != wanted:
            raise Failure(f"{name} was altered: its digest is not the one in {FILE}")
        watch("Checking digests", number, len(manifest.contents))


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
