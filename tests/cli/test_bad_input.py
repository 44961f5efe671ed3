"""Bad input gives a message with place and remedy, its own exit code, and hurts nothing.

Each case goes through the real command on a workspace that was built and published before.
An error that is not an operator's would leave the command as an exception and fail the test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from programme.errors import ExitCode
from programme.units import LanguageTag
from tests.production.running import (
    built_once,
    copy_of,
    edit,
    read,
    run_here,
    run_process,
    tree,
)
from tests.production.test_recorded import record

Damage = Callable[[Path], object]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that was built, packed and published; never change it."""
    root = tmp_path_factory.getbasetemp() / "published-small"
    if not root.exists():
        copy_of(built_once(tmp_path_factory, "small"), root)
        for arguments in (["pack", "--rehearsal"], ["publish", "public"]):
            done = run_process(*arguments, "-j1", cwd=root)
            assert done.code == 0, done.err
    return root


def append(name: str, text: str) -> Damage:
    def damage(root: Path) -> None:
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return damage


def write(name: str, data: str | bytes) -> Damage:
    def damage(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)

    return damage


def replace(name: str, old: str, new: str) -> Damage:
    return lambda root: edit(root / name, old, new)


def delete(name: str) -> Damage:
    return lambda root: (root / name).unlink()


def link_out(name: str) -> Damage:
    def damage(root: Path) -> None:
        (root.parent / "outside").write_text("# Title\n\nA secret.\n", encoding="utf-8")
        (root / name).unlink()
        (root / name).symlink_to(root.parent / "outside")

    return damage


def nothing(root: Path) -> None:
    """The fault is in the command."""


def recorded_as(data: Callable[[bytes], bytes]) -> Damage:
    """Put a broken recording of the present words where a whole one should be."""

    def damage(root: Path) -> None:
        script = read(root).translations["agua", LanguageTag("en")].script
        assert script is not None
        folder = root / "recordings/agua/en"
        good = record(folder / "a.wav", "Lleve agua con usted.")
        good.write_bytes(data(good.read_bytes()))
        take = f'script: "{script.words_digest}"\nfiles: [a.wav]\n'
        (folder / "take.yml").write_text(take, encoding="utf-8")

    return damage


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b]\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault: how the workspace is damaged, what is run, and what must be said."""

    damage: Damage = nothing
    command: Sequence[str] = ("build", "-j1")
    code: ExitCode = ExitCode.FINDINGS
    place: str
    """File and line, or whatever stands for them."""
    words: Sequence[str]
    """In what is said: the problem, and the remedy."""


CASES = {
    "unknown key": Case(
        damage=append("scripts/agua/segment.yml", "colour: red\n"),
        place="scripts/agua/segment.yml:7: error:",
        words=["colour"],
    ),
    "unknown key in altavoz.toml": Case(
        damage=replace("altavoz.toml", "licence =", "license ="),
        place="altavoz.toml:9: error:",
        words=["license", "licence"],
    ),
    "missing segment": Case(
        damage=replace("episodes/corta-1.yml", "segment: agua", "segment: auga"),
        place="episodes/corta-1.yml:11: error:",
        words=["auga", "agua"],
    ),
    "missing sound": Case(
        damage=delete("sounds/cama.wav"),
        place="episodes/corta-1.yml:5: error:",
        words=["cama", "tono"],
    ),
    "missing source text": Case(
        damage=delete("scripts/agua/es-419.md"),
        place="scripts/agua/es-419.md: error:",
        words=["is missing", "write it"],
    ),
    "missing recording": Case(
        damage=write("recordings/agua/en/take.yml", f'script: "{"0" * 64}"\nfiles: [a.wav]\n'),
        place="recordings/agua/en/take.yml:2: error:",
        words=["a.wav is missing", "put it back"],
    ),
    "wrong language tag": Case(
        damage=replace("altavoz.toml", '"en", "ht"]', '"english", "ht"]'),
        place="altavoz.toml:8: error:",
        words=["english"],
    ),
    "language tag in the wrong case": Case(
        damage=replace("series/corta.yml", "[es-419, en, ht]", "[es-419, EN, ht]"),
        place="series/corta.yml:4: error:",
        words=["EN", "en"],
    ),
    "truncated recording": Case(
        damage=recorded_as(lambda data: data[: len(data) // 2]),
        code=ExitCode.INPUT,
        place="recordings/agua/en/a.wav: ",
        words=[],
    ),
    "empty recording": Case(
        damage=recorded_as(lambda _: b""),
        code=ExitCode.INPUT,
        place="recordings/agua/en/a.wav: ",
        words=["empty"],
    ),
    "text that claims to be a recording": Case(
        damage=recorded_as(lambda _: b"Dear radio, here is our recording.\n" * 40),
        code=ExitCode.INPUT,
        place="recordings/agua/en/a.wav: ",
        words=[],
    ),
    "recording that pulls in its neighbours": Case(
        damage=recorded_as(lambda _: b"ffconcat version 1.0\nfile ../../../sounds/tono.wav\n"),
        code=ExitCode.INPUT,
        place="recordings/agua/en/a.wav: ",
        words=[],
    ),
    "sound that is none": Case(
        damage=write("sounds/tono.wav", "no sound at all"),
        code=ExitCode.INPUT,
        place="sounds/tono.wav: ",
        words=[],
    ),
    "id that climbs": Case(
        damage=replace("episodes/corta-1.yml", "segment: agua", "segment: ../agua"),
        place="episodes/corta-1.yml:11: error:",
        words=["../agua"],
    ),
    "series that climbs": Case(
        damage=replace("episodes/corta-1.yml", "series: corta", "series: ../../etc"),
        place="episodes/corta-1.yml:1: error:",
        words=["../../etc"],
    ),
    "recording that climbs": Case(
        damage=write(
            "recordings/agua/en/take.yml",
            f'script: "{"0" * 64}"\nfiles: [../../../sounds/tono.wav]\n',
        ),
        place="recordings/agua/en/take.yml:2: error:",
        words=["../../../sounds/tono.wav"],
    ),
    "link out of the workspace": Case(
        damage=link_out("scripts/agua/en.md"),
        place="scripts/agua/en.md: error:",
        words=["out of the workspace"],
    ),
    "empty script": Case(
        damage=write("scripts/agua/en.md", ""),
        place="scripts/agua/en.md: error:",
        words=["empty"],
    ),
    "script without a sentence": Case(
        damage=write("scripts/agua/en.md", "# Water\n\n"),
        place="scripts/agua/en.md: error:",
        words=["sentence"],
    ),
    "script that is no UTF-8": Case(
        damage=write("scripts/agua/es-419.md", b"# Agua\n\nLleve m\xe1s agua.\n"),
        place="scripts/agua/es-419.md:3: error:",
        words=["UTF-8"],
    ),
    "raw telephone number": Case(
        damage=replace("scripts/agua/en.md", "Carry water with you.", "Call 2222 3333."),
        place="scripts/agua/en.md:3: error:",
        words=["2222", "{{phone:"],
    ),
    "unknown placeholder": Case(
        damage=replace("scripts/ayuda/es-419.md", "Repito: {{phone:cr-911}}", "{{phone:cr-119}}"),
        place="scripts/ayuda/es-419.md:4: error:",
        words=["cr-119", "cr-911"],
    ),
    "alias bomb": Case(
        damage=write("facts/bomb.yml", BOMB),
        place="facts/bomb.yml:1: error:",
        words=["anchor"],
    ),
    "key given twice": Case(
        damage=append("scripts/agua/segment.yml", "kind: alert\n"),
        place="scripts/agua/segment.yml:7: error:",
        words=["kind"],
    ),
    "tabs in YAML": Case(
        damage=write("series/bucle.yml", "kind: loop\n\ttitle: x\n"),
        place="series/bucle.yml:2: error:",
        words=[],
    ),
    "broken TOML": Case(
        damage=append("altavoz.toml", "[network\n"),
        place="altavoz.toml:",
        words=["TOML"],
    ),
    "credentials in the workspace": Case(
        damage=append("altavoz.toml", 'secret_access_key = "x"\n'),
        place="altavoz.toml:22: error:",
        words=["secret_access_key"],
    ),
    "no altavoz.toml": Case(
        damage=delete("altavoz.toml"),
        place="altavoz.toml: error:",
        words=["is missing", "altavoz init"],
    ),
    "unknown episode": Case(
        command=("build", "corta-2"),
        code=ExitCode.USAGE,
        place="Error: ",
        words=["there is no series or episode corta-2", "corta-1"],
    ),
    "unknown target": Case(
        command=("publish", "-j1", "s3"),
        code=ExitCode.TARGET,
        place="Error: altavoz.toml: ",
        words=["there is no target s3", "known: public, real"],
    ),
    **{
        f"unknown station: {' '.join(command[:2])}": Case(
            command=command,
            code=ExitCode.USAGE,
            place="Error: stations/: ",
            words=["there is no station radio; there are: feed, packs, terminal", "station add"],
        )
        for command in (
            *(("pack", "-j1", "radio"), ("deliver", "-j1", "radio"), ("schedule", "radio")),
            *(("station", "show", "radio"), ("station", "check", "radio")),
            *(("ship", "radio", "--carrier", "usb"), ("shipments", "returned", "radio")),
            *(
                ("airplay", "report", "--station", "radio"),
                ("airplay", "import", "radio", "altavoz.toml"),
            ),
        )
    },
    "station that takes a feed": Case(
        command=("pack", "-j1", "feed"),
        code=ExitCode.INPUT,
        place="Error: stations/feed.yml: ",
        words=["feed takes a feed, not packs"],
    ),
    "demo facts to a real audience": Case(
        command=("publish", "-j1", "real"),
        code=ExitCode.EXPIRED,
        place="Error: ",
        words=["demo"],
    ),
    "ledger edited by hand": Case(
        damage=replace("releases.jsonl", "corta-1", "corta-9"),
        command=("publish", "-j1", "public"),
        code=ExitCode.INPUT,
        place="releases.jsonl:",
        words=[],
    ),
    "no jobs": Case(
        command=("build", "-j0"),
        code=ExitCode.USAGE,
        place="altavoz build",
        words=["--jobs", "1<=x<=256"],
    ),
    "unknown option": Case(
        command=("build", "--jbos", "2"),
        code=ExitCode.USAGE,
        place="altavoz build",
        words=["No such option", "--jobs"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_told_and_hurts_nothing(
    name: str,
    published: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = CASES[name]
    root = copy_of(published, tmp_path / "small")
    case.damage(root)
    before = {part: tree(root / part) for part in ("build", "public")}
    monkeypatch.chdir(root)
    done = run_here(*case.command, capture=capsys)
    assert done.code == case.code, done.said
    assert case.place in done.err
    for word in case.words:
        assert word in done.said
    told = done.err.rstrip("\n").splitlines()
    assert told
    if case.code is not ExitCode.USAGE or "Error: /" in done.err:
        # What is wrong and where, and under it, indented, what to do.
        at = next(n for n, line in enumerate(told) if case.place in line)
        assert told[at + 1].startswith("  ")
        assert told[at + 1].strip()
    assert {part: tree(root / part) for part in ("build", "public")} == before
    assert not (root / "real").exists()
    assert not (root.parent / "public").exists()


@pytest.mark.parametrize("command", ["check", "build", "pack", "publish", "status"])
def test_a_folder_that_is_no_workspace_is_told(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, words in ((tmp_path, "is no workspace"), (tmp_path / "none", "no such folder")):
        done = run_here(command, "-w", folder, capture=capsys)
        assert (done.code, done.out) == (ExitCode.INPUT, "")
        assert words in done.err
        assert "altavoz init" in done.err
        assert list(tmp_path.iterdir()) == []


def test_all_faults_are_told_at_once(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(published, tmp_path / "small")
    faults = [name for name, case in CASES.items() if case.code is ExitCode.FINDINGS]
    for name in ("unknown key", "wrong language tag", "missing segment", "alias bomb"):
        assert name in faults
        CASES[name].damage(root)
    done = run_here("check", "-w", root, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    for name in ("unknown key", "wrong language tag", "missing segment", "alias bomb"):
        assert CASES[name].place in done.out


def test_one_broken_recording_does_not_stop_the_other_editions(
    tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(published, tmp_path / "small")
    recorded_as(lambda _: b"text")(root)
    edit(root / "episodes/corta-1.yml", "Agua y ayuda", "Agua, y ayuda")
    done = run_here("build", "-j1", "-w", root, capture=capsys)
    assert done.code == ExitCode.INPUT
    assert "Made 2 editions. Ready: 3 editions." in done.out
    assert done.err.count("Error: ") == 1


def test_the_exit_codes_of_faults_differ() -> None:
    codes = [code.value for code in ExitCode]
    assert len(codes) == len(set(codes))
    assert {case.code for case in CASES.values()} >= {2, 3, 4, 7, 9}
