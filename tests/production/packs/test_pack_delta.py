"""Updates of packs from a workspace: what is kept, what an update costs, and the commands."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.packs import archive as pack_archive
from production.packs.archive import KEPT_PACKS, find, keep, kept_serials
from programme.digests import digest_file
from programme.errors import ExitCode
from tests.production.running import TODAY, Done, built_once, copy_of, edit, run_here, tree

TOMORROW = date(2026, 11, 23)

Run = Callable[..., Done]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small workspace, built."""
    return copy_of(built_once(tmp_path_factory, "small"), tmp_path_factory.mktemp("delta") / "w")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def command(*words: str | Path, day: date = TODAY) -> Done:
        return run_here(*words, day=day, capture=capsys)

    return command


def test_an_update_is_made_from_a_kept_pack_and_equals_the_whole(
    packed: Path, run: Run, tmp_path: Path
) -> None:
    words = ("pack", "packs", "-w", packed, "--rehearsal", "-j", "1", "--json")
    [first] = json.loads(run(*words).out)
    old = Path(shutil.copy(first["file"], tmp_path / "old.zip"))
    kept = tmp_path / "kept"
    with ZipFile(old) as archive:
        archive.extractall(kept)
    edit(packed / "episodes/corta-1.yml", "Water and help", "Help and water")

    done = run(*words, "--delta", "1", day=TOMORROW)
    assert done.code == ExitCode.OK, done.err
    [second] = json.loads(done.out)
    delta = second["delta"]
    assert (delta["from"], delta["to"]) == (1, 2)
    assert delta["bytes"] < delta["pack_bytes"] / 10
    assert "01_ES/corta_es-419_001.mp3" not in delta["changed"]
    assert kept_serials(packed, delta["pack"]) == [1, 2]

    tried = run("apply", delta["file"], old, "--unsigned", "--dry-run", day=TOMORROW)
    assert "would become" in tried.out
    assert "changed: pack.json" in tried.out
    applied = run("apply", delta["file"], old, "--unsigned", day=TOMORROW)
    assert "number 2 now" in applied.out
    assert "Nobody signed" in applied.err
    assert digest_file(old) == second["sha256"]

    # Who deleted .altavoz still can, with the older pack from whoever has it.
    shutil.rmtree(packed / ".altavoz/packs")
    refused = run(*words, "--delta", "1", day=TOMORROW)
    assert refused.code == ExitCode.INPUT
    assert "number 1 is not kept here; kept: 2" in refused.err
    again = json.loads(run(*words, "--delta", "1", "--from", kept, day=TOMORROW).out)
    assert again[0]["delta"]["sha256"] == delta["sha256"]
    refused = run(*words, "--delta", "1", "--from", old, day=TOMORROW)
    assert "that pack has the serial 2, and the newest is 2" in refused.err


def stub(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_kept_pack_is_a_second_name_and_the_last_ones_stay(tmp_path: Path) -> None:
    for serial in range(1, KEPT_PACKS + 4):
        # Whatever replaces a pack does so by a rename.
        made = stub(tmp_path / "new", f"pack {serial}")
        made.replace(tmp_path / "pack.zip")
        keep(tmp_path, tmp_path / "pack.zip", "net_a", serial)
        keep(tmp_path, tmp_path / "pack.zip", "net_a", serial)
    assert kept_serials(tmp_path, "net_a") == list(range(4, KEPT_PACKS + 4))
    assert find(tmp_path, "net_a", 3) is None
    last = find(tmp_path, "net_a", KEPT_PACKS + 3)
    assert last is not None
    assert last.samefile(tmp_path / "pack.zip")
    fifth = find(tmp_path, "net_a", 5)
    assert fifth is not None
    assert fifth.read_text() == "pack 5"
    assert not list((tmp_path / pack_archive.ARCHIVE).glob(".*"))


def test_all_packs_together_are_bounded_and_the_newest_of_each_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_archive, "KEPT_BYTES", 25)
    for serial in (1, 2, 3):
        for number, name in enumerate(("net_a", "net_b")):
            path = stub(tmp_path / f"{name}{serial}.zip", "x" * 10)
            os.utime(path, (serial * 10 + number, serial * 10 + number))
            keep(tmp_path, path, name, serial)
    assert kept_serials(tmp_path, "net_a") == [3]
    assert kept_serials(tmp_path, "net_b") == [3]
    keep(tmp_path, stub(tmp_path / "c.zip", "x" * 30), "net_c", 1)
    assert [kept_serials(tmp_path, name) for name in ("net_a", "net_b", "net_c")] == [[3], [3], [1]]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "A", ".x"])
def test_a_name_that_no_pack_has_is_kept_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a pack"):
        keep(tmp_path, stub(tmp_path / "a.zip", ""), name, 1)
    assert list(tree(tmp_path)) == ["a.zip"]
