"""Deliveries that stop half-way, and folders in which others have files too."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from production.delivery.folder import StationDisk
from production.delivery.state import STATE_FILE, read_state
from programme.errors import ExitCode, ProductionError
from programme.storage import link_or_copy, put_file
from tests.production.delivery.folder_station import AFTER, TOMORROW, deliver, served, shown
from tests.production.running import built_once, copy_of, edit
from tests.production.running import tree as digests


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return served(copy_of(built, tmp_path / "small"), "vlc")


def test_files_of_others_are_never_touched(root: Path, tmp_path: Path) -> None:
    away = tmp_path / "share"
    (away / "media/en").mkdir(parents=True)
    own = {"media/en/jingle.mp3": b"a", "notes.txt": b"b", "latest.mp3": b"c", ".x.new": b"d"}
    for path, data in own.items():
        (away / path).write_bytes(data)
    deliver(root, away)
    edit(root / "scripts/agua/en.md", "Drink", "Sip")
    deliver(root, away, day=TOMORROW)
    deliver(root, away, day=AFTER)
    assert {path: (away / path).read_bytes() for path in own} == own


@pytest.mark.parametrize("name", ["altavoz.m3u8", "latest/corta_en.mp3", "README.txt"])
def test_a_strangers_file_in_our_place_stops_everything(
    root: Path, tmp_path: Path, name: str
) -> None:
    away = tmp_path / "share"
    (away / name).parent.mkdir(parents=True)
    (away / name).write_bytes(b"theirs")
    with pytest.raises(ProductionError, match="did not put there") as caught:
        deliver(root, away)
    assert caught.value.where == str(away / name)
    assert shown(away) == {name: digests(away)[name]}
    assert (away / name).read_bytes() == b"theirs"


@pytest.mark.parametrize("link", ["media", "latest", "altavoz.pls"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(
    root: Path, tmp_path: Path, link: str
) -> None:
    away, outside = tmp_path / "share", tmp_path / "outside"
    away.mkdir()
    outside.mkdir()
    (away / link).symlink_to(outside if "." not in link else outside / "file")
    with pytest.raises(ProductionError, match="did not put there"):
        deliver(root, away)
    assert not list(outside.iterdir())


def test_a_list_of_own_files_that_names_others_is_refused(root: Path, tmp_path: Path) -> None:
    away = tmp_path / "share"
    away.mkdir()
    deliver(root, away)
    victim = tmp_path / "victim.txt"
    victim.write_text("keep")
    state = away / STATE_FILE
    page = json.loads(state.read_text())
    names = ("../victim.txt", str(victim), "media/../../victim.txt", "a\\..\\b")
    for path in (*names, "x" * 5_000, "a/" * 3_000 + "b", "media/\ud800.mp3", "C:/x"):
        page["files"][path] = {"sha256": "0" * 64}
        state.write_text(json.dumps(page))
        with pytest.raises(ProductionError, match="is damaged") as caught:
            deliver(root, away)
        assert caught.value.where == str(state)
        del page["files"][path]
    for text in ("", "[]", "{}", '{"format": "altavoz-delivery-state/1"}', "\x00"):
        state.write_text(text)
        with pytest.raises(ProductionError, match="is damaged"):
            deliver(root, away)
    assert victim.read_text() == "keep"


def test_what_a_share_says_of_removed_editions_ends_in_words(root: Path, tmp_path: Path) -> None:
    away = tmp_path / "share"
    away.mkdir()
    deliver(root, away)
    state = away / STATE_FILE
    page = json.loads(state.read_text())
    row = {
        "edition": ["avisos", "aviso-9", "es-419"],
        "words": "0" * 64,
        "title": "Aviso",
        "kind": "withdrawn",
        "reason": "",
        "since": "2026-11-01",
        "files": [],
    }
    strange: dict[str, tuple[object, ...]] = {
        "edition": (
            ["avisos", "aviso-9", "xx-bogus"],
            ["avisos", "aviso-9", "../../x"],
            ["avisos", "\ud800", "es-419"],
        ),
        "title": ("\ud800",),
        "reason": ("\udfff",),
        "since": ("2026-13-01",),
        "kind": ("gone",),
        "files": (["\ud800"],),
    }
    for key, values in strange.items():
        for value in values:
            state.write_text(json.dumps(page | {"gone": [row | {key: value}]}))
            before = digests(away)
            with pytest.raises(ProductionError, match="is damaged"):
                deliver(root, away)
            assert digests(away) == before, (key, value)


def test_the_folder_of_another_station_is_refused(root: Path, tmp_path: Path) -> None:
    away = tmp_path / "share"
    away.mkdir()
    deliver(root, away)
    before = digests(away)
    edit(root / "altavoz.toml", 'id = "small"', 'id = "other"')
    with pytest.raises(ProductionError, match="another station"):
        deliver(root, away)
    assert digests(away) == before


def test_a_share_that_is_gone_is_named_and_not_made_anew(root: Path, tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="not there") as caught:
        deliver(root, tmp_path / "mnt/share")
    assert caught.value.where == str(tmp_path / "mnt/share")
    assert caught.value.code is ExitCode.STORAGE
    assert not (tmp_path / "mnt").exists()


class Killed(BaseException):
    """The machine went off."""


def stop_at(patch: pytest.MonkeyPatch, count: int, error: Callable[[], BaseException]) -> None:
    """Let the file after ``count`` others fail while it is written."""
    from production.delivery import folder as delivery_folder
    from production.delivery import state as delivery_state

    seen = [0]

    def step() -> None:
        seen[0] += 1
        if seen[0] > count:
            raise error()

    def put(path: Path, fill: Callable[..., object], *, mode: int | None = None) -> None:
        step()
        put_file(path, fill, mode=mode)

    real = link_or_copy

    def link(path: Path, place: Path) -> None:
        step()
        if isinstance(error(), Killed) and seen[0] % 3 == 0:
            # A run that is killed can leave a half-written file beside.
            place.with_name(f".{place.name}.4711.new").write_bytes(b"half")
        real(path, place)

    write_state = delivery_state.write_state

    def state(*arguments: object) -> None:
        step()
        write_state(*arguments)  # type: ignore[arg-type]

    patch.setattr(delivery_folder, "put_file", put)
    patch.setattr(delivery_folder, "link_or_copy", link)
    patch.setattr(delivery_folder, "write_state", state)


@pytest.mark.parametrize("error", [Killed, lambda: OSError(errno.ENOSPC, "No space left")])
def test_a_run_that_stopped_anywhere_is_finished_by_the_next(
    root: Path, tmp_path: Path, error: Callable[[], BaseException]
) -> None:
    away, whole = tmp_path / "share", tmp_path / "whole"
    away.mkdir()
    whole.mkdir()
    deliver(root, away)
    deliver(root, whole)
    edit(root / "episodes/corta-1.yml", 'en: "Water and help"', 'en: "Help and water"')
    edit(root / "scripts/agua/en.md", "Drink", "Sip")
    wanted = shown(deliver(root, whole, day=TOMORROW).path)
    old = [path for path in shown(away) if path not in wanted and path.startswith("media")]
    stopped, told = 0, set()
    for count in range(40):
        with pytest.MonkeyPatch.context() as patch:
            stop_at(patch, count, error)
            try:
                deliver(root, away, day=TOMORROW)
            except Killed:
                stopped += 1
            except ProductionError as caught:
                stopped += 1
                told.add((caught.problem, caught.where.startswith(str(away))))
            else:
                break
        if count:
            # Words that are wrong now are gone, however little room there is.
            assert not any((away / path).exists() for path in old)
    assert stopped > 3
    assert told <= {("the disk is full", True)}
    deliver(root, away, day=TOMORROW)
    assert shown(away) == wanted
    assert not list(away.rglob("*.new"))


def test_os_errors_of_a_share_are_told_with_its_path(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "share"
    away.mkdir()
    deliver(root, away)
    (away / "altavoz.pls").unlink()

    def gone(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("production.delivery.folder.put_file", gone)
    with pytest.raises(ProductionError, match="reports an error") as caught:
        deliver(root, away)
    assert caught.value.where == str(away)
    assert caught.value.code is ExitCode.STORAGE


def test_a_name_in_other_letters_is_looked_at_since_many_shares_take_it_for_ours(
    tmp_path: Path,
) -> None:
    # SMB, FAT, exFAT and APFS find readme.txt where README.txt is asked for.
    (tmp_path / "media" / "es").mkdir(parents=True)
    (tmp_path / "readme.TXT").touch()
    (tmp_path / "media" / "es" / "b.mp3").touch()
    disk = StationDisk(tmp_path, read_state(tmp_path), seen=lambda _: None, see=lambda *_: None)
    wanted = ("README.txt", "REMOVED.txt", "media/es/a.mp3", "media/es/b.mp3", "lists/1.m3u")
    assert disk._present(wanted) == {"README.txt", "media/es/b.mp3"}
