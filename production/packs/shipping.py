"""Noting that packs were handed out, and that a station has them no more; see ``register``."""

from datetime import date
from pathlib import Path

from production.consent_notes import open_private
from production.ledger.ledger import Ledger
from production.packs.made import pack_key, packs_made
from production.packs.register import ENDED, SHIPPED, Carrier, End, Ending, Shipment, read_register
from programme.digests import Plain
from programme.errors import ExitCode, ProductionError
from programme.stations import Station

MAX_NOTE = 300
"""Characters of a note or a role."""


def packs_made_for(root: Path, ledger: Ledger, station: str) -> list[tuple[str, int, date]]:
    """Give pack, serial and day of every pack that was made for a station, the newest last."""
    found = {
        pack_key(event): date.fromisoformat(event.facts.get("on") or event.facts["issued"])
        for event in packs_made(root, ledger, station)
    }
    return sorted(((*key, on) for key, on in found.items()), key=lambda one: (one[2], one[1]))


def choose_pack(
    root: Path, ledger: Ledger, station: Station, serial: int | None
) -> tuple[str, int, date]:
    """Give the pack of a station that has a serial; the newest without one.

    Raises:
        ProductionError: no such pack was made for it.
    """
    made = packs_made_for(root, ledger, station.id)
    if not made:
        raise ProductionError(
            f"no pack was made for {station.id} yet",
            where=station.file,
            remedy=f"make one: altavoz pack {station.id}",
        )
    asked = [one for one in made if serial is None or one[1] == serial]
    if not asked:
        told = ", ".join(str(number) for _, number, _ in made[-6:])
        raise ProductionError(
            f"{station.id} has no pack with the serial {serial}",
            where=station.file,
            remedy=f"name one of: {told}",
            code=ExitCode.USAGE,
        )
    return asked[-1]


def ship(
    root: Path,
    ledger: Ledger,
    station: Station,
    *,
    carrier: Carrier,
    on: date,
    today: date,
    serial: int | None = None,
    by: str = "",
    note: str = "",
    dry_run: bool = False,
) -> tuple[Shipment, bool]:
    """Note that a pack was handed out.

    Args:
        root: of the workspace, whose lock must be held.
        ledger: its own.
        station: who got it.
        carrier: how it travelled.
        on: the day.
        today: the operator's day.
        serial: of the pack; None for the one that was made last.
        by: a role, no name.
        note: whatever is worth knowing later.
        dry_run: whether to look only.

    Returns:
        The shipment, and whether it was news.

    Raises:
        ProductionError: there is no such pack, the day cannot be, or the disk refuses.
    """
    pack, number, made_on = choose_pack(root, ledger, station, serial)
    _check_day(on, made_on, today, what=f"{pack} number {number} was made")
    found = Shipment(
        station=station.id,
        pack=pack,
        serial=number,
        on=on,
        carrier=carrier,
        by=_checked(by, "role"),
        note=_checked(note, "note"),
    )
    for known in read_register(root, ledger).shipments:
        if known.held == found.held and (known.on, known.carrier) == (on, carrier):
            return known, False
    if not dry_run:
        public: dict[str, Plain] = {
            "pack": pack,
            "serial": number,
            "on": on.isoformat(),
            "carrier": carrier.value,
        }
        further = {"by": found.by, "note": found.note}
        _note(root, ledger, station, name=SHIPPED, public=public, further=further)
    return found, True


def end(
    root: Path,
    ledger: Ledger,
    station: Station,
    *,
    how: End,
    on: date,
    today: date,
    serial: int | None = None,
    note: str = "",
    dry_run: bool = False,
) -> list[Ending]:
    """Note that a station has packs no more.

    Args:
        root: of the workspace, whose lock must be held.
        ledger: its own.
        station: who confirmed it.
        how: what became of them.
        on: the day.
        today: the operator's day.
        serial: of one pack; None for all that the station was given up to that day.
        note: whatever is worth knowing later.
        dry_run: whether to look only.

    Returns:
        What is news: one for each pack that it had.

    Raises:
        ProductionError: the station never got that pack, the day cannot be, or the disk refuses.
    """
    register = read_register(root, ledger)
    given = [one for one in register.shipments if one.station == station.id]
    if serial is not None:
        given = [one for one in given if one.serial == serial]
    if not given:
        what = "a pack" if serial is None else f"a pack with the serial {serial}"
        raise ProductionError(
            f"nobody noted that {station.id} was given {what}",
            where=station.file,
            remedy=f"note it first: altavoz ship {station.id} --carrier usb --on DAY",
        )
    first = min(one.on for one in given)
    _check_day(on, first, today, what=f"{station.id} was given it")
    open_ones = [one for one in given if register.end_of(one) is None and one.on <= on]
    endings = [
        Ending(
            station=station.id,
            pack=pack,
            serial=number,
            on=on,
            how=how,
            note=_checked(note, "note"),
        )
        for _, pack, number in dict.fromkeys(one.held for one in open_ones)
    ]
    for one in endings if not dry_run else ():
        public: dict[str, Plain] = {
            "pack": one.pack,
            "serial": one.serial,
            "on": on.isoformat(),
            "how": how.value,
        }
        _note(root, ledger, station, name=ENDED, public=public, further={"note": one.note})
    return endings


def note_shipment(
    root: Path,
    ledger: Ledger,
    station: Station,
    pack: tuple[str, int],
    *,
    on: str,
    carrier: Carrier,
) -> None:
    """Note that a station has a pack from a day on, as this program itself saw to it.

    Args:
        root: of the workspace, whose lock must be held.
        ledger: its own.
        station: who has it.
        pack: its name and serial.
        on: the day, ISO 8601.
        carrier: how it went there.

    Raises:
        ProductionError: the disk refuses.
    """
    name, serial = pack
    public: dict[str, Plain] = {
        "pack": name,
        "serial": serial,
        "on": on,
        "carrier": carrier.value,
    }
    _note(root, ledger, station, name=SHIPPED, public=public, further={})


def _note(
    root: Path,
    ledger: Ledger,
    station: Station,
    *,
    name: str,
    public: dict[str, Plain],
    further: dict[str, str],
) -> None:
    whole = {**public, "station": station.id, **{k: v for k, v in further.items() if v}}
    if station.publish_identity:
        ledger.append(name, whole)
        return
    # First where it says all: after a crash the rest can be told from it.
    open_private(root).append(name, whole)
    ledger.append(name, public)


def _check_day(on: date, earliest: date, today: date, *, what: str) -> None:
    if on > today:
        raise ProductionError(
            f"{on} is yet to come",
            where="--on",
            remedy="note it when it has happened",
            code=ExitCode.USAGE,
        )
    if on < earliest:
        raise ProductionError(
            f"{on} is too early: {what} on {earliest}",
            where="--on",
            remedy="look at the day again",
            code=ExitCode.USAGE,
        )


def _checked(text: str, what: str) -> str:
    line = " ".join(text.split())
    if len(line) > MAX_NOTE or not line.isprintable():
        raise ProductionError(
            f"the {what} is longer than {MAX_NOTE} characters, or has characters that cannot be "
            "printed",
            where=f"--{'by' if what == 'role' else what}",
            remedy="write one short line",
            code=ExitCode.USAGE,
        )
    return line
