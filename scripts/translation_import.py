"""Sheets that came back: read, judged row by row and as whole scripts, planned, then written.

Nothing is written before everything was judged. A row confirms its line: what the translator
left out keeps its words and the source line that they were made from, so that it stays stale.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from programme.findings import Finding, Findings, Severity
from programme.storage import write_beside
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.translation_cells import UNSEEN, Cell, check_placeholders, is_line, read_cell
from scripts.translation_files import OpenTranslation, open_translation
from scripts.translation_sheet import (
    Noter,
    Returned,
    ReturnedSheet,
    cell_digest,
    is_id_of,
    segment_of,
)
from scripts.translation_writing import NewTranslation, make_translation
from scripts.wording import shown
from scripts.workspace import Workspace

MOST_MESSAGES = 500
"""Findings after which the rest of a sheet is counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSegment:
    """What becomes of one segment."""

    segment: str
    file: str
    """The translation's file inside the workspace."""
    rows: int
    """Rows that were taken."""
    new: int
    """Of these, rows whose words are new."""
    change: NewTranslation | None
    """What is written; None where the rows have errors, or change nothing."""
    state: TranslationState
    """In which the translation then is; as it is now where nothing is written."""
    has_errors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would write, and what is wrong with the sheet."""

    language: LanguageTag
    segments: tuple[ImportedSegment, ...]
    findings: Findings

    @property
    def to_write(self) -> tuple[ImportedSegment, ...]:
        """The segments without errors that change."""
        return tuple(one for one in self.segments if one.change is not None)


def plan_import(
    workspace: Workspace,
    sheet: ReturnedSheet,
    language: LanguageTag,
    *,
    confirm: bool = False,
    findings: Findings,
) -> ImportPlan:
    """Judge a sheet against the workspace; writes nothing.

    Args:
        workspace: as read.
        sheet: as it came back.
        language: of the sheet, see language_of.
        confirm: take words that were left as they were as looked at.
        findings: what was found in the sheet before; takes the rest.
    """
    folders = _by_segment(workspace, sheet, findings)
    segments = [
        _plan_segment(
            workspace,
            _Job(
                sheet=sheet,
                language=language,
                confirms=confirm or sheet.confirms,
                asked=confirm,
            ),
            segment,
            rows,
            findings,
        )
        for segment, rows in folders.items()
    ]
    return ImportPlan(language=language, segments=tuple(segments), findings=_bounded(findings))


def _by_segment(
    workspace: Workspace, sheet: ReturnedSheet, findings: Findings
) -> Mapping[str, list[Returned]]:
    """Part the rows by segment, in the sheet's order; note those that belong to none."""
    found: dict[str, list[Returned]] = {}
    unknown: set[str] = set()
    for row in sheet.rows:
        segment = segment_of(row.id)
        if segment in workspace.segments:
            found.setdefault(segment, []).append(row)
        elif segment not in unknown or not segment:
            # one finding for each segment that is not there any more
            unknown.add(segment)
            note = Noter(findings=findings, file=sheet.file, row=row.number)
            if segment:
                note(
                    "translation.row-unknown",
                    f"there is no segment {segment}",
                    "take its rows out, or look whether this is another network's sheet",
                )
            else:
                note(
                    "translation.row-unknown",
                    f"this row has no id of ours: {shown(row.id) or 'none'}",
                    "take the row out, or give it the id that the export wrote",
                )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What is the same for every segment of a sheet."""

    sheet: ReturnedSheet
    language: LanguageTag
    confirms: bool
    """Whether words that were left as they were count as looked at."""
    asked: bool
    """Whether the operator asked for that."""


@dataclass(slots=True)
class _Read:
    """What the rows of one segment say."""

    cells: dict[int, Cell] = field(default_factory=dict)
    notes: dict[int, Noter] = field(default_factory=dict)
    """By place, for every row that belongs to a line."""


def _plan_segment(
    workspace: Workspace,
    job: _Job,
    segment: str,
    rows: list[Returned],
    findings: Findings,
) -> ImportedSegment:
    own = Findings()
    file = f"scripts/{segment}/{job.language}.md"
    state = workspace.translations[segment, job.language].state
    opened = open_translation(workspace, segment, job.language)
    if opened is None:
        Noter(findings=own, file=job.sheet.file, row=rows[0].number)(
            "translation.row-source",
            f"the source of {segment} has errors",
            "run altavoz check, correct the source, then import again",
        )
        read, change = _Read(), None
    else:
        read = _read_rows(opened, job, rows, own)
        change = _judge(workspace, opened, job, read, own)
        if change is not None and not own.has_errors:
            state = change.state
        if change is not None and (own.has_errors or not change.writes):
            change = None
    findings.extend(own.items)
    return ImportedSegment(
        segment=segment,
        file=file,
        rows=len(read.cells),
        new=sum(cell.is_new for cell in read.cells.values()),
        change=change,
        state=state,
        has_errors=own.has_errors,
    )


def _read_rows(
    opened: OpenTranslation, job: _Job, rows: list[Returned], findings: Findings
) -> _Read:
    places = {name: place for place, name in enumerate(opened.ids)}
    seen: dict[str, Returned] = {}
    read = _Read()
    for row in rows:
        note = Noter(findings=findings, file=job.sheet.file, row=row.number)
        if row.id in seen:
            same = seen[row.id].target == row.target
            note(
                "translation.row-double",
                f"row {seen[row.id].number} is the same line"
                + ("" if same else ", with another translation"),
                "take one of the two out",
                Severity.INFO if same else Severity.ERROR,
            )
            continue
        seen[row.id] = row
        place = places.get(row.id)
        if place is None:
            _note_stray(opened, row, note)
            continue
        if not is_line(row.source, opened.texts[place]):
            note(
                "translation.row-source",
                f"the source of this row is not what its id belongs to: {shown(row.source)}",
                "cells of the sheet were moved or overwritten: export again, and look at each row",
            )
            continue
        read.notes[place] = note
        cell = read_cell(opened, place, row, confirms=job.confirms, note=note)
        if cell is not None:
            read.cells[place] = cell
    return read


def _note_stray(opened: OpenTranslation, row: Returned, note: Noter) -> None:
    """Say why a row belongs to no line of the present source."""
    if is_id_of(row.id, row.source):
        has_work = row.target.strip() != "" and row.last != cell_digest(row.target)
        note(
            "translation.row-conflict",
            f"{opened.source.file} does not say this any more: {shown(row.source)}",
            "export again: the source changed after this sheet went out",
            Severity.ERROR if has_work else Severity.WARNING,
        )
    else:
        note(
            "translation.row-unknown",
            f"{opened.source.file} has no line with this id",
            "take the row out, or give it the id and the source that the export wrote",
        )


def _judge(
    workspace: Workspace,
    opened: OpenTranslation,
    job: _Job,
    read: _Read,
    findings: Findings,
) -> NewTranslation | None:
    """Judge a segment's rows together, and the script that they make; None where there is none."""
    if not read.cells or not _has_work(opened, job, read):
        return None
    for line in opened.gone:
        findings.add(
            file=job.sheet.file,
            line=min(cell.number for cell in read.cells.values()),
            rule="translation.line-gone",
            severity=Severity.WARNING,
            problem=f"{opened.file}: «{shown(line.words)}» is taken out: "
            f"{opened.source.file} does not say it any more",
            remedy="look whether something else should be said; the old file is in your history",
        )
    whole = check_placeholders(opened, read.cells, read.notes)
    _note_missing(opened, job, read, findings)
    made = make_translation(workspace, opened, read.cells)
    if made is None:
        first = min(read.notes)
        read.notes[first](
            "translation.row-title",
            f"{opened.file} cannot be begun without its title and one sentence",
            "translate the title's row and at least one more",
            Severity.WARNING,
        )
        return None
    for found in made.findings:
        # a row that lost a number was told so; the script would only say it again
        if whole or not found.rule.startswith("translation.placeholder"):
            findings.extend(_placed(found, opened, made, read, job))
    return made


def _has_work(opened: OpenTranslation, job: _Job, read: _Read) -> bool:
    """Tell whether somebody did anything; a sheet that came back as it went out changes nothing."""
    lines = opened.comparison.lines
    return job.asked or any(
        cell.is_new or (cell.is_confirmed and lines[cell.place].state in UNSEEN)
        for cell in read.cells.values()
    )


def _placed(
    found: Finding, opened: OpenTranslation, made: NewTranslation, read: _Read, job: _Job
) -> list[Finding]:
    """Give a finding of the script as one of its row.

    Only words that are new stop an import: what was wrong before is a warning, if it is an
    error, and else nothing is said of it here.
    """
    place = made.places.get(found.line)
    cell = read.cells.get(place) if place is not None else None
    is_new = cell is not None and cell.is_new
    is_error = found.severity is Severity.ERROR
    if not is_new and not is_error and found.rule != "translation.mark-dropped":
        return []
    lost = found.rule.startswith("translation.placeholder")
    where = f"{opened.file}:{found.line}" if found.line else opened.file
    return [
        Finding(
            file=job.sheet.file,
            line=cell.number if cell else 0,
            rule=found.rule,
            severity=found.severity if is_new or lost else Severity.WARNING,
            problem=found.problem if cell else f"{where}: {found.problem}",
            remedy=found.remedy,
            allowed=found.allowed,
        )
    ]


def _note_missing(opened: OpenTranslation, job: _Job, read: _Read, findings: Findings) -> None:
    """Note the lines that wait for a translator and are in no row of the sheet."""
    missing = [
        line
        for line in opened.comparison.lines
        if line.place not in read.notes
        and opened.state_of(line)
        in {TranslationState.MISSING, TranslationState.STALE, TranslationState.UNCONFIRMED}
    ]
    if not missing:
        return
    shown_lines = ", ".join(str(line.line) for line in missing[:8])
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    findings.add(
        file=job.sheet.file,
        line=min(cell.number for cell in read.cells.values()),
        rule="translation.row-missing",
        severity=Severity.WARNING,
        problem=f"the sheet has no row for {opened.source.file}, lines {shown_lines}{more}",
        remedy="they stay as they are; export them again, or put the rows back",
    )


def _bounded(findings: Findings) -> Findings:
    """Keep the heaviest findings of a sheet in which everything is wrong, and say how many."""
    if len(findings) <= MOST_MESSAGES:
        return findings
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    kept = sorted(findings, key=lambda found: order[found.severity])[:MOST_MESSAGES]
    kept.append(
        Finding(
            file=kept[0].file,
            line=0,
            rule="translation.sheet",
            severity=kept[0].severity,
            problem=f"{len(findings)} findings; the first {MOST_MESSAGES} are listed",
            remedy="put these right, then import again",
        )
    )
    return Findings(kept)


def write_import(workspace: Workspace, plan: ImportPlan) -> list[Path]:
    """Write every segment without errors; gives the files, in order.

    A text is written before its copy of the source: cut off between the two, it is stale.

    Raises:
        ProductionError: the disk refuses; what was written before is whole.
    """
    written = []
    for one in plan.to_write:
        change = one.change
        folder = workspace.root / "scripts" / one.segment
        for name, text in (
            (f"{plan.language}.md", change.text if change else None),
            (f"{plan.language}.from", change.provenance if change else None),
        ):
            if text is not None:
                write_beside(folder / name, text.encode("utf-8"))
                written.append(folder / name)
    return written
