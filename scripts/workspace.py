"""The workspace as a whole: read once, checked as one, with every finding of every file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings, Severity
from programme.network import Network
from programme.segments import Segment
from programme.series import Episode, Series
from programme.stations import Station
from programme.units import LanguageTag
from programme.words import Script, Translation
from scripts.allowances import settle
from scripts.cross_checks import (
    check_consent,
    check_numbers,
    check_recordings,
    check_shelf_life,
    check_sources,
    check_stations,
    what_is_used,
)
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle, built_in_style
from scripts.placeholders import FAULTY_FACT
from scripts.read_facts import FactFiles, read_facts
from scripts.read_network import NETWORK_FILE, read_network
from scripts.read_recordings import RecordedTake, read_recordings
from scripts.read_segments import FOLDER, SegmentFiles, read_segments
from scripts.read_series import (
    EpisodeFiles,
    Known,
    SeriesFiles,
    read_episodes,
    read_series,
)
from scripts.read_sounds import read_sounds
from scripts.read_stations import StationFiles, read_stations
from scripts.rules import check_script
from scripts.script_file import parse_script
from scripts.text_files import read_text
from scripts.translations import assess
from scripts.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Everything that people wrote, as far as it is sound; the findings tell what is not."""

    root: Path
    """Resolved."""
    network: Network
    segments: Mapping[str, Segment]
    translations: Mapping[tuple[str, LanguageTag], Translation]
    """For every segment and every language of the network."""
    factbook: FactBook
    style: HouseStyle
    series: Mapping[str, Series]
    episodes: tuple[Episode, ...]
    """By series, number and id."""
    stations: Mapping[str, Station]
    sounds: Mapping[str, Path]
    recordings: Mapping[tuple[str, LanguageTag], RecordedTake]
    """Also stale ones: a take airs only where its digest is that of the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """What the readers found."""

    segments: SegmentFiles
    facts: FactFiles
    series: SeriesFiles
    episodes: EpisodeFiles
    stations: StationFiles
    sounds: Mapping[str, Path]
    recordings: Mapping[tuple[str, LanguageTag], RecordedTake]


def read_workspace(root: Path, *, today: date) -> tuple[Workspace | None, Findings]:
    """Read and check everything, whatever is wrong with single files.

    Args:
        root: the folder that holds altavoz.toml.
        today: what "expired" and "due" are counted from.

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
    files = _read_files(tree, network, today=today, findings=findings)
    book = FactBook(
        facts=MappingProxyType(files.facts.facts),
        contacts=MappingProxyType(files.facts.contacts),
        faulty=MappingProxyType(files.facts.faulty),
    )
    style = built_in_style()
    translations = _read_scripts(files.segments, network, book, style, findings)
    _check(resolved, files, translations, network, today=today, findings=findings)
    # Each fault once: the fact's own file says what is wrong with it.
    findings.items = [found for found in findings.items if found.rule != FAULTY_FACT]
    if network is None:
        return None, findings
    workspace = Workspace(
        root=resolved,
        network=network,
        segments=MappingProxyType(files.segments.segments),
        translations=MappingProxyType(
            {key: t for key, t in translations.items() if key[0] in files.segments.segments}
        ),
        factbook=book,
        style=style,
        series=MappingProxyType(files.series.series),
        episodes=tuple(
            sorted(files.episodes.episodes, key=lambda one: (one.series, one.number, one.id))
        ),
        stations=MappingProxyType(files.stations.stations),
        sounds=MappingProxyType(files.sounds),
        recordings=MappingProxyType(files.recordings),
    )
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


def _read_files(tree: Tree, network: Network | None, *, today: date, findings: Findings) -> _Files:
    languages = network.languages if network else None
    sounds = read_sounds(tree, findings=findings)
    facts = read_facts(tree, languages=languages, today=today, findings=findings)
    segments = read_segments(tree, languages=languages, findings=findings)
    recordings = read_recordings(
        tree, segments=segments.folders, languages=languages, findings=findings
    )
    heard = {tag for _, tag in [*segments.texts, *recordings]}
    others = [tag for tag in languages or () if network and tag != network.source_language]
    silent = [tag for tag in others if tag not in heard]
    series = read_series(tree, languages=languages, silent=silent, findings=findings)
    known = Known(series=series, segments=segments.folders, sounds=sounds)
    return _Files(
        segments=segments,
        facts=facts,
        series=series,
        episodes=read_episodes(tree, known=known, languages=languages, findings=findings),
        stations=read_stations(tree, series=series, languages=languages, findings=findings),
        sounds=sounds,
        recordings=recordings,
    )


def _read_scripts(
    files: SegmentFiles,
    network: Network | None,
    book: FactBook,
    style: HouseStyle,
    findings: Findings,
) -> dict[tuple[str, LanguageTag], Translation]:
    """Read the words of every segment, the source first, so that each language can be compared."""
    if network is None:
        return {}
    source_language = network.source_language
    others = [tag for tag in network.languages if tag != source_language]
    found: dict[tuple[str, LanguageTag], Translation] = {}
    for segment in files.folders:
        own = Findings()
        source = _read_script(files, segment, source_language, book, style, own)
        if (segment, source_language) not in files.texts:
            own.add(
                file=f"{files.folders[segment]}/{source_language}.md",
                line=0,
                rule="script.missing",
                problem="the text in the source language is missing",
                remedy="write it: a title line beginning with #, then one sentence a line",
            )
        for language in [source_language, *others]:
            script = (
                source
                if language == source_language
                else _read_script(files, segment, language, book, style, own)
            )
            text = files.texts.get((segment, language))
            copy = files.provenance.get((segment, language))
            found[segment, language] = assess(
                segment=segment,
                language=language,
                source=source,
                target=script,
                target_exists=text is not None,
                provenance=None
                if copy is None
                else read_text(copy.path, file=copy.file, findings=own),
                file=text.file if text else f"{files.folders[segment]}/{language}.md",
                findings=own,
            )
        for language in network.languages:
            written = found[segment, language].script
            if written is not None:
                own = Findings(settle(written, own.items))
        findings.extend(own.items)
    return found


def _read_script(  # noqa: PLR0917 - what every script needs
    files: SegmentFiles,
    segment: str,
    language: LanguageTag,
    book: FactBook,
    style: HouseStyle,
    findings: Findings,
) -> Script | None:
    entry = files.texts.get((segment, language))
    if entry is None:
        return None
    text = read_text(entry.path, file=entry.file, findings=findings)
    if text is None:
        return None
    script = parse_script(
        text,
        file=entry.file,
        segment=segment,
        language=language,
        book=book,
        style=style,
        findings=findings,
    )
    metadata = files.segments.get(segment)
    if script is not None and metadata is not None:
        check_script(script, metadata, book=book, style=style, findings=findings)
    return script


def _check(
    root: Path,
    files: _Files,
    translations: Mapping[tuple[str, LanguageTag], Translation],
    network: Network | None,
    *,
    today: date,
    findings: Findings,
) -> None:
    scripts = [t.script for t in translations.values() if t.script is not None]
    source_language = network.source_language if network else ""
    sources = {script.segment: script for script in scripts if script.language == source_language}
    used = what_is_used(files.episodes.episodes, scripts)
    check_shelf_life(files.segments, files.facts, used=used, today=today, findings=findings)
    check_sources(files.segments, sources, findings=findings)
    check_consent(root, files.segments, findings=findings)
    check_numbers(files.episodes, findings=findings)
    check_stations(files.stations, files.series, findings=findings)
    check_recordings(files.recordings, translations, sources, findings=findings)
    _check_not_empty(files, findings)


def _check_not_empty(files: _Files, findings: Findings) -> None:
    for folder, holds, severity, remedy in (
        (FOLDER, files.segments.folders, Severity.ERROR, "write scripts/<segment>/segment.yml"),
        ("series", files.series.names, Severity.WARNING, "write series/<id>.yml"),
        ("episodes", files.episodes.lines, Severity.WARNING, "write episodes/<id>.yml"),
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
