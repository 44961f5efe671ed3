"""Updates of packs: followed, they equal the whole pack; forged or broken, they change nothing."""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.packs.delta import Applied, apply_delta
from production.packs.trust import change_trust
from programme.errors import ProductionError
from stations.delta_contents import Way
from stations.delta_making import DeltaReport
from stations.delta_placing import STAGE, order_faults
from tests.stations.delta_cases import (
    files_of,
    made_in,
    read_folder,
    write_folder,
)
from tests.stations.signed_packs import TODAY, TRUST
from tests.strict import ToolFinder


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
    assert update.length_bytes < 70 * 192 + 12_600
    assert list(by_path) == list(files_of(42))


def test_sound_in_the_page_costs_nothing_where_the_update_has_its_file(
    update: DeltaReport,
) -> None:
    page = next(one for one in update.contents.files if one.path == "index.html")
    # The second file has sixteen bytes of a tag; the third is the old one under another name.
    assert page.sounds == (
        ("01_ES/001_asilo.mp3", 0),
        ("01_ES/002_refugio.mp3", 16),
        ("01_ES/003_agua.mp3", 0),
    )
    assert page.cost_bytes < 300


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
