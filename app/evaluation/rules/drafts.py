"""What is to be published: a scheme with its titles, source and validity, wholly checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.evaluation.rules.documents import DocumentFault, Key, Node, read_object
from app.evaluation.rules.readers import day, flag, text
from app.evaluation.rules.schemes import COUNTING, FORMER, SchemeCode, scheme_at
from app.kernel import canonical
from app.kernel.canonical import plain
from app.kernel.errors import Refusal, refuse_all


@dataclass(frozen=True, slots=True)
class Validity:
    """The civil days on which a scheme is in force, both included; an edition from before may have no end."""

    first: date
    last: date | None

    def covers(self, year: int) -> bool:
        """Whether the year may be assessed: its 31 December lies in the validity. Any other year is a trial."""
        end = date(year, 12, 31)
        return self.first <= end and (self.last is None or end <= self.last)


@dataclass(frozen=True, slots=True)
class Draft:
    """`suggested`: defaults of this project that the district has yet to confirm."""

    code: str
    title: str
    title_en: str
    source: str
    suggested: bool
    valid_from: date
    valid_until: date
    published_on: date
    document: Mapping[str, Any]

    @property
    def validity(self) -> Validity:
        return Validity(self.valid_from, self.valid_until)


def scheme_digest(code: str, document: Mapping[str, Any], validity: Validity) -> str:
    """Over what a scheme says; an edition from before schemes had an end is hashed without its validity."""
    said: dict[str, Any] = {"code": code, "document": document}
    if validity.last is not None:
        said |= {"valid_from": validity.first, "valid_until": validity.last}
    return canonical.digest(said)


def check(draft: Draft) -> None:
    """Raises Refused with every fault of a draft that was not read from a file."""
    read_draft({name: plain(value) for name, value in asdict(draft).items()})


def read_draft(data: Any) -> Draft:
    """Raises Refused with every fault of the file at once, those of the scheme's document included."""
    faults: list[Refusal] = []
    found = read_object(Node(data, "", faults), _DRAFT)
    if (
        found is not None
        and found["valid_from"]
        and found["valid_until"]
        and found["valid_until"] < found["valid_from"]
    ):
        faults.append(Refusal(SchemeCode.VALIDITY, {"place": "valid_until", "first": found["valid_from"]}))
    _refuse_former(data, faults)
    refuse_all(faults)
    return Draft(**{**(found or {}), "document": data["document"]})


def _refuse_former(data: Any, faults: list[Refusal]) -> None:
    """Rules of before, which editions of then may name and no new one."""
    document = data.get("document") if isinstance(data, Mapping) else None
    counting = document.get("counting") if isinstance(document, Mapping) else None
    for key in sorted(FORMER.keys() & (counting.keys() if isinstance(counting, Mapping) else ())):
        params = {"place": f"document.counting.{key}", "known": sorted(COUNTING)}
        faults.append(Refusal(DocumentFault.UNKNOWN_KEY, params))


_DRAFT = {
    "code": Key(text),
    "title": Key(text),
    "title_en": Key(text, ""),
    "source": Key(text),
    "suggested": Key(flag),
    "valid_from": Key(day),
    "valid_until": Key(day),
    "published_on": Key(day),
    "document": Key(scheme_at),
}
