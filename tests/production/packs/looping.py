"""A small workspace whose loudspeakers play loops: one as a set, one in one file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from production.building import Workshop
from production.packs.packing import BuiltPack, PackOrder, build_packs
from programme.units import LanguageTag
from tests.production.running import TODAY, Quiet, read
from tests.production.small import FILES, write_small, write_tone

ES, EN = LanguageTag("es-419"), LanguageTag("en")
_STATION = FILES["stations/terminal.yml"]
PLACE = {"es-419": "Usted está en la terminal 2.", "en": "You are in terminal 2."}
_LOCATOR = "".join(f'    {tag}: "{text}"\n' for tag, text in PLACE.items())
LOOPS: Mapping[str, str | None] = {
    **{name: None for name in FILES if "corta" in name or name.startswith("stations/")},
    "episodes/bucle-1.yml": """
series: bucle
number: 1
dated: "2026-11-22"
title: {es-419: "Ayuda", en: "Help"}
rundown:
  - sound: tono
  - segment: ayuda
    required: yes
""",
    "stations/terminal.yml": _STATION
    + f"loop:\n  form: one\n  chime: campana\n  end_silence_ms: 5000\n  locator:\n{_LOCATOR}",
    "stations/plaza.yml": _STATION + "loop:\n  form: set\n",
    "stations/plain.yml": _STATION,
}
"""Changes to the small workspace; the stations take English first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What was packed, and what ran for it."""

    packs: Mapping[str, BuiltPack]
    ran: tuple[tuple[str, int], ...]
    """Kind of step and how many, for building and for packing together."""


def write_loops(root: Path) -> Path:
    """Write the workspace, with a chime of two and a half seconds."""
    write_small(root, LOOPS)
    write_tone(root / "sounds/campana.wav", seconds=2.5, pitch_hz=880.0)
    return root


def pack(root: Path, *names: str) -> Packed:
    """Build, and pack for some stations or for all, in this process."""
    workspace = read(root)
    watched = Quiet()
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=TODAY)
        report = shop.build(workspace, plan, jobs=1, progress=watched, partial=False)
        assert not report.failures
        order = PackOrder(today=TODAY, rehearsal=True, progress=watched)
        packs = build_packs(shop, workspace, report, names=names, order=order)
    ran = tuple((str(kind), total) for kind, total in watched.begun if total)
    return Packed(packs={one.station: one for one in packs}, ran=ran)


def unpacked(pack: BuiltPack, folder: Path) -> Path:
    """Unpack a pack."""
    with ZipFile(pack.path) as archive:
        archive.extractall(folder)
    return folder


def items(folder: Path) -> list[Mapping[str, Any]]:
    """Give what an unpacked pack says that it plays."""
    found: list[Mapping[str, Any]] = json.loads((folder / "pack.json").read_text("utf-8"))["items"]
    return found
