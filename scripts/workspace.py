"""The workspace as a whole: read once, checked as one, with every finding of every file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from programme.collecting import no_collecting
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings, Severity
from programme.network import Network
from programme.segments import Segment
from programme.series import Episode, Series
from programme.units import LanguageTag
from programme.words import Translation
from scripts.check_cache import CheckCache
from scripts.consents import PRIVATE_FOLDERS, Consents
from scripts.cross_reviews import check_signatures
from scripts.factbook import FAULTY_FACT, FactBook
from scripts.house_style import HouseStyle, read_house_style
from scripts.kept_file import digest_of
from scripts.kept_folders import KeptFolders
from scripts.late_mapping import LateMapping
from scripts.read_episodes import EpisodeFiles, Known, read_episodes
from scripts.read_facts import FactFiles, read_facts
from scripts.read_network import NETWORK_FILE, read_network
from scripts.read_reviews import Reviews, read_reviews
from scripts.read_segments import FOLDER, SegmentFiles, segment_folders
from scripts.read_series import SeriesFiles, read_series
from scripts.read_sounds import SoundFiles, read_sounds
from scripts.segment_found import Ground, found_of
from scripts.summaries import Summary
from scripts.translation_texts import TranslationTexts
from scripts.tree import Mark, Tree, list_folder

if TYPE_CHECKING:
    from programme.sound import Cues
    from programme.stations import Station
    from scripts.read_recordings import RecordedTake


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Everything that people wrote, as far as it is sound; the findings tell what is not."""

    root: Path
    """Resolved."""
    network: Network
    segments: Mapping[str, Segment]
    translations: Mapping[tuple[str, LanguageTag], Translation]
    """For every segment and every language of the network; words are read when asked for."""
    summaries: Mapping[tuple[str, LanguageTag], Summary]
    """The same keys: what is to be known of a text without reading it."""
    factbook: FactBook
    style: HouseStyle
    series: Mapping[str, Series]
    episodes: tuple[Episode, ...]
    """By series, number and id."""
    stations: "Mapping[str, Station]"
    sounds: Mapping[str, Path]
    cues: "Mapping[str, Cues]"
    """Of the sounds in which something is marked."""
    recordings: "Mapping[tuple[str, LanguageTag], RecordedTake]"
    """Also stale ones: a take airs only where its digest is that of the words."""
    reviews: Reviews
    consents: Consents


class _Texts(NamedTuple):
    """What was found in the segments' folders."""

    files: SegmentFiles
    marks: dict[str, Mapping[str, Mark]]
    """By segment and file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """What the readers found."""

    segments: SegmentFiles
    facts: FactFiles
    series: SeriesFiles
    episodes: EpisodeFiles
    stations: "Mapping[str, Station]"
    sounds: SoundFiles
    recordings: "Mapping[tuple[str, LanguageTag], RecordedTake]"
    reviews: Reviews
    consents: Consents


def read_workspace(
    root: Path, *, today: date, keep: bool = False
) -> tuple[Workspace | None, Findings]:
    """Read and check everything, whatever is wrong with single files.

    Args:
        root: the folder that holds altavoz.toml.
        today: what "expired" and "due" are counted from.
        keep: whether what was found may be kept in .altavoz/, so that the next command checks
            what changed only. What an earlier one kept is always used.

    Returns:
        The workspace, or None where altavoz.toml could not be read, and every finding. A
        workspace whose findings stop a build holds what is sound, to be listed; nothing may be
        built from it.

    Raises:
        ProductionError: there is no workspace at this place at all.
    """
    resolved = _find_root(root)
    findings = Findings()
    tree = Tree(root=resolved, findings=findings)
    network = read_network(tree, findings)
    languages = network.languages if network else None
    folders = KeptFolders(resolved, may_write=keep)
    facts = folders.read(
        tree,
        "facts",
        follows_from=(languages, today),
        kind=FactFiles,
        read=lambda: read_facts(tree, languages=languages, today=today, findings=findings),
    )
    ground = Ground(
        languages=languages,
        source_language=network.source_language if network else LanguageTag(""),
        book=FactBook(
            facts=MappingProxyType(facts.facts),
            contacts=MappingProxyType(facts.contacts),
            faulty=MappingProxyType(facts.faulty),
        ),
        style=read_house_style(
            tree,
            languages=languages,
            findings=findings,
            speakers=network.speakers if network else None,
        ),
    )
    with no_collecting():
        texts = _read_segments(tree, ground, findings, keep=keep)
    files = _read_files(tree, network, facts, texts.files, folders, today=today, findings=findings)
    _check_together(files, network, folders, today=today, findings=findings)
    folders.save()
    # Each fault once: the fact's own file says what is wrong with it.
    findings.leave_out(FAULTY_FACT)
    if network is None:
        return None, findings
    segments = LateMapping(lambda: texts.files.segments)
    summaries = LateMapping(
        lambda: {key: one for key, one in texts.files.summaries.items() if key[0] in segments}
    )
    workspace = Workspace(
        root=resolved,
        network=network,
        segments=segments,
        translations=TranslationTexts(resolved, summaries, texts.marks, ground),
        summaries=summaries,
        factbook=ground.book,
        style=ground.style,
        series=MappingProxyType(files.series.series),
        episodes=tuple(
            sorted(files.episodes.episodes, key=lambda one: (one.series, one.number, one.id))
        ),
        stations=MappingProxyType(files.stations),
        sounds=MappingProxyType(files.sounds.paths),
        cues=MappingProxyType(files.sounds.cues),
        recordings=MappingProxyType(files.recordings),
        reviews=files.reviews,
        consents=files.consents,
    )
    if workspace.recordings:
        from scripts.cross_recordings import check_recordings

        check_recordings(workspace, findings)
    check_signatures(workspace, findings)
    if workspace.stations:
        from scripts.cross_overrides import check_overrides

        check_overrides(workspace, findings, today=today)
    return workspace, findings


def _find_root(root: Path) -> Path:
    try:
        resolved = root.resolve(strict=True)
        names = {path.name for path in resolved.iterdir()}
    except OSError as error:
        raise ProductionError(
            "there is no such folder" if isinstance(error, FileNotFoundError) else "no folder",
            where=str(root),
            remedy="name a workspace, or make one with: altavoz init my-radio",
            code=ExitCode.INPUT,
        ) from error
    if not names & {NETWORK_FILE, FOLDER, "episodes", "series"}:
        raise ProductionError(
            "this folder is no workspace: it has no altavoz.toml",
            where=str(root),
            remedy="go to a workspace, or make one with: altavoz init my-radio",
            code=ExitCode.INPUT,
        )
    return resolved


def _read_segments(tree: Tree, ground: Ground, findings: Findings, *, keep: bool) -> _Texts:
    """Check every segment by itself, unless it was checked before; the words are not kept."""
    texts = _Texts(files=SegmentFiles(), marks={})
    cache = CheckCache(tree.root, ground, may_write=keep)
    for folder in segment_folders(tree):
        listing = list_folder(folder.address)
        found = cache.find(folder, listing, findings)
        if found is None:
            from scripts.segment_check import check_segment  # the rules: most commands need none

            earlier = cache.earlier(folder, listing)
            checked = check_segment(tree, folder, listing, ground, earlier=earlier)
            found = found_of(checked)
            cache.keep(folder, listing, checked, found)
            findings.take_over(checked.findings)
        texts.files.take(folder.file, found)
        texts.marks[found.id] = listing.marks
    cache.save()
    return texts


def _read_files(
    tree: Tree,
    network: Network | None,
    facts: FactFiles,
    segments: SegmentFiles,
    folders: KeptFolders,
    *,
    today: date,
    findings: Findings,
) -> _Files:
    languages = network.languages if network else None
    sounds = read_sounds(tree, findings=findings)
    recordings = _read_recordings(tree, segments, languages, findings)
    heard = segments.languages | {tag for _, tag in recordings}
    others = [tag for tag in languages or () if network and tag != network.source_language]
    silent = [tag for tag in others if tag not in heard]
    series = folders.read(
        tree,
        "series",
        follows_from=(languages, silent),
        kind=SeriesFiles,
        read=lambda: read_series(tree, languages=languages, silent=silent, findings=findings),
        holds=lambda found: found.holds(tree),
    )
    known = Known(series=series, segments=segments.folders, sounds=sounds.paths)
    return _Files(
        segments=segments,
        facts=facts,
        series=series,
        episodes=folders.read(
            tree,
            "episodes",
            follows_from=(*known.answers(), languages),
            kind=EpisodeFiles,
            read=lambda: read_episodes(tree, known=known, languages=languages, findings=findings),
        ),
        stations=_read_stations(tree, facts, series, sounds, languages, today, findings),
        sounds=sounds,
        recordings=recordings,
        reviews=read_reviews(tree, segments=segments.folders, findings=findings),
        consents=_read_consents(tree, segments, findings),
    )


def _read_consents(tree: Tree, segments: SegmentFiles, findings: Findings) -> Consents:
    if not os.path.lexists(tree.root / PRIVATE_FOLDERS[-1]):
        return Consents()
    from scripts.read_consent import read_consents  # as below

    return read_consents(tree.root, findings, wanted=segments.consents)


def _read_recordings(
    tree: Tree,
    segments: SegmentFiles,
    languages: tuple[LanguageTag, ...] | None,
    findings: Findings,
) -> "Mapping[tuple[str, LanguageTag], RecordedTake]":
    if not tree.holds_anything("recordings"):
        return {}
    from scripts.read_recordings import read_recordings  # costs a start-up that needs none of it

    return read_recordings(tree, segments=segments.folders, languages=languages, findings=findings)


def _read_stations(  # noqa: PLR0917 - all that a station may name
    tree: Tree,
    facts: FactFiles,
    series: SeriesFiles,
    sounds: SoundFiles,
    languages: tuple[LanguageTag, ...] | None,
    today: date,
    findings: Findings,
) -> "Mapping[str, Station]":
    if not tree.holds_anything("stations"):
        return {}
    from scripts.read_stations import StationGround, read_stations  # as above

    ground = StationGround(
        series=series, facts=facts, sounds=sounds.paths, languages=languages, today=today
    )
    return read_stations(tree, ground=ground, findings=findings)


def _check_together(
    files: _Files,
    network: Network | None,
    folders: KeptFolders,
    *,
    today: date,
    findings: Findings,
) -> None:
    """Check what needs several files; not where all that it follows from is as it was."""
    follows_from: object = None
    if network is not None and not files.stations and not files.segments.consents:
        faces = digest_of(" ".join(files.segments.faces))
        languages = (network.languages, network.source_language)
        others = (dict(network.speakers), network.reviews.alert_days)
        follows_from = (today, list(files.segments.folders), faces, languages, others)
    folders.check(
        "together",
        folders=("facts", "series", "episodes"),
        follows_from=follows_from,
        findings=findings,
        check=lambda own: _check(files, network, today=today, findings=own),
    )


def _check(files: _Files, network: Network | None, *, today: date, findings: Findings) -> None:
    # a check that finds all of it kept needs none of these
    from scripts.cross_checks import (
        check_numbers,
        check_shelf_life,
        check_sources,
        what_is_used,
    )
    from scripts.cross_consent import check_consents
    from scripts.cross_reach import check_reach
    from scripts.cross_reviews import check_alerts
    from scripts.cross_speakers import check_speakers_used

    summaries = files.segments.summaries
    readable = [one for one in summaries.values() if one.has_words]
    source_language = network.source_language if network else ""
    sources = {one.segment: one for one in readable if one.language == source_language}
    used = what_is_used(files.episodes.episodes, readable, files.stations.values())
    check_shelf_life(files.segments, files.facts, used=used, today=today, findings=findings)
    check_sources(files.segments, sources, findings=findings)
    check_consents(
        files.segments,
        files.consents,
        episodes=files.episodes.episodes,
        series=files.series.series,
        stations=files.stations.values(),
        today=today,
        findings=findings,
    )
    if network is not None:
        check_speakers_used(network, summaries.values(), findings=findings)
        check_alerts(files.segments, network.reviews, today=today, findings=findings)
    check_numbers(files.episodes, findings=findings)
    check_reach(
        files.stations.values(),
        files.episodes.episodes,
        segments=files.segments.segments,
        contacts=files.facts.contacts,
        summaries=summaries,
        findings=findings,
    )
    _check_not_empty(files, findings)


def _check_not_empty(files: _Files, findings: Findings) -> None:
    for folder, holds, severity, remedy in (
        (FOLDER, files.segments.folders, Severity.ERROR, "write scripts/<segment>/segment.yml"),
        ("series", files.series.names, Severity.WARNING, "write series/<id>.yml"),
        ("episodes", files.episodes.names, Severity.WARNING, "write episodes/<id>.yml"),
    ):
        if not holds:
            findings.add(
                file=folder,
                line=0,
                rule="workspace.empty",
                severity=severity,
                problem=f"there is nothing in {folder}/, so nothing can be made",
                remedy=f"{remedy}; altavoz init shows an example",
            )
