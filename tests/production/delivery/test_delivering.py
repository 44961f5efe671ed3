"""Deliveries: a folder that holds what its station may play, and nothing else."""

import json
import re
from datetime import date
from pathlib import Path

import mutagen
import pytest
from mutagen.id3 import ID3

from programme.errors import ExitCode, ProductionError
from tests.production.delivery.folder_station import (
    AFTER,
    TOMORROW,
    deliver,
    manifest,
    served,
    shown,
)
from tests.production.running import built_once, copy_of, edit, run_here, stamps
from tests.production.running import tree as digests


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return served(copy_of(built, tmp_path / "small"), "vlc")


def test_a_second_run_changes_nothing_and_reads_no_sound(root: Path) -> None:
    first = deliver(root)
    before = stamps(first.path)
    again = deliver(root)
    assert stamps(again.path) == before
    assert (again.changes.written, again.changes.removed) == ((), ())
    assert again.changes.kept == len(before) - 1
    assert first.editions == 2


def test_two_folders_get_the_same_bytes(root: Path, built: Path, tmp_path: Path) -> None:
    other = served(copy_of(built, tmp_path / "elsewhere"), "vlc")
    places = [tmp_path / "one", tmp_path / "two"]
    for place, source in zip(places, (root, other), strict=True):
        place.mkdir()
        deliver(source, place)
    assert digests(places[0]) == digests(places[1])
    for path in places[0].rglob("*"):
        if path.is_file():
            assert str(tmp_path).encode() not in path.read_bytes()


def test_the_folder_shares_its_bytes_at_home_and_is_a_copy_elsewhere(
    root: Path, tmp_path: Path
) -> None:
    away = tmp_path / "share"
    away.mkdir()
    home = deliver(root).path
    deliver(root, away)
    [name] = [p for p in shown(home) if p.startswith("media/en/")]
    assert (home / name).stat().st_nlink > 2
    sound = (away / name).read_bytes()
    # The station's own names share the copy, and no name in the store does.
    latest = (away / "latest/corta_en.mp3").stat()
    assert latest.st_ino == (away / name).stat().st_ino
    with (away / name).open("r+b") as file:
        file.write(b"XXXX")
    assert (home / name).read_bytes() == sound
    # What a program at the station wrote into our file is put right again.
    done = deliver(root, away)
    assert name in done.changes.written
    assert (away / name).read_bytes() == sound


def test_corrected_words_leave_the_folder_and_are_named(root: Path) -> None:
    first = deliver(root)
    old = set(shown(first.path))
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    second = deliver(root, day=TOMORROW)
    new = set(shown(second.path))
    [gone] = [path for path in old - new if path.startswith("media/")]
    [came] = [path for path in new - old if path.startswith("media/")]
    assert gone.rpartition("_v")[0] == came.rpartition("_v")[0]
    [told] = second.removed
    assert (told.language, told.kind.value, told.since) == ("en", "corrected", TOMORROW)
    assert gone in told.files
    text = (second.path / "REMOVED.txt").read_text(encoding="utf-8")
    assert gone in text
    assert "We have corrected it." in text
    script = (second.path / "papers/script_en.txt").read_text(encoding="utf-8")
    assert "Drink slowly." in script
    assert "little by little" not in script
    assert gone not in (second.path / "altavoz.m3u8").read_text(encoding="utf-8")
    # The next run tells it again, in the same bytes; it is no more told after 90 days.
    before = shown(second.path)
    assert deliver(root, day=TOMORROW).removed == second.removed
    assert shown(second.path) == before
    assert told in deliver(root, day=date(2027, 2, 21)).removed
    assert told not in deliver(root, day=date(2027, 2, 22)).removed


def test_what_is_past_its_last_day_leaves_the_folder(root: Path) -> None:
    first = deliver(root)
    media = {path for path in shown(first.path) if path.startswith("media/")}
    assert media
    done = deliver(root, day=AFTER)
    assert done.editions == 0
    assert {one.kind.value for one in done.removed} == {"expired"}
    assert {one.since for one in done.removed} == {AFTER}
    assert not any(path.endswith(".mp3") for path in shown(done.path))
    assert (done.path / "altavoz.m3u8").read_bytes() == b"#EXTM3U\r\n"
    assert not (done.path / "media").exists()


def test_what_a_dropbox_has_taken_is_not_put_there_again(root: Path, tmp_path: Path) -> None:
    served(root, "rivendell")
    away = tmp_path / "share"
    away.mkdir()
    deliver(root, away)
    taken = sorted(path for path in shown(away) if path.startswith("media/en/"))
    assert [Path(path).suffix for path in taken] == [".mp3", ".xml"]
    for path in taken:
        (away / path).unlink()
    (away / "README.txt").unlink()
    done = deliver(root, away)
    assert sorted(done.changes.taken) == taken
    assert done.changes.written == ("README.txt",)
    assert not any((away / path).exists() for path in taken)
    # It is still known what the station has: a correction names it.
    edit(root / "scripts/agua/en.md", "Drink", "Sip")
    corrected = deliver(root, away, day=TOMORROW)
    assert [one.kind.value for one in corrected.removed] == ["corrected"]
    assert corrected.keeps_copies
    assert len(deliver(root, away, day=TOMORROW, again=True).changes.taken) == 0


def test_a_player_that_only_reads_gets_back_what_is_lost(root: Path) -> None:
    first = deliver(root)
    lost = next(first.path.glob("media/en/*.mp3"))
    lost.unlink()
    assert len(deliver(root).changes.written) == 1
    assert lost.is_file()


STEM = re.compile(r"[a-z0-9_-]{1,48}")


def test_what_libretime_reads_is_what_the_manifest_says(root: Path) -> None:
    served(root, "libretime")
    folder = deliver(root).path
    page = manifest(folder)
    assert len(page["sounds"]) == 2
    assert not (folder / "latest").exists()
    for row in page["sounds"]:
        path = folder / str(row["path"])
        easy = mutagen.File(str(path), easy=True)
        plain = ID3(str(path), translate=False)
        tags = row["tags"]
        assert isinstance(tags, dict)
        read_back = {
            "title": easy["title"],
            "artist": easy["artist"],
            "album": easy["album"],
            "track": easy["tracknumber"],
            "language": easy["language"],
            "genre": easy["genre"],
            "copyright": easy["copyright"],
            "publisher": easy["organization"],
            "year": [str(plain["TYER"])],
            "expires": [str(plain["TXXX:EXPIRES"])],
            "gain": [str(plain["TXXX:REPLAYGAIN_TRACK_GAIN"])],
            "version": [str(plain["TXXX:CONTENT_VERSION"])],
        }
        assert read_back == {name: [tags[name]] for name in read_back}
        assert tags["title"] == row["title"]
        assert tags["artist"] == row["artist"] == "Small"
        assert tags["expires"] == row["expires"] == "2027-01-15"
        assert tags["album"] == row["series_title"]
        assert re.fullmatch(r"(\d+)/\1", tags["track"])
        assert tags["language"] == {"es-419": "spa", "en": "eng"}[str(row["language"])]
        # Limits of its database, and of the folders that its analyzer makes.
        assert all(len(tags[name]) <= 512 for name in ("title", "artist", "album", "copyright"))
        assert len(tags["genre"]) <= 64
        assert len(tags["year"]) <= 16
        assert len(tags["artist"]) <= 48
        assert len(tags["album"]) <= 48
        assert STEM.fullmatch(path.stem)
        assert " - " not in tags["title"]
        # Silence at the ends stays under the 0.9 s at which it would cut.
        length = round(easy.info.length * 1000)
        assert length == pytest.approx(int(str(row["duration_ms"])), abs=60)
        assert 0 <= int(str(row["cue_in_ms"])) < 900
        assert length - 900 < int(str(row["cue_out_ms"])) <= int(str(row["duration_ms"]))


def test_a_schedule_is_delivered_as_lists_of_the_next_days(root: Path) -> None:
    served(root, "none", SCHEDULE)
    done = deliver(root, days=3)
    assert done.days == 3
    names = {path.name for path in (done.path / "lists").iterdir()}
    assert {"2026-11-22.csv", "2026-11-23.csv", "2026-11-24.csv", "261122.m3u"} <= names
    hours = sorted(name for name in names if re.fullmatch(r"261122\d\d\.m3u", name))
    assert hours
    # Quiet hours and the hours around the day part hold nothing.
    assert all("06" <= name[6:8] < "20" for name in hours)
    entries = [
        line
        for name in hours
        for line in (done.path / "lists" / name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert len(entries) == 2 * 4
    assert all((done.path / "lists" / entry).resolve().is_file() for entry in entries)
    kept = root / "private/airplay/plans/packs/2026-11-24.json"
    assert kept.is_file()
    before = shown(done.path)
    assert shown(deliver(root, days=3).path) == before


SCHEDULE = """
quiet_hours: 22:00-06:00
day_parts:
  day: {time: 06:00-20:00}
rotation:
  corta: {plays_per_day: 4, minutes_apart: 60}
"""


def test_what_may_not_be_published_is_not_delivered_but_what_is_wrong_still_leaves(
    root: Path,
) -> None:
    first = deliver(root)
    old = {path for path in shown(first.path) if path.startswith("media/en")}
    edit(root / "scripts/agua/en.md", "Drink", "Sip")
    with pytest.raises(ProductionError) as caught:
        deliver(root, day=TOMORROW, rehearsal=False)
    assert "folder of packs" in str(caught.value)
    left = set(shown(first.path))
    assert not old & left
    assert not any(path.startswith("media/en") for path in left)
    assert any(path.startswith("media/es") for path in left)
    assert all(path.split("/")[-1] not in (first.path / "altavoz.m3u").read_text() for path in old)


def test_a_station_is_not_named_in_its_own_folder(root: Path) -> None:
    folder = deliver(root).path
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Radio B" not in data
    edit(root / "stations/packs.yml", "country: CR", "country: CR\npublish_identity: yes")
    folder = deliver(root).path
    assert "For Radio B." in (folder / "README.txt").read_text(encoding="utf-8")


def test_a_folder_of_a_rehearsal_says_that_it_is_an_example(root: Path) -> None:
    edit(root / "facts/cr-911.yml", "status: demo", "status: active")
    for rehearsal in (True, False):
        folder = deliver(root, rehearsal=rehearsal).path
        assert json.loads((folder / "delivery.json").read_bytes())["demo"] is rehearsal
        assert ("EXAMPLE" in (folder / "README.txt").read_text("utf-8")) is rehearsal


def test_the_command_tells_what_it_would_do_and_does_it(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = tmp_path / "share"
    away.mkdir()
    ask: list[str | Path] = ["deliver", "packs", "-w", root, "--to", away, "--rehearsal", "-j", "1"]
    dry = run_here(*ask, "--dry-run", capture=capsys)
    assert dry.code == 0, dry.err
    assert "packs: write media/en/" in dry.out
    assert not list(away.iterdir())
    real = run_here(*ask, "--json", capture=capsys)
    [row] = json.loads(real.out)
    assert row["program"] == "VLC"
    assert sorted(row["written"]) == sorted(shown(away))
    assert all(f"packs: write {path}" in dry.out for path in row["written"])
    (root / "stations/second.yml").write_bytes((root / "stations/packs.yml").read_bytes())
    both = tmp_path / "both"
    (both / "second").mkdir(parents=True)
    some = run_here("deliver", "-w", root, "--to", both, "--rehearsal", "--json", capture=capsys)
    # One share is gone; the other station has its files all the same.
    assert [row["station"] for row in json.loads(some.out)] == ["second"]
    assert (some.code, str(both / "packs") in some.err) == (ExitCode.STORAGE, True)
    wrong = run_here("deliver", "feed", "-w", root, capture=capsys)
    assert wrong.code == ExitCode.INPUT
    assert "not served by a folder, but by feed" in wrong.err
