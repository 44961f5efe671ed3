"""Takes come home: matched, kept clean, judged, stale with their words, and never half."""

import errno
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from production.building import Workshop
from production.takes.importing import TakeImport, import_takes
from production.takes.listing import list_takes
from programme.errors import ExitCode, ProductionError
from programme.takes import TakeReview, Verdict
from programme.units import LanguageTag
from scripts.take_decisions import TakeDecision
from scripts.take_edit import review_takes
from scripts.take_kit_file import make_kit, render_kit
from tests.audio.take_material import band_noise, speech, write_wav
from tests.production.running import copy_of, edit, read, run_here, tree
from tests.production.small import write_small

EN, HT = LanguageTag("en"), LanguageTag("ht")
ACCEPTED = TakeDecision(review=TakeReview.ACCEPTED)
WATER = ("Carry water with you", "Drink little by little")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def take(path: Path, text: str, *, noise: float = 1e-3, language: str = "en") -> Path:
    sound = speech(text, language=language, words_per_minute=120)
    return write_wav(path, sound + band_noise(sound.size) * noise)


def come_home(root: Path, folder: Path, **options: Any) -> TakeImport:
    return import_takes(read(root), folder, languages=(EN, HT), **options)


def states(root: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    listed = list_takes(read(root), (EN, HT))
    return {f"{one.take.segment} {one.take.language}": (one.state, one.reasons) for one in listed}


def test_lines_come_one_by_one_and_the_set_airs_when_it_is_whole(root: Path) -> None:
    home = root.parent / "home"
    take(home / "Agua en 1 (1).WAV", WATER[0])
    done = come_home(root, home)
    assert [(t.name.stem, t.verdict) for t in done.takes] == [("agua_en_001", Verdict.GOOD)]
    assert done.missing["agua", EN] == (2,)
    assert states(root) == {"agua en": ("incomplete", ("line 2 is not recorded yet",))}
    later = root.parent / "later"
    take(later / "agua_en_002.wav", WATER[1])
    done = come_home(root, later)
    assert done.missing["agua", EN] == ()
    assert states(root) == {"agua en": ("airs", ())}
    folder = root / "recordings/agua/en"
    assert sorted(path.suffix for path in folder.iterdir()) == [".flac", ".flac", ".yml"]


def whole_set(root: Path) -> Path:
    home = root.parent / "home"
    for number, text in enumerate(WATER, start=1):
        take(home / f"agua_en_{number:03d}.wav", text)
    come_home(root, home)
    return home


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a workspace and the set that came home to it: never change it."""
    folder = tmp_path_factory.mktemp("recorded")
    whole_set(write_small(folder / "small"))
    return folder


@pytest.fixture
def whole(recorded: Path, tmp_path: Path) -> Path:
    """Give a workspace to which a whole set came home, from the folder beside it."""
    return copy_of(recorded, tmp_path / "recorded") / "small"


def test_one_line_recorded_again_replaces_that_line_alone(whole: Path) -> None:
    root = whole
    before = {row.line: row.path.name for row in read(root).recordings["agua", EN].rows}
    again = root.parent / "again"
    take(again / "agua_en_002.wav", "Drink little by little, please")
    done = come_home(root, again)
    after = {row.line: row.path.name for row in read(root).recordings["agua", EN].rows}
    assert after[1] == before[1]
    assert after[2] != before[2]
    assert done.kept["agua", EN].replaced == (before[2],)
    assert not (root / "recordings/agua/en" / before[2]).exists()


def test_importing_the_same_again_changes_nothing(whole: Path) -> None:
    root, home = whole, whole.parent / "home"
    before = tree(root / "recordings")
    done = come_home(root, home)
    assert all(one.same for one in done.takes)
    assert tree(root / "recordings") == before


def test_a_changed_line_is_stale_alone_and_a_moved_one_keeps_its_take(whole: Path) -> None:
    root = whole
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink often.")
    assert states(root)["agua en"] == ("stale", ("line 2: its words changed",))
    edit(root / "scripts/agua/en.md", "Drink often.", "Drink little by little.")
    assert states(root)["agua en"] == ("airs", ())
    edit(root / "scripts/agua/en.md", "Carry water", "It is hot.\nCarry water")
    assert states(root)["agua en"] == ("incomplete", ("line 1 is not recorded yet",))
    take(root.parent / "new/agua_en_001.wav", "It is hot")
    come_home(root, root.parent / "new")
    assert states(root)["agua en"] == ("airs", ())
    assert [row.line for row in read(root).recordings["agua", EN].rows] == [1, 2, 3]


@pytest.mark.parametrize(("tag", "text"), [(EN, "Call nine one one"), (HT, "Rele nèf en en")])
def test_a_telephone_number_that_changes_makes_the_takes_stale_that_say_it(
    root: Path, tag: LanguageTag, text: str
) -> None:
    # nobody writes Haitian Creole here: the take is of the source's words, and of their facts
    home = root.parent / "home"
    for number in (1, 2):
        take(home / f"ayuda_{tag}_{number:03d}.wav", text)
    come_home(root, home)
    assert states(root)[f"ayuda {tag}"] == ("airs", ())
    edit(root / "facts/cr-911.yml", '["9", "1", "1"]', '["9", "1", "2"]')
    why = ("line 1: the fact cr-911 changed", "line 2: the fact cr-911 changed")
    assert states(root)[f"ayuda {tag}"] == ("stale", why)


def test_what_was_read_from_an_older_kit_is_stale_on_arrival_and_said_so(root: Path) -> None:
    path = root.parent / "takes.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("kit.json", render_kit(make_kit(read(root), EN, ["agua"])))
        for number, text in enumerate(WATER, start=1):
            name = f"agua_en_{number:03d}.wav"
            out.write(take(root.parent / name, text), name)
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink often.")
    done = come_home(root, path)
    assert [(one.name.line, one.stale) for one in done.takes] == [(1, ()), (2, (2,))]
    assert done.missing["agua", EN] == (2,)
    assert states(root)["agua en"] == ("stale", ("line 2: its words changed",))


def test_the_same_old_sound_that_comes_again_without_its_kit_stays_stale(whole: Path) -> None:
    root, home = whole, whole.parent / "home"
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink often.")
    done = come_home(root, home)
    assert [(one.name.line, one.stale) for one in done.takes] == [(1, ()), (2, (2,))]
    assert states(root)["agua en"] == ("stale", ("line 2: its words changed",))


def with_kit(folder: Path, kit: bytes, **takes: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "kit.json").write_bytes(kit)
    for name, text in takes.items():
        take(folder / f"{name}.wav", text)
    return folder


def test_of_two_kits_in_one_folder_neither_vouches_for_the_other_s_takes(root: Path) -> None:
    # two ZIPs unpacked side by side: Monday's take of line 2 says what Friday's kit does not
    home = root.parent / "home"
    old = render_kit(make_kit(read(root), EN, ["agua"]))
    with_kit(home / "monday", old, agua_en_002=WATER[1])
    edit(root / "scripts/agua/en.md", "Drink little by little.", "Drink often.")
    with_kit(home / "friday", render_kit(make_kit(read(root), EN, ["agua"])), agua_en_001=WATER[0])
    done = come_home(root, home)
    assert [(one.name.line, one.stale) for one in done.takes] == [(1, ())]
    assert [(one.name, one.problem) for one in done.arrivals.refused] == [
        ("monday/agua_en_002.wav", "two kits came with it that say different words for it")
    ]


@pytest.mark.parametrize(
    ("sign", "other"), [('"altavoz_kit": 1', '"altavoz_kit": 9'), ('"network": "', '"network": "x')]
)
def test_takes_whose_kit_cannot_be_used_are_not_taken_for_the_words_of_today(
    root: Path, sign: str, other: str
) -> None:
    kit = render_kit(make_kit(read(root), EN, ["agua"])).decode()
    assert sign in kit
    home = with_kit(root.parent / "home", kit.replace(sign, other).encode(), agua_en_001=WATER[0])
    done = come_home(root, home)
    assert not done.takes
    assert [one.name for one in done.arrivals.refused] == ["kit.json", "agua_en_001.wav"]
    assert not (root / "recordings/agua").exists()


def test_a_decision_holds_for_these_bytes_and_not_for_a_file_of_their_name(whole: Path) -> None:
    # a take's name has the first 8 digits of its digest, which somebody can forge
    root = whole
    recorded = read(root).recordings["agua", EN]
    review_takes(read(root), "agua", EN, {1: ACCEPTED, 2: ACCEPTED})
    first = recorded.rows[0].path
    was = first.read_bytes()
    first.write_bytes(was[:-1] + bytes([was[-1] ^ 1]))
    come_home(root, root.parent / "home")
    reviews = [row.review for row in read(root).recordings["agua", EN].rows]
    assert reviews == [TakeReview.NEW, TakeReview.ACCEPTED]
    assert first.read_bytes() == was


def test_a_bad_take_waits_and_never_takes_the_place_of_one_that_airs(whole: Path) -> None:
    root = whole
    before = tree(root / "recordings")
    home = root.parent / "noisy"
    take(home / "agua_en_002.wav", WATER[1], noise=0.03)
    done = come_home(root, home)
    assert done.takes[0].verdict is Verdict.AGAIN
    assert "--replace" in done.takes[0].held
    assert tree(root / "recordings") == before
    come_home(root, home, replaces=True)
    assert states(root)["agua en"] == ("waits", ("nobody has accepted line 2 yet",))


def test_a_workspace_may_want_every_take_accepted(root: Path) -> None:
    config = root / "altavoz.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\n[recordings]\nreview = true\n", encoding="utf-8")
    whole_set(root)
    rows = read(root).recordings["agua", EN].rows
    assert {(row.verdict, row.review) for row in rows} == {(Verdict.GOOD, TakeReview.NEW)}
    assert states(root)["agua en"][0] == "waits"


def test_what_cannot_be_matched_is_named_with_what_to_do(root: Path) -> None:
    home = root.parent / "home"
    take(home / "agua_en_001.wav", WATER[0])
    take(home / "agua_en_001 (1).wav", WATER[1])
    take(home / "agua_en_007.wav", WATER[1])
    take(home / "PTT-0003.wav", WATER[1])
    (home / "agua_en_002.mp3").write_bytes(b"no sound at all")
    done = come_home(root, home)
    told = {one.name: (one.problem, one.remedy) for one in done.arrivals.refused}
    assert not done.takes
    assert "agua_en_001 (1).wav and agua_en_001.wav" in told["agua_en_001.wav"][0]
    assert "has 2 sentences in en, and no line 7" in told["agua_en_007.wav"][0]
    assert "agua_en_001.m4a" in told["PTT-0003.wav"][1]
    assert told["agua_en_002.mp3"][0] == "this is not a sound file"
    assert not (root / "recordings").exists()


def test_the_whole_and_its_lines_do_not_come_together(root: Path) -> None:
    home = root.parent / "home"
    take(home / "agua_en_all.wav", ". ".join(WATER))
    take(home / "agua_en_001.wav", WATER[0])
    done = come_home(root, home)
    assert [one.name.stem for one in done.takes] == ["agua_en_all"]
    assert [one.name for one in done.arrivals.refused] == ["agua_en_001.wav"]
    assert states(root)["agua en"] == ("airs", ())


def test_a_rehearsal_says_the_same_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = root.parent / "home"
    take(home / "agua_en_001.wav", WATER[0])
    before = tree(root)
    command = ("takes", "import", "-w", root, home)
    done = run_here(*command, "--dry-run", "--json", capture=capsys)
    assert (done.code, tree(root)) == (0, before)
    told = json.loads(done.out)
    assert told["takes"][0]["outcome"] == "would be kept, airs"
    assert told["missing"] == [{"segment": "agua", "language": "en", "lines": [2]}]


def test_the_table_fits_eighty_columns(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = root.parent / "home"
    take(home / "agua_en_001.wav", WATER[0], noise=0.03)
    done = run_here("takes", "import", "-w", root, home, capture=capsys)
    table = done.out.split("agua_en_001:")[0]
    assert "agua_en_001" in table
    assert all(len(line) <= 80 for line in table.splitlines())
    # the words are those of the network's own language
    assert "Mucho ruido debajo de la voz." in done.out


def test_two_imports_at_once_do_not_lose_a_take(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = root.parent / "home"
    take(home / "agua_en_001.wav", WATER[0])
    with Workshop(root).open():
        done = run_here("takes", "import", "-w", root, home, capture=capsys)
    assert done.code == ExitCode.BUSY
    assert not (root / "recordings").exists()
    assert run_here("takes", "import", "-w", root, home, capture=capsys).code == 0


class FullDisk:
    """Lets a number of writes into recordings/ through and fails from the next one on."""

    def __init__(self, patch: pytest.MonkeyPatch, good: int) -> None:
        self.left = good
        for owner, name in ((os, "fsync"), (Path, "replace")):
            patch.setattr(owner, name, self.counted(getattr(owner, name)))

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if self.left <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.left -= 1
            return real(*arguments, **options)

        return call


def test_a_disk_that_fills_at_any_moment_leaves_nothing_half(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = root.parent / "home"
    take(home / "agua_en_001.wav", WATER[0])
    workspace = read(root)
    outcomes = []
    for good in range(12):
        with monkeypatch.context() as patch:
            FullDisk(patch, good)
            try:
                import_takes(workspace, home, languages=(EN,))
            except ProductionError as error:
                outcomes.append(error.code)
            else:
                outcomes.append(ExitCode.OK)
        there = [path for path in root.glob("recordings/**/*") if path.is_file()]
        # nothing, or the take with its take.yml: never a file that nothing names
        assert len(there) in {0, 2}, good
        if outcomes[-1] is ExitCode.OK:
            break
    assert outcomes[0] is ExitCode.STORAGE
    assert outcomes[-1] is ExitCode.OK
    assert len(outcomes) > 4


def test_added_by_hand_keeps_the_sound_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = take(root.parent / "x.wav", ". ".join(WATER))
    source.write_bytes(source.read_bytes() + b"LIST\x10\x00\x00\x00INFOIART\x04\x00\x00\x00Anna")
    done = run_here("takes", "add", "-w", root, "agua", "en", source, capture=capsys)
    assert done.code == 0
    (row,) = read(root).recordings["agua", EN].rows
    assert row.path.suffix == ".flac"
    assert b"Anna" not in row.path.read_bytes()
    assert row.review is TakeReview.ACCEPTED
