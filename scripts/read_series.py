"""Series from series/*.yml and their episodes from episodes/*.yml."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from programme.findings import Findings, Severity
from programme.identifiers import ID_RULE, is_id
from programme.languages import canonical, is_known
from programme.profiles import outputs, profiles
from programme.series import Episode, Series, SeriesKind, Slot
from programme.units import LanguageTag
from scripts.artwork_checks import ArtworkFault, artwork_faults
from scripts.feed_texts import DESCRIPTION_BYTES, TITLE_LETTERS, check_categories
from scripts.fields import Fields
from scripts.language_maps import check_complete, language_list, language_map
from scripts.tree import Entry, Tree, yaml_files
from scripts.wording import did_you_mean, listed, shown
from scripts.yaml_reading import read_table

MOST_REPEATS = 5
LONGEST_S = 6 * 3600
NONE = "none"
"""In a slot: no sting or bed here, whatever the episode says."""
_PLACES = frozenset({"all", "topic", "station", "m", "publisher", "index", "feeds", "site", "sw"})
"""What stands beside the folders of series where they are published."""


@dataclass(slots=True)
class SeriesFiles:
    """What the series folder holds."""

    series: dict[str, Series] = field(default_factory=dict)
    silent: frozenset[LanguageTag] = frozenset()
    """Languages in which nothing is written or recorded yet."""
    names: set[str] = field(default_factory=set)
    """Every series that has a file, also one with faults."""
    languages: dict[str, tuple[LanguageTag, ...]] = field(default_factory=dict)
    """Of every series that has a file, as far as they are right."""
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    artwork: dict[str, str] = field(default_factory=dict)
    """Every image that is named, and what is wrong with it: the one thing that does not follow
    from the files in the folder."""

    def holds(self, tree: Tree) -> bool:
        """Tell whether the same would be said of every image now."""
        return all(_said(artwork_faults(tree, name)) == said for name, said in self.artwork.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an episode may refer to."""

    series: SeriesFiles
    segments: Collection[str]
    sounds: Collection[str]

    def answers(self) -> tuple[object, ...]:
        """Give everything that reading an episode follows from but its file, as plain values."""
        series = self.series
        return (
            *(sorted(series.names), sorted(series.silent), sorted(series.languages.items())),
            *(list(self.segments), list(self.sounds)),
        )


@dataclass(slots=True)
class EpisodeFiles:
    """What the episodes folder holds."""

    episodes: list[Episode] = field(default_factory=list)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """Line of a key in an episode's file."""
    names: set[str] = field(default_factory=set)
    """Every file that is there, also one that cannot be read."""


def read_series(
    tree: Tree,
    *,
    languages: Sequence[LanguageTag] | None,
    silent: Collection[LanguageTag],
    findings: Findings,
) -> SeriesFiles:
    """Give every series that is sound.

    Args:
        tree: the workspace's folders.
        languages: the network's; None where altavoz.toml could not be read.
        silent: those of them in which nothing is written or recorded yet.
        findings: takes the findings.
    """
    found = SeriesFiles(silent=frozenset(silent))
    for entry in yaml_files(tree, "series"):
        fields = open_named(entry, findings)
        if is_id(entry.stem):
            found.names.add(entry.stem)  # it is there, whatever is wrong with it
        if fields is None:
            continue
        found.lines |= {(entry.stem, key): n for key, n in fields.table.key_lines.items()}
        _check_address(fields, entry)
        series = _series(fields, entry, languages, found.silent)
        found.languages[series.id] = series.languages
        if series.artwork:
            faults = artwork_faults(tree, series.artwork)
            found.artwork[series.artwork] = _said(faults)
            _note_artwork(fields, faults)
        if fields.done():
            found.series[series.id] = series
    return found


def open_named(entry: Entry, findings: Findings) -> Fields | None:
    """Begin reading a file that is named for its id; a bad name is an error."""
    table = read_table(entry.path, file=entry.file, findings=findings)
    if is_id(entry.stem):
        return None if table is None else Fields(table, file=entry.file, findings=findings)
    findings.add(
        file=entry.file,
        line=0,
        rule="file.name",
        problem=f"{shown(entry.stem)} cannot be an id",
        remedy=f"rename the file: {ID_RULE}",
    )
    return None


def check_profile(fields: Fields) -> str:
    """Give the id of a built-in profile."""
    return fields.word("profile", sorted(profiles()), required=True)


def _check_address(fields: Fields, entry: Entry) -> None:
    """Refuse a series whose folder, where it is published, would be that of something else."""
    usual = canonical(entry.stem)
    if entry.stem in _PLACES:
        what = "everything, a topic, a station or the whole network"
    elif usual is not None and is_known(usual):
        what = f"the language {usual}"
    else:
        return
    fields.fault(
        0,
        "series.address",
        f"{shown(entry.stem)} cannot be a series: feeds and pages of {what} have that address",
        "rename the file, and the series in its episodes and stations, for instance to "
        f"{entry.stem}-1",
    )


def _series_profile(fields: Fields, kind: SeriesKind) -> str:
    """Give the profile of a series; one that has a feed needs sound that a feed can carry."""
    name = check_profile(fields)
    if name and kind is not SeriesKind.LOOP and not profiles()[name].has_feed_sound:
        fields.fault(
            fields.line("profile"),
            "not-choice",
            f"profile: no feed can be made of {name}, which has no MP3",
            f"write profile: podcast and below it also: [{name}]",
        )
    return name


def _check_length(fields: Fields, names: Collection[str], most_s: int) -> None:
    """Warn where an edition may become longer than the files of one of its profiles may be."""
    limits = {name: profiles()[name].longest_s for name in names if name}
    for name, longest_s in sorted(limits.items()):
        if longest_s and (not most_s or most_s > longest_s):
            fields.report(
                fields.line("max_s" if most_s else "also"),
                "series.bounds",
                f"{name} takes {longest_s} seconds, and an episode may be longer",
                f"write max_s: {longest_s // 60 * 60}, or leave {name} out",
                Severity.WARNING,
            )


def _series(
    fields: Fields,
    entry: Entry,
    languages: Sequence[LanguageTag] | None,
    silent: frozenset[LanguageTag],
) -> Series:
    tags = language_list(fields, "languages", languages, required=True)
    title = language_map(fields, "title", languages, required=True, letters=TITLE_LETTERS)
    description = language_map(
        fields,
        "description",
        languages,
        required=True,
        paragraphs=True,
        length_bytes=DESCRIPTION_BYTES,
    )
    if languages is not None:  # else nobody knows yet which of them are silent
        check_complete(fields, "title", title, tags, silent=silent)
        check_complete(fields, "description", description, tags, silent=silent)
    _note_silent(fields, [tag for tag in tags if tag in silent])
    least = fields.integer("min_s", least=0, most=LONGEST_S, default=0)
    most = fields.integer("max_s", least=0, most=LONGEST_S, default=0)
    if most and least > most:
        problem = f"min_s is {least}, more than max_s, {most}"
        fields.fault(fields.line("min_s"), "series.bounds", problem, "exchange the two")
    names = fields.texts("category")
    check_categories(fields, names)
    category = tuple(fields.tidy("category", text) for text in names) or ("News",)
    kind = fields.choice("kind", SeriesKind)
    profile = _series_profile(fields, kind)
    also = tuple(outputs()[name] for name in fields.words("also", outputs()))
    _check_length(fields, {profile, *(output.profile for output in also)}, most)
    return Series(
        id=entry.stem,
        kind=kind,
        title=title,
        description=description,
        languages=tags,
        profile=profile,
        also=also,
        category=category,
        artwork=fields.text("artwork"),
        min_s=least,
        max_s=most,
        file=entry.file,
    )


def _note_silent(fields: Fields, silent: Sequence[LanguageTag]) -> None:
    if silent:
        fields.report(
            fields.line("languages"),
            "language.silent",
            f"nothing is written or recorded yet in {listed(silent)}: no edition is made of it",
            "translate or record a segment, or take the language out",
            Severity.INFO,
        )


def _said(faults: Sequence[ArtworkFault]) -> str:
    return "\n".join(fault.problem for fault in faults)


def _note_artwork(fields: Fields, faults: Sequence[ArtworkFault]) -> None:
    line = fields.line("artwork")
    for one in faults:
        if one.severity is Severity.ERROR:
            fields.fault(line, one.rule, one.problem, one.remedy)
        else:
            fields.report(line, one.rule, one.problem, one.remedy, one.severity)


def read_episodes(
    tree: Tree,
    *,
    known: Known,
    languages: Sequence[LanguageTag] | None,
    findings: Findings,
) -> EpisodeFiles:
    """Give every episode that is sound."""
    found = EpisodeFiles()
    for entry in yaml_files(tree, "episodes"):
        found.names.add(entry.stem)
        fields = open_named(entry, findings)
        if fields is None:
            continue
        found.lines |= {(entry.stem, key): n for key, n in fields.table.key_lines.items()}
        episode = _episode(fields, entry, known, languages)
        if fields.done():
            found.episodes.append(episode)
    return found


def _episode(
    fields: Fields, entry: Entry, known: Known, languages: Sequence[LanguageTag] | None
) -> Episode:
    series = known.series
    name = _series_of(fields, series)
    title = language_map(fields, "title", languages, required=True, letters=TITLE_LETTERS)
    description = language_map(
        fields, "description", languages, paragraphs=True, length_bytes=DESCRIPTION_BYTES
    )
    if name in series.languages and languages is not None:
        needed = series.languages[name]
        check_complete(fields, "title", title, needed, silent=series.silent)
        if description:
            _warn_of_description(
                fields, [tag for tag in needed if tag not in {*description, *series.silent}]
            )
    return Episode(
        id=entry.stem,
        series=name,
        number=fields.integer("number", least=1, most=1_000_000),
        dated=fields.required_day("dated"),
        title=title,
        description=description,
        slots=_slots(fields, known),
        file=entry.file,
    )


def _series_of(fields: Fields, series: SeriesFiles) -> str:
    found = fields.written("series", required=True)
    name = "" if found is None else found.value.strip()
    if found is not None and name not in series.names:
        otherwise = f"series there are: {listed(series.names)}"
        remedy = did_you_mean(name, series.names, otherwise)
        fields.fault(found.line, "episode.series", f"there is no series {shown(name)}", remedy)
    return name


def _warn_of_description(fields: Fields, lacking: Sequence[LanguageTag]) -> None:
    if lacking:
        fields.report(
            fields.line("description"),
            "episode.description",
            f"description lacks {listed(lacking)}",
            "write it in each language of the series, or leave it out",
            Severity.WARNING,
        )


def _slots(fields: Fields, known: Known) -> tuple[Slot, ...]:
    defaults = {key: _music(fields, key, "", known) for key in ("bed", "sting")}
    slots: list[Slot] = []
    taken: set[str] = set()
    for table in fields.tables("rundown", required=True):
        part = fields.part(table)
        slots.append(_slot(part, defaults, known, taken))
        fields.close(part)
    return tuple(slots)


def _slot(part: Fields, defaults: Mapping[str, str], known: Known, taken: set[str]) -> Slot:
    segment = _reference(part, "segment", known.segments)
    sound = _reference(part, "sound", known.sounds)
    given = {"segment", "sound"} & part.table.entries.keys()
    if len(given) != 1:
        what = "both a segment and a sound" if given else "neither a segment nor a sound"
        part.fault(part.table.line, "episode.slot", f"this slot has {what}", "name one of the two")
        if not given:
            told = part.findings.items[-1]
            part.lacking |= {"segment": told, "sound": told}
    alone = "sound" in given
    music = {key: _music(part, key, "" if alone else defaults[key], known) for key in defaults}
    for key, name in music.items():
        if alone and name:
            problem = f"a {key} goes with a segment, not with a sound alone"
            part.fault(part.line(key), "episode.slot", problem, "delete it")
    return Slot(
        id=_slot_id(part, segment or sound, taken),
        segment=segment,
        sound=sound,
        sting=music["sting"],
        bed=music["bed"],
        repeat=part.integer("repeat", least=1, most=MOST_REPEATS, default=1),
        required=part.flag("required"),
        line=part.table.line,
    )


def _slot_id(part: Fields, name: str, taken: set[str]) -> str:
    """Give the slot's own id, or its segment's with -2, -3 where that comes again."""
    own = part.id("id")
    if own and own in taken:
        problem = f"the slot id {own} is taken by a slot above"
        part.fault(part.line("id"), "id.duplicate", problem, "give it another id")
    found = own or name
    times = 1
    while not own and found in taken:
        times += 1
        found = f"{name}-{times}"
    taken.add(found)
    return found


def _reference(part: Fields, key: str, known: Collection[str]) -> str:
    """Give the id of a segment or sound that is there; empty where the key is not."""
    found = part.written(key)
    if found is None:
        return ""
    name = part.check_id(key, found)
    if name and name not in known:
        remedy = did_you_mean(name, known, f"{key}s there are: {listed(known)}")
        part.fault(found.line, f"episode.{key}", f"there is no {key} {name}", remedy)
    return name


def _music(fields: Fields, key: str, default: str, known: Known) -> str:
    """Give the sting or bed that a slot has; the word none switches the episode's off."""
    found = fields.written(key)
    if found is None:
        return default
    name = fields.check_id(key, found)
    if name == NONE:
        return ""
    if name and name not in known.sounds:
        remedy = did_you_mean(name, known.sounds, f"sounds there are: {listed(known.sounds)}")
        fields.fault(found.line, "episode.sound", f"{key}: there is no sound {name}", remedy)
    return name
