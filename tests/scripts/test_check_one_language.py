"""When only one translation changed it alone is judged, and everything is found as if all were."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scripts.kept_file
import scripts.rules
import scripts.segment_check
from tests.scripts.kept_checks import CACHE, everything, found_as_without_cache, kept_rows, rewrite
from tests.scripts.sample_workspace import (
    CONTACT,
    EN,
    ES,
    FACT,
    FROM,
    NETWORK,
    SEGMENT,
    TODAY,
    write_workspace,
)

TICK_S = 0.02
PLACE = "scripts/asilo"
FR = """\
# Demander le refuge est gratuit

Demandez le refuge sans payer.
Au Mexique, {{fact:asylum-free}}.
Appelez le {{phone:linea}}.
"""
THREE = {
    "altavoz.toml": NETWORK.replace('["es-419", "en"]', '["es-419", "en", "fr"]'),
    "facts/asylum-free.yml": FACT.replace(
        '  en: "asking', '  fr: "demander l\'asile est gratuit"\n  en: "asking'
    ),
    f"{PLACE}/fr.md": FR,
    f"{PLACE}/fr.from": FROM,
}


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust files that are older than 20 ms, as this machine's disk counts far finer."""
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", int(TICK_S * 1e9))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the languages whose words are really judged."""
    names: list[str] = []
    real = scripts.rules.check_script

    def noting(script: object, *given: object, **named: object) -> None:
        names.append(str(getattr(script, "language", "")))
        real(script, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(scripts.segment_check, "check_script", noting)
    return names


def rest() -> None:
    """Wait until a change of the files would show."""
    time.sleep(2 * TICK_S)


def rewrite_all(*changes: tuple[Path, str, str]) -> None:
    for path, old, new in changes:
        rewrite(path, old, new)


def ready(root: Path, judged: list[str]) -> Path:
    """Give a workspace of one segment in three languages that was checked once, and trusted."""
    write_workspace(root, THREE)
    rest()
    everything(root, keep=True)
    assert judged == ["es-419", "en", "fr"]
    judged.clear()
    return root


ALL = ["es-419", "en", "fr"]

CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a line of a translation": (
        lambda root: rewrite(root / PLACE / "en.md", "without paying", "4521"),
        ["en"],
    ),
    "a translation that loses a number": (
        lambda root: rewrite(root / PLACE / "en.md", "Call {{phone:linea}}.", "Call us."),
        ["en"],
    ),
    "a translation that breaks": (
        lambda root: rewrite(root / PLACE / "fr.md", "{{phone:linea}}", "{{phone:nobody}}"),
        ["fr"],
    ),
    "the copy beside a translation": (
        lambda root: rewrite(root / PLACE / "fr.from", "sin pagar", "gratis"),
        ["fr"],
    ),
    "two translations": (
        lambda root: rewrite_all(
            (root / PLACE / "fr.md", "sans payer", "gratuitement"),
            (root / PLACE / "en.md", "without paying", "for free"),
        ),
        ["en", "fr"],
    ),
    "an allowance that finds nothing": (
        lambda root: rewrite(
            root / PLACE / "en.md",
            "without paying.",
            'without paying. {{allow plain.sentence-length reason="as the law says"}}',
        ),
        ["en"],
    ),
    "the source": (lambda root: rewrite(root / PLACE / "es-419.md", "sin pagar", "hoy"), ALL),
    "the metadata": (
        lambda root: rewrite(root / PLACE / "segment.yml", "procedure", "awareness"),
        ALL,
    ),
    "a fact": (lambda root: rewrite(root / "facts/asylum-free.yml", "refugio", "asilo"), ALL),
    "a translation and a fact": (
        lambda root: rewrite_all(
            (root / PLACE / "en.md", "without paying", "for free"),
            (root / "facts/asylum-free.yml", "refugio", "asilo"),
        ),
        ALL,
    ),
    "a file that is not read": (lambda root: (root / PLACE / "notes.txt").write_text("x"), ALL),
    "a translation that goes": (lambda root: (root / PLACE / "fr.md").unlink(), ["es-419", "en"]),
    "a translation that becomes another": (
        lambda root: (root / PLACE / "fr.md").rename(root / PLACE / "ht.md"),
        ["es-419", "en"],
    ),
    "a term of the house": (
        lambda root: write_workspace(
            root,
            {
                **THREE,
                "terms/own.yml": "concepts:\n  - id: own\n    terms:\n      en:\n"
                "        avoid:\n          - {row: a, patterns: [asylum], say: refuge}\n",
            },
        ),
        ALL,
    ),
}


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES.keys())
def test_only_the_languages_that_a_change_concerns_are_judged_again(
    tmp_path: Path, judged: list[str], change: Callable[[Path], object], again: list[str]
) -> None:
    root = ready(tmp_path, judged)
    change(root)
    everything(root, keep=True)
    assert judged == again
    rest()
    found_as_without_cache(root)


def test_what_one_language_kept_is_kept_on_when_the_next_changes(
    tmp_path: Path, judged: list[str]
) -> None:
    root = ready(tmp_path, judged)
    rewrite(root / PLACE / "en.md", "without paying", "4521")
    rest()
    everything(root, keep=True)
    rewrite(root / PLACE / "fr.md", "sans payer", "**4521**")
    rest()
    judged.clear()
    found = everything(root, keep=True)
    assert judged == ["fr"]
    assert {one.file for one in found["findings"] if one.rule == "words.raw-digits"} == {
        f"{PLACE}/en.md",
        f"{PLACE}/fr.md",
    }
    found_as_without_cache(root)


def test_a_language_that_changed_a_moment_before_it_was_judged_is_judged_again(
    tmp_path: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # it could have changed once more within one tick of the disk's clock, and look the same
    root = ready(tmp_path, judged)
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", 300_000_000)
    time.sleep(0.4)
    rewrite(root / PLACE / "en.md", "without paying", "for free")
    everything(root, keep=True)
    rewrite(root / PLACE / "fr.md", "sans payer", "gratuitement")
    judged.clear()
    everything(root, keep=True)
    assert judged == ["en", "fr"]
    found_as_without_cache(root)


def test_no_language_is_judged_alone_where_a_name_is_reported_with_it(tmp_path: Path) -> None:
    # EN.md is told of at the same file as what is wrong with its words would be
    write_workspace(tmp_path, {**THREE, f"{PLACE}/EN.md": EN})
    rest()
    everything(tmp_path, keep=True)
    rewrite(tmp_path / PLACE / "en.md", "without paying", "4521")
    found_as_without_cache(tmp_path)


def test_one_file_s_digest_of_another_shape_makes_no_wrong_hit(
    tmp_path: Path, judged: list[str]
) -> None:
    root = ready(tmp_path, judged)
    (row,) = kept_rows(root)
    assert row.apart
    assert len(row.files) == 16 * 6
    assert len({row.files[at : at + 16] for at in range(0, len(row.files), 16)}) == 6


_LINES = ("Ask for asylum for 4521.", "Illegal migrants wait.", "**Ask for asylum.**", "XKQZ waits")
EDITS: list[Callable[[Path, int], object]] = [
    lambda root, n: (root / PLACE / "en.md").write_text(
        EN.replace("Ask for asylum without paying.", _LINES[n % len(_LINES)])
    ),
    lambda root, n: (root / PLACE / "fr.md").write_text(
        FR.replace("sans payer", ("gratuitement", f"{n} fois", "sans {{phone:linea}}")[n % 3])
    ),
    lambda root, n: (root / PLACE / "fr.md").write_text(
        FR.replace("payer.", 'payer 5. {{allow words.raw-digits reason="as written"}}' * (n % 2))
    ),
    lambda root, n: (root / PLACE / "fr.md").write_text(
        FR.replace("Demandez", ("La traite des personnes.\nDemandez", "Le trafic illicite")[n % 2])
    ),
    lambda root, n: (root / PLACE / "es-419.md").write_text(
        ES.replace("Pida", ("La trata de personas", "Pida hoy", f"Pida {n}")[n % 3])
    ),
    lambda root, _: (root / PLACE / "es-419.md").write_text(ES),
    lambda root, _: (root / PLACE / "es-419.md").unlink(missing_ok=True),
    lambda root, n: (root / PLACE / "en.from").write_text(FROM + "Beba agua.\n" * (n % 3)),
    lambda root, _: (root / PLACE / "fr.from").unlink(missing_ok=True),
    lambda root, _: (root / PLACE / "en.md").unlink(missing_ok=True),
    lambda root, n: (root / PLACE / "EN.md").write_text(EN) if n % 2 else None,
    lambda root, n: (root / PLACE / "segment.yml").write_text(
        SEGMENT.replace("procedure", ("alert", "drama", "nonsense")[n % 3])
    ),
    lambda root, n: (root / "facts/linea.yml").write_text(
        CONTACT.replace("000", f"00{n % 3}").replace("3300", f"330{n % 2}")
    ),
    lambda root, n: write_workspace(
        root,
        {
            **THREE,
            "terms/own.yml": "concepts:\n  - id: own\n    terms:\n      en:\n        avoid:\n"
            f"          - {{row: a, patterns: [{('asylum', 'help')[n % 2]}], say: refuge}}\n",
        },
    ),
    lambda root, _: shutil.rmtree(root / "terms", ignore_errors=True),
    lambda _root, _n: rest(),
    lambda _root, _n: rest(),
]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 9)), max_size=9))
def test_after_any_edits_of_three_languages_all_is_found_that_a_whole_check_finds(
    edits: list[tuple[int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_workspace(Path(folder), THREE)
        rest()
        everything(root, keep=True)
        for which, n in edits:
            EDITS[which](root, n)
            found_as_without_cache(root)


def test_a_line_of_a_translation_is_judged_without_reading_any_yaml(tmp_path: Path) -> None:
    program = (
        "import sys, datetime, pathlib, scripts.kept_file\n"
        f"scripts.kept_file._TICK_NS = {int(TICK_S * 1e9)}\n"
        "from scripts.workspace import read_workspace\n"
        "day = datetime.date.fromisoformat(sys.argv[2])\n"
        "_, found = read_workspace(pathlib.Path(sys.argv[1]), today=day, keep=True)\n"
        "print('yaml' in sys.modules, [one.rule for one in found])"
    )

    def check() -> str:
        rest()
        command = [sys.executable, "-c", program, str(root), TODAY.isoformat()]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    root = write_workspace(tmp_path / "w", THREE)
    shutil.rmtree(root / "stations")  # these are read each time
    assert check().startswith("True")
    rewrite(root / PLACE / "en.md", "without paying", "4521")
    said = check()
    assert said.startswith("False")
    (root / CACHE).unlink()
    assert check() == said.replace("False", "True")
