"""Shelf life: what ran out is left out and told, the rest goes on, and nothing old stays."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.running import Done, edit, known_sound, run_here, tree
from tests.production.small import FILES, write_small

LATER = date(2026, 12, 26)
EARLY = FILES["facts/cr-911.yml"].replace('"2027-01-31"', '"2026-12-25"')
"""The contact runs out on the 25th; the segments of the small workspace do not."""
LEFT_OUT = "the fact cr-911 expired on 2026-12-25 (facts/cr-911.yml:1)"


Small = Callable[..., Path]


@pytest.fixture
def small(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Writes a workspace whose fact is verified, with one series in two languages."""
    active = EARLY.replace("status: demo", "status: active")
    text = FILES["series/corta.yml"].replace("[es-419, en, ht]", "[es-419, en]")

    def write(changes: Mapping[str, str | None] | None = None) -> Path:
        files = {"facts/cr-911.yml": active, "series/corta.yml": text, **(changes or {})}
        return known_sound(write_small(tmp_path / "small", files), tmp_path_factory)

    return write


def command(root: Path, *arguments: str, day: date, capture: pytest.CaptureFixture[str]) -> Done:
    return run_here(*arguments, "-w", root, day=day, capture=capture)


def everything_said(folder: Path) -> str:
    """Give all text under a folder, and every text tag in its sound."""
    return "\n".join(
        path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def test_a_check_fails_on_what_expired_and_a_build_goes_on_without_it(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small()
    done = command(root, "check", day=LATER, capture=capsys)
    assert done.code == ExitCode.FINDINGS
    assert "facts/cr-911.yml:12: error: cr-911 expired on 2026-12-25" in done.out
    done = command(root, "build", "-j1", day=LATER, capture=capsys)
    assert done.code == ExitCode.OK
    assert "1 error, " in done.err
    assert LEFT_OUT in done.out
    assert "ask Verification desk" in done.out
    captions = (root / "build/corta/es-419/corta-1_es-419.vtt").read_text(encoding="utf-8")
    assert "Lleve agua" in captions
    assert "Llame al" not in captions


def test_what_expires_between_two_publishes_is_corrected_and_nothing_old_stays(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    root = small()
    before = date(2026, 12, 25)
    assert command(root, "publish", "-j1", "real", day=before, capture=capsys).code == ExitCode.OK
    assert "9 1 1" in everything_said(root / "real")
    done = command(root, "publish", "-j1", "real", day=LATER, capture=capsys)
    assert done.code == ExitCode.OK, done.said
    assert f"left out: en (English): {LEFT_OUT}" in done.out
    assert done.out.count("correct: corta corta-1") == 2
    for folder in ("real", "build"):
        assert "9 1 1" not in everything_said(root / folder)


def test_a_required_segment_that_expired_stops_its_edition_and_not_the_others(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    rundown = FILES["episodes/corta-1.yml"] + "    required: yes\n"
    loop = FILES["episodes/bucle-1.yml"].replace("repeat: 2", "repeat: 3")  # something to build
    root = small({"episodes/corta-1.yml": rundown, "episodes/bucle-1.yml": loop})
    done = command(root, "build", "-j1", day=LATER, capture=capsys)
    assert done.code == ExitCode.OK
    assert "corta-1 en is not made: required segments are missing: ayuda" in done.out
    assert sorted(p.name for p in (root / "build").iterdir()) == ["bucle"]


def test_a_withdrawn_fact_that_listeners_still_have_stops_the_publish_of_everything(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    rundown = FILES["episodes/corta-1.yml"] + "    required: yes\n"
    root = small({"episodes/corta-1.yml": rundown})
    first = date(2026, 11, 23)
    assert command(root, "publish", "-j1", "real", day=first, capture=capsys).code == ExitCode.OK
    edit(root / "facts/cr-911.yml", "status: active", "status: withdrawn")
    before = tree(root)
    done = command(root, "publish", "-j1", "real", day=first, capture=capsys)
    assert done.code == ExitCode.EXPIRED
    assert "cr-911 (facts/cr-911.yml:1) was withdrawn; owner: Verification desk" in done.err
    assert "corta corta-1 (es-419, en)" in done.err
    # Nothing was built for it either.
    assert {n: d for n, d in tree(root).items() if not n.startswith(".altavoz/")} == {
        n: d for n, d in before.items() if not n.startswith(".altavoz/")
    }
    # The remedy: take the segment out of the rundown.
    edit(
        root / "episodes/corta-1.yml",
        "  - segment: ayuda\n    sting: tono\n    required: yes\n",
        "",
    )
    done = command(root, "publish", "-j1", "real", day=first, capture=capsys)
    assert done.code == ExitCode.OK, done.said
    assert "9 1 1" not in everything_said(root / "real")


def test_demo_facts_stop_a_publish_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "small")
    done = command(root, "publish", "-j1", "real", day=date(2026, 11, 22), capture=capsys)
    assert done.code == ExitCode.EXPIRED
    assert re.search(r"cr-911 \(facts/cr-911.yml:1\) is a demo fact", done.err)
    assert not (root / "build").exists()
    assert not (root / "real").exists()


def test_a_fact_that_was_verified_after_a_rehearsal_may_be_published(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = {"facts/cr-911.yml": EARLY}
    root, day = small(demo), date(2026, 11, 22)
    assert command(root, "build", "-j1", day=day, capture=capsys).code == ExitCode.OK
    edit(root / "facts/cr-911.yml", "status: demo", "status: active")
    done = command(root, "publish", "-j1", "real", day=day, capture=capsys)
    assert done.code == ExitCode.OK, done.said
    assert done.out.count("new: corta corta-1") == 2
    assert "9 1 1" in everything_said(root / "real")
