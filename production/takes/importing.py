"""Takes that come home: read, matched, cleaned of everything but sound, measured, and kept.

A take that may not air never takes the place of one that does; a take of words that changed
meanwhile is said to be stale, and keeps nobody's place who speaks the words of today.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from audio.take_intake import take_in
from audio.take_verdict import judge_take
from production.notices.view import with_notices
from programme.digests import digest_file
from programme.errors import ExitCode, ProductionError
from programme.languages import SPACELESS
from programme.profiles import words_per_minute
from programme.storage import storage_errors
from programme.takes import ExpectedSpeech, TakeFault, TakeQuality, TakeReview, Verdict, may_air
from programme.units import LanguageTag
from programme.words import Script
from scripts.read_recordings import RecordedFile
from scripts.review_digests import sentence_digest
from scripts.take_edit import merge_takes
from scripts.take_files import KeptTakes, NewTake
from scripts.take_kit_file import script_to_read
from scripts.take_matching import MatchedTake, match_takes
from scripts.take_names import WHOLE, TakeName
from scripts.take_source import Arrivals, read_arrivals
from scripts.take_standing import spoken_by, stand
from scripts.wording import did_you_mean, listed, shown
from scripts.workspace import Workspace

_PACE = "mixed"
_AROUND_S = 0.3
"""Of a short line, breath and its last syllable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTake:
    """One file that holds one certain take, and what became of it."""

    file: str
    """As it was called where it came from."""
    name: TakeName
    """The line as it is counted today."""
    quality: TakeQuality
    verdict: Verdict
    faults: tuple[TakeFault, ...]
    stale: tuple[int, ...] = ()
    """Lines of today's text that it does not say although it was read from them; 0 where it says
    what the text does not say any more."""
    held: str = ""
    """Why it was not kept; empty for one that is kept."""
    same: bool = False
    """Whether this very recording was there already."""
    airs: bool = False
    """Whether it may air, as far as its sound and its words go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeImport:
    """What an import did, or would do."""

    takes: tuple[ImportedTake, ...]
    arrivals: Arrivals
    """With everything that was refused."""
    kept: Mapping[tuple[str, LanguageTag], KeptTakes]
    """By segment and language; empty in a rehearsal."""
    missing: Mapping[tuple[str, LanguageTag], tuple[int, ...]]
    """Lines that still have to be recorded, for everything that takes came for; WHOLE for all."""


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A take whose sound is clean."""

    matched: MatchedTake
    path: Path
    taken: ImportedTake


def languages_for(workspace: Workspace, tag: str) -> tuple[LanguageTag, ...]:
    """Give the languages that takes are looked for in.

    Raises:
        ProductionError: the tag is none of the network's.
    """
    languages = workspace.network.languages
    if not tag:
        return languages
    if tag not in languages:
        raise ProductionError(
            f"{shown(tag)} is not a language of this network",
            where="altavoz.toml",
            remedy=did_you_mean(tag, languages, f"languages: {listed(languages)}"),
            code=ExitCode.USAGE,
        )
    return (LanguageTag(tag),)


def import_takes(
    workspace: Workspace,
    source: Path,
    *,
    languages: Sequence[LanguageTag],
    replaces: bool = False,
    dry_run: bool = False,
) -> TakeImport:
    """Take in what came back from whoever recorded.

    Args:
        workspace: as read.
        source: a folder, a ZIP or one sound file.
        languages: that takes are looked for in.
        replaces: whether a take that waits may take the place of one that airs.
        dry_run: look and measure, and write nothing into the workspace.

    Raises:
        ProductionError: the source cannot be read at all, or the disk refuses.
    """
    workspace = with_notices(workspace)
    scripts = {
        (segment, tag): script
        for tag in languages
        for segment in workspace.segments
        if (script := script_to_read(workspace, segment, tag)) is not None
    }
    with storage_errors(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory() as held:
        scratch = Path(held)
        (scratch / "in").mkdir()
        arrivals = read_arrivals(source, scratch / "in")
        matched = match_takes(workspace, arrivals, languages=languages, scripts=scripts)
        cleaned = list(_clean_all(matched, scratch, arrivals, scripts, workspace))
        groups: dict[tuple[str, LanguageTag], list[_Cleaned]] = defaultdict(list)
        for one in cleaned:
            groups[one.taken.name.segment, one.taken.name.language].append(one)
        takes: list[ImportedTake] = []
        kept = {}
        for key, group in sorted(groups.items()):
            held_back = _without_the_same_line(
                [_held(workspace, one, scripts[key], replaces=replaces) for one in group]
            )
            wanted = [one for one in held_back if not one.taken.held]
            if wanted and not dry_run:
                kept[key] = merge_takes(workspace, *key, [_new(one) for one in wanted])
            same = kept[key].same if key in kept else ()
            takes += [
                replace(one.taken, same=one.taken.name.line in same and not one.taken.held)
                for one in held_back
            ]
    return TakeImport(
        takes=tuple(takes),
        arrivals=arrivals,
        kept=kept,
        missing={
            key: _missing(workspace, key, scripts[key], [t for t in takes if _key(t) == key])
            for key in groups
        },
    )


def expected_speech(script: Script, line: int, language: LanguageTag) -> ExpectedSpeech | None:
    """Give how long a person takes for a line, or for the whole; None where words do not tell."""
    heard = script.sentences if line == WHOLE else script.sentences[line - 1 : line]
    words = sum(len(sentence.spoken.split()) for sentence in heard)
    if script.language.partition("-")[0] in SPACELESS or not words:
        return None
    seconds = words * 60 / words_per_minute(_PACE, script.language) + _AROUND_S * len(heard)
    is_read = script.language.partition("-")[0] == language.partition("-")[0]
    return ExpectedSpeech(seconds=seconds, is_read=is_read)


def _key(take: ImportedTake) -> tuple[str, LanguageTag]:
    return take.name.segment, take.name.language


def _clean_all(
    matched: Sequence[MatchedTake],
    scratch: Path,
    arrivals: Arrivals,
    scripts: Mapping[tuple[str, LanguageTag], Script],
    workspace: Workspace,
) -> Iterator[_Cleaned]:
    """Decode, clean and measure every file; one that cannot be is refused by its name."""
    for number, arrived in enumerate(matched):
        script = scripts[arrived.name.segment, arrived.name.language]
        path = scratch / f"{number:05d}.flac"
        try:
            quality = take_in(arrived.arrival.path, where=arrived.arrival.name, out=path)
        except ProductionError as error:
            if error.code is ExitCode.STORAGE:
                raise
            arrivals.refuse(arrived.arrival.name, error.problem, error.remedy)
            continue
        one = _as_known(workspace, arrived, path)
        name, stale = _today(one, script)
        expected = None if stale else expected_speech(script, name.line, name.language)
        verdict, faults = judge_take(quality, expected)
        must_be_heard = workspace.network.review_recordings
        taken = ImportedTake(
            file=one.arrival.name,
            name=name,
            quality=quality,
            verdict=verdict,
            faults=faults,
            stale=stale,
            airs=not stale and may_air(TakeReview.NEW, verdict, must_be_heard=must_be_heard),
        )
        yield _Cleaned(one, path, taken)


def _as_known(workspace: Workspace, one: MatchedTake, path: Path) -> MatchedTake:
    """Give a take the words that it is known to speak, where this very sound came in before.

    Without a kit a file counts as the words of today; an old one that comes again would make
    stale words fresh.
    """
    take = workspace.recordings.get((one.name.segment, one.name.language))
    if one.is_of_kit or take is None:
        return one
    digest = digest_file(path)
    for row in take.rows:
        is_alike = row.texts and (row.line == WHOLE) == (one.name.line == WHOLE)
        if is_alike and row.path.suffix == path.suffix and digest_file(row.path) == digest:
            return replace(one, texts=row.texts, facts=row.facts)
    return one


def _today(one: MatchedTake, script: Script) -> tuple[TakeName, tuple[int, ...]]:
    """Give the number that a take's sentence has today, and the lines of which it says others."""
    spoken = [sentence_digest(sentence) for sentence in script.sentences]
    if one.name.line == WHOLE:
        changed = tuple(n for n, text in enumerate(spoken, start=1) if text not in one.texts)
        return one.name, changed or (() if list(one.texts) == spoken else (WHOLE,))
    (text,) = one.texts
    if one.name.line <= len(spoken) and spoken[one.name.line - 1] == text:
        return one.name, ()
    if text in spoken:
        return replace(one.name, line=spoken.index(text) + 1), ()
    return one.name, (one.name.line if one.name.line <= len(spoken) else WHOLE,)


def _held(workspace: Workspace, one: _Cleaned, script: Script, *, replaces: bool) -> _Cleaned:
    """Hold a take back that would take the place of a better one."""
    taken = one.taken
    problem = ""
    if taken.stale == (WHOLE,) and taken.name.line != WHOLE:
        problem = "the text does not say this line any more"
    elif not taken.airs and not replaces and _airs_now(workspace, taken.name, script):
        problem = "the take that airs now stays; --replace takes this one instead"
    return _Cleaned(one.matched, one.path, replace(taken, held=problem)) if problem else one


def _without_the_same_line(takes: Sequence[_Cleaned]) -> list[_Cleaned]:
    """Hold takes back whose sentence, said twice once, has one line today that has a take."""
    lines: set[int] = set()
    found = []
    for one in takes:
        if not one.taken.held and one.taken.name.line in lines:
            why = "another file that came with it speaks this line"
            found.append(_Cleaned(one.matched, one.path, replace(one.taken, held=why)))
            continue
        if not one.taken.held:
            lines.add(one.taken.name.line)
        found.append(one)
    return found


def _airs_now(workspace: Workspace, name: TakeName, script: Script) -> bool:
    """Tell whether a take of the same words is there that may air."""
    take = workspace.recordings.get((name.segment, name.language))
    if take is None:
        return False
    must_be_heard = workspace.network.review_recordings
    if name.line == WHOLE:
        return bool(stand(take, script, must_be_heard=must_be_heard).files)
    row: RecordedFile | None = spoken_by(take, script).get(name.line)
    return row is not None and may_air(row.review, row.verdict, must_be_heard=must_be_heard)


def _new(one: _Cleaned) -> NewTake:
    return NewTake(
        source=one.path,
        line=one.taken.name.line,
        texts=one.matched.texts,
        facts=one.matched.facts,
        verdict=one.taken.verdict,
        faults=tuple(fault.value for fault in one.taken.faults),
    )


def _missing(
    workspace: Workspace,
    key: tuple[str, LanguageTag],
    script: Script,
    takes: Sequence[ImportedTake],
) -> tuple[int, ...]:
    """Give the lines that nobody speaks yet, neither before nor in what came."""
    fresh = {take.name.line for take in takes if not take.stale and not take.held}
    if WHOLE in fresh:
        return ()
    before = workspace.recordings.get(key)
    if before is not None:
        if stand(before, script, must_be_heard=False).is_fresh:
            return ()
        fresh |= set(spoken_by(before, script))
    return tuple(n for n in range(1, len(script.sentences) + 1) if n not in fresh)
