"""Jingles, stings, beds and chimes from sounds/, by name, and what is marked in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from programme.findings import Findings
from programme.identifiers import ID_RULE, is_id
from programme.units import DurationMs
from scripts.fields import Fields
from scripts.tree import Entry, Tree, yaml_among
from scripts.wording import did_you_mean, listed, shown
from scripts.yaml_reading import read_table

if TYPE_CHECKING:
    from programme.sound import Cues

FOLDER = "sounds"
ENDINGS = frozenset({".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a"})
LONGEST_MS = 180_000
"""Of a bed no more is used: three minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFiles:
    """What the folder of sounds holds, by name without ending."""

    paths: Mapping[str, Path]
    cues: "Mapping[str, Cues]"
    """Of the sounds in which something is marked."""


def read_sounds(tree: Tree, *, findings: Findings) -> SoundFiles:
    """Give every sound, and what is marked in it in ``sounds/<name>.yml`` beside it.

    Whether a mark lies within its sound is seen when the sound is opened, by a build.
    """
    entries = tree.entries(FOLDER)
    paths = _paths(entries, findings)
    return SoundFiles(paths=paths, cues=_cues(yaml_among(tree, entries), paths, findings))


def _paths(entries: Sequence[Entry], findings: Findings) -> dict[str, Path]:
    """Find the sounds; two files of one name are an error."""
    found: dict[str, Path] = {}
    for entry in entries:
        if entry.is_folder or entry.suffix.lower() not in ENDINGS:
            continue
        problem, remedy = "", f"rename it: {ID_RULE}"
        if not is_id(entry.stem):
            problem = f"{shown(entry.stem)} cannot name a sound"
        elif entry.stem in found:
            problem = f"{found[entry.stem].name} has the same name"
            remedy = "keep one of the two: a rundown names sounds without their ending"
        if problem:
            findings.add(file=entry.file, line=0, rule="sound.name", problem=problem, remedy=remedy)
        else:
            found[entry.stem] = entry.path
    return found


def _cues(
    entries: Sequence[Entry], sounds: Mapping[str, Path], findings: Findings
) -> "dict[str, Cues]":
    found = {}
    for entry in entries:
        if entry.stem not in sounds:
            remedy = did_you_mean(entry.stem, sounds, f"sounds there are: {listed(sounds)}")
            findings.add(
                file=entry.file,
                line=0,
                rule="sound.cues",
                problem=f"there is no sound {shown(entry.stem)} to mark",
                remedy=remedy,
            )
            continue
        table = read_table(entry.path, file=entry.file, findings=findings)
        if table is None:
            continue
        fields = Fields(table, file=entry.file, findings=findings)
        marks = [
            fields.integer(key, least=0, most=LONGEST_MS, default=0)
            for key in ("intro_ms", "outro_ms")
        ]
        if sum(marks) > LONGEST_MS:
            fields.fault(
                table.line,
                "sound.cues",
                f"intro and outro are longer than {LONGEST_MS // 1000} seconds",
                "use a shorter sound, or mark less of it",
            )
        if fields.done():
            from programme.sound import Cues  # in most sounds nothing is marked

            found[entry.stem] = Cues(intro_ms=DurationMs(marks[0]), outro_ms=DurationMs(marks[1]))
    return found
