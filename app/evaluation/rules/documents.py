"""Reading a JSON document into typed values: every fault is collected, with its place and what is wanted there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any

from app.kernel.errors import Refusal


class DocumentFault(StrEnum):
    """What can be wrong at a place of a document."""

    MISSING = "document-missing"
    UNKNOWN_KEY = "document-unknown-key"
    OTHER_TYPE = "document-other-type"
    TOO_SMALL = "document-too-small"
    TOO_LARGE = "document-too-large"
    NOT_POSITIVE = "document-not-positive"
    UNKNOWN_VALUE = "document-unknown-value"
    TWICE = "document-twice"


class Wanted(StrEnum):
    """The types of values a document may hold."""

    OBJECT = "object"
    LIST = "list"
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the document, where it stands, and the list that collects the faults of the whole document."""

    value: Any
    place: str
    faults: list[Refusal]

    def fault(self, code: str, **params: Any) -> None:
        self.faults.append(Refusal(code, {"place": self.place, **params}))

    def other_type(self, wanted: Wanted) -> None:
        self.fault(DocumentFault.OTHER_TYPE, wanted=wanted)

    def member(self, key: str) -> Node:
        return Node(self.value[key], f"{self.place}.{key}" if self.place else key, self.faults)

    def items(self) -> list[Node]:
        return [Node(item, f"{self.place}[{n}]", self.faults) for n, item in enumerate(self.value)]


Reader = Callable[[Node], Any]
"""Returns the value, or None after noting a fault."""


REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an object: how its value is read, and what holds where it is left out (null too, where it is None)."""

    read: Reader
    default: Any = REQUIRED


def setting(read: Reader, default: Any = MISSING) -> Any:
    """A field of a dataclass that is read from a document."""
    return field(default=default, metadata={"read": read})


def keys_of(settings: type[Any]) -> Mapping[str, Key]:
    return {f.name: Key(f.metadata["read"], REQUIRED if f.default is MISSING else f.default) for f in fields(settings)}


def read_object(node: Node, keys: Mapping[str, Key]) -> dict[str, Any] | None:
    """The values by key; keys that are not known, or are missing, are faults."""
    if not isinstance(node.value, Mapping):
        node.other_type(Wanted.OBJECT)
        return None
    for key in node.value:
        if key not in keys:
            node.member(key).fault(DocumentFault.UNKNOWN_KEY, known=sorted(keys))
    return {name: _read_key(node, name, key) for name, key in keys.items()}


def _read_key(node: Node, name: str, key: Key) -> Any:
    if name in node.value and not (node.value[name] is None and key.default is None):
        return key.read(node.member(name))
    if key.default is REQUIRED:
        place = f"{node.place}.{name}" if node.place else name
        node.faults.append(Refusal(DocumentFault.MISSING, {"place": place}))
        return None
    return key.default
