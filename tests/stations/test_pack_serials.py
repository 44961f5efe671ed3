"""Days and serials: what was genuine once and may not be played now, in whatever order it comes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.digests import digest_bytes
from stations.pack_verdicts import Verdict
from stations.trust import Seen
from tests.stations.signed_packs import (
    KEY,
    SOUND,
    STANDBY,
    TODAY,
    TRUST,
    judged_files,
    pack_files,
)

FIRST, _ = SOUND

# Days


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        (date(2026, 11, 21), Verdict.GENUINE),  # it is tomorrow already at the publisher's
        (date(2026, 11, 20), Verdict.FUTURE_DATED),
        (date(2026, 12, 6), Verdict.GENUINE),
        (date(2026, 12, 7), Verdict.EXPIRED),
        (date(1970, 1, 1), Verdict.FUTURE_DATED),
        (date.max, Verdict.EXPIRED),
    ],
)
def test_the_day_decides(today: date, verdict: Verdict, tmp_path: Path) -> None:
    found = judged_files(pack_files(), tmp_path, today=today)
    assert found.verdict is verdict
    assert (found.seen is not None) == (verdict is not Verdict.FUTURE_DATED)


def seen(serial: int, issued: date, **about: Any) -> Seen:
    plain = Seen(
        key=KEY.public,
        publisher="camino",
        pack="camino_0123456789ab",
        serial=serial,
        digest=digest_bytes(b""),
        issued=issued,
    )
    return replace(plain, **about)


def test_a_clock_that_was_set_back_makes_nothing_fresh(tmp_path: Path) -> None:
    later = replace(TRUST, seen=(seen(3, date(2026, 12, 8), pack="camino_other"),))
    found = judged_files(pack_files(), tmp_path, later, today=date(1970, 1, 1))
    assert {one.verdict for one in found.faults} == {Verdict.FUTURE_DATED, Verdict.EXPIRED}
    found = judged_files(pack_files(), tmp_path, later, today=date(2026, 12, 7))
    assert found.verdict is Verdict.EXPIRED
    assert (
        "your clock is wrong"
        in judged_files(pack_files(), tmp_path, later, today=TODAY).faults[0].problem
    )


# Serials


def test_an_older_serial_and_another_pack_of_the_same_are_rolled_back(tmp_path: Path) -> None:
    first = judged_files(pack_files(), tmp_path)
    assert first.seen is not None
    trust = TRUST.remember(first.seen)
    assert judged_files(pack_files(), tmp_path, trust).verdict is Verdict.GENUINE
    for about in ({"serial": 41}, {"valid_until": "2026-12-05"}):
        found = judged_files(pack_files(**about), tmp_path, trust)
        assert found.verdict is Verdict.ROLLED_BACK
        assert found.seen is None
    assert judged_files(pack_files(serial=43), tmp_path, trust).verdict is Verdict.GENUINE
    # another pack counts for itself
    other = pack_files(serial=1, pack="camino_other")
    assert judged_files(other, tmp_path, trust).verdict is Verdict.GENUINE


def test_a_huge_serial_of_a_stolen_key_does_not_lock_out_the_next(tmp_path: Path) -> None:
    stolen = judged_files(pack_files(serial=2**53 - 1), tmp_path)
    assert stolen.seen is not None
    trust = TRUST.remember(stolen.seen)
    assert judged_files(pack_files(serial=43), tmp_path, trust).verdict is Verdict.ROLLED_BACK
    found = judged_files(pack_files(serial=43, signer=STANDBY), tmp_path, trust)
    assert found.verdict is Verdict.GENUINE


def test_a_newer_pack_of_another_key_is_told_of(tmp_path: Path) -> None:
    trust = TRUST.remember(seen(50, date(2026, 11, 23), key=STANDBY.public))
    found = judged_files(pack_files(), tmp_path, trust)
    assert found.verdict is Verdict.GENUINE
    assert "serial 50" in found.newer


def test_sound_that_a_newer_pack_calls_back_is_withdrawn(tmp_path: Path) -> None:
    gone = digest_bytes(SOUND[FIRST])
    trust = TRUST.remember(seen(3, date(2026, 11, 23), pack="camino_other", withdrawn=(gone,)))
    found = judged_files(pack_files(), tmp_path, trust)
    assert (found.verdict, found.faults[0].where) == (Verdict.WITHDRAWN, FIRST)
    # a pack of a later day was made by somebody who knows of it
    fresh = pack_files(issued="2026-11-24", serial=43)
    assert judged_files(fresh, tmp_path, trust).verdict is Verdict.GENUINE
    # and another publisher calls nothing of ours back
    strange = replace(trust, seen=tuple(replace(one, publisher="x") for one in trust.seen))
    assert judged_files(pack_files(), tmp_path, strange).verdict is Verdict.GENUINE


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from([KEY, STANDBY]), st.integers(0, 2)),
        max_size=8,
    )
)
def test_no_order_of_packs_lets_an_older_one_of_a_key_pass(
    history: list[tuple[int, Any, int]],
) -> None:
    trust, highest = TRUST, dict.fromkeys((KEY.public, STANDBY.public), (0, -1))
    with TemporaryDirectory() as folder:
        for serial, signer, content in history:
            until = date(2026, 12, 1) + timedelta(days=content)
            files = pack_files(signer=signer, serial=serial, valid_until=until.isoformat())
            found = judged_files(files, Path(folder), trust)
            before = highest[signer.public]
            older = serial < before[0] or (serial == before[0] and content != before[1])
            assert found.verdict is (Verdict.ROLLED_BACK if older else Verdict.GENUINE)
            if found.seen is not None:
                trust = trust.remember(found.seen)
                highest[signer.public] = (serial, content)
