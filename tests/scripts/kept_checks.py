"""A workspace that was checked once, and what a check finds with and without what was kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import scripts.check_cache
import scripts.segment_check
import scripts.tree
import scripts.workspace
from programme.units import LanguageTag
from scripts.kept_rows import Row, read_groups
from scripts.workspace import read_workspace
from tests.scripts.sample_workspace import SEGMENT, TODAY, write_workspace

ES_TAG, EN_TAG = LanguageTag("es-419"), LanguageTag("en")
CACHE = ".altavoz/check.jsonl"
SECOND = {
    "scripts/agua/segment.yml": SEGMENT,
    "scripts/agua/es-419.md": "# El agua\n\nBeba agua limpia.\nBusque la sombra.\n",
    "scripts/cifras/segment.yml": SEGMENT,
    "scripts/cifras/es-419.md": "# Cifras\n\nLlame al 555 000.\n",
}
"""Beside asilo, which speaks a fact and a contact: one that speaks none, and one whose typed
figures are compared with every contact's."""
EVERY = ["agua", "asilo", "cifras"]


def note_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the list of the segments that were really checked."""
    names: list[str] = []
    check = scripts.segment_check.check_segment

    def noting(tree: Any, folder: Any, listing: Any, ground: Any, *, earlier: Any) -> Any:
        names.append(folder.name)
        return check(tree, folder, listing, ground, earlier=earlier)

    monkeypatch.setattr(scripts.segment_check, "check_segment", noting)
    return names


@contextmanager
def without_cache(root: Path) -> Iterator[None]:
    path, aside = root / CACHE, root / "aside"
    there = path.exists()
    if there:
        path.rename(aside)
    try:
        yield
    finally:
        if there:
            aside.rename(path)


def everything(root: Path, *, keep: bool) -> dict[str, Any]:
    workspace, findings = read_workspace(root, today=TODAY, keep=keep)
    found: dict[str, Any] = {"findings": list(findings)}
    if workspace is not None:
        found["segments"] = dict(workspace.segments)
        found["summaries"] = dict(workspace.summaries)
        found["translations"] = dict(workspace.translations)
    return found


def found_as_without_cache(root: Path) -> dict[str, Any]:
    """Check with the cache, hold it against a check without, and give what was found."""
    kept = everything(root, keep=True)
    with without_cache(root):
        assert kept == everything(root, keep=False)
    return kept


def ready(root: Path, checked: list[str]) -> Path:
    """Give a workspace of three segments that was checked once."""
    write_workspace(root, SECOND)
    everything(root, keep=True)
    assert sorted(checked) == EVERY
    checked.clear()
    return root


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def kept_rows(root: Path) -> list[Row]:
    """Give what stands in the file of every segment."""
    _, _, body = (root / CACHE).read_bytes().partition(b"\n")
    return [row for group in read_groups(memoryview(body)) for row in group.rows]


def kept_contents(root: Path) -> dict[str, str]:
    """Give by segment the digest of its files' bytes, empty where the listing alone is trusted."""
    return {row.id: row.contents for row in kept_rows(root)}
