"""What is written into recordings/: takes that came in, and what somebody decided of them.

Files are written beside, flushed and renamed; take.yml is renamed last, so that what was there
before stays whole until the new is complete. Files that no take.yml names any more are deleted
then: git has their history.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.storage import storage_error, sync_folder
from programme.takes import TakeReview, Verdict
from programme.units import Digest, LanguageTag
from programme.words import Script
from scripts.cross_checks import fits
from scripts.read_recordings import (
    FOLDER,
    SOUND_ENDINGS,
    TAKE_FILE,
    RecordedFile,
    RecordedTake,
    listed_files,
)
from scripts.review_digests import FactDigests, sentence_digest
from scripts.take_decisions import TakeDecision
from scripts.take_names import WHOLE
from scripts.take_standing import Standing, spoken_by, stand
from scripts.wording import listed
from scripts.workspace import Workspace
from scripts.workspace_edit import known_pair, own_folder, put_file, words_for
from scripts.yaml_text import dump_yaml

_OWN = re.compile(r"(?:[0-9]{3,}|all)-[0-9a-f]{8}\.[a-z0-9]+\Z")
"""How a take's file is named here: its line, and the beginning of its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTake:
    """A file that came in, and the words that are heard in it."""

    source: Path
    """Copied as it is: whoever brings it has taken everything out but sound."""
    line: int
    """The sentence, counted from 1; WHOLE where it holds the whole segment."""
    texts: tuple[str, ...]
    """``sentence_digest`` of each sentence that was read."""
    facts: Mapping[str, str]
    """Facts and contacts that it speaks, with the digests of the values that were spoken."""
    verdict: Verdict | None = None
    faults: tuple[str, ...] = ()
    review: TakeReview = TakeReview.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTakes:
    """What became of takes that came in for one segment in one language."""

    path: Path
    """The take.yml."""
    new: tuple[int, ...]
    """Lines that are kept now; WHOLE for the whole segment."""
    same: tuple[int, ...]
    """Lines of which this very recording was there already, with whatever was decided of it."""
    replaced: tuple[str, ...]
    """Names of files that were there before and are gone."""


def spoken_facts(workspace: Workspace, script: Script, line: int) -> Mapping[str, str]:
    """Give the facts of a sentence, or of the whole script, with the digests of their values."""
    digests = FactDigests(workspace.factbook)
    facts = script.facts if line == WHOLE else script.sentences[line - 1].facts
    return MappingProxyType({f: digests.of(f, script.language)[0] for f in sorted(set(facts))})


def spoken_texts(script: Script, line: int) -> tuple[str, ...]:
    """Give the digests of the sentences that a take of a line, or of the whole, speaks."""
    heard = script.sentences if line == WHOLE else script.sentences[line - 1 : line]
    return tuple(sentence_digest(sentence) for sentence in heard)


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
    return _put(workspace, segment, tag, takes, (), note=note)


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
        return _put(workspace, segment, tag, takes, ())
    coming = {take.line for take in takes}
    script = words_for(workspace, segment, tag)
    known = _with_texts(workspace, before, script)
    stay = [] if WHOLE in coming else _staying(replace(before, rows=known), script, coming)
    return _put(workspace, segment, tag, takes, stay, note=before.note)


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
    return _put(workspace, segment, tag, (), decided, note=take.note).path


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


def _put(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    takes: Sequence[NewTake],
    stay: Sequence[RecordedFile],
    *,
    note: str = "",
) -> KeptTakes:
    """Copy files in, rename take.yml over the old one, delete what nothing names any more."""
    place = f"{FOLDER}/{segment}/{tag}"
    folder = own_folder(workspace.root, place)
    before = listed_files(folder, place)
    old = workspace.recordings.get((segment, tag))
    decided = {row.path.name: row for row in old.rows} if old else {}
    path = folder / TAKE_FILE
    added: list[str] = []
    rows = list(stay)
    same: list[int] = []
    listed_now = False
    try:
        for take in takes:
            name = _name(take)
            known = decided.get(name)
            if known is not None and known.texts in {take.texts, ()}:
                # heard already: what somebody decided of these very bytes still holds
                take = replace(take, review=known.review)  # noqa: PLW2901
                same.append(take.line)
            added.append(name)
            if not _is_there(folder / name, take.source):
                put_file(folder / name, partial(_copy, take.source))
            rows.append(_row(take, folder / name, known.reason if known else ""))
        rows = _without_the_superseded(workspace, segment, tag, rows, takes)
        sync_folder(folder)
        plain = _plain(rows, _bound(workspace, segment, tag, rows), note)
        put_file(path, lambda out: out.write(dump_yaml(plain).encode("utf-8")))
        listed_now = True
        sync_folder(folder)
        gone = (before | _own_files(folder)) - {row.path.name for row in rows}
        for name in gone:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, place) from error
    finally:
        if not listed_now:
            for name in set(added) - before:
                (folder / name).unlink(missing_ok=True)
    new = sorted({take.line for take in takes} - set(same))
    return KeptTakes(
        path=path, new=tuple(new), same=tuple(same), replaced=tuple(sorted(before & gone))
    )


def _name(take: NewTake) -> str:
    # the digest keeps a new file from lying over one of the recording before
    number = f"{take.line:03d}" if take.line else "all"
    return f"{number}-{digest_file(take.source)[:8]}{take.source.suffix.lower()}"


def _is_there(path: Path, source: Path) -> bool:
    return path.is_file() and digest_file(path) == digest_file(source)


def _row(take: NewTake, path: Path, reason: str) -> RecordedFile:
    return RecordedFile(
        path=path,
        line=take.line,
        texts=take.texts,
        facts=take.facts,
        verdict=take.verdict,
        faults=take.faults,
        review=take.review,
        reason=reason if take.review is TakeReview.REJECTED else "",
    )


def _without_the_superseded(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    rows: Sequence[RecordedFile],
    takes: Sequence[NewTake],
) -> list[RecordedFile]:
    """Leave out a take of the whole where takes of lines that just came say all and may air."""
    if all(take.line == WHOLE for take in takes):
        return list(rows)
    lines = [row for row in rows if row.line != WHOLE]
    standing = _stand(workspace, segment, tag, lines, Digest(""))
    return lines if standing.files else list(rows)


def _bound(
    workspace: Workspace, segment: str, tag: LanguageTag, rows: Sequence[RecordedFile]
) -> Digest:
    """Give the digest of the script of which every sentence is spoken; empty where one is not."""
    script = words_for(workspace, segment, tag)
    old = workspace.recordings.get((segment, tag))
    before = old.words_digest if old else Digest("")
    if _stand(workspace, segment, tag, rows, before).is_fresh:
        return script.words_digest
    # takes of which only the whole script is known say nothing without its digest
    return before if not all(row.texts for row in rows) else Digest("")


def _stand(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    rows: Sequence[RecordedFile],
    digest: Digest,
) -> Standing:
    take = RecordedTake(
        segment=segment, language=tag, rows=tuple(rows), words_digest=digest, file=""
    )
    script = words_for(workspace, segment, tag)
    return stand(take, script, must_be_heard=workspace.network.review_recordings)


def _plain(rows: Sequence[RecordedFile], digest: Digest, note: str) -> dict[str, object]:
    """Give what take.yml holds; what is empty is left out."""
    takes = []
    for row in sorted(rows, key=lambda row: row.line):
        told = {
            "file": row.path.name,
            "line": str(row.line),
            "texts": list(row.texts),
            "facts": [f"{fact}:{value}" for fact, value in sorted(row.facts.items())],
            "verdict": row.verdict.value if row.verdict else "",
            "faults": list(row.faults),
            "review": row.review.value,
            "reason": row.reason,
        }
        takes.append({key: value for key, value in told.items() if value})
    return {**({"script": digest} if digest else {}), "takes": takes, "note": note}


def _own_files(folder: Path) -> set[str]:
    """Give what earlier calls wrote here, also one that was cut off before it tidied up."""
    return {path.name for path in folder.iterdir() if _OWN.match(path.name)}


def _copy(source: Path, out: BinaryIO) -> None:
    with source.open("rb") as data:
        shutil.copyfileobj(data, out, 1 << 20)
