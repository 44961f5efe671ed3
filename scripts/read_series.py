"""Series from series/*.yml."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.findings import Findings, Severity
from programme.identifiers import ID_RULE, is_id
from programme.languages import canonical, is_known
from programme.profiles import outputs, profiles
from programme.series import Series, SeriesKind
from programme.units import LanguageTag
from scripts.feed_texts import DESCRIPTION_BYTES, TITLE_LETTERS, check_categories
from scripts.fields import Fields
from scripts.language_maps import check_complete, language_list, language_map
from scripts.tree import Entry, Tree, yaml_files
from scripts.wording import listed, shown
from scripts.yaml_reading import read_table

if TYPE_CHECKING:
    from scripts.artwork_checks import ArtworkFault

LONGEST_S = 6 * 3600
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
        if not self.artwork:
            return True
        from scripts.artwork_checks import artwork_faults  # most series name no image

        return all(_said(artwork_faults(tree, name)) == said for name, said in self.artwork.items())


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
            from scripts.artwork_checks import artwork_faults  # as above

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


def _said(faults: "Sequence[ArtworkFault]") -> str:
    return "\n".join(fault.problem for fault in faults)


def _note_artwork(fields: Fields, faults: "Sequence[ArtworkFault]") -> None:
    line = fields.line("artwork")
    for one in faults:
        if one.severity is Severity.ERROR:
            fields.fault(line, one.rule, one.problem, one.remedy)
        else:
            fields.report(line, one.rule, one.problem, one.remedy, one.severity)
