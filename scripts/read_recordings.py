"""Recordings by people from recordings/<segment>/<language>/, each described by its take.yml."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from programme.findings import Findings, Severity
from programme.units import Digest, LanguageTag
from scripts.fields import Fields
from scripts.language_maps import tag_fault
from scripts.tree import Entry, Tree
from scripts.wording import did_you_mean, listed, shown
from scripts.yaml_text import read_table

FOLDER = "recordings"
TAKE_FILE = "take.yml"

SOUND_ENDINGS = frozenset(
    {".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".amr", ".3gp"}
)
"""What a recorder or a telephone makes; what is inside is found out when it is decoded."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.[A-Za-z0-9]{2,4}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTake:
    """One segment as a person spoke it in one language."""

    segment: str
    language: LanguageTag
    files: tuple[Path, ...]
    """One file holds the whole segment; otherwise there is one for each sentence, in order."""
    words_digest: Digest
    """Of the script that it was read from: a take of other words is stale and is left out."""
    file: str
    """Its take.yml, inside the workspace."""


def read_recordings(
    tree: Tree,
    *,
    segments: Collection[str],
    languages: Sequence[LanguageTag] | None,
    findings: Findings,
) -> dict[tuple[str, LanguageTag], RecordedTake]:
    """Give every recording whose files are all there, by segment and language."""
    found = {}
    for folder in tree.entries(FOLDER):
        if not folder.is_folder:
            continue
        if folder.name not in segments:
            findings.add(
                file=folder.file,
                line=0,
                rule="recording.segment",
                problem=f"there is no segment {shown(folder.name)}",
                remedy=did_you_mean(folder.name, segments, f"segments: {listed(segments)}"),
            )
            continue
        for language in tree.entries(folder.file):
            take = _read_language(tree, folder.name, language, languages)
            if take is not None:
                found[take.segment, take.language] = take
    return found


def _read_language(
    tree: Tree, segment: str, folder: Entry, languages: Sequence[LanguageTag] | None
) -> RecordedTake | None:
    if not folder.is_folder:
        return None
    fault = tag_fault(folder.name, languages)
    if fault is not None:
        tree.findings.add(
            file=folder.file,
            line=0,
            rule=fault.rule,
            severity=fault.severity,
            problem=fault.problem,
            remedy=fault.remedy,
        )
        return None
    inside = {entry.name: entry for entry in tree.entries(folder.file)}
    if TAKE_FILE not in inside:
        if any(entry.suffix.lower() in SOUND_ENDINGS for entry in inside.values()):
            tree.findings.add(
                file=folder.file,
                line=0,
                rule="recording.unlisted",
                severity=Severity.WARNING,
                problem="these recordings do not say which words they were read from",
                remedy=f"run altavoz takes add {segment} {folder.name} FILE...",
            )
        return None
    entry = inside[TAKE_FILE]
    table = read_table(entry.path, file=entry.file, findings=tree.findings)
    if table is None:
        return None
    fields = Fields(table, file=entry.file, findings=tree.findings)
    take = _take(fields, inside, segment, LanguageTag(folder.name))
    return take if fields.done() else None


def _take(
    fields: Fields, inside: dict[str, Entry], segment: str, language: LanguageTag
) -> RecordedTake:
    digest = fields.text("script", required=True)
    if digest and not _DIGEST.match(digest):
        remedy = f"run altavoz takes add {segment} {language} FILE... again"
        fields.fault(fields.line("script"), "recording.digest", "script is no digest", remedy)
    files: list[Path] = []
    for text in fields.texts("files", required=True):
        name = text.value.strip()
        entry = inside.get(name)
        if not _NAME.match(name) or Path(name).suffix.lower() not in SOUND_ENDINGS:
            problem = f"{shown(name)} cannot name a recording"
            remedy = "name it with letters and digits, such as 001.wav, in this folder"
            fields.fault(text.line, "recording.name", problem, remedy)
        elif entry is None or not entry.path.is_file():
            remedy = f"put it back, or run altavoz takes add {segment} {language} FILE..."
            fields.fault(text.line, "recording.missing", f"{name} is missing", remedy)
        else:
            files.append(entry.path)
    fields.text("note", paragraphs=True)
    return RecordedTake(
        segment=segment,
        language=language,
        files=tuple(files),
        words_digest=Digest(digest),
        file=fields.file,
    )
