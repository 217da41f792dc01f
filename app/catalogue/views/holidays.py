"""The operator's page of public holidays and make-up working days, and of the years nobody has announced yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.catalogue import queries
from app.catalogue.forms import HolidayForm, NoticeForm
from app.catalogue.models import PublicHoliday
from app.catalogue.permissions import HolidayPermission
from app.catalogue.rules.holidays import HolidayKind, Notice, read_notice
from app.catalogue.seeds.holidays import KINDS, english
from app.catalogue.services import holidays as services
from app.catalogue.views.blueprint import blueprint
from app.kernel.civil import civil_year, parse_day
from app.web.current import current_actor, now
from app.web.i18n import chinese
from app.web.listing import Column, Empty, Filter, Listing


def _kind(row: PublicHoliday) -> HolidayKind:
    return HolidayKind.OFF if row.off else HolidayKind.WORK


def _years() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in queries.holiday_years()]


DAYS = Listing(
    columns=(
        Column("day", _l("Date"), lambda r: r.day, PublicHoliday.day),
        Column("name", _l("Holiday"), lambda r: r.name if chinese() else english(r.name)),
        Column("kind", _l("Off or worked"), _kind, PublicHoliday.off),
    ),
    order=(PublicHoliday.day.desc(),),
    filters=(
        Filter(
            "year",
            _l("Calendar year"),
            _years,
            lambda year: PublicHoliday.day.between(date(int(year), 1, 1), date(int(year), 12, 31)),
        ),
    ),
    empty=Empty(_l("No public holiday is known yet."), _l("Enter the days of the yearly notice.")),
    file_name="public-holidays",
)


@blueprint.get("/public-holidays", permission=HolidayPermission.CHANGE)
def holidays() -> ResponseReturnValue:
    """With the day that `?day=` names in the form, to be changed."""
    return _page(HolidayForm(formdata=None, data=_named()), NoticeForm(formdata=None))


@blueprint.post("/public-holidays", permission=HolidayPermission.CHANGE)
def enter_holiday() -> ResponseReturnValue:
    form = HolidayForm()
    if form.validate():
        with form.taking_refusals():
            day = Notice(form.day.data, form.name.data, form.kind.data is HolidayKind.OFF)
            services.enter([day], actor=current_actor(), now=now())
            flash(_("Saved."), "success")
            return redirect(url_for("catalogue.holidays"))
    return _page(form, NoticeForm(formdata=None))


@blueprint.post("/public-holidays/notice", permission=HolidayPermission.CHANGE)
def enter_notice() -> ResponseReturnValue:
    form = NoticeForm()
    if form.validate():
        with form.taking_refusals():
            days = read_notice(form.lines.data, KINDS)
            count = services.enter(days, actor=current_actor(), now=now())
            flash(ngettext("%(num)s day entered or changed.", "%(num)s days entered or changed.", count), "success")
            return redirect(url_for("catalogue.holidays"))
    return _page(HolidayForm(formdata=None), form)


@blueprint.post("/public-holidays/remove", permission=HolidayPermission.CHANGE)
def remove_holiday() -> ResponseReturnValue:
    try:
        day = parse_day(request.form.get("day", ""))
    except ValueError:
        abort(400)
    services.remove(day, actor=current_actor(), now=now())
    flash(_("The day follows its weekday again."), "success")
    return redirect(url_for("catalogue.holidays"))


def _named() -> dict[str, Any]:
    try:
        row = queries.holiday(parse_day(request.args.get("day", "")))
    except ValueError:
        row = None
    return {"day": row.day, "name": row.name, "kind": _kind(row)} if row else {}


def _page(form: HolidayForm, notice: NoticeForm) -> ResponseReturnValue:
    this = civil_year(now())
    unknown = sorted({this, this + 1} - queries.announced((this, this + 1)))
    status = max(form.status, notice.status)
    page = {"form": form, "notice": notice, "unknown": unknown}
    return DAYS.answer(queries.holidays(), "catalogue/holidays.html", status, **page)
