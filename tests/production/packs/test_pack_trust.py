"""The trust file: whole or not at all, one program at a time, not believed where it was edited."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from production.packs.trust import (
    TRUST_FILE,
    change_trust,
    read_trust,
    with_keys,
    without_key,
    without_serials,
)
from programme.errors import ExitCode, ProductionError
from stations.trust import Seen, Trust
from tests.stations.signed_packs import KEY, STANDBY, THIEF, TODAY

SEEN = Seen(
    key=KEY.public,
    publisher="camino",
    pack="camino_a",
    serial=3,
    digest=THIEF.public.key.hex(),  # type: ignore[arg-type]
    issued=date(2026, 11, 22),
    withdrawn=("ab" * 32,),  # type: ignore[arg-type]
)


def trusting(trust: Trust) -> Trust:
    return with_keys(trust, "camino", [KEY.public, STANDBY.public], today=TODAY, replace=False)


def test_trust_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert read_trust(tmp_path / "new") == Trust()
    written = change_trust(tmp_path / "new", lambda trust: trusting(trust).remember(SEEN))
    assert read_trust(tmp_path / "new") == written
    path = tmp_path / "new" / TRUST_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.stat().st_mtime_ns
    change_trust(tmp_path / "new", lambda trust: trust)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b"null", b"\xff", b'{"digest": 1}'])
def test_a_damaged_trust_file_is_not_believed(damage: bytes, tmp_path: Path) -> None:
    change_trust(tmp_path, trusting)
    (tmp_path / TRUST_FILE).write_bytes(damage)
    with pytest.raises(ProductionError, match="damaged"):
        read_trust(tmp_path)


def test_an_edited_or_open_trust_file_is_not_believed(tmp_path: Path) -> None:
    change_trust(tmp_path, lambda trust: trusting(trust).remember(SEEN))
    path = tmp_path / TRUST_FILE
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 2
        path.write_bytes(bytes(changed))
        try:
            found = read_trust(tmp_path)
        except ProductionError:
            continue
        # a space between two values
        assert found == trusting(Trust()).remember(SEEN)
    path.write_bytes(whole)
    path.chmod(0o666)
    with pytest.raises(ProductionError, match="other users"):
        read_trust(tmp_path)


def test_a_full_disk_leaves_trust_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_trust(tmp_path, trusting)
    before = (tmp_path / TRUST_FILE).read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device", handle)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ProductionError) as caught:
        change_trust(tmp_path, lambda trust: trust.remember(SEEN))
    assert caught.value.code is ExitCode.STORAGE
    monkeypatch.undo()
    assert (tmp_path / TRUST_FILE).read_bytes() == before
    assert not list(tmp_path.glob("*.new"))


def test_keys_are_replaced_distrusted_and_serials_forgotten() -> None:
    trust = trusting(Trust()).remember(SEEN)
    assert trusting(trust) == trust
    only = with_keys(trust, "camino", [THIEF.public], today=TODAY, replace=True)
    assert [one.key for one in only.keys] == [THIEF.public]
    assert [one.key for one in without_key(trust, KEY.public).keys] == [STANDBY.public]
    # what was seen of a key stays: if it comes back, its old packs do not
    assert without_key(trust, KEY.public).seen == only.seen == trust.seen
    assert without_serials(trust, "camino").seen == ()
    assert without_serials(trust, "camino", "camino_b").seen == trust.seen
    assert without_serials(trust, "other").seen == trust.seen
    assert trust.remember(replace(SEEN, serial=2)) == trust


def test_two_programs_that_verify_at_once_both_remember(tmp_path: Path) -> None:
    def remember(number: int) -> None:
        change_trust(tmp_path, lambda trust: trust.remember(replace(SEEN, pack=f"camino_{number}")))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(remember, range(16)))
    assert len(read_trust(tmp_path).seen) == 16
