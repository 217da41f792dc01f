"""Readers of the values a document may hold: each returns the value, or None after noting a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from app.evaluation.rules.documents import DocumentFault, Node, Reader, Wanted
from app.kernel.civil import parse_day
from app.kernel.text import clean

_DECIMAL = re.compile(r"-?\d{1,16}(\.\d{1,16})?", re.ASCII)


def text(node: Node) -> str | None:
    try:
        cleaned = clean(node.value) if isinstance(node.value, str) else ""
    except ValueError:
        cleaned = ""
    if not cleaned:
        node.other_type(Wanted.TEXT)
    return cleaned or None


def flag(node: Node) -> bool | None:
    if isinstance(node.value, bool):
        return node.value
    node.other_type(Wanted.FLAG)
    return None


def day(node: Node) -> date | None:
    try:
        return parse_day(node.value)
    except (TypeError, ValueError):
        node.other_type(Wanted.DAY)
        return None


def whole(least: int = 0, most: int = 2**53) -> Callable[[Node], int | None]:
    """An integer in this range, both ends included; JSON programs keep integers up to 2⁵³."""

    def read(node: Node) -> int | None:
        if type(node.value) is not int:
            node.other_type(Wanted.WHOLE)
            return None
        return _in_range(node, node.value, least, most)

    return read


def number(least: int = 0, most: int = 2**53) -> Callable[[Node], Decimal | None]:
    """A decimal, written as text or as an integer: a float has already lost what was published."""

    def read(node: Node) -> Decimal | None:
        if type(node.value) not in (str, int) or not _DECIMAL.fullmatch(str(node.value)):
            node.other_type(Wanted.NUMBER)
            return None
        return _in_range(node, Decimal(node.value), least, most)

    return read


def positive(node: Node) -> Decimal | None:
    found = number()(node)
    if found == 0:
        node.fault(DocumentFault.NOT_POSITIVE)
    return found or None


N = TypeVar("N", int, Decimal)


def _in_range(node: Node, found: N, least: int, most: int) -> N | None:
    if found < least:
        node.fault(DocumentFault.TOO_SMALL, value=found, least=least)
    elif found > most:
        node.fault(DocumentFault.TOO_LARGE, value=found, most=most)
    else:
        return found
    return None


def one_of(known: Iterable[str]) -> Reader:
    """One of these codes; members of an enumeration are returned as such."""
    by_code = {str(code): code for code in known}

    def read(node: Node) -> Any:
        if isinstance(node.value, str) and node.value in by_code:
            return by_code[node.value]
        node.fault(DocumentFault.UNKNOWN_VALUE, value=str(node.value), known=list(by_code))
        return None

    return read


def list_of(read_item: Reader, least: int = 0) -> Callable[[Node], tuple[Any, ...] | None]:
    """A list with at least so many items, no code among them twice; items that could not be read are left out."""

    def read(node: Node) -> tuple[Any, ...] | None:
        if not isinstance(node.value, list):
            node.other_type(Wanted.LIST)
            return None
        if len(node.value) < least:
            node.fault(DocumentFault.TOO_SMALL, value=len(node.value), least=least)
        found: list[Any] = []
        for item in node.items():
            value = read_item(item)
            if isinstance(value, str) and value in found:
                item.fault(DocumentFault.TWICE, value=str(item.value))
            elif value is not None:
                found.append(value)
        return tuple(found)

    return read


def set_of(known: Iterable[str]) -> Callable[[Node], frozenset[Any] | None]:
    read_list = list_of(one_of(known))

    def read(node: Node) -> frozenset[Any] | None:
        found = read_list(node)
        return None if found is None else frozenset(found)

    return read
