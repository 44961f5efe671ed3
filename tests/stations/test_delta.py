"""Updates of packs: followed, they equal the whole pack; forged or broken, they change nothing."""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.pack_delta import Applied, apply_delta
from production.pack_trust import change_trust
from programme.digests import digest_bytes
from programme.errors import ProductionError
from stations.delta_contents import DeltaContentsError, Way, parse_delta, render_delta
from stations.delta_making import DeltaReport, make_delta
from stations.delta_placing import STAGE, order_faults
from stations.minisign import SecretKey
from stations.pack_members import Member
from stations.pack_plan import PackFile
from stations.pack_zip import write_members
from tests.conftest import ToolFinder
from tests.stations.signed_packs import KEY, THIEF, TODAY, TRUST, pack_files
from tests.stations.test_vcdiff import sound

ISSUED = date(2026, 11, 22)
OLD_SOUND = {
    "01_ES/001_asilo.mp3": sound(100, seed=1) + sound(70, seed=2),
    "01_ES/002_agua.mp3": sound(50, seed=3),
    "02_EN/001_asylum.mp3": sound(40, seed=4),
}
NEW_SOUND = {
    "01_ES/001_asilo.mp3": sound(100, seed=1) + sound(40, seed=5),
    "01_ES/002_refugio.mp3": sound(30, seed=6),
    "01_ES/003_agua.mp3": OLD_SOUND["01_ES/002_agua.mp3"],
    "02_EN/001_asylum.mp3": OLD_SOUND["02_EN/001_asylum.mp3"],
}

Files = Mapping[str, bytes]


def files_of(number: int, *, signer: SecretKey | None = KEY, **about: object) -> dict[str, bytes]:
    sounds = OLD_SOUND if number == 41 else NEW_SOUND
    return pack_files(signer=signer, sound=sounds, serial=number, **about)


def write_zip(path: Path, files: Files) -> Path:
    members = [
        Member(
            file=PackFile(path=name, length_bytes=len(data), digest=digest_bytes(data)), source=data
        )
        for name, data in files.items()
    ]
    with path.open("wb") as out:
        write_members(members, ISSUED, out)
    return path


def write_folder(path: Path, files: Files) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def read_folder(path: Path) -> dict[str, bytes]:
    return {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in path.rglob("*")
        if one.is_file()
    }


def made_in(folder: Path, *, signer: SecretKey | None = KEY) -> DeltaReport:
    """Make the update from 41 to 42 in a folder that holds both ZIPs."""
    folder.mkdir(exist_ok=True)
    scratch = folder / "scratch"
    scratch.mkdir()
    old = write_zip(folder / "old.zip", files_of(41, signer=signer))
    new = write_zip(folder / "new.zip", files_of(42, signer=signer))
    return make_delta(old, new, folder, signer=signer, scratch=scratch)


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


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be one without hard links, as FAT is."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)


def test_an_update_says_what_becomes_of_each_file_and_costs_what_is_new(
    update: DeltaReport,
) -> None:
    contents = update.contents
    assert (contents.from_serial, contents.to_serial) == (41, 42)
    assert update.path.name == "camino_0123456789ab-41-42.delta.zip"
    by_path = {one.path: one for one in contents.files}
    assert by_path["02_EN/001_asylum.mp3"].way is Way.UNCHANGED
    assert by_path["01_ES/001_asilo.mp3"].way is Way.CHANGED
    assert by_path["01_ES/001_asilo.mp3"].cost_bytes < 40 * 192 + 100
    # The same sound under another number costs a few bytes.
    assert by_path["01_ES/003_agua.mp3"].old == "01_ES/002_agua.mp3"
    assert by_path["01_ES/003_agua.mp3"].cost_bytes < 60
    assert by_path["01_ES/002_refugio.mp3"].way is Way.NEW
    assert [one.path for one in contents.removed] == ["01_ES/002_agua.mp3"]
    assert update.length_bytes < 70 * 192 + 12_000
    assert list(by_path) == list(files_of(42))


def test_making_it_twice_gives_the_same_bytes(update: DeltaReport, tmp_path: Path) -> None:
    assert made_in(tmp_path / "again").digest == update.digest


def test_a_zip_becomes_the_very_zip_that_was_built(
    update: DeltaReport, follow: Callable[..., Applied], tmp_path: Path
) -> None:
    target = Path(shutil.copy(update.path.parent / "old.zip", tmp_path / "pack.zip"))
    before = target.read_bytes()
    assert not follow(target, dry_run=True).done
    assert target.read_bytes() == before
    assert follow(target).done
    assert target.read_bytes() == (update.path.parent / "new.zip").read_bytes()
    assert follow(target).was_there
    assert sorted(one.name for one in tmp_path.iterdir()) == ["keys", "pack.zip"]


def test_a_folder_becomes_the_new_pack_and_keeps_what_is_not_of_it(
    follow: Callable[..., Applied], tmp_path: Path
) -> None:
    target = write_folder(tmp_path / "pack", {**files_of(41), "notes of the driver.txt": b"x"})
    assert follow(target).done
    assert read_folder(target) == {**files_of(42), "notes of the driver.txt": b"x"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["keys", "pack"]


@pytest.mark.usefixtures("no_links")
def test_a_stick_without_hard_links_becomes_the_new_pack(
    follow: Callable[..., Applied], tmp_path: Path
) -> None:
    target = write_folder(tmp_path / "stick", files_of(41))
    assert follow(target).done
    assert read_folder(target) == files_of(42)
    assert follow(target).was_there


@pytest.mark.parametrize(
    ("backwards", "told"), [(False, []), (True, ["", "01_ES"])], ids=["in order", "backwards"]
)
def test_a_stick_that_would_play_in_another_order_is_told_by_its_folders(
    update: DeltaReport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    backwards: bool,
    told: list[str],
) -> None:
    target = write_folder(tmp_path / "stick", files_of(42))
    listing = os.scandir

    @contextmanager
    def listed(folder: Path) -> Iterator[list[os.DirEntry[str]]]:
        """List as a FAT disk would whose files were written in this order."""
        with listing(folder) as entries:
            yield sorted(entries, key=lambda one: one.name, reverse=backwards)

    monkeypatch.setattr(os, "scandir", listed)
    assert order_faults(target, update.contents) == told


class PulledOut(BaseException):
    """The program is killed here: nobody catches this."""


def steps_of(monkeypatch: pytest.MonkeyPatch, stop_at: int, error: BaseException) -> Iterator[int]:
    """Count everything that changes names on the disk, and stop at one of them."""
    count = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*words: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == stop_at:
                raise error
            return real(*words, **more)

        return step

    for name in ("replace", "rename", "unlink", "mkdir", "rmdir"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    monkeypatch.setattr(os, "link", counted(os.link))
    yield 0
    while True:
        yield count


@pytest.mark.parametrize("links", [True, False], ids=["disk", "stick"])
@pytest.mark.parametrize(
    "error", [PulledOut(), OSError(errno.ENOSPC, "full")], ids=["killed", "full"]
)
def test_wherever_it_breaks_off_the_old_or_the_new_is_there_and_it_can_be_finished(
    follow: Callable[..., Applied],
    tmp_path: Path,
    links: bool,
    error: BaseException,
    request: pytest.FixtureRequest,
) -> None:
    if not links:
        request.getfixturevalue("no_links")
    old, new = files_of(41), files_of(42)
    for stop_at in range(1, 200, 1 if isinstance(error, PulledOut) else 3):
        target = write_folder(tmp_path / f"pack{stop_at}", old)
        with pytest.MonkeyPatch.context() as patch:
            real_link = os.link
            steps = steps_of(patch, stop_at, error)
            next(steps)
            if not links:
                patch.setattr(os, "link", real_link)
            try:
                follow(target)
            except (PulledOut, ProductionError):
                broken = True
            else:
                broken = False
        if broken and target.exists() and not (target / STAGE / "delta.json").exists():
            there = {k: v for k, v in read_folder(target).items() if not k.startswith(STAGE)}
            assert there in (old, new), stop_at
        assert follow(target).done
        assert read_folder(target) == new, stop_at
        shutil.rmtree(target)
        left = {one.name for one in tmp_path.iterdir()} - {"keys"}
        assert not left, stop_at
        if not broken:
            assert stop_at > 8
            return
    pytest.fail("it never came to its end")


def test_people_without_altavoz_make_the_new_pack_by_the_readme(
    update: DeltaReport, tool: ToolFinder, tmp_path: Path
) -> None:
    for name in ("xdelta3", "sha256sum", "minisign"):
        tool(name)
    pack = write_folder(tmp_path / "old", files_of(41))
    here = tmp_path / "update"
    with ZipFile(update.path) as archive:
        archive.extractall(here)
    text = (here / "README.txt").read_text("utf-8-sig")
    spanish = text.split("-" * 60)[0]
    assert "del número 41 al número 42" in spanish
    assert "6 de diciembre de 2026" in spanish
    lines = [one.strip() for one in spanish.splitlines() if one.startswith("    ")]
    assert lines.pop(0) == "altavoz apply camino_0123456789ab-41-42.delta.zip PACK"
    script = "set -e\n" + "\n".join(lines).replace("PACK", str(pack))
    done = subprocess.run(["sh", "-c", script], cwd=here, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert read_folder(pack) == files_of(42)


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
