"""What commands print, as plain tables and lines; how they are drawn is the command line's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from production.build_words import nothing_to_do
from production.building import BuildReport, BuiltEdition
from production.heard_pace import NAMED_WORDS, off_pace
from production.selection import LeftOut
from programme.editions import Edition
from programme.languages import language
from programme.left_out import Cause
from programme.profiles import profiles
from programme.units import LanguageTag, Lufs
from programme.wording import clock, counted
from scripts.workspace import Workspace

if TYPE_CHECKING:
    from production.packs.packing import BuiltPack

SHOWN = 6
"""How many names a line shows before it counts the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; columns in ``right`` are set flush right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()

    def plain(self) -> list[dict[str, str]]:
        """Give each row by its columns' names."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def size(length_bytes: int) -> str:
    """Give a size in the unit that reads best, powers of 1000."""
    if length_bytes < 100_000:
        return f"{length_bytes / 1000:.1f} kB"
    return f"{length_bytes / 1_000_000:.2f} MB"


def editions_table(built: Sequence[BuiltEdition]) -> Table:
    """Give one row per edition: length, loudness, true peak, the size of each rendition.

    The figures are the worst of its files: the loudness that is furthest from what the profile
    asks for, and the highest peak.
    """
    rows = []
    for item in built:
        edition = item.edition
        sizes = "  ".join(f"{r.id} {size(r.length_bytes)}" for r in edition.renditions)
        rows.append(
            (
                f"{edition.series} {edition.number}"
                if edition.episode.startswith(edition.series)
                else edition.episode,
                edition.language,
                f"{edition.profile} for {item.station}" if item.station else edition.profile,
                clock(round(edition.duration_ms / 1000)),
                f"{_worst_lufs(edition):.1f}",
                f"{max(r.loudness.true_peak for r in edition.renditions):.1f}",
                str(edition.words_per_minute or "-"),
                sizes,
            )
        )
    return Table(
        columns=("episode", "language", "profile", "length", "LUFS", "dBTP", "words/min", "files"),
        rows=tuple(rows),
        right=frozenset({3, 4, 5, 6}),
    )


def _worst_lufs(edition: Edition) -> Lufs:
    asked = profiles()[edition.profile].loudness_lufs
    found = [rendition.loudness.integrated for rendition in edition.renditions]
    return max(found, key=lambda lufs: abs(lufs - asked))


def packs_table(packs: Sequence["BuiltPack"], root: Path) -> Table:
    """Give one row per pack."""
    return Table(
        columns=("station", "serial", "editions", "languages", "valid until", "size", "file"),
        rows=tuple(
            (
                pack.station,
                str(pack.serial),
                str(pack.editions),
                " ".join(pack.languages),
                pack.valid_until.isoformat(),
                size(pack.length_bytes),
                _shown(pack.path, root),
            )
            for pack in packs
        ),
        right=frozenset({1, 2, 5}),
    )


def recall_lines(packs: Sequence["BuiltPack"]) -> list[str]:
    """Say which packs recall messages of earlier ones, and which of these nobody says aloud."""
    lines = []
    for pack in packs:
        if pack.recalls:
            told = ", ".join(f"{one.episode} ({one.language})" for one in pack.recalls)
            lines.append(f"{pack.station}: to be deleted of earlier packs: {told}")
        lines += [
            f"{pack.station}: the notice {one.kind.value} in {one.language} is in writing alone: "
            f"{one.problem}; {one.remedy}"
            for one in pack.unspoken
        ]
    return lines


def remark_lines(packs: Sequence["BuiltPack"]) -> list[str]:
    """Say what the sound of packs does not say, or says at too great a length."""
    return [
        f"{pack.station}: {one.language}: {one.problem}; {one.remedy}"
        for pack in packs
        for one in pack.remarks
    ]


def left_out_lines(left_out: Sequence[LeftOut]) -> list[str]:
    """Say what is not in the editions and why: one entry per language and cause, not per slot."""
    grouped: dict[tuple[LanguageTag, Cause, str, str], dict[str, None]] = {}
    for item in left_out:
        if not item.segment:
            continue
        key = (item.language, item.cause, item.problem, _general(item))
        grouped.setdefault(key, {})[item.segment] = None
    lines = []
    for (tag, _, problem, remedy), segments in grouped.items():
        lines.append(f"{tag} ({language(tag).english}): {problem}")
        lines.append(f"  {_some(segments, 'segments')}")
        lines.append(f"  {remedy}")
    return lines


def _some(names: Iterable[str], things: str) -> str:
    """Name a few things, and count the rest: a list of thirty is not read."""
    listed = list(names)
    shown = ", ".join(listed[:SHOWN])
    if len(listed) == 1:
        return shown
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return f"{len(listed)} {things}: {shown}{more}"


def _general(item: LeftOut) -> str:
    """Give a remedy that holds for every segment of the same cause."""
    return item.remedy.replace(f"scripts/{item.segment}/", "scripts/SEGMENT/").replace(
        f" {item.segment} ", " SEGMENT "
    )


def length_lines(built: Sequence[BuiltEdition], workspace: Workspace) -> list[str]:
    """Name the editions that are shorter or longer than their series allows."""
    lines = []
    for item in built:
        edition = item.edition
        series = workspace.series[edition.series]
        seconds = edition.duration_ms / 1000
        if edition.profile != series.profile or item.station:
            continue
        if (series.min_s and seconds < series.min_s) or (series.max_s and seconds > series.max_s):
            lines.append(
                f"{edition.episode} {edition.language} lasts {clock(round(seconds))}; its "
                f"series asks for {clock(series.min_s)} to {clock(series.max_s)}"
            )
    return lines


def pace_lines(built: Sequence[BuiltEdition]) -> list[str]:
    """Name the editions that are heard faster or slower than their profile asks for."""
    lines = []
    for item in built:
        edition = item.edition
        off = off_pace(edition.words_per_minute, edition.words_per_minute_asked)
        words = sum(len(caption.text.split()) for caption in edition.captions)
        if off and words >= NAMED_WORDS:
            lines.append(
                f"{edition.episode} {edition.language} {edition.profile} is heard at "
                f"{edition.words_per_minute} words a minute, {abs(off):.0%} "
                f"{'faster' if off > 0 else 'slower'} than the {edition.words_per_minute_asked} "
                "that the profile asks for"
            )
    return lines


def refused_editions(left_out: Iterable[LeftOut]) -> list[str]:
    """Name the editions that were not made at all, by language and reason."""
    whole: dict[tuple[LanguageTag, str], list[LeftOut]] = {}
    for item in left_out:
        if not item.segment:
            whole.setdefault((item.language, item.problem.partition(":")[0]), []).append(item)
    lines = []
    for (tag, reason), items in whole.items():
        if len(items) == 1:
            lines.append(f"{items[0].episode} {tag} is not made: {items[0].problem}")
        else:
            lines.append(f"{tag} ({language(tag).english}): not made: {reason}")
            lines.append(f"  {_some([item.episode for item in items], 'editions')}")
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRecord:
    """One segment that a person must record before a language can have it."""

    language: LanguageTag
    segment: str
    title: str
    sentences: int
    """0 where the text is still to be translated."""


def recording_list(workspace: Workspace, left_out: Sequence[LeftOut]) -> list[ToRecord]:
    """List what people must record, by language and in the order in which it airs."""
    # What a station alone lacks needs a segment of its own: a recording would be everybody's.
    left_out = [item for item in left_out if not item.station]
    wanted: dict[tuple[LanguageTag, str], None] = {}
    silent = {item.language for item in left_out if item.cause is Cause.NO_VOICE}
    silent |= {item.language for item in left_out if item.cause is Cause.STALE_RECORDING}
    speechless = {
        tag for tag in workspace.network.languages if not _can_speak(workspace, tag)
    } | silent
    for item in left_out:
        recordable = {Cause.NO_VOICE, Cause.STALE_RECORDING}
        missing = item.cause is Cause.MISSING and item.language in speechless
        if item.segment and (item.cause in recordable or missing):
            wanted[(item.language, item.segment)] = None
    source = workspace.network.source_language
    rows = []
    for tag, segment in sorted(wanted, key=lambda w: list(workspace.network.languages).index(w[0])):
        script = workspace.translations[(segment, tag)].script
        shown = script or workspace.translations[(segment, source)].script
        rows.append(
            ToRecord(
                language=tag,
                segment=segment,
                title=shown.title if shown else segment,
                sentences=len(script.sentences) if script else 0,
            )
        )
    return rows


def _can_speak(workspace: Workspace, tag: LanguageTag) -> bool:
    from production.casting import CastVoice, cast_voice

    return isinstance(cast_voice(workspace.network, tag), CastVoice)


def recording_table(rows: Sequence[ToRecord]) -> Table:
    """Give one row per segment to record."""
    return Table(
        columns=("language", "segment", "title", "sentences"),
        rows=tuple(
            (
                f"{row.language} ({language(row.language).english})",
                row.segment,
                row.title,
                str(row.sentences) if row.sentences else "from the source",
            )
            for row in rows
        ),
        right=frozenset({3}),
    )


def build_summary(report: BuildReport) -> str:
    """Say in one line what a build did."""
    run = report.run
    if not run.total and not run.failures:
        return nothing_to_do(len(report.editions))
    parts = [counted(count, kind.value) for kind, count in run.ran.items() if count]
    ready = counted(len(report.editions), "edition")
    return f"Made {', '.join(parts) or 'nothing'}. Ready: {ready}."


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
