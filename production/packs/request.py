"""What goes into a station's pack: the editions that it takes, and why others are not there."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from production.building import BuiltEdition
from production.edition_shelf import EditionShelf
from production.packs.recall import Histories
from production.planner import PLAN_VERSION
from production.records import plain_edition, plain_value
from production.selection import LeftOut
from programme.digests import Plain, canonical_json, digest_text
from programme.left_out import Cause
from programme.stations import Station
from programme.units import LanguageTag
from scripts.station_facts import own_editions
from scripts.workspace import Workspace
from stations.pack_naming import station_needs
from stations.pack_plan import PACK_VERSION, PackEdition, PackRequest, pick_rendition
from stations.pack_plan import LeftOut as PackLeftOut


class PackShelf:
    """Finished editions as packs hold them; what many stations take is made once for all.

    It holds for one state of the workspace and its ledger.
    """

    def __init__(
        self, workspace: Workspace, editions: Sequence[BuiltEdition], histories: Histories
    ) -> None:
        """Take what was built.

        Args:
            workspace: as read.
            editions: in their order.
            histories: of every target.
        """
        self._workspace = workspace
        self._editions = EditionShelf(workspace, editions, histories)
        self._packed: dict[tuple[int, str], PackEdition] = {}
        self._shared: dict[int, PackEdition] = {}
        self._written: dict[int, str] = {}
        untold = {"voices", "targets", "store", "reviews"}
        about = asdict(workspace.network)
        self.network: dict[str, Plain] = {n: v for n, v in about.items() if n not in untold}
        """What of the network decides a pack's bytes."""

    def choose(self, station: Station) -> tuple[PackEdition, ...]:
        """Give what a station takes, in the order of the editions; nothing that was taken back."""
        profiles = dict.fromkeys(station.series, station.profile)
        return tuple(
            self._pack_edition(number, built, station.format)
            for number, built in self._editions.taken(station, profiles)
        )

    def written(self, item: PackEdition) -> str:
        """Give what of an item decides a pack's bytes, as canonical JSON."""
        # An item that this shelf holds lives as long as it does: nothing else gets its id.
        if self._shared.get(id(item)) is not item:
            return _written(item)
        if id(item) not in self._written:
            self._written[id(item)] = _written(item)
        return self._written[id(item)]

    def _pack_edition(self, number: int, built: BuiltEdition, wanted: str) -> PackEdition:
        found = self._packed.get((number, wanted))
        if found is None:
            edition = built.edition
            rendition = pick_rendition(edition.renditions, wanted)
            found = PackEdition(
                edition=edition,
                rendition=rendition,
                audio=built.objects[rendition.id],
                segment_titles=_titles(self._workspace, edition.segments, edition.language),
            )
            self._packed[number, wanted] = found
            self._shared[id(found)] = found
        return found


def _written(item: PackEdition) -> str:
    return canonical_json(
        [plain_edition(item.edition), item.rendition.id, dict(item.segment_titles)]
    )


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


def content_of(workspace: Workspace, request: PackRequest, shelf: PackShelf) -> str:
    """Give the fingerprint of everything but the serial and date that decides a pack's bytes."""
    station = request.station
    public = {"id": station.id, "name": station.name} if station.publish_identity else {}
    own = [
        plain_value({n: v for n, v in asdict(one).items() if n != "reason" or public})
        for one in request.overrides
    ]
    recalls = [plain_value(asdict(one)) for one in request.recalls]
    rest: dict[str, Plain] = {
        **({"overrides": own} if own else {}),
        **({"recalls": recalls} if recalls else {}),
        "version": [PLAN_VERSION, PACK_VERSION],
        "network": shelf.network,
        # Nothing else of a station is in its pack: twins must give the same bytes.
        "station": station_needs(station) | public,
        "series": [[*map(list, workspace.series[name].title.items())] for name in station.series],
        "left_out": [[m.language, m.title, m.reason] for m in request.left_out],
        "papers": [[one.file.path, one.file.digest] for one in request.papers],
        "signer": request.signer.public.text if request.signer else "",
        "rehearsal": request.rehearsal,
    }
    editions = ",".join(map(shelf.written, request.editions))
    # The member that sorts first, joined of what was written down before: it is nearly all of it.
    return digest_text(f'{{"editions":[{editions}],{canonical_json(rest)[1:]}')
