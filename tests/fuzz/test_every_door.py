"""Whatever is sent to whatever door: an answer in words, never a defect, and a refusal leaves no trace."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import islice

import pytest

from tests.access.conftest import Scene
from tests.factories.pages import blamed
from tests.fuzz import odd
from tests.fuzz.knocks import KINDS, Knock, everything, forms, knock, places, sample, typed
from tests.fuzz.traces import counts

PARTS = 8  # of all of it, about a minute each
INSIDES = (b"Traceback (most recent", b'File "/', b"sqlalchemy.", b"psycopg", b"sqlite3.", b"werkzeug.")
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
        if answer.status_code >= 400 and any(inside in answer.data for inside in INSIDES):
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
    turn = 0 if answering.rig.server is None else len(odd.TYPED) // 2
    assert faults(answering, sample(answering, turn)) == []


def test_the_sample_leaves_out_no_place_and_no_value(answering: Scene) -> None:
    for kind in KINDS:
        found = places(answering, kind)
        values = {value for place in found for value in map(repr, place.values)}
        met = {repr(place.values[number % len(place.values)]) for number, place in enumerate(found)}
        assert met == values, kind.__name__
    assert len(list(sample(answering))) == sum(len(places(answering, kind)) for kind in KINDS)


def test_what_shows_nothing_fills_no_required_field(answering: Scene) -> None:
    """White space, also of Chinese typing, and marks that only a machine sees."""
    before, found, asked = counts(), [], 0
    for door, form in forms(answering).items():
        for name in sorted(form[-1].required - {"old_password", "password"}):
            for unseen in odd.UNSEEN:
                answer = knock(answering, typed(door, form, name, unseen.encode()))
                asked += 1
                if answer.status_code != 422 or name not in blamed(answer):
                    found.append(f"{answer.status_code} {door}: {name}={unseen!r}")
    assert (found, counts()) == ([], before)
    assert asked >= 36 * len(odd.UNSEEN)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(PARTS))
def test_all_odd_input_at_every_door(answering: Scene, first: int) -> None:
    answering.restore()
    assert faults(answering, islice(everything(answering), first, None, PARTS)) == []


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
    asked = [one for one in everything(answering) if one.endpoint == "GET /accessibility"][:3]
    assert [fault[:3] for fault in faults(answering, asked)] == ["500"] * 3
