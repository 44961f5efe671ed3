"""The journal remembers results and gives reasons; a damaged one is begun anew."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from production.journal import Journal, Result
from production.reasons import Why, reason_for
from programme.digests import digest_bytes, fingerprint
from programme.units import Fingerprint

A = digest_bytes(b"a")
B = digest_bytes(b"b")
RESULT = Result(outputs={"take": A}, facts={"samples": 3, "words": [[0, 1]]})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite")
    yield opened
    opened.close()


def test_a_result_survives_closing(tmp_path: Path) -> None:
    first = Journal(tmp_path / "j")
    first.record(Fingerprint("f"), "take x", {"text": "hola"}, RESULT)
    first.close()
    again = Journal(tmp_path / "j")
    assert again.result(Fingerprint("f")) == RESULT
    assert again.result(Fingerprint("g")) is None
    again.close()


def test_forgetting_an_object_forgets_every_result_that_rests_on_it(journal: Journal) -> None:
    journal.record(Fingerprint("1"), "one", {}, RESULT)
    journal.record(Fingerprint("2"), "two", {}, Result(outputs={"x": B, "y": A}))
    journal.record(Fingerprint("3"), "three", {}, Result(outputs={"x": B}))
    journal.forget_objects((A,))
    assert journal.result(Fingerprint("1")) is None
    assert journal.result(Fingerprint("2")) is None
    assert journal.result(Fingerprint("3")) is not None


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\x00" + b"\x99" * 500])
def test_a_damaged_journal_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "j"
    path.write_bytes(content)
    journal = Journal(path)
    assert journal.was_damaged
    journal.record(Fingerprint("f"), "x", {}, RESULT)
    assert journal.result(Fingerprint("f")) == RESULT
    journal.close()


def test_a_journal_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE steps (something TEXT)")
        db.execute("PRAGMA user_version=99")
    db.close()
    journal = Journal(path)
    journal.record(Fingerprint("f"), "x", {}, RESULT)
    assert journal.result(Fingerprint("f")) == RESULT
    journal.close()


def test_reasons_name_what_changed(journal: Journal) -> None:
    inputs = {"text": "hola", "pauses": (1, 2), "tools": ["v1"]}
    key = fingerprint(inputs)
    assert reason_for("take", key, inputs, journal).why is Why.NEW
    journal.record(key, "take", inputs, RESULT)
    assert reason_for("take", key, inputs, journal).why is Why.GONE

    changed = {**inputs, "text": "adios", "bed": "cama"}
    reason = reason_for("take", fingerprint(changed), changed, journal)
    assert (reason.why, reason.inputs) == (Why.CHANGED, ("bed", "text"))
    assert str(reason) == "bed, text changed"

    newer = {**inputs, "tools": ["v2"]}
    assert reason_for("take", fingerprint(newer), newer, journal).why is Why.TOOLS


def test_a_refused_write_leaves_the_journal_as_it_was(journal: Journal) -> None:
    journal.record(Fingerprint("f"), "x", {}, RESULT)
    with pytest.raises(TypeError):
        journal.record(Fingerprint("g"), "x", {"bad": object()}, RESULT)  # type: ignore[dict-item]
    assert journal.result(Fingerprint("g")) is None
    assert journal.last_inputs("x") == (Fingerprint("f"), {})
