"""What a station's folder holds: every file by its path, from editions and the plans of its days.

Pure: nothing is read or written here. Sound lies in ``media/<language>/`` under names that change
with the words; ``latest/`` and ``bydate/`` hold the same sound under names that stay, for programs
that can make use of them. Nothing that is past its date is in it; what is dated later stands in
the lists of its days alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from programme.digests import Plain, canonical_json, digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.stations import Station
from programme.units import LanguageTag
from stations.automation.program import Program, shown
from stations.automation.programs import PROGRAMS
from stations.deliveries import DeliveryItem, DeliveryRequest, Placed, StationFolder
from stations.delivery_names import BY_DATE, LATEST, MEDIA, language_folder, latest_stem
from stations.delivery_papers import render_papers
from stations.manifest import series_title

FORMAT = "altavoz-delivery/1"
"""Changes when an older reader would misread the manifest."""

MANIFEST = "delivery.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """Every file of a station's folder by its path, with forward slashes."""

    folder: StationFolder
    program: Program
    sounds: Mapping[str, DeliveryItem]
    """Those of ``media`` first, in play order, then ``latest`` and ``bydate``."""
    texts: Mapping[str, bytes]
    """Lists and papers; the manifest is last."""


def program_of(station: Station) -> Program:
    """Give the program that a station's file names."""
    return PROGRAMS[station.automation]


def plan_delivery(request: DeliveryRequest) -> DeliveryPlan:
    """Say what goes where; touches no file.

    Raises:
        ProductionError: something may not be played on the day of the request, the program does
            not play such files, or the station's file lacks what the program's lists need.
        ValueError: an edition twice, or one in a language that the station does not take.
    """
    program = program_of(request.station)
    folder = lay_out(request, program)
    sounds = {one.path: one.item for one in (*folder.media, *folder.latest, *folder.by_date)}
    texts = {**program.lists(folder), **render_papers(folder, program)}
    texts[MANIFEST] = _manifest(folder, program, texts)
    return DeliveryPlan(folder=folder, program=program, sounds=sounds, texts=texts)


def lay_out(request: DeliveryRequest, program: Program) -> StationFolder:
    """Give each item its places."""
    ordered = _in_play_order(request)
    _check(request, ordered, program)
    media = tuple(
        Placed(path=f"{MEDIA}/{language_folder(one.air.language)}/{one.air.file_name}", item=one)
        for one in ordered
    )
    if len({one.path for one in media}) < len(media):
        raise ValueError(f"{request.station.id}: two files of one name")
    return StationFolder(
        request=request,
        media=media,
        now=tuple(one for one in media if one.item.air.may_be_played(request.today)),
        latest=tuple(_latest(request, ordered)) if program.latest else (),
        by_date=tuple(_by_date(request, ordered)) if program.by_date else (),
    )


def _in_play_order(request: DeliveryRequest) -> tuple[DeliveryItem, ...]:
    languages = {tag: place for place, tag in enumerate(request.station.languages)}
    series = {one: place for place, one in enumerate(request.station.series)}
    strangers = {item.air.language for item in request.items} - set(languages)
    if strangers:
        raise ValueError(f"{request.station.id} does not take {sorted(strangers)}")

    def place(item: DeliveryItem) -> tuple[int, bool, int, str, int, str]:
        air = item.air
        rank = series.get(air.series, len(series))
        return languages[air.language], not air.urgent, rank, air.series, air.number, air.episode

    return tuple(sorted(request.items, key=place))


def _check(request: DeliveryRequest, items: Sequence[DeliveryItem], program: Program) -> None:
    if len({one.air.key for one in items}) < len(items):
        raise ValueError(f"{request.station.id}: an edition is delivered twice")
    for one in items:
        air = one.air
        if air.expires < request.today:
            raise ProductionError(
                f"{air.episode} in {air.language} may not be played on {request.today}",
                where=request.station.file,
                remedy="leave it out: what runs out is taken from the folder",
                code=ExitCode.EXPIRED,
            )
        if air.suffix not in program.plays:
            raise ProductionError(
                f"{program.title} takes no {air.suffix} files, or reads no tags of them",
                where=request.station.file,
                remedy=f"choose a profile or format of {', '.join(sorted(program.plays))}",
            )


def _latest(request: DeliveryRequest, items: Sequence[DeliveryItem]) -> Iterator[Placed]:
    """Give the newest edition of each series in each language under a name that stays."""
    for (series, language), several in _runs(items).items():
        newest = _newest(several, request.today)
        if newest is not None:
            name = latest_stem(series, language) + newest.air.suffix
            yield Placed(path=f"{LATEST}/{name}", item=newest)


def _by_date(request: DeliveryRequest, items: Sequence[DeliveryItem]) -> Iterator[Placed]:
    """Give for each of the next days the newest edition that may be played then."""
    for (series, language), several in _runs(items).items():
        for number in range(request.days):
            day = request.today + timedelta(days=number)
            newest = _newest(several, day)
            if newest is not None:
                name = f"{day.isoformat()}{newest.air.suffix}"
                yield Placed(path=f"{BY_DATE}/{latest_stem(series, language)}/{name}", item=newest)


Run = tuple[str, LanguageTag]


def _runs(items: Sequence[DeliveryItem]) -> dict[Run, list[DeliveryItem]]:
    found: dict[Run, list[DeliveryItem]] = {}
    for one in items:
        found.setdefault((one.air.series, one.air.language), []).append(one)
    return found


def _newest(items: Sequence[DeliveryItem], day: date) -> DeliveryItem | None:
    valid = [one for one in items if one.air.may_be_played(day)]
    return max(valid, key=lambda one: (one.air.dated, one.air.number), default=None)


def _manifest(folder: StationFolder, program: Program, texts: Mapping[str, bytes]) -> bytes:
    request, network = folder.request, folder.request.network
    also: dict[str, list[str]] = {}
    for one in (*folder.latest, *folder.by_date):
        also.setdefault(one.item.air.stem, []).append(one.path)
    about: dict[str, Plain] = {
        "format": FORMAT,
        "publisher": {
            "id": network.id,
            "name": network.name,
            "website": network.website,
            "contact": network.role_address,
        },
        "licence": {"id": network.licence, "url": network.licence_url},
        "program": request.station.automation.value,
        "demo": request.demo,
        "sounds": [
            _sound(one, sorted(also.get(one.item.air.stem, [])), request, program)
            for one in folder.media
        ],
        "files": [
            {"path": path, "bytes": len(data), "sha256": digest_bytes(data)}
            for path, data in sorted(texts.items())
        ],
        "removed": [
            {
                "series": one.series,
                "episode": one.episode,
                "language": one.language,
                "title": one.title,
                "kind": one.kind.value,
                "reason": one.reason,
                "since": one.since.isoformat(),
                "files": list(one.files),
            }
            for one in request.removed
        ],
    }
    if request.station.publish_identity:
        about["station"] = {"id": request.station.id, "name": request.station.name}
    return (canonical_json(about) + "\n").encode("utf-8")


def _sound(one: Placed, also: list[str], request: DeliveryRequest, program: Program) -> Plain:
    item, air = one.item, one.item.air
    tags = {name: text for name, text in item.tags.items() if name != "rdxl"}
    return {
        "path": one.path,
        "also": also,
        "sha256": item.rendition.digest,
        "bytes": item.rendition.length_bytes,
        "media_type": item.rendition.media_type,
        "kbps": item.rendition.kbps,
        "duration_ms": air.duration_ms,
        "cue_in_ms": item.cues.cue_in_ms,
        "cue_out_ms": item.cues.cue_out_ms,
        "gain_db": round(item.gain_db, 2),
        "loudness_lufs": round(item.rendition.loudness.integrated, 2),
        "language": air.language,
        "series": air.series,
        "series_title": series_title(request.series, air.series, air.language),
        "episode": air.episode,
        "number": air.number,
        "dated": air.dated.isoformat(),
        "expires": air.expires.isoformat() if air.has_last_day else "",
        "version": air.version,
        "urgent": air.urgent,
        "topics": list(air.topics),
        "title": air.title,
        "artist": air.artist,
        "synthetic_voice": item.edition.synthetic_voice,
        "demo": item.edition.demo,
        "tags": tags,
        "shown": shown(program.reads, item.tags),
    }
