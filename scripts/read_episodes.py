"""Episodes from episodes/*.yml, against the series, segments and sounds that there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from programme.findings import Findings, Severity
from programme.series import Episode, Slot
from programme.units import LanguageTag
from scripts.feed_texts import DESCRIPTION_BYTES, TITLE_LETTERS
from scripts.fields import Fields
from scripts.language_maps import check_complete, language_map
from scripts.read_series import SeriesFiles, open_named
from scripts.tree import Entry, Tree, yaml_files
from scripts.wording import did_you_mean, listed, shown

MOST_REPEATS = 5
NONE = "none"
"""In a slot: no sting or bed here, whatever the episode says."""


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
