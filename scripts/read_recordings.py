"""Recordings by people from recordings/<segment>/<language>/, each described by its take.yml."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from programme.findings import Findings, Severity
from programme.identifiers import is_id
from programme.notices import is_announced
from programme.takes import TakeFault, TakeReview, Verdict, may_air
from programme.units import Digest, LanguageTag
from scripts.fields import Fields
from scripts.language_maps import tag_fault
from scripts.nodes import Items, Table, Text
from scripts.take_names import WHOLE
from scripts.tree import Entry, Tree
from scripts.wording import did_you_mean, listed, shown
from scripts.yaml_reading import read_table

FOLDER = "recordings"
TAKE_FILE = "take.yml"

SOUND_ENDINGS = frozenset(
    {".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".amr", ".3gp"}
)
"""What a recorder or a telephone makes; what is inside is found out when it is decoded."""

MOST_LINES = 2_000
"""A script has no more lines."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.[A-Za-z0-9]{2,4}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_TEXT = re.compile(r"[0-9a-f]{16}\Z")
_FAULTS = frozenset(fault.value for fault in TakeFault)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """One file of a recording, and the words that are heard in it."""

    path: Path
    line: int
    """The sentence, counted from 1; WHOLE where it holds the whole segment."""
    texts: tuple[str, ...] = ()
    """``sentence_digest`` of each sentence that was read; empty where only the digest of the
    whole script was noted, as before there was ``altavoz takes import``."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Facts and contacts that it speaks, with the digests of the values that were spoken."""
    verdict: Verdict | None = None
    """What was measured when it came in; None where nothing was."""
    faults: tuple[str, ...] = ()
    """Why the verdict is not good, as names of faults, the worst first."""
    review: TakeReview = TakeReview.ACCEPTED
    reason: str = ""
    """Why somebody rejected it."""

    @property
    def is_decided(self) -> bool:
        """Whether it may air as far as its sound goes, unless the workspace asks for more."""
        return may_air(self.review, self.verdict, must_be_heard=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTake:
    """One segment as a person spoke it in one language."""

    segment: str
    language: LanguageTag
    rows: tuple[RecordedFile, ...]
    """By line; one for the whole segment comes first."""
    words_digest: Digest
    """Of the script of which it speaks every sentence; empty for a set that is not complete."""
    note: str = ""
    file: str
    """Its take.yml, inside the workspace."""

    @property
    def bound_to(self) -> Digest:
        """The digest of the script that it speaks, as far as that is known without looking.

        Empty where only some takes note their sentences: they may be of two scripts.
        """
        noted = {bool(row.texts) for row in self.rows}
        return self.words_digest if len(noted) < 2 else Digest("")

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file, in the order of the lines."""
        return tuple(row.path for row in self.rows)


def read_recordings(
    tree: Tree,
    *,
    segments: Collection[str],
    languages: Sequence[LanguageTag] | None,
    findings: Findings,
) -> dict[tuple[str, LanguageTag], RecordedTake]:
    """Give every recording whose files are all there, by segment and language.

    Words of spoken notices and of loops are recorded under names that are no segments.
    """
    found = {}
    for folder in tree.entries(FOLDER):
        if not folder.is_folder:
            continue
        if folder.name not in segments and not is_announced(folder.name):
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
    again = f"run altavoz takes add {segment} {language} FILE..."
    is_list = "takes" in fields.table.entries
    digest = fields.text("script", required=not is_list)
    if digest and not _DIGEST.match(digest):
        remedy = f"{again} again"
        fields.fault(fields.line("script"), "recording.digest", "script is no digest", remedy)
    if is_list:
        rows = [_row(fields, table, inside, again) for table in fields.tables("takes")]
        _check_lines(fields, rows)
    else:
        texts = fields.texts("files", required=True)
        rows = [
            RecordedFile(path=path, line=WHOLE if len(texts) == 1 else number)
            for number, text in enumerate(texts, start=1)
            if (path := _path(fields, text, inside, again))
        ]
    return RecordedTake(
        segment=segment,
        language=language,
        rows=tuple(sorted((row for row in rows if row), key=lambda row: row.line)),
        words_digest=Digest(digest),
        note=fields.text("note", paragraphs=True),
        file=fields.file,
    )


def _path(fields: Fields, text: Text, inside: dict[str, Entry], again: str) -> Path | None:
    name = text.value.strip()
    entry = inside.get(name)
    if not _NAME.match(name) or Path(name).suffix.lower() not in SOUND_ENDINGS:
        problem = f"{shown(name)} cannot name a recording"
        remedy = "name it with letters and digits, such as 001.wav, in this folder"
        fields.fault(text.line, "recording.name", problem, remedy)
    elif entry is None or not entry.path.is_file():
        remedy = f"put it back, or {again}"
        fields.fault(text.line, "recording.missing", f"{name} is missing", remedy)
    else:
        return entry.path
    return None


def _row(fields: Fields, table: Table, inside: dict[str, Entry], again: str) -> RecordedFile | None:
    """Read what takes import wrote of one file."""
    part = fields.part(table)
    name = part.written("file", required=True)
    path = None if name is None else _path(part, name, inside, again)
    line = part.integer("line", least=WHOLE, most=MOST_LINES)
    texts = part.texts("texts")
    for text in texts:
        if not _TEXT.match(text.value):
            part.fault(text.line, "recording.digest", "this is no digest of a sentence", again)
    facts = {}
    for text in part.texts("facts"):
        fact, _, value = text.value.partition(":")
        if not is_id(fact) or not (_TEXT.match(value) or not value):
            part.fault(text.line, "recording.digest", "this is no digest of a fact", again)
        facts[fact] = value
    verdict = part.word("verdict", [one.value for one in Verdict])
    faults = part.texts("faults")
    for text in faults:
        if text.value not in _FAULTS:
            part.fault(text.line, "recording.digest", "this names no fault of a recording", again)
    review = part.word("review", [one.value for one in TakeReview], required=True)
    reason = part.text("reason")
    fields.close(part)
    if path is None or not review:
        return None
    return RecordedFile(
        path=path,
        line=line,
        texts=tuple(text.value for text in texts),
        facts=MappingProxyType(facts),
        verdict=Verdict(verdict) if verdict else None,
        faults=tuple(text.value for text in faults),
        review=TakeReview(review),
        reason=reason,
    )


def _check_lines(fields: Fields, rows: Sequence[RecordedFile | None]) -> None:
    lines = [row.line for row in rows if row]
    for line in sorted({line for line in lines if lines.count(line) > 1}):
        fields.fault(
            fields.line("takes"),
            "twice",
            f"line {line} has two takes" if line else "the whole segment has two takes",
            "delete one of the two entries",
        )


def listed_files(folder: Path, place: str) -> set[str]:
    """Give the files of the recording that is there; nothing else in the folder is ours."""
    if not (folder / TAKE_FILE).is_file():
        return set()
    table = read_table(folder / TAKE_FILE, file=f"{place}/{TAKE_FILE}", findings=Findings())
    entries = table.entries if table else {}
    found: set[str] = set()
    for key in ("files", "takes"):
        node = entries.get(key)
        for item in node.items if isinstance(node, Items) else ():
            named = item.entries.get("file") if isinstance(item, Table) else item
            if isinstance(named, Text):
                found.add(named.value)
    return {name for name in found if "/" not in name and not name.startswith(".")}
