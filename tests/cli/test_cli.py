"""The commands: help, light imports, results for programs, and words for people."""

import json
import os
import shutil
import subprocess
import sys
import threading
import wave
from pathlib import Path
from typing import Any

import click
import pytest

import cli
from programme.errors import ExitCode
from tests.production.running import (
    ROOT,
    TINY,
    built_once,
    command_line,
    copy_of,
    edit,
    environment,
    run_here,
    run_process,
    tree,
)
from tests.production.small import write_small

HOUSES_OF_WORDS = {"commands", "production", "programme", "scripts"}
HEAVY = {"numpy", "av", "boto3", "gtts", "lxml", "feedgen", "rich", "yaml", "jinja2", "mutagen"}


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    return copy_of(built_once(tmp_path_factory, "small"), tmp_path / "small")


def commands(group: click.Command = cli.altavoz, path: tuple[str, ...] = ()) -> list[Any]:
    """Give every command with the words that call it, groups included."""
    found = [(path, group)]
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            command = group.get_command(click.Context(group), name)
            assert command is not None
            found += commands(command, (*path, name))
    return found


def test_the_command_line_has_the_commands_that_are_promised() -> None:
    assert {" ".join(path) for path, _ in commands()} >= {
        *("init", "check", "build", "pack", "publish", "status", "voices", "doctor", "say", "demo"),
        "translate done",
        "takes add",
    }


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_has_help_with_an_example(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here(*path, "--help", capture=capsys)
    assert (done.code, done.err) == (0, "")
    command = dict(commands())[path]
    assert command.help.partition("\n\n")[0].strip().endswith(".")
    example = done.out.partition("Example:")[2].splitlines()[1].strip()
    assert example.startswith(" ".join(["altavoz", *path]))
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{path}: {option.name} does not say what it is for"
    # What click reads as "do not wrap" must not be shown.
    assert "\b" not in done.out
    assert r"\b" not in done.out


def test_help_imports_nothing_heavy() -> None:
    calls = [list(path) for path, _ in commands()]
    code = (
        "import cli, json, sys\n"
        f"for path in {calls!r}:\n"
        "    sys.argv = ['altavoz', *path, '--help']\n"
        "    try:\n        cli.main()\n    except SystemExit:\n        continue\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment(), capture_output=True, check=True
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr)}
    assert loaded & HEAVY == set()
    assert "click" in loaded


def test_help_of_all_commands_loads_their_words_and_click_alone() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "import cli, json\n"
        "sys.argv = ['altavoz', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment(), capture_output=True, check=True
    )
    loaded = json.loads(done.stderr)
    tops = {name.partition(".")[0] for name in loaded}
    assert tops - sys.stdlib_module_names == {"cli", "click", *HOUSES_OF_WORDS}
    # 200 in Python 3.11, of which 60 are the house's own: a tenth of a second.
    assert len(loaded) < 240


JSON_COMMANDS = (
    ["build", "-j1"],
    ["build", "-j1", "--dry-run"],
    ["check"],
    ["check", "--all"],
    ["pack", "-j1", "--rehearsal"],
    ["pack", "-j1", "--rehearsal", "--dry-run"],
    ["publish", "-j1", "public"],
    ["publish", "-j1", "public", "--dry-run"],
    ["status"],
)


def json_of(text: str) -> Any:
    return json.loads(text)


def test_results_for_programs_are_json_on_stdout_and_talk_is_elsewhere(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A recording that nobody listed: a warning, and so something to talk about.
    shutil.copy(small / "sounds/tono.wav", small / "sounds/x.wav")
    (small / "recordings/agua/en").mkdir(parents=True)
    shutil.copy(small / "sounds/tono.wav", small / "recordings/agua/en/a.wav")
    found = {}
    for arguments in JSON_COMMANDS:
        done = run_here(*arguments, "--json", "-w", small, capture=capsys)
        assert done.code == 0, done.said
        found[" ".join(arguments)] = json_of(done.out)
        if arguments[0] != "check":
            assert done.err == "1 warning; see them with: altavoz check\n"
    assert len(found["build -j1"]["editions"]) == 6
    assert found["build -j1 --dry-run"] == []
    (warning,) = [row for row in found["check"] if row["severity"] == "warning"]
    assert warning["file"] == "recordings/agua/en"
    assert [row["station"] for row in found["pack -j1 --rehearsal"]] == ["packs", "terminal"]
    assert {row["change"] for row in found["publish -j1 public"]["changes"]} == {"new"}
    assert found["publish -j1 public --dry-run"]["sent"] == []
    assert {row["language"] for row in found["status"]["languages"]} == {"es-419", "en", "ht"}


def test_json_stays_alone_on_stdout_when_there_are_errors(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(small / "scripts/agua/en.md", "Carry water with you.", "Call 2222 3333.")
    checked = run_here("check", "--json", "-w", small, capture=capsys)
    assert checked.code == ExitCode.FINDINGS
    assert checked.err == ""
    assert [row["line"] for row in json_of(checked.out) if row["severity"] == "error"] == [3]
    for command in ("build", "pack", "publish", "status"):
        done = run_here(command, "--json", "-w", small, capture=capsys)
        assert (done.code, done.out) == (ExitCode.FINDINGS, "")
        assert "scripts/agua/en.md:3: error:" in done.err


def test_json_goes_through_a_narrow_terminal_unharmed(small: Path) -> None:
    wide = run_process("status", "--json", cwd=small)
    narrow = run_process("status", "--json", cwd=small, env={"PYTHONIOENCODING": "ascii"})
    assert narrow.out.isascii()
    assert not wide.out.isascii()
    assert json_of(narrow.out) == json_of(wide.out)
    told = run_process("status", cwd=small, env={"PYTHONIOENCODING": "latin-1"})
    assert (told.code, told.err) == (0, "")


@pytest.mark.parametrize("as_json", [False, True])
def test_voices_of_a_language_and_of_all(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--json"] if as_json else []
    creole = run_here("voices", "--lang", "ht", *flags, capture=capsys)
    assert (creole.code, creole.err) == (0, "")
    everything = run_here("voices", *flags, capture=capsys)
    if as_json:
        rows = json_of(creole.out)["voices"]
        assert {row["language"] for row in rows} == {"ht"}
        assert "air" not in {row["quality"] for row in rows}
        assert any("takes kit --lang ht" in line for line in json_of(creole.out)["advice"])
        told = json_of(everything.out)
        assert {"espeak", "gtts", "piper"} <= {row["engine"] for row in told["engines"]}
        assert "es-419" in told["languages"]["air"]
        assert "ht" in told["languages"]["people"]
    else:
        assert "Haitian Creole" in creole.out
        assert "altavoz takes kit --lang ht" in creole.out
        assert "es-419" in everything.out


def test_voices_in_a_pipe_that_is_closed_early_ends_quietly() -> None:
    command = command_line("voices")
    running = subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    err = running.stderr.read()
    running.stderr.close()
    running.wait(timeout=30)
    assert b"Traceback" not in err
    assert b"Exception" not in err


@pytest.mark.parametrize(
    "arguments", [["voices", "--lang", "xx"], ["say", "Hola.", "--lang", "xx"], ["say", "Hola."]]
)
def test_an_unknown_language_is_told(
    arguments: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_here(*arguments, capture=capsys)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert done.err.startswith("Error: ")
    assert "es-419" in done.err
    assert list(tmp_path.iterdir()) == []


def test_doctor_finds_this_machine_well(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run_here("doctor", "-w", small, capture=capsys)
    assert (done.code, done.err) == (0, "")
    assert "espeak-ng 1.52" in done.out
    checks = json_of(run_here("doctor", "--json", "-w", small, capture=capsys).out)
    assert {check["state"] for check in checks} <= {"good", "optional"}
    assert all(check["remedy"] for check in checks if check["state"] == "bad")


def test_say_speaks_a_placeholder_as_the_voice_is_given_it(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "line.wav"
    line = "Llame al {{phone:cr-911}}."
    done = run_here("say", line, "-w", small, "-o", out, capture=capsys)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:3] == [
        "language: es-419: Latin American Spanish (español latinoamericano)",
        "text:     Llame al 9 1 1.",
        "spoken:   Llame al nueve, uno, uno.",
    ]
    with wave.open(str(out)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert 1.0 < seconds < 6.0
    assert f"{seconds:.1f} s" in done.out


def test_say_refuses_a_raw_digit(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "line.wav"
    done = run_here("say", "Llame al 911.", "-w", small, "-o", out, capture=capsys)
    assert (done.code, done.out) == (ExitCode.FINDINGS, "")
    assert "911" in done.err
    assert "{{phone:" in done.err
    assert not out.exists()


def test_say_refuses_a_language_that_no_voice_may_speak(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "line.wav"
    done = run_here("say", "Bonjou.", "-w", small, "--lang", "ht", "-o", out, capture=capsys)
    assert (done.code, done.out) == (ExitCode.VOICE, "")
    assert "altavoz voices --lang ht" in done.err
    assert not out.exists()


def test_say_plays_where_there_is_a_player_and_keeps_a_file_where_there_is_none(
    small: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    kept = run_here("say", "Hola.", "-w", small, capture=capsys)
    assert kept.out.splitlines()[-1] == "file:     line.wav"
    (tmp_path / "line.wav").rename(tmp_path / "kept.wav")
    player = tmp_path / "bin/aplay"
    player.write_text(f'#!/bin/sh\n/bin/cp "$2" {tmp_path}/heard.wav\n', encoding="utf-8")
    player.chmod(0o755)
    played = run_here("say", "Hola.", "-w", small, capture=capsys)
    assert played.out.splitlines()[-1] == "played"
    assert (tmp_path / "heard.wav").read_bytes() == (tmp_path / "kept.wav").read_bytes()
    assert not (tmp_path / "line.wav").exists()


def _read(terminal: int) -> bytes:
    """Give what was drawn; nothing once nobody draws any more, which Linux tells as an error."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_progress_is_drawn_on_a_terminal_and_silent_in_a_pipe(tmp_path: Path) -> None:
    import pty

    root = write_small(tmp_path / "tiny", TINY)
    piped = run_process("build", "-j1", cwd=root)
    assert (piped.code, piped.err) == (0, "")
    assert "Made 6 takes, 4 slots, 1 edition. Ready: 1 edition." in piped.out
    shutil.rmtree(root / ".altavoz")
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command_line("build", "-j1", "--json"),
        cwd=root,
        env=environment({"TERM": "xterm"}),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    # A terminal holds 4 kB: who draws more waits until somebody reads it.
    blocks: list[bytes] = []
    reading = threading.Thread(target=lambda: blocks.extend(iter(lambda: _read(ours), b"")))
    reading.start()
    out, _ = running.communicate(timeout=300)
    reading.join()
    drawn = b"".join(blocks).decode(errors="replace")
    os.close(ours)
    assert "slots" in drawn
    assert "/4" in drawn
    assert json_of(out.decode())["ran"]["take"] == 6


def test_publish_says_what_would_be_done_and_does_it_once(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = run_here("publish", "--dry-run", "-j1", "-w", small, capture=capsys)
    assert not (small / "public").exists()
    assert not (small / "releases.jsonl").exists()
    lines = [line for line in planned.out.splitlines() if line.startswith("send ")]
    would = [line.removeprefix("send ").partition(",")[0] for line in lines]
    assert "send corta/en.xml" in planned.out
    assert ": new episode" in planned.out
    done = run_here("publish", "-j1", "-w", small, capture=capsys)
    assert done.code == 0
    assert set(would) == set(tree(small / "public"))
    before = tree(small / "public"), (small / "releases.jsonl").read_bytes()
    again = run_here("publish", "-j1", "-w", small, capture=capsys)
    assert ": 0 objects sent" in again.out
    assert (tree(small / "public"), (small / "releases.jsonl").read_bytes()) == before


def test_status_tells_what_is_built_and_where_it_was_published(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_here("publish", "-j1", "-w", small, capture=capsys)
    edit(small / "scripts/agua/en.md", "Drink little by little.", "Drink slowly.")
    rows = json_of(run_here("status", "--json", "-w", small, capture=capsys).out)["editions"]
    by_edition = {(row["episode"], row["language"], row["profile"]): row for row in rows}
    assert by_edition["corta-1", "es-419", "podcast"]["sound"] == "built"
    assert by_edition["corta-1", "es-419", "podcast"]["published"] == "public 2026-11-22"
    assert by_edition["corta-1", "es-419", "broadcast"]["published"] == "-"
    assert by_edition["corta-1", "en", "podcast"]["sound"] == "to build"


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    done = run_here("--version", capture=capsys)
    assert done.out == f"altavoz, version {version('altavoz')}\n"
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_word_typed_wrongly_is_answered_with_the_right_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = run_here("biuld", capture=capsys)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert "No such command 'biuld'" in done.err
