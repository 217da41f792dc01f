"""The picture of an instrument: any photograph in, one plain JPEG kept, without where and with what it was taken."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from app import audit
from app.access import Actor
from app.audit import Action
from app.catalogue.models import Instrument
from app.catalogue.services.instruments import for_change
from app.infra.files import store
from app.infra.transactions import unheld
from app.kernel.errors import refuse

LONGEST_SIDE = 1200
MOST_MEGAPIXELS = 60  # a telephone takes 50; what is larger is a bomb, or a map
QUALITY = 82
KINDS = ("JPEG", "PNG", "WEBP")


def show(public_id: str, content: BinaryIO, *, actor: Actor, now: datetime) -> Instrument:
    """Keep this picture in the place of an earlier one; raises Refused `picture-unreadable` or `picture-too-large`."""
    for_change(public_id, actor=actor)
    picture = unheld(lambda: plain(content))
    row = for_change(public_id, actor=actor)
    name = f"{row.inner_id}.jpg"
    file = store(BytesIO(picture), name=name, media_type="image/jpeg", owner_id=actor.user_id, now=now)
    return _set(row, file.id, actor=actor, now=now)


def remove(public_id: str, *, actor: Actor, now: datetime) -> Instrument:
    """Show no picture any more; the file stays, as the audit names it."""
    return _set(for_change(public_id, actor=actor), None, actor=actor, now=now)


def _set(row: Instrument, file_id: int | None, *, actor: Actor, now: datetime) -> Instrument:
    before, after = audit.changes(row, image_file_id=file_id)
    if after:
        audit.record(Action.INSTRUMENT_CHANGED, row, actor=actor, now=now, before=before, after=after)
    return row


def plain(content: BinaryIO) -> bytes:
    """An upright JPEG on white, at most LONGEST_SIDE wide and high, with nothing of the original but its pixels."""
    try:
        with Image.open(content, formats=KINDS) as found:
            if found.width * found.height > MOST_MEGAPIXELS * 1_000_000:
                raise refuse("picture-too-large", "picture", megapixels=MOST_MEGAPIXELS)
            found.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG is read no finer than needed
            upright = ImageOps.exif_transpose(found)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _on_white(upright.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise refuse("picture-unreadable", "picture")


def _on_white(picture: Image.Image) -> bytes:
    paper, out = Image.new("RGB", picture.size, "white"), BytesIO()
    paper.paste(picture, mask=picture)
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
