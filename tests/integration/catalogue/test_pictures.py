"""Pictures of instruments: any photograph becomes a small plain one, everything else is refused and nothing lost."""

from __future__ import annotations

import struct
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from time import sleep

import pytest
from flask import Flask
from PIL import Image, PngImagePlugin

from app.catalogue.models import InstrumentState
from app.catalogue.services import pictures
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


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_picture_other_than_the_one_named_is_refused_in_words(app: Flask, cast: Cast, accept: str) -> None:
    """If-Match on a file: what it does not name is not sent along with the refusal."""
    client, path = signed_in(app, cast.administrator), f"/instruments/{cast.microscope.public_id}/picture"
    assert send(client, f"/manage{path}", picture=(BytesIO(photograph()), "x.png")).status_code == 302
    there = client.get(path)
    same = client.get(path, headers={"If-Match": there.headers["ETag"]})
    assert (same.status_code, same.data) == (200, there.data)
    other = client.get(path, headers={"If-Match": '"another"', "Accept": accept})
    assert (other.status_code, other.mimetype) == (412, accept)
    assert "数据已被他人更新" in (other.text if accept == "text/html" else other.get_json()["title"])
    assert "ETag" not in other.headers
    assert other.headers["Cache-Control"] == "no-store"


BOMB = photograph(9000, 9000)
UNPACKED_WHOLE = photograph(5000, 5000)  # fine as a JPEG, too much at forty bytes for a pixel
LINE = photograph(20_001, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"%PDF-1.7",
        photograph()[:60],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        BOMB,
        UNPACKED_WHOLE,
        LINE,
    ],
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


def test_a_jpeg_is_read_no_finer_than_needed_and_may_be_larger() -> None:
    assert opened(plain(BytesIO(photograph(5000, 5000, "JPEG")))).size == (LONGEST_SIDE, LONGEST_SIDE)


@pytest.mark.parametrize(("tag", "kind"), [(0x10E, 12), (0x100, 2), (0x11A, 7)])
def test_what_a_camera_notes_in_an_odd_way_is_passed_over(tag: int, kind: int) -> None:
    """The picture is turned by the one note that counts; others, of a kind they should not have, are not read."""
    turned, odd = struct.pack(">HHIHH", 0x112, 3, 1, 6, 0), struct.pack(">HHII", tag, kind, 1, 8)
    about = b"Exif\0\0MM\0*\0\0\0\x08\0\2" + turned + odd + bytes(4)
    assert opened(plain(BytesIO(photograph(40, 20, "JPEG", exif=about)))).size == (20, 40)


def test_sixteen_bits_of_grey_stay_grey() -> None:
    out = BytesIO()
    Image.new("I;16", (2000, 1000), 30_000).save(out, "PNG")
    kept = opened(plain(BytesIO(out.getvalue())))
    assert (kept.size, kept.getpixel((5, 5))) == ((1200, 600), (117, 117, 117))


def test_pictures_are_unpacked_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every thread of a worker holding one would be more than the worker has."""
    small, inside, most = pictures._small, [], []

    def watched(found: Image.Image) -> Image.Image:
        inside.append(1)
        most.append(len(inside))
        sleep(0.01)
        result = small(found)
        inside.pop()
        return result

    monkeypatch.setattr(pictures, "_small", watched)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: plain(BytesIO(photograph(600, 600))), range(8)))
    assert most == [1] * 8
