"""Loudspeaker loops: the finished files, listened to by other programs and against their slots."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from production.ledger.ledger import LEDGER_FILE, Ledger
from tests.audio.slot_material import decoded, ebur128
from tests.production.packs.looping import PLACE, Packed, items, pack, unpacked, write_loops
from tests.production.running import copy_of, edit
from tests.strict import ToolFinder

FRAME = 96
"""Bytes of a frame at 24 kHz and 32 kbit/s, which is 24 ms."""
SILENT = bytes.fromhex("fff364c4")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Packed]:
    """Give the workspace and what was packed: never change it."""
    root = write_loops(tmp_path_factory.mktemp("loops") / "workspace")
    return root, pack(root)


@pytest.fixture(scope="module")
def folders(
    made: tuple[Path, Packed], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    place = tmp_path_factory.mktemp("packs")
    return {name: unpacked(one, place / name) for name, one in made[1].packs.items()}


@pytest.fixture
def root(made: tuple[Path, Packed], tmp_path: Path) -> Path:
    return copy_of(made[0], tmp_path / "workspace")


def frames(file: Path) -> list[bytes]:
    """Give the frames of a file without its tags; each must be whole and of one kind."""
    data = file.read_bytes()
    size = int.from_bytes(bytes(data[6:10]), "big")
    # A syncsafe integer: seven bits a byte (id3.org v2.3.0, 3.1).
    start = 10 + sum((size >> 8 * n & 0x7F) << 7 * n for n in range(4))
    sound = data[start:-128]
    assert len(sound) % FRAME == 0
    found = [sound[at : at + FRAME] for at in range(0, len(sound), FRAME)]
    assert {one[:2] for one in found} == {SILENT[:2]}
    return found


def test_each_station_gets_its_loops_and_nobody_else_any(folders: Mapping[str, Path]) -> None:
    paths = {name: [one["path"] for one in items(folder)] for name, folder in folders.items()}
    assert paths == {
        "terminal": ["01_LOOP/001_help.mp3"],
        "plaza": ["01_EN/001_help.mp3", "02_ES/001_ayuda.mp3"],
        "plain": [
            "01_EN/001_help.mp3",
            "01_EN/002_valid-until.mp3",
            "02_ES/001_ayuda.mp3",
            "02_ES/002_hasta-cuando-vale.mp3",
        ],
    }


def test_the_words_of_a_loop_stand_in_the_order_of_the_station_s_languages(
    folders: Mapping[str, Path],
) -> None:
    (item,) = items(folders["terminal"])
    first, second = item["loop"]
    assert (first["language"], second["language"]) == ("en", "es-419")
    assert second["start_ms"] - first["end_ms"] in range(1_200, 2_001)
    texts = [(folders["terminal"] / f"data/script_{tag}.txt").read_text("utf-8") for tag in PLACE]
    spanish, english = (" ".join(text.split()) for text in texts)
    assert english.index("English.") < english.index(PLACE["en"]) < english.index("Call 9 1 1.")
    assert english.count("Call 9 1 1.") == english.count("Again: 9 1 1.") == 2
    assert english.index("Again: 9 1 1.", 0) < english.index(
        "Valid until January 15, 2027.", 1500 - 1500
    )
    assert "Español." not in english
    assert spanish.count("Llame al 9 1 1.") == 2
    assert "English." not in spanish


def test_messages_are_the_very_frames_of_their_editions(folders: Mapping[str, Path]) -> None:
    plain = {
        tag: frames(folders["plain"] / path)
        for tag, path in (("en", "01_EN/001_help.mp3"), ("es", "02_ES/001_ayuda.mp3"))
    }
    loop = frames(folders["terminal"] / "01_LOOP/001_help.mp3")
    places = {}
    for tag, edition in plain.items():
        # The rundown's sound comes first and takes 1.2 s; the file closes with silent frames.
        message = edition[50:-2]
        found = [
            at for at in range(len(loop) - len(message)) if loop[at : at + len(message)] == message
        ]
        assert len(found) == 2
        places[tag] = found
    assert places["en"][1] < places["es"][0]


@pytest.mark.tools
def test_pauses_are_as_long_as_asked(folders: Mapping[str, Path], tool: ToolFinder) -> None:
    file = folders["terminal"] / "01_LOOP/001_help.mp3"
    command = [tool("ffmpeg"), "-hide_banner", "-nostats", "-i", str(file)]
    command += ["-af", "silencedetect=noise=-60dB:d=0.9", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    starts = [float(one) for one in re.findall(r"silence_start: ([0-9.]+)", said)]
    lengths = [float(one) for one in re.findall(r"silence_duration: ([0-9.]+)", said)]
    (item,) = items(folders["terminal"])
    first, second = item["loop"]
    # Without an Info frame a decoder gives 1105 samples at 24 kHz first.
    late_ms = 1105 / 24

    def longest(begin_ms: float, end_ms: float) -> float:
        found = zip(starts, lengths, strict=True)
        return max(one for at, one in found if begin_ms <= at * 1000 - late_ms < end_ms)

    for part in (first, second):
        # After 2.5 s of chime.
        assert 1.0 <= longest(part["start_ms"], part["start_ms"] + 3_000) < 2.2
        middle = (part["start_ms"] + part["end_ms"]) / 2
        assert 1.0 <= longest(middle - 8_000, middle + 8_000) < 2.2
    assert 2.0 <= longest(first["end_ms"] - 1_200, second["start_ms"]) < 2.7
    assert 5.0 <= lengths[-1] < 5.8
    assert item["duration_ms"] - second["end_ms"] in range(4_200, 5_100)


@pytest.mark.parametrize("station", ["terminal", "plaza", "plain"])
def test_every_file_is_as_loud_as_its_profile_and_as_long_as_it_says(
    folders: Mapping[str, Path], station: str
) -> None:
    for item in items(folders[station]):
        file = folders[station] / item["path"]
        sound, rate_hz = decoded(file)
        reading = ebur128(sound, rate_hz)
        assert reading.integrated == pytest.approx(-14.0, abs=1.0)
        assert reading.integrated == pytest.approx(item["loudness"]["integrated_lufs"], abs=0.1)
        assert reading.true_peak <= -1.0 + 0.1
        # Two silent frames bring out the last samples.
        assert (len(frames(file)) - 2) * 24 == item["duration_ms"]


def test_a_station_without_a_chime_of_its_own_takes_the_rundown_s(
    folders: Mapping[str, Path],
) -> None:
    edition = frames(folders["plain"] / "01_EN/001_help.mp3")
    loop = frames(folders["plaza"] / "01_EN/001_help.mp3")
    # 0.8 s of sound are two steps of the grid with its pauses, in both files.
    assert loop[:50] == edition[:50]
    assert loop[50 : 50 + 25].count(loop[52]) > 15


def test_nothing_in_a_pack_or_in_the_ledger_names_a_private_station(
    made: tuple[Path, Packed], folders: Mapping[str, Path]
) -> None:
    root, packed = made
    names = {one.path.stem for one in packed.packs.values()}
    assert len(names) == 3
    for folder in folders.values():
        for file in (one for one in folder.rglob("*") if one.suffix in {".txt", ".json", ".m3u8"}):
            assert b"plaza" not in file.read_bytes()
    assert all(PLACE["en"] not in one.read_text("utf-8") for one in folders["plain"].glob("data/*"))
    assert all("terminal" not in str(one.facts["items"]) for one in Ledger(root).events("pack"))
    held = {
        (row["episode"], row["language"])
        for one in Ledger(root).events("pack")
        for row in one.facts["items"]
    }
    assert held == {("bucle-1", "en"), ("bucle-1", "es-419")}


def test_a_second_time_nothing_runs(root: Path) -> None:
    again = pack(root)
    assert again.ran == ()
    assert all(one.unchanged for one in again.packs.values())


def test_the_same_workspace_elsewhere_gives_the_same_bytes(
    made: tuple[Path, Packed], tmp_path: Path
) -> None:
    other = pack(write_loops(tmp_path / "a-longer-name" / "workspace"))
    for name, one in made[1].packs.items():
        assert other.packs[name].path.read_bytes() == one.path.read_bytes()


def test_a_number_that_changes_makes_its_slot_and_its_loops_and_nothing_else(root: Path) -> None:
    edit(root / "facts/cr-911.yml", 'groups: ["9", "1", "1"]', 'groups: ["9", "1", "2"]')
    # Else notices tell of what the packs before said.
    (root / LEDGER_FILE).unlink()
    changed = pack(root)
    # Two sentences in two languages; an edition of each, and three loops.
    assert changed.ran == (("take", 4), ("slot", 2), ("edition", 2), ("edition", 2), ("edition", 1))


def test_a_last_day_that_changes_leaves_every_other_frame_as_it_was(
    root: Path, folders: Mapping[str, Path], tmp_path: Path
) -> None:
    edit(root / "scripts/ayuda/segment.yml", 'expires: "2027-01-15"', 'expires: "2027-01-08"')
    changed = pack(root)
    new = unpacked(changed.packs["terminal"], tmp_path / "new")
    name = "01_LOOP/001_help.mp3"
    before, after = frames(folders["terminal"] / name), frames(new / name)
    places = [set(before), set(after)]
    fresh = [at for at, one in enumerate(after) if one not in places[0]]
    # What says so in English and in Spanish is some 9 s each.
    assert 0 < len(fresh) * 24 < 20_000
    same = len(after) - len(fresh)
    assert same * 24 > 30_000
    plain = unpacked(changed.packs["plain"], tmp_path / "plain")
    track = "01_EN/001_help.mp3"
    assert frames(plain / track) == frames(folders["plain"] / track)


def test_a_lost_slot_is_made_again(root: Path, made: tuple[Path, Packed]) -> None:
    for path in (root / ".altavoz/store").rglob("*"):
        if path.is_file() and path.stat().st_size % FRAME == 0:
            path.unlink()
    shutil.rmtree(root / "build")
    again = pack(root)
    for name, one in made[1].packs.items():
        assert again.packs[name].path.read_bytes() == one.path.read_bytes()
