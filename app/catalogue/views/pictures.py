"""The picture of an instrument: shown to whoever may see the instrument, set by whoever may change it."""

from __future__ import annotations

from flask import flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import PUBLIC
from app.catalogue import queries
from app.catalogue.forms import PictureForm
from app.catalogue.permissions import InstrumentPermission
from app.catalogue.services import pictures
from app.catalogue.views.blueprint import blueprint
from app.catalogue.views.instruments import page_with
from app.infra import files
from app.infra.db import session
from app.kernel.errors import NotFound
from app.web.current import current_actor, now
from app.web.security import keep_a_day


@blueprint.get("/instruments/<uuid:instrument>/picture", permission=PUBLIC)
def picture(instrument: object) -> ResponseReturnValue:
    row = queries.find_instrument(str(instrument), actor=current_actor())
    if row.image_file_id is None:
        raise NotFound("picture")
    digest = session.get_one(files.StoredFile, row.image_file_id).digest
    return keep_a_day(send_file(files.path_of(digest), mimetype="image/jpeg", etag=digest))


@blueprint.post("/manage/instruments/<uuid:instrument>/picture", permission=InstrumentPermission.CHANGE)
def show_picture(instrument: object) -> ResponseReturnValue:
    form = PictureForm()
    if form.validate():
        with form.taking_refusals():
            pictures.show(str(instrument), form.picture.data.stream, actor=current_actor(), now=now())
            flash(_("The picture is on show."), "success")
            return redirect(url_for("catalogue.edit", instrument=instrument))
    return page_with(instrument, form)


@blueprint.post("/manage/instruments/<uuid:instrument>/picture/remove", permission=InstrumentPermission.CHANGE)
def remove_picture(instrument: object) -> ResponseReturnValue:
    pictures.remove(str(instrument), actor=current_actor(), now=now())
    flash(_("The picture has been taken away."), "success")
    return redirect(url_for("catalogue.edit", instrument=instrument))
