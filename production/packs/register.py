"""The shipment register: which pack went to which station, when and how, and who has it no more.

A pack cannot be called back, so somebody must know who has it. Each time a pack leaves the house is
a ``shipped`` line of the ledger, and each time a station says that it deleted or gave back what it
had, an ``ended`` line. The ledger is as public as the workspace: of a station whose identity is
private it tells the pack alone, and private/ has the whole line.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from production.ledger.ledger import Event, Ledger
from scripts.tree import PRIVATE

SHIPPED, ENDED = "shipped", "ended"
"""Names of the ledger's lines."""


class Carrier(StrEnum):
    """How a pack travels."""

    USB = "usb"
    SD = "sd"
    PHONE = "phone"
    """Copied from phone to phone."""
    MESSENGER = "messenger"
    DOWNLOAD = "download"
    MAIL = "mail"
    FOLDER = "folder"
    """Delivered to the folder that the station plays from; noted by ``altavoz deliver``."""


class End(StrEnum):
    """Why a station has a pack no more."""

    DELETED = "deleted"
    RETURNED = "returned"
    """The stick or card came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What is noted of one pack at one station."""

    station: str
    """Empty where a private station got it and private/ is not at hand."""
    pack: str
    serial: int
    on: date
    note: str = ""
    line: int = 0
    """In its ledger, which tells what came first on one day."""

    @property
    def held(self) -> tuple[str, str, int]:
        """Station, pack and serial."""
        return self.station, self.pack, self.serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment(_Entry):
    """One pack that was handed out."""

    carrier: Carrier
    by: str = ""
    """The role of who handed it out; empty where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(_Entry):
    """What a station confirmed: that it has a pack no more."""

    how: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything that is noted; in the order of the days."""

    shipments: tuple[Shipment, ...]
    endings: tuple[Ending, ...]

    def end_of(self, shipment: Shipment) -> Ending | None:
        """Give what ended a shipment; None while the station has it, as far as anybody knows.

        What was confirmed before the pack was handed out once more does not end that.
        """
        after = (
            one
            for one in self.endings
            if one.held == shipment.held and (one.on, one.line) > (shipment.on, shipment.line)
        )
        return next(after, None)

    def still_held(self) -> tuple[Shipment, ...]:
        """Give the shipments that nobody confirmed the end of."""
        return tuple(one for one in self.shipments if self.end_of(one) is None)


def read_register(root: Path, ledger: Ledger) -> Register:
    """Read what is noted, with the names of private stations where private/ is at hand.

    Raises:
        ProductionError: a ledger is damaged.
    """
    private = Ledger(root / PRIVATE)
    shipments = [_shipment(event) for event in _whole(ledger, private, SHIPPED)]
    endings = [_ending(event) for event in _whole(ledger, private, ENDED)]
    return Register(
        shipments=tuple(sorted(shipments, key=lambda one: (one.on, one.line))),
        endings=tuple(sorted(endings, key=lambda one: (one.on, one.line))),
    )


def _whole(ledger: Ledger, private: Ledger, name: str) -> Iterator[Event]:
    """Give each line once: from private/ where it stands there too."""
    told = Counter(_public_part(event) for event in private.events(name))
    yield from private.events(name)
    for event in ledger.events(name):
        part = _public_part(event)
        if "station" not in event.facts and told[part]:
            told[part] -= 1
        else:
            yield event


def _public_part(event: Event) -> tuple[str, ...]:
    facts = event.facts
    how = facts["carrier"] if event.name == SHIPPED else facts["how"]
    return str(facts["pack"]), str(facts["serial"]), str(facts["on"]), str(how)


def _shipment(event: Event) -> Shipment:
    facts = event.facts
    return Shipment(
        station=str(facts.get("station", "")),
        pack=str(facts["pack"]),
        serial=int(facts["serial"]),
        on=date.fromisoformat(facts["on"]),
        carrier=Carrier(facts["carrier"]),
        by=str(facts.get("by", "")),
        note=str(facts.get("note", "")),
        line=event.line,
    )


def _ending(event: Event) -> Ending:
    facts = event.facts
    return Ending(
        station=str(facts.get("station", "")),
        pack=str(facts["pack"]),
        serial=int(facts["serial"]),
        on=date.fromisoformat(facts["on"]),
        how=End(facts["how"]),
        note=str(facts.get("note", "")),
        line=event.line,
    )
