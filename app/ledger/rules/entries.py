"""Entries: what happened to a record after it was posted, each kind with its own details; other kinds are an error.

Details are hashed and append-only, so they hold ids, amounts, days and keyed commitments: names and
free text stand in columns of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.kernel.errors import Refusal
from app.ledger.rules.facts import Amounts, Confirmation, MoneyOn


class EntryKind(StrEnum):
    CONFIRMED = "confirmed"
    TACITLY_CONFIRMED = "tacitly-confirmed"
    INVOICED = "invoiced"
    RECEIVED = "received"
    REFUNDED = "refunded"
    ADJUSTED = "adjusted"
    """The charge was put right, up or down."""
    VOUCHER_DEDUCTED = "voucher-deducted"
    """An innovation voucher (创新券) took the place of money."""
    VOUCHER_AFTERWARDS = "voucher-afterwards"
    """A voucher was paid out to the client after the client had paid."""
    VOUCHER_VOID = "voucher-void"


class EntryCode(StrEnum):
    KIND_UNKNOWN = "entry-kind-unknown"
    DETAILS = "entry-details"
    AMOUNT = "entry-amount"


class DetailForm(StrEnum):
    """What a detail holds."""

    ID = "id"
    FEN = "fen"
    DAY = "day"
    CODE = "code"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class KindRule:
    """Details an entry must and may carry; `amount` says whether it moves money, and in which direction only."""

    required: Mapping[str, DetailForm]
    optional: Mapping[str, DetailForm]
    amount: bool
    negative: bool
    """Whether the amount may be below nothing, which takes an earlier entry of its kind back."""


_MARK = {"mark": DetailForm.ID, "document": DetailForm.COMMITMENT, "reason": DetailForm.CODE}
_VOUCHER = {"voucher": DetailForm.COMMITMENT}

KINDS: Mapping[EntryKind, KindRule] = {
    EntryKind.CONFIRMED: KindRule({}, {"witness": DetailForm.CODE}, amount=False, negative=False),
    EntryKind.TACITLY_CONFIRMED: KindRule({}, {}, amount=False, negative=False),
    EntryKind.INVOICED: KindRule({}, _MARK, amount=True, negative=True),
    EntryKind.RECEIVED: KindRule({}, _MARK, amount=True, negative=True),
    EntryKind.REFUNDED: KindRule({}, _MARK, amount=True, negative=True),
    EntryKind.ADJUSTED: KindRule({"reason": DetailForm.CODE}, {}, amount=True, negative=True),
    EntryKind.VOUCHER_DEDUCTED: KindRule(_VOUCHER, {}, amount=True, negative=False),
    EntryKind.VOUCHER_AFTERWARDS: KindRule(_VOUCHER, {}, amount=True, negative=False),
    EntryKind.VOUCHER_VOID: KindRule({"entry": DetailForm.ID}, {}, amount=False, negative=False),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the rules read it; `key` is its public id, `fen` None where it moves no money."""

    key: str
    kind: EntryKind
    on: date
    fen: int | None
    rating: int | None
    details: Mapping[str, Any]
    entered: datetime


def faults(kind: str, fen: int | None, details: Mapping[str, Any]) -> tuple[Refusal, ...]:
    """Everything that keeps these from being an entry."""
    if kind not in set(EntryKind):
        return (Refusal(EntryCode.KIND_UNKNOWN, {"kind": kind}),)
    rule = KINDS[EntryKind(kind)]
    found = [Refusal(EntryCode.DETAILS, {"detail": name}) for name in rule.required if name not in details]
    allowed = {**rule.required, **rule.optional}
    wrong = (name for name, value in details.items() if name not in allowed or not _fits(allowed[name], value))
    found += [Refusal(EntryCode.DETAILS, {"detail": name}) for name in wrong]
    if (fen is not None) is not rule.amount or fen == 0 or (fen is not None and fen < 0 and not rule.negative):
        found.append(Refusal(EntryCode.AMOUNT, {"kind": kind}, "amount"))
    return tuple(found)


def _fits(form: DetailForm, value: Any) -> bool:
    match form:
        case DetailForm.FEN:
            return type(value) is int
        case DetailForm.DAY:
            return isinstance(value, str) and _is_day(value)
        case DetailForm.COMMITMENT:
            return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")
        case DetailForm.ID:
            return isinstance(value, str) and len(value) == 36
        case DetailForm.CODE:
            return isinstance(value, str) and value == value.lower() and value.replace("-", "").isalnum()


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Summary:
    """What the entries of one record come to."""

    confirmation: Confirmation
    rating: int | None
    invoiced: int
    adjustments: Amounts
    receipts: Amounts
    refunds: Amounts
    vouchers_deducted: Amounts
    vouchers_afterwards: Amounts


def summary(entries: Sequence[Entry]) -> Summary:
    """Entries in order of entry. Raises ValueError for a kind without a rule and a void of no voucher."""
    money = {kind: tuple(_amounts(entries, kind)) for kind in EntryKind}
    confirmed = [one for one in entries if one.kind is EntryKind.CONFIRMED]
    tacit = any(one.kind is EntryKind.TACITLY_CONFIRMED for one in entries)
    ratings = [one.rating for one in confirmed if one.rating is not None]
    voids = _voids(entries)
    return Summary(
        confirmation=Confirmation.CLIENT if confirmed else Confirmation.TACIT if tacit else Confirmation.NONE,
        rating=ratings[-1] if ratings else None,
        invoiced=sum(one.fen for one in money[EntryKind.INVOICED]),
        adjustments=money[EntryKind.ADJUSTED],
        receipts=money[EntryKind.RECEIVED],
        refunds=money[EntryKind.REFUNDED],
        vouchers_deducted=money[EntryKind.VOUCHER_DEDUCTED] + voids[EntryKind.VOUCHER_DEDUCTED],
        vouchers_afterwards=money[EntryKind.VOUCHER_AFTERWARDS] + voids[EntryKind.VOUCHER_AFTERWARDS],
    )


def _amounts(entries: Iterable[Entry], kind: EntryKind) -> Iterable[MoneyOn]:
    return (MoneyOn(one.on, one.fen) for one in entries if one.kind is kind and one.fen is not None)


def _voids(entries: Sequence[Entry]) -> Mapping[EntryKind, Amounts]:
    """What voids take back, on their own days."""
    vouchers = {
        one.key: one for one in entries if one.kind in (EntryKind.VOUCHER_DEDUCTED, EntryKind.VOUCHER_AFTERWARDS)
    }
    found: dict[EntryKind, Amounts] = {EntryKind.VOUCHER_DEDUCTED: (), EntryKind.VOUCHER_AFTERWARDS: ()}
    for void in (one for one in entries if one.kind is EntryKind.VOUCHER_VOID):
        voucher = vouchers.pop(void.details["entry"], None)
        if voucher is None or voucher.fen is None:
            raise ValueError("a void takes back one voucher, once")
        found[voucher.kind] += (MoneyOn(void.on, -voucher.fen),)
    return found


def changed(entries: Iterable[Entry], since: datetime, year: int) -> bool:
    """Whether one dated no later than the year was entered at or after `since`."""
    return any(one.entered >= since and one.on.year <= year for one in entries)
