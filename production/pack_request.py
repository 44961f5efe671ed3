"""What goes into a station's pack: the editions that it takes, and why others are not there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from production.building import BuiltEdition
from production.pack_recall import Histories, may_be_packed
from production.planner import PLAN_VERSION
from production.records import plain_edition, plain_value
from production.selection import LeftOut
from programme.digests import Plain, fingerprint
from programme.editions import Edition
from programme.left_out import Cause
from programme.network import Network
from programme.stations import Station
from programme.units import LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.pack_naming import station_needs
from stations.pack_plan import PACK_VERSION, PackEdition, PackRequest, pick_rendition
from stations.pack_plan import LeftOut as PackLeftOut


def choose_editions(
    workspace: Workspace,
    station: Station,
    editions: Sequence[BuiltEdition],
    histories: Histories,
) -> tuple[PackEdition, ...]:
    """Give what a station takes of what was built; nothing that somebody took back."""
    chosen = []
    own = own_editions(workspace, station)
    general = {one.edition.key: one.edition.words_digest for one in editions if not one.station}
    for built in editions:
        edition = built.edition
        key = edition.key
        if built.station != (station.id if key in own else ""):
            continue
        if (
            edition.profile != station.profile
            or edition.series not in station.series
            or edition.language not in station.languages
        ):
            continue
        if not may_be_packed(histories, edition, general):
            continue
        rendition = pick_rendition(edition.renditions, station.format)
        chosen.append(
            PackEdition(
                edition=edition,
                rendition=rendition,
                audio=built.objects[rendition.id],
                segment_titles=_titles(workspace, edition.segments, edition.language),
            )
        )
    return tuple(chosen)


def _titles(workspace: Workspace, segments: Sequence[str], tag: LanguageTag) -> Mapping[str, str]:
    scripts = {name: workspace.translations[(name, tag)].script for name in segments}
    return {name: script.title for name, script in scripts.items() if script is not None}


def left_out_for(
    workspace: Workspace, station: Station, left_out: Sequence[LeftOut]
) -> tuple[PackLeftOut, ...]:
    """Give what a station should have had and has not, with the reason, for its papers."""
    found: dict[PackLeftOut, None] = {}
    own = own_editions(workspace, station)
    for item in left_out:
        if item.station != (
            station.id if (item.series, item.episode, item.language) in own else ""
        ):
            continue
        if item.series not in station.series or item.language not in station.languages:
            continue
        # That somebody took a consent back is nobody's business but theirs.
        if item.cause in {Cause.REQUIRED, Cause.EMPTY, Cause.CONSENT}:
            continue
        found[
            PackLeftOut(
                language=item.language,
                title=_title(workspace, item),
                reason=item.cause,
            )
        ] = None
    return tuple(found)


def _title(workspace: Workspace, item: LeftOut) -> str:
    for tag in (item.language, workspace.network.source_language):
        script = workspace.translations[(item.segment, tag)].script
        if script is not None:
            return script.title
    return item.segment


class PlainEditions:
    """Editions as plain values; those that many stations take are written down once."""

    def __init__(self, shared: Iterable[BuiltEdition]) -> None:
        """Take the editions that more than one pack may hold."""
        self._shared = {id(one.edition): one.edition for one in shared}
        self._known: dict[int, dict[str, Plain]] = {}

    def of(self, edition: Edition) -> dict[str, Plain]:
        """Give one; it must not be changed."""
        if self._shared.get(id(edition)) is not edition:
            return plain_edition(edition)
        if id(edition) not in self._known:
            self._known[id(edition)] = plain_edition(edition)
        return self._known[id(edition)]


def content_of(workspace: Workspace, request: PackRequest, plain: PlainEditions) -> str:
    """Give the fingerprint of everything but the serial and date that decides a pack's bytes."""
    station = request.station
    public = {"id": station.id, "name": station.name} if station.publish_identity else {}
    own = [
        plain_value({n: v for n, v in asdict(one).items() if n != "reason" or public})
        for one in request.overrides
    ]
    recalls = [plain_value(asdict(one)) for one in request.recalls]
    return str(
        fingerprint(
            {
                **({"overrides": own} if own else {}),
                **({"recalls": recalls} if recalls else {}),
                "version": [PLAN_VERSION, PACK_VERSION],
                "network": _told(workspace.network, {"voices", "targets", "reviews"}),
                # Nothing else of a station is in its pack: twins must give the same bytes.
                "station": station_needs(station) | public,
                "series": [
                    [*map(list, workspace.series[name].title.items())] for name in station.series
                ],
                "editions": [
                    [plain.of(e.edition), e.rendition.id, dict(e.segment_titles)]
                    for e in request.editions
                ],
                "left_out": [[m.language, m.title, m.reason] for m in request.left_out],
                "papers": [[one.file.path, one.file.digest] for one in request.papers],
                "signer": request.signer.public.text if request.signer else "",
                "rehearsal": request.rehearsal,
            }
        )
    )


def _told(value: Network, without: set[str]) -> dict[str, Plain]:
    return {name: item for name, item in asdict(value).items() if name not in without}
