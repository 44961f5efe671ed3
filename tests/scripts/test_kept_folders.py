"""What was read from folders is found again, and never after anything there changed."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scripts.kept_file
import scripts.kept_folders
import scripts.workspace
from programme.findings import Finding
from scripts.kept_folders import FILE, KeptFolders
from scripts.plain_columns import column_of
from scripts.workspace import read_workspace
from tests.scripts.kept_checks import SECOND, rewrite
from tests.scripts.sample_workspace import CONTACT, SERIES, TODAY, write_workspace

KEPT = f".altavoz/{FILE}"
TICK_S = 0.02
FRESH = ["facts", "series", "episodes"]
"""What the check without anything kept reads, last."""


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust files that are older than 20 ms, as this machine's disk counts far finer."""
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", int(TICK_S * 1e9))


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the folders that are really read."""
    names: list[str] = []
    for name in FRESH:
        real = getattr(scripts.workspace, f"read_{name}")

        def noting(
            *given: object, _name: str = name, _real: object = real, **named: object
        ) -> object:
            names.append(_name)
            assert callable(_real)
            return _real(*given, **named)

        monkeypatch.setattr(scripts.workspace, f"read_{name}", noting)
    return names


def read(root: Path, *, today: date = TODAY) -> dict[str, object]:
    """Check, hold it against a check that kept nothing, and give what was found."""
    time.sleep(2 * TICK_S)
    found = _read(root, today, keep=True)
    aside = root.with_name(f"{root.name}-aside")
    (root / ".altavoz").rename(aside)
    fresh = _read(root, today, keep=False)
    aside.rename(root / ".altavoz")
    assert found == fresh
    assert repr(found["facts"]) == repr(fresh["facts"])
    return found


def _read(root: Path, today: date, *, keep: bool) -> dict[str, object]:
    workspace, findings = read_workspace(root, today=today, keep=keep)
    found: dict[str, object] = {"findings": list(findings), "facts": None}
    if workspace is not None:
        book = workspace.factbook
        found["facts"] = [list(one.items()) for one in (book.facts, book.contacts, book.faulty)]
        found["episodes"] = workspace.episodes
        found["stations"] = dict(workspace.stations)
    return found


def ready(root: Path, read_again: list[str]) -> Path:
    """Give a workspace that was checked once."""
    write_workspace(root, SECOND)
    read(root)
    read_again.clear()
    return root


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "a line of a text": (
        lambda root: rewrite(root / "scripts/agua/es-419.md", "limpia", "fresca"),
        [],
    ),
    "the words of a fact": (
        lambda root: rewrite(root / "facts/asylum-free.yml", "pedir refugio es", "pedir asilo es"),
        ["facts"],
    ),
    "a fact that breaks": (
        lambda root: rewrite(root / "facts/asylum-free.yml", "status: demo", "status: dmo"),
        ["facts"],
    ),
    "a fact that goes": (lambda root: (root / "facts/asylum-free.yml").unlink(), ["facts"]),
    "a contact more": (lambda root: (root / "facts/otra.yml").write_text(CONTACT), ["facts"]),
    "a file with another ending": (
        lambda root: (root / "facts/otra.yaml").write_text(CONTACT),
        ["facts"],
    ),
    "an editor's copy": (lambda root: (root / "facts/linea.yml~").write_text("x"), []),
    "an episode": (
        lambda root: rewrite(root / "episodes/uno.yml", "number: 1", "number: 2"),
        ["episodes"],
    ),
    "a segment that an episode needs goes": (
        lambda root: shutil.rmtree(root / "scripts/asilo"),
        ["series", "episodes"],  # and its languages are silent
    ),
    "the languages of the network": (
        lambda root: rewrite(root / "altavoz.toml", '["es-419", "en"]', '["es-419", "en", "fr"]'),
        FRESH,
    ),
    "a series that goes": (
        lambda root: (root / "series").rename(root / "gone"),
        ["series", "episodes"],
    ),
    "the title of a series": (
        lambda root: rewrite(root / "series/serie.yml", "title:", "titel:"),
        ["series"],
    ),
    "a link among the facts": (
        lambda root: (root / "facts/otra.yml").symlink_to("linea.yml"),
        ["facts"],
    ),
}


@pytest.mark.parametrize(("change", "again"), CHANGES.values(), ids=CHANGES.keys())
def test_a_folder_is_read_again_when_what_it_says_may_be_another(
    tmp_path: Path, read_again: list[str], change: Callable[[Path], object], again: list[str]
) -> None:
    root = ready(tmp_path / "w", read_again)
    change(root)
    read(root)
    assert read_again == [*again, *FRESH]
    read_again.clear()
    read(root)
    assert read_again == [*(["facts"] if (root / "facts/otra.yml").is_symlink() else []), *FRESH]


def test_the_facts_are_read_again_on_another_day(tmp_path: Path, read_again: list[str]) -> None:
    root = ready(tmp_path / "w", read_again)
    read(root, today=TODAY - timedelta(days=4000))
    assert read_again == ["facts", *FRESH]


def test_series_are_read_again_when_their_image_is_another_thing(
    tmp_path: Path, read_again: list[str]
) -> None:
    root = ready(tmp_path / "w", read_again)
    image, private = root / "artwork/a.png", root / "private"
    rewrite(root / "series/serie.yml", "kind:", "artwork: artwork/a.png\nkind:")
    for folder in (image.parent, private):
        folder.mkdir()
    (private / "face.png").write_bytes(b"x")
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: image.write_bytes(b"x"),
        image.unlink,
        lambda: image.symlink_to("../private/face.png"),
        lambda: [image.replace(root / "aside.png"), image.write_bytes(b"y")],
    ]
    said = []
    found: object = None
    for change in changes:
        change()
        for again in (["series", "episodes"], []):
            read_again.clear()
            found = read(root)["findings"]
            assert set(read_again[: -len(FRESH)]) <= {*again}
        assert isinstance(found, list)
        rules = [one.rule for one in found if one.rule in {"series.artwork", "file.escape"}]
        said.append("".join(rules))
    assert said == ["series.artwork", "", "series.artwork", "file.escape", ""]


def test_a_folder_that_leads_elsewhere_is_always_read(
    tmp_path: Path, read_again: list[str]
) -> None:
    root = ready(tmp_path / "w", read_again)
    (root / "facts").rename(root / "elsewhere")
    (root / "facts").symlink_to("elsewhere")
    for _ in range(2):
        read_again.clear()
        read(root)
        assert read_again == ["facts", *FRESH]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"linea", b"linux"),
        lambda _: b"[" * 300_000,
    ],
    ids=["empty", "half", "a word", "a bomb"],
)
def test_a_damaged_file_is_as_none(
    tmp_path: Path, read_again: list[str], damage: Callable[[bytes], bytes]
) -> None:
    root = ready(tmp_path / "w", read_again)
    path = root / KEPT
    path.write_bytes(damage(path.read_bytes()))
    read(root)
    assert read_again == [*FRESH, *FRESH]


def test_a_file_of_another_shape_is_as_none(tmp_path: Path, read_again: list[str]) -> None:
    root = ready(tmp_path / "w", read_again)
    folders = KeptFolders(root, may_write=True)
    for line in ("[]", "[[],[]]", "null", "[[[1],[2],[3],[4],[5]],[]]"):
        folders._kept = {name: (q, f"{name} {q} {line}") for name, (q, _) in folders._kept.items()}
        folders._changed = True
        folders.save()
        read_again.clear()
        read(root)
        assert read_again == [*FRESH, *FRESH]
        folders = KeptFolders(root, may_write=True)


def test_facts_that_changed_a_moment_ago_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # within one tick of the disk's clock they could change again and look the same
    monkeypatch.setattr(scripts.kept_file, "_TICK_NS", 10**12)
    read_workspace(write_workspace(tmp_path, SECOND), today=TODAY, keep=True)
    assert not (tmp_path / KEPT).exists()


def test_a_type_that_was_never_thought_of_has_no_column() -> None:
    for kind in (float, frozenset[float], object):
        with pytest.raises(TypeError, match="cannot be kept"):
            column_of(kind)


@given(
    st.lists(
        st.builds(
            Finding,
            file=st.text(),
            line=st.integers(0, 10**6),
            rule=st.sampled_from(["a.b", "c"]),
            problem=st.text(),
            remedy=st.just("x"),
        )
    )
)
def test_a_column_gives_back_what_it_was_given(findings: list[Finding]) -> None:
    column = column_of(tuple[Finding, ...] | None)
    given_values = [tuple(findings), None, (), tuple(findings[:1])]
    assert column.read(column.write(given_values)) == given_values


EDITS: list[Callable[[Path, int], object]] = [
    lambda root, n: (root / "facts/linea.yml").write_text(
        CONTACT.replace("000", f"00{n % 3}").replace("3300", f"330{n % 2}")
    ),
    lambda root, _: (root / "facts/linea.yml").unlink(missing_ok=True),
    lambda root, n: (root / "facts/otra.yml").write_text(CONTACT if n % 2 else "x: 1"),
    lambda root, n: rewrite(root / "episodes/uno.yml", "number: ", f"number: {n}"),
    lambda root, n: shutil.rmtree(root / f"scripts/{('asilo', 'agua')[n % 2]}", ignore_errors=True),
    lambda root, n: (root / "series/serie.yml").write_text(
        SERIES.replace("The way", f"Way {n}") + "artwork: artwork/a.png\n" * (n % 2)
    ),
    lambda root, n: (root / ("artwork", "aside")[n % 2]).mkdir(exist_ok=True),
    lambda root, _: (root / "artwork").is_dir() and (root / "artwork/a.png").write_bytes(b"x"),
    lambda root, _: (root / KEPT).unlink(missing_ok=True),
]


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 9)), max_size=4))
def test_after_any_edits_what_was_kept_tells_what_the_files_tell(
    edits: list[tuple[int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_workspace(Path(folder) / "w", SECOND)
        read(root)
        for which, n in edits:
            EDITS[which](root, n)
            read(root)
