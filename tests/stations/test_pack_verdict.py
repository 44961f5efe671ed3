"""Every verdict by name, from packs that were signed, and then changed as people change them."""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from programme.digests import canonical_json, digest_bytes
from stations.pack_plan import PackRequest
from stations.pack_verdicts import Verdict
from stations.pack_zip import write_pack
from stations.trust import Trust
from tests.stations.signed_packs import (
    KEY,
    SOUND,
    STANDBY,
    THIEF,
    derived,
    finished,
    judged,
    judged_files,
    laid_out,
    pack_files,
    trust_in,
    zipped,
)
from tests.strict import ToolFinder

Files = dict[str, bytes]


def test_a_signed_pack_is_genuine_and_its_serial_is_to_be_remembered(tmp_path: Path) -> None:
    found = judged_files(pack_files(), tmp_path)
    assert (found.verdict, found.faults, found.is_proven) == (Verdict.GENUINE, (), True)
    assert found.key == KEY.public
    assert found.seen is not None
    assert (found.seen.pack, found.seen.serial) == ("camino_0123456789ab", 42)


def test_a_folder_and_a_zip_packed_anew_by_another_program_are_the_same_pack(
    tmp_path: Path,
) -> None:
    files = pack_files()
    assert judged(laid_out(files, tmp_path / "stick")).verdict is Verdict.GENUINE
    wrapped = {f"my pack/{path}": data for path, data in files.items()}
    path = tmp_path / "again.zip"
    path.write_bytes(zipped({"my pack/": b"", **wrapped}, method=zipfile.ZIP_DEFLATED))
    assert judged(path).verdict is Verdict.GENUINE


@pytest.mark.tools
def test_a_zip_of_the_zip_program_is_read(tmp_path: Path, tool: ToolFinder) -> None:
    folder = laid_out(pack_files(), tmp_path / "stick")
    subprocess.run([tool("zip"), "-q", "-r", tmp_path / "p.zip", "."], cwd=folder, check=True)
    assert judged(tmp_path / "p.zip").verdict is Verdict.GENUINE
    # from a pipe: the lengths follow the data
    with (tmp_path / "q.zip").open("wb") as out:
        subprocess.run([tool("zip"), "-q", "-r", "-", "."], cwd=folder, stdout=out, check=True)
    assert judged(tmp_path / "q.zip").verdict is Verdict.GENUINE


def changed(path: str, data: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, path: data}


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {one: data for one, data in files.items() if one != path}


def manifest_changed(**about: Any) -> Callable[[Files], Files]:
    """Change what pack.json says, and leave its signature; the lists are made to fit."""

    def change(files: Files) -> Files:
        told = json.loads(files["pack.json"]) | about
        return derived({**files, "pack.json": (canonical_json(told) + "\n").encode()})

    return change


FIRST, SECOND = SOUND

CHANGES: dict[str, tuple[Callable[[Files], Files], Verdict, str]] = {
    "one byte of sound": (changed(FIRST, b"IDX" + bytes(3000)), Verdict.ALTERED, FIRST),
    "longer sound": (changed(FIRST, b"ID3" + bytes(3001)), Verdict.ALTERED, FIRST),
    "sound cut at a frame": (changed(FIRST, b"ID3" + bytes(2000)), Verdict.TRUNCATED, FIRST),
    "sound is missing": (without(SECOND), Verdict.TRUNCATED, SECOND),
    "a file more": (changed("notes.txt", b"x"), Verdict.ALTERED, "notes.txt"),
    "a track more": (changed("01_ES/002_x.mp3", b"x"), Verdict.MIXED, "01_ES/002_x.mp3"),
    "the page is another": (
        changed("index.html", b"<!doctype evil>"),
        Verdict.ALTERED,
        "index.html",
    ),
    "no signature": (without("pack.json.minisig"), Verdict.UNSIGNED, "pack.json.minisig"),
    "no list": (without("pack.json"), Verdict.TRUNCATED, "pack.json"),
    "no sums": (without("SHA256SUMS"), Verdict.TRUNCATED, "SHA256SUMS"),
    "other sums": (changed("SHA256SUMS", b"0" * 64 + b"  x\n"), Verdict.ALTERED, "SHA256SUMS"),
    "sums of nothing": (changed("SHA256SUMS", b""), Verdict.ALTERED, "SHA256SUMS"),
    "other tags": (
        changed("tagmanifest-sha256.txt", b"\xff"),
        Verdict.ALTERED,
        "tagmanifest-sha256.txt",
    ),
    "later validity": (
        manifest_changed(valid_until="2027-12-06"),
        Verdict.FORGED,
        "pack.json.minisig",
    ),
    "another serial": (manifest_changed(serial=43), Verdict.MIXED, "pack.json.minisig"),
    "signature is garbage": (
        changed("pack.json.minisig", b"hello"),
        Verdict.FORGED,
        "pack.json.minisig",
    ),
    "an endless signature": (
        changed("pack.json.minisig", b"x" * 20_000),
        Verdict.UNSAFE,
        "pack.json.minisig",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_refused_by_name_and_place(change: str, tmp_path: Path) -> None:
    make, verdict, where = CHANGES[change]
    found = judged_files(make(pack_files()), tmp_path)
    assert found.verdict is verdict, found.faults
    assert where in {fault.where for fault in found.faults if fault.verdict is verdict}
    assert found.seen is None
    assert all(fault.remedy and fault.problem for fault in found.faults)


def test_a_pack_of_a_thief_is_of_an_untrusted_key_or_forged(tmp_path: Path) -> None:
    publisher = {"id": "camino", "name": "Radio Camino", "contact": "x@example.org"}
    own = {**publisher, "keys": [THIEF.public.text]}
    assert judged_files(pack_files(signer=THIEF, publisher=own), tmp_path).verdict is (
        Verdict.UNTRUSTED_KEY
    )
    assert judged_files(pack_files(signer=THIEF), tmp_path).verdict is Verdict.UNTRUSTED_KEY
    # the id of a key is chosen freely: it finds a key and proves nothing
    same_id = type(THIEF).from_seed(THIEF.seed, key_id=KEY.public.id)
    assert judged_files(pack_files(signer=same_id), tmp_path).verdict is Verdict.FORGED


def test_a_whole_pack_of_a_stranger_shows_the_key_that_can_be_compared(tmp_path: Path) -> None:
    found = judged_files(pack_files(), tmp_path, Trust())
    assert (found.verdict, found.key, found.is_proven) == (
        Verdict.UNTRUSTED_KEY,
        KEY.public,
        False,
    )
    assert found.seen is None
    broken = {**pack_files(), FIRST: b"x"}
    assert {one.verdict for one in judged_files(broken, tmp_path, Trust()).faults} == {
        Verdict.UNTRUSTED_KEY,
        Verdict.TRUNCATED,
    }


def test_a_key_signs_only_for_its_publisher(tmp_path: Path) -> None:
    found = judged_files(pack_files(), tmp_path, trust_in(KEY.public, publisher="vecinos"))
    assert found.verdict is Verdict.UNTRUSTED_KEY
    assert "vecinos" in found.faults[0].problem
    assert judged_files(pack_files(), tmp_path, trust_in(KEY.public, publisher="")).verdict is (
        Verdict.GENUINE
    )


def test_an_unsigned_pack_of_a_publisher_that_signs_says_so(tmp_path: Path) -> None:
    found = judged_files(pack_files(signer=None), tmp_path)
    assert found.verdict is Verdict.UNSIGNED
    assert "signs its packs" in found.faults[0].problem
    stranger = judged_files(pack_files(signer=None), tmp_path, Trust())
    assert "nobody can tell" in stranger.faults[0].problem


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    files = {**pack_files(), FIRST: b"IDX" + bytes(3000)}
    files.pop(SECOND)
    found = judged_files(files, tmp_path, today=date(2027, 1, 1))
    assert [one.verdict for one in found.faults] == [
        Verdict.TRUNCATED,
        Verdict.ALTERED,
        Verdict.EXPIRED,
    ]
    assert found.verdict is Verdict.ALTERED


def test_nothing_is_said_of_the_days_of_a_forged_pack(tmp_path: Path) -> None:
    files = manifest_changed(valid_until="2020-01-01")(pack_files())
    found = judged_files(files, tmp_path)
    assert [one.verdict for one in found.faults] == [Verdict.FORGED]


# Two packs in one folder


def other_pack() -> Files:
    sound = {"01_ES/001_asilo.mp3": b"ID3" + bytes(2999) + b"x", "03_FR/001_asile.mp3": b"ID3"}
    return pack_files(sound=sound, serial=41, issued="2026-11-15")


def test_a_new_pack_copied_over_an_old_one_is_mixed(tmp_path: Path) -> None:
    folder = laid_out(pack_files(), laid_out(other_pack(), tmp_path / "stick"))
    found = judged(folder)
    assert found.verdict is Verdict.MIXED
    assert [one.where for one in found.faults] == ["03_FR/001_asile.mp3"]


@pytest.mark.parametrize("done", range(1, 8))
def test_a_copy_over_an_old_pack_that_broke_off_is_refused(done: int, tmp_path: Path) -> None:
    new = pack_files()
    folder = laid_out(other_pack(), tmp_path / "stick")
    laid_out(dict(list(new.items())[:done]), folder)
    assert judged(folder).verdict in {Verdict.MIXED, Verdict.ALTERED, Verdict.TRUNCATED}
    assert judged(folder).seen is None


def test_lists_of_one_pack_beside_the_files_of_another_are_mixed(tmp_path: Path) -> None:
    old, new = other_pack(), pack_files()
    files = {**new, "SHA256SUMS": old["SHA256SUMS"]}
    found = judged_files(files, tmp_path)
    assert (found.verdict, found.faults[0].where) == (Verdict.MIXED, "SHA256SUMS")
    files = {**old, "pack.json": new["pack.json"], "pack.json.minisig": new["pack.json.minisig"]}
    assert judged_files(files, tmp_path).verdict is Verdict.MIXED


def test_two_packs_side_by_side_are_mixed_and_each_alone_is_genuine(tmp_path: Path) -> None:
    laid_out(pack_files(), tmp_path / "a")
    laid_out(pack_files(serial=7), tmp_path / "b")
    assert judged(tmp_path).verdict is Verdict.MIXED
    assert judged(tmp_path / "b").verdict is Verdict.GENUINE
    shutil.copytree(tmp_path / "b", tmp_path / "a" / "old")
    assert judged(tmp_path / "a").verdict is Verdict.MIXED


def test_sound_that_was_called_back_and_still_lies_there_is_named(tmp_path: Path) -> None:
    old = b"ID3 old"
    recall = {
        "title": "Viejo",
        "files": [{"path": "01_ES/009_viejo.mp3", "sha256": digest_bytes(old), "replaced": False}],
    }
    files = {**pack_files(retracts=[recall]), "01_ES/009_viejo.mp3": old}
    found = judged_files(files, tmp_path)
    assert found.verdict is Verdict.MIXED
    assert "called back" in found.faults[0].problem


# The real writer


def test_a_pack_of_the_real_writer_is_genuine_and_no_file_can_change(
    request_of: Callable[..., PackRequest], tmp_path: Path
) -> None:
    request = request_of(signer=KEY)
    network = replace(request.network, signing_keys=(KEY.public.text, STANDBY.public.text))
    write_pack(replace(request, network=network), tmp_path / "pack.zip")
    trust = trust_in(KEY.public, publisher=network.id)
    day = request.issued
    found = judged(tmp_path / "pack.zip", trust, today=day)
    assert found.faults == ()
    assert found.contents is not None
    assert found.contents.keys == (KEY.public, STANDBY.public)
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for path, data in files.items():
        altered = {**files, path: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]}
        again = judged_files(altered, tmp_path, trust, today=day)
        assert again.verdict in {Verdict.ALTERED, Verdict.FORGED}, path


@pytest.mark.tools
def test_a_pack_that_minisign_signed_later_is_genuine(tmp_path: Path, tool: ToolFinder) -> None:
    from stations.secret_keys import render_secret

    (tmp_path / "k.key").write_bytes(render_secret(KEY))
    folder = laid_out(pack_files(signer=None), tmp_path / "stick")
    comment = finished(pack_files(), KEY)["pack.json.minisig"].decode().split("\n")[2]
    said = comment.removeprefix("trusted comment: ")
    subprocess.run(
        [tool("minisign"), "-S", "-s", tmp_path / "k.key", "-t", said, "-m", folder / "pack.json"],
        check=True,
        capture_output=True,
    )
    assert judged(folder).verdict is Verdict.GENUINE
    subprocess.run(
        [tool("minisign"), "-S", "-s", tmp_path / "k.key", "-t", "x", "-m", folder / "pack.json"],
        check=True,
        capture_output=True,
    )
    assert judged(folder).verdict is Verdict.FORGED
