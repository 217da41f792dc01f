"""Values as people read them: Shanghai clocks, yuan, hours with one decimal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from app.kernel import civil
from app.kernel.money import Money, half_up
from app.kernel.period import Period

_WAN = Decimal(1_000_000)  # fen in 万元, ten thousand yuan


def day(of: date) -> str:
    """2026-11-21 (周六)"""
    weekday = format_date(of, "EEE", locale=get_locale() or "en")
    return f"{of.isoformat()} ({weekday})"


def clock(instant: datetime) -> str:
    return civil.local(instant).strftime("%H:%M")


def moment(instant: datetime | None) -> str:
    """2026-11-21 (周六) 14:00"""
    return "" if instant is None else f"{day(civil.civil_day(instant))} {clock(instant)}"


def wall(instant: datetime) -> str:
    """2026-11-21T14:00, as a field for a day and time takes it."""
    return civil.local(instant).strftime("%Y-%m-%dT%H:%M")


def moment_with_seconds(instant: datetime | None) -> str:
    """2026-11-21 14:00:05, for logs and evidence."""
    return "" if instant is None else civil.local(instant).strftime("%Y-%m-%d %H:%M:%S")


def span(period: Period) -> str:
    """2026-11-21 (周六) 14:00–16:30; the day again only where it changes, midnight as 24:00."""
    first, last = civil.civil_day(period.start), civil.civil_day(period.end)
    if first == last:
        return f"{moment(period.start)}–{clock(period.end)}"
    if clock(period.end) == "00:00" and last == first + timedelta(days=1):
        return f"{moment(period.start)}–24:00"
    return f"{moment(period.start)} – {moment(period.end)}"


def money(amount: Money | None) -> str:
    """¥1,033.33"""
    if amount is None:
        return ""
    sign = "-" if amount.fen < 0 else ""
    return f"{sign}¥{abs(amount.in_yuan()):,.2f}"


def yuan(amount: Money | None) -> str:
    """1,033.33, under a head that names the unit."""
    return "" if amount is None else f"{amount.in_yuan():,.2f}"


def wan(amount: Money | None) -> str:
    """Ten thousand yuan (万元) with two decimals, under a head that names the unit."""
    return "" if amount is None else f"{half_up(Decimal(amount.fen) / _WAN, Decimal('0.01')) + 0:,.2f}"


def hours(length: timedelta | int | None) -> str:
    """Hours with one decimal, from a length or from whole seconds."""
    if length is None:
        return ""
    seconds = int(length.total_seconds()) if isinstance(length, timedelta) else length
    return f"{half_up(Decimal(seconds) / 3600, Decimal('0.1')):,.1f}"


def duration(length: timedelta | int) -> str:
    """2 h 30 min, from a length or from whole minutes."""
    minutes = int(length.total_seconds()) // 60 if isinstance(length, timedelta) else length
    whole, rest = divmod(minutes, 60)
    if whole and rest:
        return _("%(hours)s h %(minutes)s min", hours=whole, minutes=rest)
    return _("%(hours)s h", hours=whole) if whole else _("%(minutes)s min", minutes=rest)


def number(value: Decimal | int | None) -> str:
    """Thousands separated, decimals as they are."""
    return "" if value is None else f"{value:,}"


def change(value: Decimal | int) -> str:
    """+2.31 or −0.50, with the sign that people read."""
    return f"{value:+,}".replace("-", "−")


def percent(share: Decimal | None) -> str:
    return "" if share is None else f"{half_up(share * 100, Decimal('0.1'))} %"
