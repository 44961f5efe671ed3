"""The files of recordings/: takes are copied in beside, and take.yml is renamed last.

So what was there before stays whole until the new is complete. Files that no take.yml names any
more are deleted then: git has their history.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from programme.digests import digest_file
from programme.storage import put_file, storage_error, sync_folder
from programme.takes import TakeReview, Verdict
from programme.units import Digest, LanguageTag
from programme.words import Script
from scripts.read_recordings import FOLDER, TAKE_FILE, RecordedFile, RecordedTake, listed_files
from scripts.review_digests import FactDigests, sentence_digest
from scripts.take_names import WHOLE
from scripts.take_standing import Standing, stand
from scripts.workspace import Workspace
from scripts.workspace_edit import own_folder, words_for
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


def put_takes(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    takes: Sequence[NewTake],
    stay: Sequence[RecordedFile],
    *,
    note: str = "",
) -> KeptTakes:
    """Copy files in, rename take.yml over the old one, delete what nothing names any more.

    Args:
        workspace: as read.
        segment: its id.
        tag: the language.
        takes: files that come in.
        stay: what is kept of what is there.
        note: kept with the recording.

    Raises:
        ProductionError: a file cannot be read, or the disk refuses; all is then as it was.
    """
    place = f"{FOLDER}/{segment}/{tag}"
    folder = own_folder(workspace.root, place)
    before = listed_files(folder, place)
    old = workspace.recordings.get((segment, tag))
    decided = {row.path.name: row for row in old.rows} if old else {}
    today = words_for(workspace, segment, tag).words_digest
    # takes that do not note their own words spoke those of the whole script
    same_words = {()} if old is not None and old.words_digest == today else frozenset()
    path = folder / TAKE_FILE
    added: list[str] = []
    rows = list(stay)
    same: list[int] = []
    listed_now = False
    try:
        for take in takes:
            name = _name(take)
            # a name says only the beginning of the digest: all of the bytes have to be the same
            is_there = _is_there(folder / name, take.source)
            known = decided.get(name) if is_there else None
            if known is not None and known.texts in same_words | {take.texts}:
                same.append(take.line)
            else:
                known = None
            added.append(name)
            if not is_there:
                put_file(folder / name, partial(_copy, take.source))
            rows.append(_row(take, folder / name, known))
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


def _row(take: NewTake, path: Path, known: RecordedFile | None) -> RecordedFile:
    """Describe a file; what somebody decided of these very bytes and words still holds."""
    review = take.review
    if known is not None and known.review is not TakeReview.NEW:
        review = known.review
    return RecordedFile(
        path=path,
        line=take.line,
        texts=take.texts,
        facts=take.facts,
        verdict=take.verdict,
        faults=take.faults,
        review=review,
        reason=known.reason if known is not None and review is TakeReview.REJECTED else "",
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
