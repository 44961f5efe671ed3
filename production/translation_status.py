"""How every segment stands in every language: what to translate, and what to record."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from production.casting import CastRecording, CastVoice, NoVoice, cast_recording, cast_voice
from production.tables import Table
from programme.languages import language
from programme.segments import SegmentKind
from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.translation_files import open_translation
from scripts.translation_lines import changed_words
from scripts.workspace import Workspace

NEEDED = "needed"
"""No fit voice speaks the language, and nobody recorded the segment."""
STALE = "stale"
"""There is a recording, of other words than the present ones, and no voice to take its place."""

_COLUMNS = tuple(state for state in TranslationState if state is not TranslationState.SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """One line of the source that was changed or added since it was translated."""

    line: int
    """Of the source file, counted from 1."""
    before: str
    """Empty for a new line."""
    after: str
    words: tuple[tuple[str, str], ...]
    """What was said and what is said instead; the first empty for words that were added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentStatus:
    """One segment in one language."""

    segment: str
    language: LanguageTag
    state: TranslationState
    recording: str
    """NEEDED, STALE, or empty where nothing is to be recorded."""
    changed: tuple[ChangedLine, ...] = ()
    gone: tuple[str, ...] = ()
    """Lines that the source no longer says."""

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        return {
            "segment": self.segment,
            "language": self.language,
            "state": self.state.value,
            "recording": self.recording,
            "changed": [
                {
                    "line": one.line,
                    "before": one.before,
                    "after": one.after,
                    "words": [list(pair) for pair in one.words],
                }
                for one in self.changed
            ],
            "gone": list(self.gone),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationStatus:
    """Every segment in every language that was asked for."""

    segments: tuple[SegmentStatus, ...]
    """By segment, then in the order of the network's languages."""
    languages: tuple[LanguageTag, ...]
    voices: Mapping[LanguageTag, bool]
    """Whether a voice may speak the language."""

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        return {
            "languages": [
                {"language": tag, "name": language(tag).english, **self.totals(tag)}
                for tag in self.languages
            ],
            "segments": [one.plain() for one in self.segments],
        }

    def totals(self, tag: LanguageTag) -> dict[str, int]:
        """Count the segments of a language by state, and those to be recorded."""
        own = [one for one in self.segments if one.language == tag]
        counts = Counter(one.state for one in own)
        return {
            **{state.value: counts[state] for state in TranslationState},
            "to_record": sum(one.recording != "" for one in own),
        }

    def table(self) -> Table:
        """Give the totals, a row for each language."""
        rows = []
        for tag in self.languages:
            totals = self.totals(tag)
            cells = ["" if not totals[s.value] else str(totals[s.value]) for s in _COLUMNS]
            if totals[TranslationState.SOURCE.value]:
                cells[0] = f"{totals[TranslationState.SOURCE.value]} source"
            rows.append((tag, language(tag).english, *cells, str(totals["to_record"] or "")))
        return Table(
            columns=("language", "name", *(state.value for state in _COLUMNS), "to record"),
            rows=tuple(rows),
            right=frozenset(range(2, len(_COLUMNS) + 3)),
        )

    def lines(self) -> list[str]:
        """Say of every segment that needs somebody what it needs; empty when none does."""
        told: list[str] = []
        for one in self.segments:
            needs = [] if one.state.may_air else [one.state.value]
            if one.state is TranslationState.COSMETIC:
                needs.append("cosmetic")
            if one.recording:
                needs.append("needs recording" if one.recording == NEEDED else "recording stale")
            if needs:
                told.append(f"{one.segment} {one.language}: {', '.join(needs)}")
                told += _details(one)
        return told


def _details(one: SegmentStatus) -> list[str]:
    told = []
    for changed in one.changed:
        if not changed.before:
            told.append(f"  line {changed.line}, new: {changed.after}")
            continue
        if changed.before == changed.after:
            told.append(f"  line {changed.line}: moved")
            continue
        words = "; ".join(_word_change(old, new) for old, new in changed.words)
        told.append(f"  line {changed.line}: {words or 'punctuation, case or spaces'}")
    told += [f"  taken away: {text}" for text in one.gone]
    return told


def _word_change(old: str, new: str) -> str:
    if not old:
        return f"added «{new}»"
    return f"«{old}» → «{new}»" if new else f"left out «{old}»"


def translation_status(
    workspace: Workspace,
    *,
    languages: Sequence[LanguageTag] = (),
    segments: Sequence[str] = (),
) -> TranslationStatus:
    """Look at every translation and recording.

    Args:
        workspace: as read.
        languages: tags of the network; empty for all.
        segments: ids; empty for all.
    """
    tags = tuple(languages) or workspace.network.languages
    voices = {tag: isinstance(cast_voice(workspace.network, tag), CastVoice) for tag in tags}
    found = [
        _segment_status(workspace, segment, tag, has_voice=voices[tag])
        for segment in segments or workspace.segments
        for tag in tags
    ]
    return TranslationStatus(segments=tuple(found), languages=tags, voices=voices)


def _segment_status(
    workspace: Workspace, segment: str, tag: LanguageTag, *, has_voice: bool
) -> SegmentStatus:
    state = workspace.summaries[segment, tag].state
    changed: tuple[ChangedLine, ...] = ()
    gone: tuple[str, ...] = ()
    if state in {TranslationState.STALE, TranslationState.COSMETIC}:
        changed, gone = _changes(workspace, segment, tag)
    return SegmentStatus(
        segment=segment,
        language=tag,
        state=state,
        recording=_recording(workspace, segment, tag, state, has_voice=has_voice),
        changed=changed,
        gone=gone,
    )


def _changes(
    workspace: Workspace, segment: str, tag: LanguageTag
) -> tuple[tuple[ChangedLine, ...], tuple[str, ...]]:
    opened = open_translation(workspace, segment, tag)
    if opened is None:
        return (), ()
    shown = {TranslationState.STALE, TranslationState.MISSING, TranslationState.COSMETIC}
    changed = tuple(
        ChangedLine(
            line=line.line,
            before=line.before,
            after=line.text,
            words=tuple(changed_words(line.before, line.text)) if line.before else (),
        )
        for line in opened.comparison.lines
        if line.state in shown
    )
    return changed, opened.comparison.gone


def _recording(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    state: TranslationState,
    *,
    has_voice: bool,
) -> str:
    """Say whether a person must record a segment; a text that may not air waits for its words."""
    source = workspace.network.source_language
    take = workspace.recordings.get((segment, tag))
    basis = tag if state.may_air else source if state is TranslationState.MISSING else None
    if basis is None or (take is None and state is TranslationState.MISSING):
        return ""
    script = workspace.translations[segment, basis].script
    if script is None:
        return ""
    cast = cast_recording(workspace, segment, tag, script)
    if isinstance(cast, CastRecording):
        return ""
    if isinstance(cast, NoVoice) and not cast.unfinished:
        return STALE
    witness = workspace.segments[segment].kind is SegmentKind.TESTIMONY
    return "" if has_voice and not witness else NEEDED
