"""Updates that are not the publisher's, or not for this pack, change nothing and are named."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.packs.delta import Applied, apply_delta
from production.packs.trust import change_trust
from programme.errors import ProductionError
from stations.delta_contents import DeltaContentsError, parse_delta, render_delta
from stations.delta_making import DeltaReport, make_delta
from stations.delta_placing import STAGE
from tests.stations.delta_cases import (
    Files,
    files_of,
    made_in,
    read_folder,
    write_folder,
    write_zip,
)
from tests.stations.signed_packs import KEY, THIEF, TODAY, TRUST


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> DeltaReport:
    return made_in(tmp_path_factory.mktemp("update"))


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    change_trust(folder, lambda _: TRUST)
    return folder


@pytest.fixture
def follow(trust: Path, update: DeltaReport) -> Callable[..., Applied]:
    def call(target: Path, delta: Path = update.path, **how: bool) -> Applied:
        return apply_delta(delta, target, trust, today=TODAY, **how)  # type: ignore[arg-type]

    return call


def changed(delta: Path, out: Path, edit: Callable[[dict[str, bytes]], None]) -> Path:
    """Write an update anew after somebody edited it."""
    with ZipFile(delta) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    edit(files)
    return write_zip(out, files)


def flip(files: dict[str, bytes], name: str, at: int) -> None:
    data = bytearray(files[name])
    data[at] ^= 1
    files[name] = bytes(data)


def unsign(files: dict[str, bytes]) -> None:
    del files["delta.json.minisig"]


def sign_as_thief(files: dict[str, bytes]) -> None:
    comment = parse_delta(files["delta.json"]).comment
    files["delta.json.minisig"] = THIEF.sign(files["delta.json"], trusted=comment, untrusted="x")


def sign_another_comment(files: dict[str, bytes]) -> None:
    files["delta.json.minisig"] = KEY.sign(files["delta.json"], trusted="delta=x", untrusted="x")


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (unsign, "nobody signed this update, although camino signs"),
        (sign_as_thief, "unknown key"),
        (sign_another_comment, "says something else"),
        (lambda f: flip(f, "delta.json", 200), "update"),
        (lambda f: flip(f, "changed/01_ES/001_asilo.mp3.vcdiff", 2000), "does not make"),
        (lambda f: flip(f, "changed/01_ES/001_asilo.mp3.vcdiff", 1), "differences for"),
        (lambda f: flip(f, "new/01_ES/002_refugio.mp3", 5), "does not make"),
        (lambda f: f.pop("new/01_ES/002_refugio.mp3"), "is missing in the update"),
        (lambda f: f.pop("delta.json"), "this is no update pack"),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_an_update_that_is_not_the_publishers_changes_nothing(  # noqa: PLR0917 - cases
    update: DeltaReport,
    follow: Callable[..., Applied],
    tmp_path: Path,
    edit: Callable[[dict[str, bytes]], None],
    problem: str,
    kind: str,
) -> None:
    bad = changed(update.path, tmp_path / "bad.zip", edit)
    old = files_of(41)
    target = tmp_path / "pack"
    write_zip(target, old) if kind == "zip" else write_folder(target, old)
    before = target.read_bytes() if kind == "zip" else read_folder(target)
    with pytest.raises(ProductionError, match=problem):
        follow(target, bad)
    assert (target.read_bytes() if kind == "zip" else read_folder(target)) == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bad.zip", "keys", "pack"]


def test_a_pack_that_is_not_the_one_that_is_meant_is_refused_by_its_file(
    follow: Callable[..., Applied], tmp_path: Path
) -> None:
    other = write_folder(tmp_path / "other", files_of(40))
    with pytest.raises(ProductionError, match="is not camino_0123456789ab number 41"):
        follow(other)
    cut = write_folder(tmp_path / "cut", files_of(41))
    (cut / "02_EN/001_asylum.mp3").write_bytes(b"ID3")
    with pytest.raises(ProductionError, match=r"02_EN/001_asylum\.mp3 is missing in the pack, or"):
        follow(cut)
    mixed = write_folder(tmp_path / "mixed", files_of(42))
    (mixed / "02_EN/001_asylum.mp3").write_bytes(b"ID3")
    with pytest.raises(ProductionError, match=r"02_EN/001_asylum\.mp3 is missing in the pack, or"):
        follow(mixed)


def test_an_update_that_nobody_signed_is_taken_only_when_that_is_said(
    tmp_path: Path,
) -> None:
    report = made_in(tmp_path / "made", signer=None)
    change_trust(tmp_path / "nobody", lambda trust: trust)
    target = write_folder(tmp_path / "pack", files_of(41, signer=None))
    nobody = tmp_path / "nobody"
    with pytest.raises(ProductionError, match="nobody signed this update"):
        apply_delta(report.path, target, nobody, today=TODAY)
    done = apply_delta(report.path, target, nobody, today=TODAY, unsigned=True)
    assert (done.done, done.key) == (True, None)
    assert read_folder(target) == files_of(42, signer=None)
    with ZipFile(report.path) as archive:
        assert "Nadie firmó" in archive.read("README.txt").decode("utf-8-sig")


def test_a_half_made_update_is_finished_only_by_itself(
    update: DeltaReport, follow: Callable[..., Applied], tmp_path: Path
) -> None:
    target = write_folder(tmp_path / "stick", files_of(41))
    (target / STAGE).mkdir()
    (target / STAGE / "delta.json").write_bytes(render_delta(update.contents) + b" ")
    with pytest.raises(ProductionError, match="another update was broken off here"):
        follow(target)
    (target / STAGE / "delta.json").write_bytes(b"{}")
    with pytest.raises(ProductionError, match="its note is damaged"):
        follow(target)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (files_of(42), files_of(41), "the newest is 41"),
        (files_of(41, pack="other"), files_of(42), "that is the pack other"),
    ],
)
def test_two_packs_that_do_not_follow_each_other_give_no_update(
    tmp_path: Path, old: Files, new: Files, problem: str
) -> None:
    (tmp_path / "scratch").mkdir()
    with pytest.raises(ProductionError, match=problem):
        make_delta(
            write_zip(tmp_path / "old.zip", old),
            write_zip(tmp_path / "new.zip", new),
            tmp_path,
            signer=KEY,
            scratch=tmp_path / "scratch",
        )


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"altavoz-delta/1"', b'"altavoz-delta/9"'),
        (b'"path":"index.html"', b'"path":"../index.html"'),
        (b'"path":"index.html"', b'"path":"INDEX.html","path":"index.html"'),
        (b'"path":"index.html"', b'"path":"BAGIT.txt"'),
        (b'"serial":41', b'"serial":43'),
        (b'"serial":41', b'"serial":-1'),
        (b'"way":"new"', b'"way":"old"'),
        (b'"old":"01_ES/001_asilo.mp3"', b'"old":"/etc/passwd"'),
        (b'"pack":"camino', b'"pack":"..camino'),
        (
            b'"removed":[',
            b'"removed":[{"path":"index.html","bytes":1,"sha256":"' + b"a" * 64 + b'"},',
        ),
        (b'"files":[', b'"files":[[],'),
        (b'"sounds":[["01_ES/001_asilo.mp3",', b'"sounds":[["01_ES/999_none.mp3",'),
        (b'"sounds":[["01_ES/001_asilo.mp3",0],', b'"sounds":["01_ES/001_asilo.mp3",'),
        (b'"sounds":[["01_ES/001_asilo.mp3",', b'"sounds":[["index.html",'),
        (b'"sounds":[["01_ES/001_asilo.mp3",', b'"sounds":[["01_ES/002_refugio.mp3",'),
        (b'"sounds":[["01_ES/001_asilo.mp3",0', b'"sounds":[["01_ES/001_asilo.mp3",-1'),
        (b"{", b"["),
        (b'"bytes":', b'"bytes":true,"x":'),
        (b'"bytes":', b'"bytes":1e400,"x":'),
    ],
)
def test_a_strangers_list_that_cannot_be_right_is_refused(
    update: DeltaReport, was: bytes, becomes: bytes
) -> None:
    data = render_delta(update.contents)
    assert was in data
    with pytest.raises(DeltaContentsError):
        parse_delta(data.replace(was, becomes, 1))


def test_what_is_written_is_read_back_equal(update: DeltaReport) -> None:
    assert parse_delta(render_delta(update.contents)) == update.contents
