"""Whatever is sent to whatever door: an answer in words, never a defect, and a refusal leaves no trace."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import islice

import pytest

from tests.access.conftest import Scene
from tests.fuzz.knocks import Knock, everything, forms, knock
from tests.fuzz.traces import counts

STRIDE = 41  # no divisor of the number of odd values, so that every field and every value has its turn
LONG_STRIDE = 8  # parts of about a minute each
INSIDES = ("Traceback (most recent", 'File "/', "sqlalchemy.", "psycopg", "sqlite3.", "werkzeug.")
LONGEST = 5.0  # seconds, on a busy machine; what is short to send must not be long to answer


def faults(scene: Scene, asked: Iterable[Knock]) -> list[str]:
    """Every answer that is a defect, tells of the inside, takes too long, or says no and yet changed something."""
    found = []
    before = counts()
    for one in asked:
        began = time.monotonic()
        answer = knock(scene, one)
        took = time.monotonic() - began
        if answer.status_code >= 500:
            found.append(f"{answer.status_code} {one}")
        if answer.status_code >= 400 and any(inside in answer.text for inside in INSIDES):
            found.append(f"tells of the inside: {one}")
        if took > LONGEST:
            found.append(f"{took:.1f} s: {one}")
        if one.method == "GET" or answer.status_code >= 400:
            if (after := counts()) != before:
                found.append(f"{answer.status_code} and yet changed {set(after.items()) ^ set(before.items())}: {one}")
                before = after
        elif scene.rig.server is None:
            scene.restore()
        else:
            before = counts()
    return found


@pytest.fixture
def answering(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """As in production a defect is a page, not an exception."""
    monkeypatch.setitem(scene.app.config, "PROPAGATE_EXCEPTIONS", False)
    return scene


def test_a_sample_of_odd_input_at_every_door(answering: Scene) -> None:
    first = 0 if answering.rig.server is None else STRIDE // 2
    assert faults(answering, islice(everything(answering), first, None, STRIDE)) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(LONG_STRIDE))
def test_all_odd_input_at_every_door(answering: Scene, first: int) -> None:
    answering.restore()
    assert faults(answering, islice(everything(answering), first, None, LONG_STRIDE)) == []


def test_the_sweep_knows_the_forms(scene: Scene) -> None:
    """A negative control of a kind: a sweep that found no forms would find no faults either."""
    scene.restore()
    found = forms(scene)
    assert len(found) >= 45
    assert {"starts_at", "ends_at", "client", "version"} <= set(found["POST /instruments/<uuid:instrument>/book"][2])


def test_the_sweep_sees_a_defect(answering: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LookupError("a defect of ours")

    monkeypatch.setitem(answering.app.view_functions, "web.accessibility", broken)
    asked = [one for one in everything(answering) if one.door == "GET /accessibility"][:3]
    assert [fault[:3] for fault in faults(answering, asked)] == ["500"] * 3
