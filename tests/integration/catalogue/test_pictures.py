"""Pictures of instruments: any photograph becomes a small plain one, everything else is refused and nothing lost."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image, PngImagePlugin

from app.catalogue.models import InstrumentState
from app.catalogue.services.pictures import LONGEST_SIDE, plain
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.pictures import photograph
from tests.factories.signing_in import signed_in


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_a_picture_is_put_on_show_replaced_and_taken_away(app: Flask, cast: Cast) -> None:
    client, visitor = signed_in(app, cast.administrator), app.test_client()
    page, path = f"/instruments/{cast.microscope.public_id}", f"/manage/instruments/{cast.microscope.public_id}"
    assert visitor.get(f"{page}/picture").status_code == 404
    shown = []
    for size in ((2400, 1200), (60, 30)):
        assert send(client, f"{path}/picture", picture=(BytesIO(photograph(*size)), "x.png")).status_code == 302
        answer = visitor.get(f"{page}/picture")
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        shown.append(opened(answer.data).size)
        assert f"{page}/picture?v=" in visitor.get(page).text
        assert f"{page}/picture?v=" in visitor.get("/").text
    assert shown == [(LONGEST_SIDE, LONGEST_SIDE // 2), (60, 30)]
    assert send(client, f"{path}/picture/remove").status_code == 302
    assert visitor.get(f"{page}/picture").status_code == 404
    assert "/picture?v=" not in visitor.get(page).text


def test_the_picture_of_a_draft_is_for_its_own_people(app: Flask, cast: Cast) -> None:
    client, path = signed_in(app, cast.administrator), f"/instruments/{cast.microscope.public_id}/picture"
    assert send(client, f"/manage{path}", picture=(BytesIO(photograph()), "x.png")).status_code == 302
    with transaction():
        cast.microscope.state = InstrumentState.DRAFT
    assert (client.get(path).status_code, app.test_client().get(path).status_code) == (200, 404)


BOMB = photograph(9000, 9000)


@pytest.mark.parametrize(
    "data", [b"", b"no picture", b"%PDF-1.7", photograph()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", BOMB]
)
def test_what_is_no_picture_is_refused_beside_the_field(app: Flask, cast: Cast, data: bytes) -> None:
    client, path = signed_in(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}"
    answer = send(client, f"{path}/picture", picture=(BytesIO(data), "x.png"))
    assert answer.status_code == 422
    assert "图片" in answer.text.split('id="errors"')[-1] or "选择文件" in answer.text
    session.expire_all()
    assert cast.microscope.image_file_id is None


def test_a_photograph_stands_upright_and_says_nothing_of_its_place() -> None:
    about = Image.Exif()
    about[0x0112], about[0x010F] = 6, "Maker of the camera"  # to be turned by a quarter
    kept = opened(plain(BytesIO(photograph(40, 20, "JPEG", exif=about))))
    assert kept.size == (20, 40)
    assert kept.getpixel((10, 2)) == pytest.approx((0, 0, 255), abs=40)
    assert dict(kept.getexif()) == {}
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Somebody")
    assert b"Somebody" not in plain(BytesIO(photograph(pnginfo=note)))
