"""One edition as it is looked at: its finished file, what was meant, and what lies under it.

Everything is measured on the file that ships. What was meant (loudness, chapters, sentences,
when the bed ducks) comes from the plan and the journal, so that both can be laid side by side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.jobs import Line, SlotJob
from production.building import Workshop
from production.journal import Journal
from production.records import read_edition
from production.slot_work import slot_samples, slot_takes
from production.steps import EditionStep, Plan, SlotStep
from programme.editions import Caption, Chapter, Edition, Rendition
from programme.errors import ExitCode, ProductionError
from programme.profiles import Profile, profiles
from programme.sound import MIX_RATE, TakeInfo
from programme.units import Db, DurationMs


@dataclass(frozen=True, slots=True, kw_only=True)
class BedPoint:
    """The gain of the bed at one moment."""

    at_ms: DurationMs
    gain_db: Db
    """0 is its level under speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """What is to be looked at."""

    file: Path
    suffix: str
    """Of its kind, such as ``.mp3``; objects of the store have none in their names."""
    name: str
    """What it is called in messages and file names."""
    title: str
    about: str
    """Language, profile and format in a few words."""
    language: str
    profile: Profile
    chapters: tuple[Chapter, ...] = ()
    captions: tuple[Caption, ...] = ()
    beds: tuple[tuple[BedPoint, ...], ...] | None = ()
    """For each bed the corners of its gain, straight lines in dB between them; None where the
    slots of an old build are gone."""
    valid_until: str = ""
    words_per_minute: int = 0
    """As heard; 0 where it is not known."""


def file_view(path: Path, profile: str) -> EditionView:
    """Look at any sound file as if it were meant for a profile.

    Raises:
        ProductionError: there is no such profile; code USAGE.
    """
    return EditionView(
        file=path,
        suffix=path.suffix,
        name=path.stem,
        title=path.name,
        about=f"as {profile}",
        language="",
        profile=_profile(profile),
        beds=(),
    )


def _profile(name: str) -> Profile:
    known = profiles()
    if name not in known:
        raise ProductionError(
            f'there is no profile "{name}"',
            remedy=f"name one of: {', '.join(known)}",
            code=ExitCode.USAGE,
        )
    return known[name]


def edition_view(
    workshop: Workshop, plan: Plan, *, episode: str, language: str, profile: str, rendition: str
) -> EditionView:
    """Find a finished edition.

    Args:
        workshop: open.
        plan: of its workspace as it is today.
        episode: the episode's id.
        language: empty for the only one there is.
        profile: empty for that of its series.
        rendition: empty for the first.

    Raises:
        ProductionError: there is no such edition, or it is not built as it should be today.
    """
    step = _chosen(plan, episode, language, profile)
    result = workshop.journal.result(step.fingerprint)
    if result is None or not all(map(workshop.store.has, result.outputs.values())):
        raise ProductionError(
            f"{step.label} is not built as its words and sounds are now",
            remedy=f"run: altavoz build {episode}",
        )
    edition = read_edition(result.facts["edition"])
    file = _rendition(edition, rendition)
    (path,) = workshop.store.verified(result.outputs[file.id])
    return EditionView(
        file=path,
        suffix=file.suffix,
        name=f"{edition.episode}_{edition.language}_{edition.profile}_{file.id}",
        title=edition.title,
        about=f"{edition.language} · {edition.profile} · {file.id}",
        language=edition.language,
        profile=step.profile,
        chapters=edition.chapters,
        captions=edition.captions,
        beds=_beds(step.slots, workshop.journal),
        valid_until=edition.expires.isoformat(),
        words_per_minute=edition.words_per_minute,
    )


def _chosen(plan: Plan, episode: str, language: str, profile: str) -> EditionStep:
    of_episode = [step for step in plan.editions if step.chosen.episode.id == episode]
    if not of_episode:
        known = sorted({step.chosen.episode.id for step in plan.editions})
        raise ProductionError(
            f'there is no episode "{episode}" to listen to',
            remedy=f"name one of: {', '.join(known) or 'none is planned'}",
            code=ExitCode.USAGE,
        )
    fitting = [
        step
        for step in of_episode
        if (not language or step.chosen.language == language)
        and step.profile.id == (profile or step.chosen.series.profile)
        and not step.station
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = [f"{s.chosen.language} {s.profile.id}" for s in fitting or of_episode if not s.station]
    problem = "several editions fit" if fitting else "no edition fits"
    raise ProductionError(
        f"{problem}: {episode} {language} {profile}".rstrip(),
        remedy=f"say the language, and --profile where need be: {', '.join(known)}",
        code=ExitCode.USAGE,
    )


def _rendition(edition: Edition, wanted: str) -> Rendition:
    for rendition in edition.renditions:
        if wanted in {"", rendition.id}:
            return rendition
    raise ProductionError(
        f'the edition has no rendition "{wanted}"',
        remedy=f"name one of: {', '.join(one.id for one in edition.renditions)}",
        code=ExitCode.USAGE,
    )


def _beds(slots: Sequence[SlotStep], journal: Journal) -> tuple[tuple[BedPoint, ...], ...] | None:
    """Give the ducking of every slot with a bed, laid one after another."""
    results = [journal.result(slot.fingerprint) for slot in slots]
    found = []
    start = 0
    for slot, result in zip(slots, results, strict=True):
        if result is None:
            return None
        if slot.bed is not None and slot.lines:
            takes = slot_takes(result)
            if takes is None:
                return None
            found.append(tuple(_bed_points(slot, takes, start)))
        start += slot_samples(result)
    return tuple(found)


def _bed_points(slot: SlotStep, takes: Sequence[TakeInfo], start: int) -> Iterator[BedPoint]:
    from audio.slots import plan_of

    job = SlotJob(
        lines=tuple(
            Line(take=Path(), info=take, pause_ms=line.pause_ms)
            for take, line in zip(takes, slot.lines, strict=True)
        ),
        sound=slot.sound,
        sting=slot.sting,
        bed=slot.bed,
        bed_cues=slot.bed_cues,
        profile=slot.profile,
        coded={},
        energies={},
    )
    bed = plan_of(job).bed
    for at, gain in bed.curve if bed is not None else ():
        yield BedPoint(at_ms=DurationMs(round((start + at) * 1000 / MIX_RATE)), gain_db=gain)
