"""`altavoz check` and `altavoz explain`, as people and programs see them."""

import json
from pathlib import Path

import pytest

from commands.reporting import report_lines
from programme.findings import Finding, Findings, Severity
from tests.production.running import run_here
from tests.production.small import write_small

ASIDE = "El agua (si la hay) es gratis."


def workspace(tmp_path: Path, line: str) -> Path:
    """Write the small workspace with one more line at the end of a Spanish script."""
    root = tmp_path / "w"
    write_small(root)
    script = min((root / "scripts").glob("*/es-419.md"))
    script.write_text(script.read_text("utf-8").rstrip("\n") + f"\n{line}\n", "utf-8")
    return root


def test_check_shows_the_line_and_marks_the_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, "Los migrantes ilegales llegan.")
    done = run_here("check", "-w", root, capture=capsys)
    assert done.code == 3
    lines = done.out.splitlines()
    (at,) = [n for n, line in enumerate(lines) if "Los migrantes ilegales llegan." in line]
    assert "error: «migrantes ilegales»" in lines[at - 1]
    begin = lines[at].index("migrantes")
    assert lines[at + 1][begin : begin + len("migrantes ilegales")] == "~" * len(
        "migrantes ilegales"
    )
    assert "[terms.irregular-status]" in lines[at + 2]


def test_check_keeps_what_was_silenced_and_shows_it_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, f'{ASIDE} {{{{allow words.aside reason="cita textual"}}}}')
    short = run_here("check", "-w", root, capture=capsys)
    assert "1 silenced with a reason" in short.out
    assert "words.aside" not in short.out
    whole = run_here("check", "-w", root, "--all", capture=capsys)
    assert "allowed: cita textual [words.aside]" in whole.out


def test_strict_fails_on_a_warning_and_plain_check_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, ASIDE)
    plain = run_here("check", "-w", root, capture=capsys)
    strict = run_here("check", "-w", root, "--strict", capture=capsys)
    assert (plain.code, strict.code) == (0, 3)


def test_json_and_sarif_hold_the_same_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = workspace(tmp_path, ASIDE)
    rows = json.loads(run_here("check", "-w", root, "--json", capture=capsys).out)
    file = tmp_path / "out.sarif"
    done = run_here("check", "-w", root, "--format", "sarif", "-o", file, capture=capsys)
    assert done.code == 0
    results = json.loads(file.read_text("utf-8"))["runs"][0]["results"]
    assert [row["rule"] for row in rows] == [result["ruleId"] for result in results]
    assert "words.aside" in {row["rule"] for row in rows}


def test_a_report_quotes_no_line_of_private_files_and_nothing_that_a_terminal_obeys(
    tmp_path: Path,
) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "a.yml").write_text("name: secret\n", "utf-8")
    (tmp_path / "x.md").write_text("red \x1b[31mtext\n", "utf-8")
    findings = Findings(
        [
            Finding(file=name, line=1, rule="a.b", severity=Severity.ERROR, problem="p", remedy="r")
            for name in ("private/a.yml", "x.md", "gone.md")
        ]
    )
    text = "\n".join(report_lines(findings, root=tmp_path, infos=False))
    assert "secret" not in text
    assert "\x1b" not in text
    assert "red \\u001b[31mtext" in text


def test_marks_stand_under_wide_and_accented_words(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("中文字 cafe\u0301 si\n", "utf-8")
    found = Finding(file="x.md", line=1, rule="a.b", problem="«cafe\u0301»: x", remedy="r")
    rows = list(report_lines(Findings([found]), root=tmp_path, infos=False))
    # Two columns for each of the three characters before, one for e and its combining accent.
    assert rows[2] == "       | " + " " * 7 + "~" * 4


def test_a_line_from_right_to_left_is_shown_without_marks(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("الماء مجاني\n", "utf-8")
    found = Finding(file="x.md", line=1, rule="a.b", problem="«الماء»: x", remedy="r")
    rows = list(report_lines(Findings([found]), root=tmp_path, infos=False))
    assert not any("~" in row for row in rows)


def test_a_long_line_is_shown_whole_in_rows(tmp_path: Path) -> None:
    words = " ".join(f"palabra{n}" for n in range(30))
    (tmp_path / "x.md").write_text(words + "\n", "utf-8")
    found = Finding(file="x.md", line=1, rule="a.b", problem="«palabra29»: x", remedy="r")
    rows = list(report_lines(Findings([found]), root=tmp_path, infos=False))[1:-1]
    assert " ".join(row[9:] for row in rows if "~" not in row) == words
    assert rows[-1].index("~") == rows[-2].index("palabra29")


def test_explain_speaks_the_language_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = run_here("explain", "--lang", "fr", "words.aside", capture=capsys)
    assert done.code == 0
    assert "Pourquoi: L'oreille n'entend pas" in done.out


def test_explain_offers_what_may_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    done = run_here("explain", "words.asides", capture=capsys)
    assert done.code == 2
    assert "did you mean words.aside?" in done.err
