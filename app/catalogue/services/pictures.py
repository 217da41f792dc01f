"""The picture of an instrument: any photograph in, one plain JPEG kept, without where and with what it was taken."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from threading import Lock
from typing import BinaryIO

from PIL import Image
from PIL.ExifTags import Base

from app import audit
from app.access import Actor
from app.catalogue.actions import InstrumentAction
from app.catalogue.models import Instrument
from app.catalogue.services.instruments import for_change
from app.infra.files import store
from app.infra.transactions import without_transaction
from app.kernel.errors import Refused, refuse

LONGEST_SIDE = 1200
QUALITY = 82
LONGEST_READ = 20_000  # a row of pixels costs memory of its own, so that a line is a bomb too
# A telephone takes 50, and a JPEG is read no finer than needed. The others are unpacked whole, with some forty
# bytes for a pixel: what is larger is a bomb, or a map.
MOST_MEGAPIXELS = {"JPEG": 60, "PNG": 24, "WEBP": 24}

Turn = Image.Transpose
TURNS = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}

# Half a gigabyte for a moment is little once; for all threads of a worker at a time it is not.
_one_at_a_time = Lock()


def show(public_id: str, content: BinaryIO, *, actor: Actor, now: datetime) -> Instrument:
    """Keep this picture in the place of an earlier one; raises Refused `picture-…`."""
    for_change(public_id, actor=actor)
    picture = without_transaction(lambda: plain(content))
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
        audit.record(InstrumentAction.CHANGED, row, actor=actor, now=now, before=before, after=after)
    return row


def plain(content: BinaryIO) -> bytes:
    """An upright JPEG on white, at most LONGEST_SIDE wide and high, with nothing of the original but its pixels."""
    try:
        with _one_at_a_time, Image.open(content, formats=list(MOST_MEGAPIXELS)) as found:
            _limit(found)
            return _on_white(_upright(_small(found)))
    except Refused:
        raise
    except Exception:  # noqa: BLE001  what a decoder raises over a damaged file is written down nowhere
        raise refuse("picture-unreadable", "picture")


def _limit(found: Image.Image) -> None:
    most = MOST_MEGAPIXELS[str(found.format)]
    if found.width * found.height > most * 1_000_000:
        raise refuse("picture-too-large", "picture", megapixels=most)
    if max(found.size) > LONGEST_READ:
        raise refuse("picture-too-long", "picture", pixels=LONGEST_READ)


def _small(found: Image.Image) -> Image.Image:
    found.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    # Sixteen bits of grey, as microscopes write them, would be cut off at white.
    small = found.point(lambda value: value / 256).convert("L") if found.mode.startswith("I") else found
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return small


def _upright(picture: Image.Image) -> Image.Image:
    turn = TURNS.get(picture.getexif().get(Base.Orientation, 1))
    return picture if turn is None else picture.transpose(turn)


def _on_white(picture: Image.Image) -> bytes:
    paper, out = Image.new("RGB", picture.size, "white"), BytesIO()
    inked = picture.convert("RGBA")
    paper.paste(inked, mask=inked)
    paper.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
