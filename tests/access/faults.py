"""Comparing what is answered with the table and, at the API, with its description."""

from __future__ import annotations

from app.api.blueprint import BASE
from tests.access.asking import ABSENT, GRANTED, REFUSED, ask, sign, told
from tests.access.bodies import body
from tests.access.conftest import Scene
from tests.access.described import undescribed
from tests.access.table import Row

# Every act leaves its entry in the audit; these do not, and why.
_STAGED = "a list on its way in; who brought it in is told when it is complete"
_CODE = "sends a code; redeeming it is told"
_NOTHING = "here nothing is left to do, or nothing was typed in"
UNTOLD = {
    "POST /account/address": _CODE,
    "POST /account/address/confirm": _NOTHING,
    "POST /acting-organisation": "kept with the session; it changes what one sees, not what one may",
    "POST /api/v1/quotes": "a question",
    "POST /bookings/<uuid:booking>/guests booking.other": _NOTHING,
    "POST /consent": _NOTHING,
    "POST /evaluation/<uuid:round_>/compute": "asks for it; the computation is told when it is made",
    "POST /forgot-password": _CODE,
    "POST /one-time-link": _CODE,
    "POST /language": _NOTHING,
    "POST /manage/history/<uuid:run>": _STAGED,
    "POST /manage/history/<uuid:run>/apply": _STAGED,
    "POST /manage/history/<uuid:run>/check": _STAGED,
    "POST /manage/imports/<uuid:run>": _STAGED,
    "POST /manage/imports/<uuid:run>/apply": _STAGED,
    "POST /manage/imports/<uuid:run>/check": _STAGED,
    "POST /people/<uuid:person>/reinstate": _NOTHING,
    "POST /reset-password": _NOTHING,
    "POST /theme": "a cookie",
    "POST /verify": _NOTHING,
    "POST /verify/again": _CODE,
}


def faults(scene: Scene, rows: list[Row]) -> list[str]:
    """Every answer that differs from the table, every refusal that betrays that something is there, and every act
    that left no entry in the audit."""
    found: list[str] = []
    said: dict[tuple[str, str, str], str] = {}
    for row in sorted(rows, key=lambda row: not row.label.endswith("absent")):
        before = scene.rows() if row.method == "GET" else []
        for role, expected in row.signs.items():
            answer = ask(scene.app, scene.world, row, role)
            got = sign(answer)
            if got != expected:
                found.append(f"{row.endpoint} {row.label} {role}: {got} instead of {expected}")
            if row.rule.startswith(BASE):
                sent = None if row.method == "GET" else body(scene.world, row.rule, row.label)
                fault = undescribed(scene.app, row.method, row.rule, sent, answer)
                found += [f"{row.endpoint} {row.label} {role}: {fault}"] if fault else []
            if row.method != "GET" and got in {GRANTED, REFUSED}:
                found += (
                    [f"{row.endpoint} {row.label} {role}: done without an entry"] if _untold(scene, row, got) else []
                )
                scene.restore()
            if got in {ABSENT, REFUSED} and row.label != "-":
                asked = (row.rule, role, got)
                plain = told(answer, scene.world, row)
                if row.label.endswith("absent"):
                    said[asked] = plain
                elif said.get(asked, plain) != plain:
                    found.append(f"{row.endpoint} {row.label} {role}: foreign differs from absent")
        if row.method == "GET" and scene.rows() != before:
            found.append(f"{row.endpoint} {row.label}: reading wrote rows")
    return found


def _untold(scene: Scene, row: Row, got: str) -> bool:
    if got != GRANTED or {row.endpoint, f"{row.endpoint} {row.label}"} & UNTOLD.keys():
        return False
    return scene.entries() == scene.entries_before
