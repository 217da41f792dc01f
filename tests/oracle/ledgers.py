"""Random ledgers over three years, with their rounds: for the oracle's own properties and for comparisons with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from tests.oracle.model import SHANGHAI, Dated, Entry, Fen, Kind, Ledger, Record, Round, Rules, civil_day

FIRST, LAST = 2026, 2028
PROVIDERS = ("P1", "P2")
# C1b and C1c roll up to C1; P1b is P1's own branch; R1 is related to P1 in 2027 only.
CLIENTS = ("C1", "C1", "C1b", "C1b", "C1c", "C2", "C2", "C3", "C3", "P1b", "R1")
PARENTS = (Dated("C1b", "C1"), Dated("C1c", "C1"), Dated("P1b", "P1"))
RELATIONS = (Dated("R1", "P1", date(2027, 1, 1), date(2028, 1, 1)),)
ROLES = (Dated("staff", "P1"), Dated("staff", "P2"), Dated("relative", "R1"), Dated("client", "C1"))
GRADES = (*["interlock"] * 8, "scan", "both parties", "manual", "imported")
AMOUNTS = (10_00, 99_99, 100_00, 300_00, 1033_33)


@dataclass(frozen=True)
class Case:
    """What a run needs."""

    ledger: Ledger
    rounds: tuple[Round, ...]


def cases(*, timely: bool = False, all_final: bool = False) -> st.SearchStrategy[Case]:
    """Hypothesis: shrinks by drawing less."""
    return st.randoms(use_true_random=False).map(lambda rng: random_case(rng, timely=timely, all_final=all_final))


def random_case(rng: Random, *, timely: bool = False, all_final: bool = False) -> Case:
    """`timely`: everything is entered within days of its date and dated within the three years, at one set of rules."""
    rounds = tuple(random_rounds(rng, timely, all_final))
    records = random_records(rng, rounds, timely)
    entries = [entry for record in records for entry in random_entries(rng, record, rounds, timely)]
    rng.shuffle(entries)
    ledger = Ledger(
        tuple(records), tuple(entries), PARENTS, RELATIONS, ROLES, frozenset(closed_days()), random_cutoffs(rng)
    )
    return Case(ledger, rounds)


def closed_days() -> Iterator[tuple[str, date]]:
    """I1 rests at weekends and over New Year; I2 is always open."""
    day = date(FIRST - 1, 12, 1)
    while day <= date(LAST + 2, 1, 31):
        if day.weekday() >= 5 or (day.month, day.day) == (1, 1):
            yield "I1", day
        day += timedelta(days=1)


def random_cutoffs(rng: Random) -> dict[int, date]:
    """Of a service year: none, in that year, or in the next."""
    days = {year: rng.choice((None, date(year, 12, 15), date(year + 1, 2, 28))) for year in range(FIRST, LAST + 1)}
    return {year: day for year, day in days.items() if day is not None}


def random_rounds(rng: Random, timely: bool, all_final: bool) -> Iterator[Round]:
    """Each year is computed once or twice, and becomes final by its last computation or stays provisional."""
    rules = random_rules(rng)
    may_be_final = True
    for year in range(FIRST, LAST + 1):
        rules = rules if timely or rng.random() < 0.7 else random_rules(rng)
        may_be_final = all_final or (may_be_final and rng.random() < 0.7)
        if rng.random() < 0.5:
            yield Round(year, at(date(year + 1, 1, rng.randint(1, 31)), 9), rules)
        yield Round(year, at(date(year + 1, rng.randint(2, 5), 10), 9), rules, final=may_be_final)


def random_rules(rng: Random) -> Rules:
    grades = Rules().admitted_grades
    return Rules(
        exclusions=frozenset({"related", "cancelled"} if rng.random() < 0.7 else {"cancelled"}),
        excluded_purposes=frozenset({"inspection"}),
        admitted_grades=rng.choice((grades, grades, grades | {"imported"}, grades - {"manual"})),
        minimum=rng.choice((0, 0, 0, 100_00)),
        least_minutes=rng.choice((0, 10)),
        least_share=rng.choice((Fraction(0), Fraction(1, 5))),
        without_tax=rng.random() < 0.7,
    )


def random_records(rng: Random, rounds: tuple[Round, ...], timely: bool) -> list[Record]:
    """Half of the records follow the one before it as its job might, many near New Year."""
    records: list[Record] = []
    for number in range(rng.randint(1, 8)):
        follow = records and rng.random() < 0.5
        records.append(
            following(rng, records[-1], number, rounds, timely) if follow else first(rng, number, rounds, timely)
        )
    return records


def first(rng: Random, number: int, rounds: tuple[Round, ...], timely: bool) -> Record:
    year = rng.choice((FIRST, FIRST, FIRST, FIRST + 1, FIRST + 1, LAST))
    day = date(year, 12, rng.randint(20, 31)) if rng.random() < 0.5 else date(year, rng.randint(1, 11), 15)
    start = at(day, rng.randint(8, 20))
    end = start + timedelta(hours=rng.choice((1, 2, 4)))
    if rng.random() < 0.1:
        end = at(day + timedelta(days=1), 0)  # 00:00 belongs to the new day
    if timely and civil_day(end).year > LAST:
        end = at(day, 23)
    charged = rng.choice((*AMOUNTS, *AMOUNTS, *AMOUNTS, 0))
    return Record(
        key=f"r{number}",
        provider=rng.choice(PROVIDERS),
        client=rng.choice(CLIENTS),
        user=rng.choice(("u1", "u2")),
        instrument=rng.choice(("I1", "I2")),
        purpose=rng.choice((*["research"] * 10, "development", "inspection")),
        start=start,
        end=end,
        entered=entered_after(rng, civil_day(end), rounds, timely),
        charged=charged,
        tax=charged * 6 // 106,
        effective_minutes=rng.choice((5, 10, *[60] * 8, 120)),
        booked_minutes=rng.choice((None, 60, 120)),
        order=rng.choice((None, None, "O1", "O2")),
        grade=rng.choice(GRADES),
        recorded_by="staff",
        grounds=frozenset({"cancelled"} if rng.random() < 0.03 else ()),
    )


def following(rng: Random, before: Record, number: int, rounds: tuple[Round, ...], timely: bool) -> Record:
    """Alike, and 1 to 4 days later; sometimes exactly at 24:00 of a day."""
    day = civil_day(before.start) + timedelta(days=rng.randint(1, 4))
    start = at(day, rng.choice((0, 9)))
    end = start + timedelta(hours=rng.choice((1, 8)))
    if timely and civil_day(end).year > LAST:
        start, end = before.start, before.end
    return replace(
        first(rng, number, rounds, timely),
        provider=before.provider,
        client=before.client,
        user=before.user,
        instrument=before.instrument,
        purpose=before.purpose,
        order=before.order,
        start=start,
        end=end,
        entered=entered_after(rng, civil_day(end), rounds, timely),
    )


def random_entries(rng: Random, record: Record, rounds: tuple[Round, ...], timely: bool) -> Iterator[Entry]:
    """A story of money in its order, and what the client and the staff add."""
    day = record.day
    for number, (kind, amount, what) in enumerate(random_money(rng, record.charged)):
        day = later(rng, day, timely, long=0.15 if number < 2 else 0.6)
        yield entered(rng, record, Entry(record.key, kind, day, record.entered, amount, what), rounds, timely)
    for kind, amount, what in random_proofs(rng):
        day = later(rng, record.day, timely, long=0.15)
        yield entered(rng, record, Entry(record.key, kind, day, record.entered, amount, what), rounds, timely)


def entered(rng: Random, record: Record, entry: Entry, rounds: tuple[Round, ...], timely: bool) -> Entry:
    """By somebody, no earlier than the record itself."""
    instant = entered_after(rng, max(entry.on, civil_day(record.entered)), rounds, timely)
    by = rng.choice(("client", "client", "client", "relative", "staff"))
    return replace(entry, entered=max(instant, record.entered), by=by)


def random_proofs(rng: Random) -> Iterator[tuple[Kind, Fen, str]]:
    if rng.random() < 0.85:
        yield Kind.CONFIRMATION, 0, ""
    elif rng.random() < 0.7:
        yield Kind.TACIT, 0, ""
    if rng.random() < 0.5:
        yield Kind.EVIDENCE, 0, rng.choice(("report", "contract"))
    if rng.random() < 0.5:
        yield Kind.RATING, rng.randint(1, 5), ""


def random_money(rng: Random, charged: Fen) -> Iterator[tuple[Kind, Fen, str]]:
    """Mostly paid in full, in parts and by voucher; then adjusted, taken back, refunded, paid again."""
    deducted = charged // 3 if rng.random() < 0.25 else 0
    if deducted:
        yield Kind.VOUCHER_DEDUCTED, deducted, "v1"
        if rng.random() < 0.2:
            yield Kind.VOUCHER_VOID, 0, "v1"
    rest = charged - deducted
    parts = rng.choice((*[(rest,)] * 7, (rest // 2, rest - rest // 2), (rest // 2,), ()))
    for part in parts:
        yield Kind.INVOICE, part, ""
        yield Kind.RECEIPT, part, ""
    if rng.random() < 0.2:
        yield Kind.RECEIPT, -rest, ""
        if rng.random() < 0.7:
            yield Kind.RECEIPT, rest, ""
    if rng.random() < 0.1:
        yield Kind.CHARGE_UP, 50_00, ""
        if rng.random() < 0.7:
            yield Kind.RECEIPT, 50_00, ""
    for chance, change in (
        (0.05, (Kind.RECEIPT, rest, "")),
        (0.15, (Kind.REFUND, rest // 2, "")),
        (0.10, (Kind.REFUND, rest, "")),
        (0.10, (Kind.CHARGE_DOWN, charged // 4, "")),
        (0.03, (Kind.CHARGE_DOWN, charged, "")),
        (0.10, (Kind.VOUCHER_AFTERWARDS, charged // 5, "v2")),
        (0.03, (Kind.VOUCHER_VOID, 0, "v2")),
    ):
        if rng.random() < chance:
            yield change


def later(rng: Random, day: date, timely: bool, long: float) -> date:
    """Within two months, or with the chance `long` in about a year."""
    after = day + timedelta(days=rng.randint(200, 450) if rng.random() < long else rng.randint(0, 60))
    return min(after, date(LAST, 12, 31)) if timely else after


def entered_after(rng: Random, day: date, rounds: tuple[Round, ...], timely: bool) -> datetime:
    """Within days; or, where entries may be late, months after, or on the very instant of an as-of."""
    if timely or rng.random() < 0.85:
        return at(day, 12) + timedelta(days=0 if timely else rng.randint(0, 20))
    usual = at(day, 12) + timedelta(days=rng.randint(20, 400))
    instants = [each.as_of for each in rounds if each.as_of >= at(day, 0)]
    return rng.choice(instants) if instants and rng.random() < 0.3 else usual


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
