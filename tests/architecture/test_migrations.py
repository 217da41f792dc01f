"""A migration that stands is never edited: what it did on the databases of others cannot be done again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSIONS = "migrations/versions"
DIGESTS = "tests/architecture/migrations.sha256"
ADD = f"a new one is added by `sha256sum {VERSIONS}/NAME.py >> {DIGESTS}`"


def kept() -> dict[str, str]:
    """File → digest, as `sha256sum` prints them."""
    lines = (ROOT / DIGESTS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def standing(root: Path) -> dict[str, str]:
    files = sorted((root / VERSIONS).glob("*.py"))
    return {file.relative_to(root).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


def faults(now: dict[str, str], known: dict[str, str]) -> list[str]:
    changed = [
        f"{name} was edited: write a further migration" for name in now if known.get(name, now[name]) != now[name]
    ]
    gone = [f"{name} is gone: databases in use name it" for name in known if name not in now]
    return [*changed, *gone, *(f"{name} has no digest: {ADD}" for name in now if name not in known)]


def test_no_migration_was_edited_and_every_one_has_its_digest() -> None:
    assert faults(standing(ROOT), kept()) == []
    assert len((ROOT / DIGESTS).read_text(encoding="utf-8").splitlines()) == len(kept()), "one line for each"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("0001_people.py", b"edited", "was edited"),
        ("0001_people.py", None, "is gone"),
        ("9999_new.py", b"new", "has no digest"),
    ],
)
def test_an_edit_a_loss_and_a_new_one_are_seen(tmp_path: Path, name: str, content: bytes | None, fault: str) -> None:
    """The negative control, on a copy."""
    copy = tmp_path / VERSIONS
    copy.mkdir(parents=True)
    for file in (ROOT / VERSIONS).glob("*.py"):
        (copy / file.name).write_bytes(file.read_bytes())
    if content is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content)
    found = faults(standing(tmp_path), standing(ROOT))
    assert len(found) == 1
    assert f"{VERSIONS}/{name} {fault}" in found[0]
