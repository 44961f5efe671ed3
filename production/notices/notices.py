"""Spoken notices: a short message, in its language, for each message that is not to be used.

A notice is an episode of one slot that no file of the workspace describes: its words come from
notice_words.toml, a person's take of them from recordings/notice-<kind>/<language>/, and it runs
through the same plan, steps and store as everything else. So it is made once, kept, mastered in
the series' profile, and has the same bytes on every machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from production.announced import announced_slot, cast_script
from production.building import BuiltEdition, Workshop
from production.casting import CastRecording, NoVoice, cast_recording
from production.companions import COMPANIONS
from production.formats import feed_formats
from production.inputs import InputDigests
from production.notices.view import with_notices
from production.notices.words import About, notice_script
from production.planner import plan_chosen
from production.runner import Progress
from production.selection import ChosenEdition, ChosenSlot
from programme.languages import language
from programme.notices import NoticeKind
from programme.profiles import Profile, RenditionSpec, profiles
from programme.series import Episode, Series, SeriesKind
from programme.units import Digest, DurationMs, Hz, LanguageTag
from programme.words import Script
from scripts.workspace import Workspace

PLAIN_PROFILE = "podcast"
"""In which notices of series are made that the workspace has no more."""

_READ_TIMES = 2
"""How often a person's take is heard: it does not say which message it is about, and is short."""

_RATE_HZ = Hz(24_000)
_KBPS = 40
"""Of the MP3 in a feed: ESTOI of synthetic speech in five languages 0.96 to 0.99, at 64 kbit/s 0.98
to 1.00, for five eighths of the data (docs/profiles.md)."""
_BRIEF_KBPS = 24
"""Of the MP3 under an old guid: ESTOI 0.92 to 0.97. 16 kbit/s gives 0.87 to 0.93 and saves 10 kB.

The fewer bytes, the less of the old sound a program can join to it (docs/corrections.md); and
whoever subscribes loads every one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWanted:
    """One message of which listeners are to be told that they must not use it."""

    kind: NoticeKind
    language: LanguageTag
    series: str
    """Id; where the workspace has the series no more, the notice is made for podcasts."""
    series_title: str
    """As listeners know it, in their language; it is said."""
    episode: str
    """Id."""
    title: str
    """Of the episode as it was released, in its language; it is said."""
    number: int
    """Of the episode in its series."""
    dated: date
    """The episode's own date; it is said."""
    profile: str = ""
    """Id of the profile that a station's pack is made in; empty for the feed of the series."""
    format: str = ""
    """Id of the rendition that the station takes; empty for its profile's usual one."""
    brief: bool = False
    """Whether it stands in the item of the message itself, whose title is read there: it does not
    say which message it is about, once, in few bytes."""
    aloud: bool = False
    """Whether a loudspeaker says it, before the message that holds now: in short, and once. Who
    hears it there has no file to delete, and each second of it is carried to the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeObject:
    """One file of a spoken notice."""

    path: Path
    """Where its bytes lie in the store."""
    digest: Digest
    suffix: str
    """How names of files end, with the dot."""
    media_type: str
    length_bytes: int
    kbps: int
    """0 for what is not sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNotice:
    """A finished notice."""

    objects: Mapping[str, NoticeObject]
    """By name, as in a release: ``mp3``, ``opus``, ``vtt``, ``srt``, ``txt``, ``words``,
    ``chapters``."""
    duration_ms: DurationMs
    title: str
    """What its files and tags call it."""
    words: str
    """What is said, as read on a page: sentences with a space between. Empty where a person says
    it in a language that nobody writes here."""
    synthetic_voice: bool
    """False where a person reads it."""
    draft_voice: bool
    built: BuiltEdition
    """The same as an edition, for packs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unspoken:
    """A notice that nobody can say yet, and what to do."""

    kind: NoticeKind
    language: LanguageTag
    problem: str
    remedy: str


def spoken_notices(
    workshop: Workshop,
    workspace: Workspace,
    wanted: Sequence[NoticeWanted],
    *,
    jobs: int,
    progress: Progress,
) -> Mapping[NoticeWanted, SpokenNotice | None]:
    """Make the notices that are not made yet, and give all of them, in the order of ``wanted``.

    None stands where a language has neither an approved voice nor a take by a person;
    ``unspoken_notices`` says what is to be recorded for it.

    Args:
        workshop: of the workspace, open.
        workspace: as read, without errors.
        wanted: which notices; the same one twice is made once.
        jobs: how many worker processes; 1 works in this one.
        progress: is told of each step.

    Raises:
        ProductionError: a voice, the disk or the sound refuses.
    """
    if not wanted:
        return {}
    view = with_notices(workspace)
    unique = tuple(dict.fromkeys(wanted))
    found = {one: _choose(view, one) for one in unique}
    chosen = {one: item for one, item in found.items() if isinstance(item, ChosenEdition)}
    digests = InputDigests(workshop.root, workshop.journal)
    editions = [(item, _profile(view, one)) for one, item in chosen.items()]
    plan = plan_chosen(view, editions, digests=digests)
    report = workshop.make(view, plan, jobs=jobs, progress=progress)
    for failure in report.failures:
        raise failure
    built = dict(zip(chosen, report.editions, strict=True))
    return {one: _spoken(built[one]) if one in built else None for one in unique}


def unspoken_notices(workspace: Workspace, wanted: Sequence[NoticeWanted]) -> tuple[Unspoken, ...]:
    """Say of the notices that nobody can speak, once for each kind and language, what to do."""
    if not wanted:
        return ()
    view = with_notices(workspace)
    found = {}
    for one in wanted:
        why = _choose(view, one)
        if isinstance(why, NoVoice):
            found[one.kind, one.language] = Unspoken(
                kind=one.kind, language=one.language, problem=why.problem, remedy=why.remedy
            )
    return tuple(found.values())


def _choose(view: Workspace, wanted: NoticeWanted) -> ChosenEdition | NoVoice:
    """Give a notice as an edition of one slot, or why nobody can say it."""
    item = _cast(view, wanted)
    if isinstance(item, NoVoice):
        return item
    tag, script = wanted.language, item.script or item.basis
    heading = f"{script.title}: {wanted.title}" if script and item.script else wanted.title
    return ChosenEdition(
        series=_series(view, wanted),
        episode=Episode(
            id=f"{wanted.episode}-{wanted.kind.segment}",
            series=wanted.series,
            number=wanted.number,
            dated=wanted.dated,
            title={tag: heading},
            slots=(item.slot,),
            file=script.file if script else "",
        ),
        language=tag,
        slots=(item,),
        left_out=(),
    )


def _cast(view: Workspace, wanted: NoticeWanted) -> ChosenSlot | NoVoice:
    segment, tag = wanted.kind.segment, wanted.language
    times = 1 if wanted.brief or wanted.aloud else _READ_TIMES
    words = view.translations.get((segment, tag))
    if words is None or words.script is None or not words.state.may_air:
        return _retold(view, segment, tag, times)
    script = words.script if wanted.brief else _with_message(view, wanted, words.script)
    cast = cast_script(view, script, recorded=words.script, times=times)
    if isinstance(cast, NoVoice) and (segment, tag) not in view.recordings:
        see = f"altavoz voices --lang {tag} says which voices there are"
        return replace(cast, remedy=f"record it: {_kit(segment, tag)}; {see}")
    return cast


def _retold(view: Workspace, segment: str, tag: LanguageTag, times: int) -> ChosenSlot | NoVoice:
    """Give a take in a language that has no words here, made from those of the source language."""
    name, source = language(tag).english, view.network.source_language
    words = view.translations.get((segment, source))
    if words is None or words.script is None or not words.state.may_air:
        return NoVoice(
            problem=f"there are no words for this notice in {name}, nor in the source language",
            remedy=f"write them as a segment: scripts/{segment}/segment.yml and {source}.md",
        )
    recording = cast_recording(view, segment, tag, words.script)
    if isinstance(recording, CastRecording):
        return announced_slot(None, words.script, recording, times)
    return recording or NoVoice(
        problem=f"there are no words for this notice in {name}",
        remedy=f"let somebody say it in {name}: {_kit(segment, tag)}",
    )


def _kit(segment: str, tag: LanguageTag) -> str:
    return f"altavoz takes kit --lang {tag} --segment {segment}"


def _with_message(view: Workspace, wanted: NoticeWanted, words: Script) -> Script:
    """Give the words with what they are about, where Altavoz and not the network wrote them."""
    about = About(series=wanted.series_title, title=wanted.title, dated=wanted.dated)
    told = notice_script(view, wanted.kind, wanted.language, about, aloud=wanted.aloud)
    return told if told is not None and words.file == told.file else words


def _series(view: Workspace, wanted: NoticeWanted) -> Series:
    known = view.series.get(wanted.series)
    if known is not None:
        title = {**known.title, wanted.language: wanted.series_title}
        return replace(known, title=title)
    return Series(
        id=wanted.series,
        kind=SeriesKind.SPOTS,
        title={wanted.language: wanted.series_title},
        description={},
        languages=(wanted.language,),
        profile=PLAIN_PROFILE,
        file="",
    )


def _profile(view: Workspace, wanted: NoticeWanted) -> Profile:
    """Give the profile with the files that a feed, or the station that asks, may carry."""
    if wanted.profile:
        return profiles()[wanted.profile].made_for([wanted.format])
    profile = profiles()[_series(view, wanted).profile]
    if not profile.has_feed_sound:
        profile = profiles()[PLAIN_PROFILE]
    fit = feed_formats(profile.id)
    made = profile.made_for(())
    most = _BRIEF_KBPS if wanted.brief else _KBPS
    return replace(
        made, renditions=tuple(_small(one, most) for one in made.renditions if one.id in fit)
    )


def _small(spec: RenditionSpec, most_kbps: int) -> RenditionSpec:
    if spec.codec != "mp3" or spec.kbps <= most_kbps:
        return spec
    return replace(spec, rate_hz=_RATE_HZ, kbps=most_kbps)


def _spoken(built: BuiltEdition) -> SpokenNotice:
    edition = built.edition
    kbps = {one.id: one.kbps for one in edition.renditions}
    kinds = {one.id: (one.suffix, one.media_type) for one in edition.renditions}
    kinds |= {one.name: (one.suffix, one.media_type) for one in COMPANIONS}
    objects = {
        name: NoticeObject(
            path=built.objects[name],
            digest=built.digests[name],
            suffix=suffix,
            media_type=media_type,
            length_bytes=built.objects[name].stat().st_size,
            kbps=kbps.get(name, 0),
        )
        for name, (suffix, media_type) in kinds.items()
    }
    said = dict.fromkeys(caption.text for caption in edition.captions)
    return SpokenNotice(
        objects=objects,
        duration_ms=edition.duration_ms,
        title=edition.title,
        words=" ".join(said),
        synthetic_voice=edition.synthetic_voice,
        draft_voice=edition.draft_voice,
        built=built,
    )
