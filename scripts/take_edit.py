"""What is done with recordings/: takes that come in, and what somebody decided of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from programme.errors import ExitCode, ProductionError
from programme.takes import TakeReview
from programme.units import LanguageTag
from programme.words import Script
from scripts.cross_checks import fits
from scripts.read_recordings import FOLDER, SOUND_ENDINGS, RecordedFile, RecordedTake
from scripts.take_decisions import TakeDecision
from scripts.take_files import KeptTakes, NewTake, put_takes, spoken_facts, spoken_texts
from scripts.take_names import WHOLE
from scripts.take_standing import spoken_by
from scripts.wording import listed
from scripts.workspace import Workspace
from scripts.workspace_edit import known_pair, words_for


def add_recording(
    workspace: Workspace, segment: str, language: str, files: Sequence[Path], *, note: str = ""
) -> Path:
    """Take in a person's recording of the words as they are now; gives its take.yml.

    One file holds the whole segment; otherwise there is one for each sentence, in order. Where a
    language has no text, the recording is of the source's words. An earlier recording is
    replaced at the last step, by renaming take.yml; then its files are deleted.

    Raises:
        ProductionError: there is no such segment or language, the words have errors, the number
            of files is wrong, a file cannot be read, or the disk refuses.
    """
    tag = known_pair(workspace, segment, language)
    script = words_for(workspace, segment, tag)
    check_files(files, script)
    must_be_heard = workspace.network.review_recordings
    lines = [WHOLE] if len(files) == 1 else range(1, len(files) + 1)
    takes = [
        NewTake(
            source=source,
            line=line,
            texts=spoken_texts(script, line),
            facts=spoken_facts(workspace, script, line),
            review=TakeReview.NEW if must_be_heard else TakeReview.ACCEPTED,
        )
        for line, source in zip(lines, files, strict=True)
    ]
    return replace_takes(workspace, segment, tag, takes, note=note).path


def replace_takes(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    takes: Sequence[NewTake],
    *,
    note: str = "",
) -> KeptTakes:
    """Keep takes in the place of everything that was recorded of a segment in a language.

    Raises:
        ProductionError: a file cannot be read, or the disk refuses; all is then as it was.
    """
    return put_takes(workspace, segment, tag, takes, (), note=note)


def merge_takes(
    workspace: Workspace, segment: str, tag: LanguageTag, takes: Sequence[NewTake]
) -> KeptTakes:
    """Keep takes beside those that are there; a line that comes again replaces its own take.

    A take of the whole replaces the takes of lines; takes of lines replace one of the whole as
    soon as they speak every sentence and may air.

    Raises:
        ProductionError: as for ``replace_takes``.
    """
    before = workspace.recordings.get((segment, tag))
    if before is None:
        return put_takes(workspace, segment, tag, takes, ())
    coming = {take.line for take in takes}
    script = words_for(workspace, segment, tag)
    known = _with_texts(workspace, before, script)
    stay = [] if WHOLE in coming else _staying(replace(before, rows=known), script, coming)
    return put_takes(workspace, segment, tag, takes, stay, note=before.note)


def review_takes(
    workspace: Workspace, segment: str, language: str, decisions: Mapping[int, TakeDecision]
) -> Path:
    """Note what somebody who listened decided of takes; gives the take.yml.

    Args:
        workspace: as read.
        segment: its id.
        language: the tag.
        decisions: by line, as take.yml has it; WHOLE for a take of the whole segment.

    Raises:
        ProductionError: there is no such take, a rejection without reason, or the disk refuses;
            nothing is then noted.
    """
    tag = known_pair(workspace, segment, language)
    place = f"{FOLDER}/{segment}/{tag}"
    take = workspace.recordings.get((segment, tag))
    there = [] if take is None else [row.line for row in take.rows]
    unknown = [line for line in decisions if line not in there]
    if take is None or unknown:
        raise _no_such_take(there, unknown[0] if unknown else WHOLE, place)
    if any(
        one.review is TakeReview.REJECTED and not one.reason.strip() for one in decisions.values()
    ):
        raise ProductionError(
            "a take is rejected without a reason",
            where=place,
            remedy="say in a few words what to do better when it is recorded again",
            code=ExitCode.USAGE,
        )
    known = _with_texts(workspace, take, words_for(workspace, segment, tag))
    decided = [_decided(row, decisions.get(row.line)) for row in known]
    return put_takes(workspace, segment, tag, (), decided, note=take.note).path


def _decided(row: RecordedFile, decision: TakeDecision | None) -> RecordedFile:
    if decision is None:
        return row
    is_rejected = decision.review is TakeReview.REJECTED
    why = " ".join(decision.reason.split()) if is_rejected else ""
    return replace(row, review=decision.review, reason=why)


def _no_such_take(there: Sequence[int], line: int, where: str) -> ProductionError:
    takes = listed([str(number) if number else "all" for number in there])
    return ProductionError(
        f"there is no take of {f'line {line}' if line else 'the whole segment'}",
        where=where,
        remedy=f"takes: {takes}" if there else "import one first: altavoz takes import",
        code=ExitCode.USAGE,
    )


def check_files(files: Sequence[Path], script: Script) -> None:
    """Look whether files can be a recording of a script, before anything is written.

    Raises:
        ProductionError: their number does not fit, or one is no sound file by its name.
    """
    if not files or not fits(len(files), len(script.sentences)):
        raise ProductionError(
            f"{len(files)} files for {len(script.sentences)} sentences",
            where=script.file,
            remedy="give one file for the whole segment, or one for each sentence, in order",
            code=ExitCode.USAGE,
        )
    for path in files:
        problem = ""
        if not path.is_file():
            problem = "there is no such file"
        elif path.suffix.lower() not in SOUND_ENDINGS:
            problem = f"{path.suffix or 'a file without ending'} is no recording"
        elif path.stat().st_size == 0:
            problem = "the file is empty"
        if problem:
            remedy = f"give recordings that end in {listed(SOUND_ENDINGS)}"
            raise ProductionError(problem, where=str(path), remedy=remedy)


def _with_texts(
    workspace: Workspace, take: RecordedTake, script: Script
) -> tuple[RecordedFile, ...]:
    """Note the sentences of takes that were kept when only the whole script was noted."""
    if take.words_digest != script.words_digest:
        return take.rows
    return tuple(
        row
        if row.texts or row.line > len(script.sentences)
        else replace(
            row,
            texts=spoken_texts(script, row.line),
            facts=spoken_facts(workspace, script, row.line),
        )
        for row in take.rows
    )


def _staying(take: RecordedTake, script: Script, coming: set[int]) -> list[RecordedFile]:
    """Give what is kept beside lines that come, each at the number of its sentence today.

    A sentence that moved takes its take along; a take whose words nobody says any more stays at
    its number until something takes its place there.
    """
    speaking = spoken_by(take, script)
    files = {row.path for row in speaking.values()}
    rows = [replace(row, line=n) for n, row in speaking.items() if n not in coming]
    taken = coming | set(speaking)
    rows += [row for row in take.rows if row.path not in files and row.line not in taken]
    return rows
