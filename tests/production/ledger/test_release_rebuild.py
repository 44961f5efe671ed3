"""The command that finds the ledger again looks first, says what it finds, and ends with a code."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli import altavoz
from production.ledger.ledger import LEDGER_FILE, Ledger
from production.releases.history import read_history
from production.targets.head import HEAD_KEY, Claim, render_head
from programme.errors import ExitCode
from tests.production.ledger.ledger_lines import NOON
from tests.production.ledger.ledger_target import head_of, publish
from tests.production.small import write_small


def test_the_command_looks_first_then_finds_the_ledger_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "small")
    before = publish(root)
    (root / LEDGER_FILE).unlink()

    def run(*words: str) -> str:
        altavoz.main(["release", "rebuild", "-w", str(root), *words], standalone_mode=False)
        return capsys.readouterr().out

    assert "7 lines would be found at public" in run("public", "--dry-run")
    assert not (root / LEDGER_FILE).exists()
    found = json.loads(run("public", "--json"))
    assert (found["found"], found["complete"], found["changed"]) == (7, True, True)
    assert read_history(Ledger(root), "public") == read_history(before, "public")
    head = head_of(root)
    assert head is not None
    claim = Claim(by="Tapachula office", since=NOON, alive=NOON, run="0123456789abcdef")
    (root / "public" / HEAD_KEY).write_bytes(render_head(replace(head, claim=claim)))
    altavoz.main(["release", "rebuild", "-w", str(root), "public"], standalone_mode=False)
    words = capsys.readouterr()
    assert "holds all that public tells" in words.out
    assert "Tapachula office publishes there since 2026-11-22 12:00 UTC" in words.err


def test_the_command_ends_with_a_code_where_something_is_known_to_be_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "small")
    publish(root)
    path = root / LEDGER_FILE
    path.write_bytes(path.read_bytes().replace(b'"serial":1,', b'"serial":2,'))
    words = ["release", "rebuild", "-w", str(root), "public"]
    assert altavoz.main(words, standalone_mode=False) == ExitCode.INPUT
    told = capsys.readouterr().out
    assert "NOT FOUND AGAIN: line 4 (pack)" in told
    assert "the next one gets a number that was used" in told
    (kept,) = root.glob("releases.damaged-*.jsonl")
    assert b'"serial":2,' in kept.read_bytes()
