"""Writing a workspace's lexicon: one entry, or what was brought in from a PLS file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.storage import write_beside
from programme.units import LanguageTag
from scripts.lexicon import Pronunciation, WordKind, is_exact
from scripts.read_lexicon import FOLDER, parse_lexicon
from scripts.text_files import read_text
from scripts.workspace_edit import own_folder
from scripts.yaml_text import dump_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a file holds after entries were brought into it."""

    file: str
    """Path inside the workspace."""
    text: str
    added: tuple[Pronunciation, ...]
    replaced: tuple[Pronunciation, ...]
    kept: tuple[Pronunciation, ...]
    """Entries of the workspace that say something else than the ones offered, and stand."""

    @property
    def changes(self) -> bool:
        """Whether anything has to be written."""
        return bool(self.added or self.replaced)


def merge_entries(
    root: Path,
    language: LanguageTag,
    entries: Iterable[Pronunciation],
    *,
    replacing: bool,
    findings: Findings,
) -> Merged | None:
    """Bring entries into lexicon/<tag>.yml, without writing it yet.

    Args:
        root: the workspace.
        language: names the file.
        entries: to bring in.
        replacing: whether they stand over the workspace's own where the two differ.
        findings: takes what is wrong with the file that is there.

    Returns:
        The new text, or None where the file that is there has faults: nothing of it may be lost.
    """
    file = f"{FOLDER}/{language}.yml"
    before = _text_of(root, file, findings)
    faults = Findings()
    present: tuple[Pronunciation, ...] = ()
    if before.strip():
        present = parse_lexicon(before, file=file, language=language, findings=faults)
    findings.extend(faults.items)
    if findings.has_errors:
        return None
    known = {entry.key: entry for entry in present}
    added: list[Pronunciation] = []
    replaced: list[Pronunciation] = []
    kept: list[Pronunciation] = []
    for entry in entries:
        old = known.get(entry.key)
        if old is None:
            added.append(entry)
        elif replace(old, line=0) != replace(entry, line=0):
            (replaced if replacing else kept).append(entry if replacing else old)
    changed = {entry.key: entry for entry in replaced}
    wanted = [*(changed.get(entry.key, entry) for entry in present), *added]
    text = _dumped(wanted)
    if not replaced:
        text = _with_comments(before, added, wanted, language) or text
    return Merged(
        file=file, text=text, added=tuple(added), replaced=tuple(replaced), kept=tuple(kept)
    )


def write_merged(root: Path, merged: Merged) -> Path:
    """Write a lexicon beside and rename it; gives its path.

    Raises:
        ProductionError: the folder leads out of the workspace, or the disk refuses.
    """
    own_folder(root, FOLDER)
    path = root / merged.file
    write_beside(path, merged.text.encode("utf-8"))
    return path


def make_entry(
    written: str,
    *,
    language: LanguageTag,
    say: str,
    voices: Sequence[str] = (),
    kind: str = "",
    ipa: str = "",
    full: Sequence[str] = (),
    note: str = "",
    exact: bool = False,
) -> Pronunciation:
    """Make an entry from what somebody typed, judged as the reader of lexicon/ judges it.

    Raises:
        ProductionError: a word that cannot be said, a voice or kind that is not known.
    """
    row: dict[str, object] = {"written": written, "say": say, "ipa": ipa, "kind": kind}
    row |= {"voices": list(voices), "full": list(full), "note": note}
    row["exact"] = "yes" if exact else ""
    findings = Findings()
    text = dump_yaml([{key: value for key, value in row.items() if value}])
    made = parse_lexicon(text, file="(entry)", language=language, findings=findings)
    for found in findings:
        raise ProductionError(
            found.problem, where=written, remedy=found.remedy, code=ExitCode.USAGE
        )
    return made[0]


def _text_of(root: Path, file: str, findings: Findings) -> str:
    path = root / file
    if not path.exists():
        return ""
    return read_text(path, file=file, findings=findings) or ""


def _with_comments(
    before: str,
    added: Sequence[Pronunciation],
    wanted: Sequence[Pronunciation],
    language: LanguageTag,
) -> str:
    """Add at the end, so that comments stay; empty where the file is not written that way."""
    joined = before + ("\n" if before and not before.endswith("\n") else "")
    joined += _dumped(added) if added else ""
    findings = Findings()
    read = parse_lexicon(joined, file="", language=language, findings=findings)
    return joined if not findings.has_errors and _bare(read) == _bare(wanted) else ""


def _bare(entries: Iterable[Pronunciation]) -> list[Pronunciation]:
    return [replace(entry, line=0) for entry in entries]


def _dumped(entries: Iterable[Pronunciation]) -> str:
    return dump_yaml([_row(entry) for entry in entries])


def _row(entry: Pronunciation) -> dict[str, object]:
    """Give an entry's keys as a person would write them: without what goes without saying."""
    row: dict[str, object] = {"written": entry.written}
    if entry.say:
        row["say"] = entry.say
    if entry.ipa:
        row["ipa"] = entry.ipa
    usual = is_exact(entry.written)
    if entry.kind is not (WordKind.ACRONYM if usual and not entry.voices else WordKind.NAME):
        row["kind"] = entry.kind.value
    if entry.exact != usual:
        row["exact"] = "yes" if entry.exact else "no"
    if entry.voices:
        row["voices"] = list(entry.voices)
    if entry.full:
        row["full"] = list(entry.full) if len(entry.full) > 1 else entry.full[0]
    if entry.note:
        row["note"] = entry.note
    return row
