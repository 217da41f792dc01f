"""§4 Paid, Eligible income: what the entries on one record come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.model import Entry, Fen, Kind, Record, half_up


def total(entries: Sequence[Entry], kind: Kind) -> Fen:
    return sum(entry.amount for entry in entries if entry.kind is kind)


def vouchers(entries: Sequence[Entry], kind: Kind) -> Fen:
    """ "A void takes a voucher back": the vouchers of this kind that are not void."""
    void = {entry.what for entry in entries if entry.kind is Kind.VOUCHER_VOID}
    return sum(entry.amount for entry in entries if entry.kind is kind and entry.what not in void)


@dataclass(frozen=True)
class Money:
    """The sums of one record."""

    charge: Fen  # net of adjustments
    receipts: Fen  # net of what was taken back
    refunds: Fen
    deducted: Fen
    afterwards: Fen

    @property
    def covered(self) -> bool:
        """ "receipts plus vouchers *deducted* cover the charge net of adjustments"."""
        return self.receipts + self.deducted >= self.charge

    @property
    def missing(self) -> Fen:
        return max(0, self.charge - self.receipts - self.deducted)

    @property
    def kept(self) -> Fen:
        """ "receipts + vouchers deducted − refunds"."""
        return self.receipts + self.deducted - self.refunds

    @property
    def weighed(self) -> Fen:
        """Minimum amounts look at "min(charge net of adjustments, receipts + vouchers deducted − refunds)"."""
        return min(self.charge, self.kept)


def money(record: Record, entries: Sequence[Entry]) -> Money:
    return Money(
        charge=record.charged + total(entries, Kind.CHARGE_UP) - total(entries, Kind.CHARGE_DOWN),
        receipts=total(entries, Kind.RECEIPT),
        refunds=total(entries, Kind.REFUND),
        deducted=vouchers(entries, Kind.VOUCHER_DEDUCTED),
        afterwards=vouchers(entries, Kind.VOUCHER_AFTERWARDS),
    )


def paid_on(record: Record, entries: Sequence[Entry]) -> date | None:
    """ "its day of being paid begins the last unbroken covered stretch", looked at the ends of days."""
    begun = None
    for day in sorted({entry.on for entry in entries}):
        covered = money(record, [entry for entry in entries if entry.on <= day]).covered
        begun = (begun or day) if covered else None
    return begun


def eligible_income(record: Record, entries: Sequence[Entry], without_tax: bool) -> Fen:
    sums = money(record, entries)
    gross = max(0, sums.weighed - sums.deducted - sums.afterwards)
    if not without_tax or not record.charged:
        return gross
    # Reading 2: charged and tax are those of the posted record; adjustments keep its tax proportion.
    return int(half_up(Fraction(gross * (record.charged - record.tax), record.charged)))
