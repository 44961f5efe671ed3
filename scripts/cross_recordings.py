"""Checks of recordings against the words of today: stale, incomplete, waiting for an ear."""

from typing import TYPE_CHECKING

from programme.findings import Findings, Severity
from programme.words import Script, TranslationState
from scripts.cross_checks import fits
from scripts.read_recordings import RecordedTake
from scripts.review_digests import FactDigests
from scripts.take_names import WHOLE
from scripts.take_standing import Standing, stand
from scripts.wording import shown

if TYPE_CHECKING:
    from scripts.workspace import Workspace


def check_recordings(workspace: "Workspace", findings: Findings) -> None:
    """Report takes of words that changed since, sets that lack lines, and takes that wait."""
    digests = FactDigests(workspace.factbook)
    source = workspace.network.source_language
    for (segment, language), take in workspace.recordings.items():
        text = workspace.summaries.get((segment, language))
        if text is None or text.state is TranslationState.MISSING:
            text = workspace.summaries.get((segment, source))
        if text is None or not text.has_words:
            continue
        must_be_heard = workspace.network.review_recordings
        is_decided = all(row.is_decided for row in take.rows) and not must_be_heard
        is_bound = take.bound_to == text.words_digest and fits(len(take.rows), text.sentences)
        if is_bound and is_decided:
            continue  # most of them: the words need not be read
        script = workspace.translations[text.segment, text.language].script
        if script is None:
            continue
        check_take(take, script, workspace, digests, findings)


def check_take(
    take: RecordedTake,
    script: Script,
    workspace: "Workspace",
    digests: FactDigests,
    findings: Findings,
    *,
    source: str = "",
) -> None:
    """Report why a take may not air; nothing where it may.

    Args:
        take: of the words.
        script: the words of today.
        workspace: says whether every take is to be heard.
        digests: of its facts.
        findings: gains what is found.
        source: what people call the place of the words; empty for the script's file.
    """
    must_be_heard = workspace.network.review_recordings
    standing = stand(take, script, must_be_heard=must_be_heard, digests=digests)
    if not standing.files:
        _report(take, script, standing, findings, source or script.file)


def _report(
    take: RecordedTake, script: Script, standing: Standing, findings: Findings, source: str
) -> None:
    again = f"altavoz takes kit --lang {take.language} --segment {take.segment}"
    if standing.stale:
        told = "; ".join(
            f"{'' if line == WHOLE else f'line {line}: '}{', '.join(reasons)}"
            for line, reasons in standing.stale.items()
        )
        findings.add(
            file=take.file,
            line=0,
            rule="recording.stale",
            severity=Severity.WARNING,
            problem=f"what {source} says changed since this was recorded ({told}): it is left out",
            remedy=f"have it recorded again: {again}",
        )
    if standing.missing:
        findings.add(
            file=take.file,
            line=0,
            rule="recording.count",
            severity=Severity.WARNING,
            problem=f"takes for {len(standing.rows)} of {len(script.sentences)} sentences: "
            f"{lines_told(standing.missing)} not recorded yet",
            remedy="record what is missing, then: altavoz takes import FOLDER",
        )
    if standing.rejected:
        reasons = {row.line: row.reason for row in take.rows}
        why = next((shown(reasons[n]) for n in standing.rejected if reasons.get(n)), "")
        findings.add(
            file=take.file,
            line=0,
            rule="recording.rejected",
            severity=Severity.WARNING,
            problem=f"{lines_told(standing.rejected)} rejected{f': {why}' if why else ''}",
            remedy="record what was rejected again, then: altavoz takes import FOLDER",
        )
    if standing.waiting:
        findings.add(
            file=take.file,
            line=0,
            rule="recording.waiting",
            severity=Severity.WARNING,
            problem=f"nobody has accepted {named(standing.waiting)} yet: it is left out",
            remedy="listen, and accept or reject: altavoz takes review",
        )


def named(lines: tuple[int, ...]) -> str:
    """Name lines in a sentence; WHOLE is the whole segment."""
    if WHOLE in lines:
        return "the recording"
    told = ", ".join(str(line) for line in lines)
    return f"line {told}" if len(lines) == 1 else f"lines {told}"


def lines_told(lines: tuple[int, ...]) -> str:
    """Name lines as the subject of a sentence, with its verb."""
    return f"{named(lines)} {'is' if len(lines) == 1 else 'are'}"
