"""Jingles, stings, beds and chimes from sounds/, by name."""

from pathlib import Path

from programme.findings import Findings
from programme.identifiers import ID_RULE, is_id
from scripts.tree import Tree
from scripts.wording import shown

FOLDER = "sounds"
ENDINGS = frozenset({".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a"})


def read_sounds(tree: Tree, *, findings: Findings) -> dict[str, Path]:
    """Give every sound by its name without ending; two files of one name are an error."""
    found: dict[str, Path] = {}
    for entry in tree.entries(FOLDER):
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
