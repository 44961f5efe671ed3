"""What delivered folders held, noted as packs are: so a recall finds their stations too.

A folder has no serial of its own, so each time that it holds other editions counts as the next one
of its name. As for packs, the name of a private station's folder says only what it takes, and
private/ has the station.
"""

from collections.abc import Collection, Sequence

from production.consent_notes import note_pack, open_private
from production.ledger.ledger import Ledger
from production.ledger.merging import last_pack
from production.packs.made import PACKED
from production.packs.recall import held_row
from production.packs.register import Carrier, Register, read_register
from production.packs.shipping import note_shipment
from programme.digests import Plain, fingerprint
from programme.editions import EditionKey
from programme.stations import Station
from scripts.workspace import Workspace
from stations.deliveries import Placed
from stations.pack_naming import station_needs


class DeliveryNotes:
    """Notes deliveries; what is noted already is read once for all stations."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        """Take the ledger of a workspace whose lock is held."""
        self._workspace = workspace
        self._ledger = ledger
        self._register: Register | None = None
        self._had: dict[str, tuple[str, int]] = {}
        """By station, the delivery that was noted last."""

    def note(
        self, station: Station, media: Sequence[Placed], own: Collection[EditionKey], *, on: str
    ) -> None:
        """Note what a station's folder holds now, unless that is noted.

        Args:
            station: served by a folder.
            media: each file of sound once.
            own: the editions that say a fact of the station's own.
            on: the day, ISO 8601.

        Raises:
            ProductionError: the disk refuses.
        """
        name = folder_name(self._workspace, station)
        items: list[Plain] = [
            held_row(one.item.edition, one.path, one.item.rendition.digest, own=own)
            for one in media
        ]
        content = fingerprint([items])
        last, disputed = last_pack(self._ledger.events("pack", pack=name))
        if last is None and not items:
            return
        known = last is not None and last.facts["content"] == content and not disputed
        serial = int(last.facts["serial"]) + (not known) if last else 1
        segments = sorted({s for one in media for s in one.item.edition.segments})
        until = max((one.item.edition.expires.isoformat() for one in media), default=on)
        held: dict[str, Plain] = {
            "pack": name,
            "serial": serial,
            "valid_until": until,
            "segments": list(segments),
            "facts": sorted({f for one in media for f in one.item.edition.facts}),
        }
        if not known:
            self._ledger.append("pack", {**held, "issued": on, "content": content, "items": items})
        note_pack(self._workspace, name, serial, segments)
        if self._last(station) == (name, serial):
            return
        root = self._workspace.root
        ledger = self._ledger if station.publish_identity else open_private(root)
        ledger.append(PACKED, {**held, "on": on, "station": station.id})
        note_shipment(root, self._ledger, station, (name, serial), on=on, carrier=Carrier.FOLDER)
        self._had[station.id] = (name, serial)

    def _last(self, station: Station) -> tuple[str, int] | None:
        if self._register is None:
            self._register = read_register(self._workspace.root, self._ledger)
            for one in sorted(self._register.shipments, key=lambda one: (one.on, one.line)):
                if one.carrier is Carrier.FOLDER:
                    self._had[one.station] = (one.pack, one.serial)
        return self._had.get(station.id)


def folder_name(workspace: Workspace, station: Station) -> str:
    """Name a station's folder in the ledger; a private station's only by what it takes."""
    network = workspace.network.id
    if station.publish_identity:
        return f"{network}_folder_{station.id}"
    own = [[one.replaces, str(one.value)] for one in station.overrides]
    needs = {**station_needs(station), "folder": station.automation.value, "own": own}
    return f"{network}_folder_{fingerprint(needs)[:12]}"
