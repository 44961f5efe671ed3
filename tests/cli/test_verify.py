"""altavoz verify and altavoz keys as people use them: in any folder, in words and for programs."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import altavoz
from production.packs.trust import change_trust, read_trust, with_keys
from stations.secret_keys import is_locked
from tests.production.running import run_here
from tests.production.small import write_small
from tests.stations.signed_packs import (
    KEY,
    SOUND,
    STANDBY,
    THIEF,
    TODAY,
    laid_out,
    pack_files,
    zipped,
)
from tests.strict import ToolFinder

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "conf"
    monkeypatch.setenv("ALTAVOZ_KEYS", str(folder))
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    return folder


def trust_all(folder: Path) -> None:
    both = [KEY.public, STANDBY.public]
    change_trust(folder, lambda now: with_keys(now, "camino", both, today=TODAY, replace=False))


def packed(folder: Path, **about: object) -> Path:
    path = folder / "pack.zip"
    path.write_bytes(zipped(pack_files(**about)))  # type: ignore[arg-type]
    return path


def test_a_genuine_pack_is_told_in_words_and_ends_with_zero(
    tmp_path: Path, keys: Path, capsys: Capture
) -> None:
    trust_all(keys)
    done = run_here("verify", packed(tmp_path), day=TODAY, capture=capsys)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("GENUINE: ")
    assert "serial 42, issued 2026-11-22, valid until 2026-12-06" in done.out
    assert KEY.public.fingerprint in done.out
    assert read_trust(keys).seen[0].serial == 42


def test_an_older_pack_is_refused_afterwards_and_the_reset_is_a_command(
    tmp_path: Path, keys: Path, capsys: Capture
) -> None:
    trust_all(keys)
    old = packed(tmp_path, serial=41)
    assert run_here("verify", "--forget", old, day=TODAY, capture=capsys).code == 0
    assert read_trust(keys).seen == ()
    assert run_here("verify", packed(tmp_path), day=TODAY, capture=capsys).code == 0
    done = run_here("verify", packed(tmp_path, serial=41), day=TODAY, capture=capsys)
    assert (done.code, done.out.split(":")[0]) == (11, "ROLLED-BACK")
    done = run_here("keys", "forget-serials", "camino", "--yes", capture=capsys)
    assert done.out == "Forgotten: 1 of 1 packs\n"
    done = run_here("verify", packed(tmp_path, serial=41), day=TODAY, capture=capsys)
    assert done.code == 0


def test_programs_get_the_verdict_by_name(tmp_path: Path, keys: Path, capsys: Capture) -> None:
    trust_all(keys)
    folder = laid_out(pack_files(), tmp_path / "stick")
    (folder / next(iter(SOUND))).write_bytes(b"ID3")
    done = run_here("verify", "--json", folder, day=date(2027, 1, 1), capture=capsys)
    said = json.loads(done.out)
    assert (done.code, said["verdict"], said["proven"]) == (11, "truncated", True)
    assert {one["verdict"] for one in said["faults"]} == {"truncated", "expired"}
    assert said["pack"]["serial"] == 42
    assert said["key"] == KEY.public.text


def test_the_codes_tell_what_is_over_from_what_is_not_believed(
    tmp_path: Path, keys: Path, capsys: Capture
) -> None:
    trust_all(keys)
    expired = run_here("verify", packed(tmp_path), day=date(2026, 12, 7), capture=capsys)
    assert (expired.code, expired.out.split(":")[0]) == (9, "EXPIRED")
    early = run_here("verify", packed(tmp_path), day=date(1970, 1, 1), capture=capsys)
    assert (early.code, early.out.split(":")[0]) == (11, "FUTURE-DATED")
    nothing = run_here("verify", tmp_path / "nothing.zip", capture=capsys)
    assert (nothing.code, nothing.out) == (6, "")
    empty = run_here("verify", tmp_path / "empty", capture=capsys)
    assert empty.code == 4
    assert "there is no pack here" in empty.err


def test_a_key_on_the_command_line_is_believed_once(
    tmp_path: Path, keys: Path, capsys: Capture
) -> None:
    pack = packed(tmp_path)
    done = run_here("verify", pack, day=TODAY, capture=capsys)
    assert (done.code, done.out.split(":")[0]) == (11, "UNTRUSTED-KEY")
    done = run_here("verify", pack, "--key", KEY.public.text, day=TODAY, capture=capsys)
    assert done.code == 0
    assert read_trust(keys).keys == ()
    assert run_here("verify", pack, "--key", "RWx", day=TODAY, capture=capsys).code == 4


def test_a_strangers_words_cannot_command_the_terminal(
    tmp_path: Path, keys: Path, capsys: Capture
) -> None:
    trust_all(keys)
    publisher = {
        "id": "camino",
        "name": "\x1b[2JGENUINE\u202e",
        "contact": "",
        "keys": [KEY.public.text],
    }
    done = run_here("verify", packed(tmp_path, publisher=publisher), day=TODAY, capture=capsys)
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "\\u001b[2JGENUINE\\u202e" in done.out


def test_a_trust_file_that_cannot_be_written_still_shows_the_verdict(
    tmp_path: Path, keys: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust_all(keys)

    def refuse(handle: int) -> None:
        raise OSError(30, "Read-only file system", handle)

    monkeypatch.setattr("os.fsync", refuse)
    done = run_here("verify", packed(tmp_path), day=TODAY, capture=capsys)
    assert (done.code, done.out.split(":")[0]) == (6, "GENUINE")
    assert "read-only" in done.err


# Trusting


def asked(*arguments: str | Path, said: str) -> tuple[int, str]:
    done = CliRunner().invoke(altavoz, [*map(str, arguments)], input=said)
    return done.exit_code, done.output


def test_trust_from_a_pack_shows_fingerprints_and_asks(tmp_path: Path, keys: Path) -> None:
    pack = packed(tmp_path)
    code, shown = asked("keys", "trust", pack, said="n\n")
    assert code == 1
    assert read_trust(keys).keys == ()
    assert "Radio Camino" in shown
    assert KEY.public.fingerprint in shown
    assert STANDBY.public.fingerprint in shown
    assert asked("keys", "trust", pack, said="y\n")[0] == 0
    assert [(one.publisher, one.key) for one in read_trust(keys).keys] == [
        ("camino", KEY.public),
        ("camino", STANDBY.public),
    ]


def test_a_forger_who_names_keys_of_his_own_is_told_of(tmp_path: Path, keys: Path) -> None:
    trust_all(keys)
    publisher = {"id": "camino", "name": "Radio Camino", "contact": ""}
    forged = packed(tmp_path, signer=THIEF, publisher={**publisher, "keys": [THIEF.public.text]})
    code, shown = asked("keys", "trust", forged, said="n\n")
    assert "Take care" in shown
    assert asked("keys", "trust", "--yes", forged, said="")[0] == 4
    assert THIEF.public not in {one.key for one in read_trust(keys).keys}
    assert code == 1


def test_a_pack_of_a_trusted_key_can_name_its_successors(tmp_path: Path, keys: Path) -> None:
    trust_all(keys)
    publisher = {"id": "camino", "name": "Radio Camino", "contact": ""}
    after = [STANDBY.public.text, THIEF.public.text]
    pack = packed(tmp_path, signer=STANDBY, publisher={**publisher, "keys": after})
    code, shown = asked("keys", "trust", pack, said="y\n")
    assert code == 0
    assert f"No more trusted then: {KEY.public.name}" in shown
    assert {one.key.text for one in read_trust(keys).keys} == set(after)


def test_no_key_is_taken_from_a_pack_that_was_changed(tmp_path: Path, keys: Path) -> None:
    files = pack_files() | {"index.html": b"<!doctype evil>"}
    path = tmp_path / "pack.zip"
    path.write_bytes(zipped(files))
    code, _ = asked("keys", "trust", path, said="y\n")
    assert code == 1
    assert read_trust(keys).keys == ()


def test_trust_from_lines_and_files_needs_a_publisher(tmp_path: Path, keys: Path) -> None:
    file = tmp_path / "camino-standby.pub"
    file.write_bytes(STANDBY.public.render())
    assert asked("keys", "trust", KEY.public.text, said="y\n")[0] == 1
    given: list[str | Path] = ["keys", "trust", "--publisher", "camino", KEY.public.text, file]
    assert asked(*given, said="y\n")[0] == 0
    assert len(read_trust(keys).keys) == 2
    assert asked("keys", "distrust", STANDBY.public.name, said="")[0] == 0
    assert [one.key for one in read_trust(keys).keys] == [KEY.public]
    code, shown = asked("keys", "list", "--json", said="")
    assert (code, json.loads(shown)["trusted"][0]["key"]) == (0, KEY.public.text)


# Making


def test_new_asks_for_a_password_twice_and_never_takes_it_as_an_argument(
    tmp_path: Path, keys: Path
) -> None:
    root = write_small(tmp_path / "ws")
    assert asked("keys", "new", "-w", root, "--password", "x", said="")[0] == 2
    assert asked("keys", "new", "-w", root, "--dry-run", said="")[0] == 0
    assert not keys.exists()
    code, shown = asked("keys", "new", "-w", root, said="clave uno\nclave uno\n")
    assert code == 0
    assert "clave" not in shown
    assert all(is_locked(path.read_text()) for path in keys.rglob("*.key"))


@pytest.mark.tools
def test_a_pack_goes_from_new_keys_to_a_station_without_altavoz(
    tmp_path: Path, keys: Path, capsys: Capture, tool: ToolFinder
) -> None:
    root = write_small(tmp_path / "ws")
    assert run_here("keys", "new", "--no-password", "-w", root, capture=capsys).code == 0
    station = tmp_path / "station"
    shutil.copytree(root / "build/keys", station)
    signer = next(keys.glob("*.key"))
    folder = laid_out(pack_files(signer=None), tmp_path / "stick")
    minisign = tool("minisign")
    subprocess.run([minisign, "-S", "-s", signer, "-m", folder / "pack.json"], check=True)
    command: list[str | Path] = [
        minisign,
        "-V",
        "-p",
        station / "small-current.pub",
        "-m",
        folder / "pack.json",
    ]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    sums = [tool("sha256sum"), "-c", "--quiet", "SHA256SUMS"]
    assert subprocess.run(sums, check=False, cwd=folder).returncode == 0
    (folder / next(iter(SOUND))).write_bytes(b"x")
    done = subprocess.run(sums, check=False, cwd=folder, capture_output=True)
    assert done.returncode == 1


def test_the_doctor_says_how_keys_and_trust_stand(
    tmp_path: Path, keys: Path, capsys: Capture
) -> None:
    from production.keys.doctor import examine_keys

    root = write_small(tmp_path / "ws")
    states = {one.name: (one.state.value, one.remedy) for one in examine_keys(root, keys)}
    assert states["signing keys"] == ("optional", "altavoz keys new")
    assert states["trust"][0] == "optional"
    run_here("keys", "new", "--no-password", "-w", root, capture=capsys)
    states = {one.name: (one.state.value, one.remedy) for one in examine_keys(root, keys)}
    assert states["signing keys"][0] == states["trust"][0] == "good"
    assert states["standby key"][0] == "optional"
    next(keys.glob("*.key")).chmod(0o644)
    states = {one.name: (one.state.value, one.remedy) for one in examine_keys(root, keys)}
    assert states["rights of keys"][0] == "bad"
    shutil.rmtree(keys / "standby")
    states = {one.name: (one.state.value, one.remedy) for one in examine_keys(root, keys)}
    assert states["standby key"][0] == "good"
    (keys / "trust.json").write_text("{}", encoding="utf-8")
    states = {one.name: (one.state.value, one.remedy) for one in examine_keys(root, keys)}
    assert states["trust"][0] == "bad"
