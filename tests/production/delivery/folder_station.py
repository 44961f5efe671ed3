"""A station that is served by a folder, delivered to from a built small workspace."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from production.building import Workshop
from production.delivery.delivering import Delivered, Deliverer, DeliveryOrder, deliver_all
from production.delivery.state import STATE_FILE
from programme.errors import ProductionError
from tests.production.running import TODAY, Quiet, read
from tests.production.running import tree as digests
from tests.production.small import FILES

TOMORROW = date(2026, 11, 23)
AFTER = date(2027, 1, 16)
"""Everything in the small workspace is past its last day then."""


def served(root: Path, program: str, more: str = "") -> Path:
    """Let the station that takes packs be served by a folder for a program."""
    text = FILES["stations/packs.yml"].replace("delivery: pack", "delivery: folder").lstrip()
    path = root / "stations/packs.yml"
    path.write_text(f"{text}automation: {program}\n{more}", encoding="utf-8")
    return root


def deliver(
    root: Path, to: Path | None = None, *, day: date = TODAY, **asked: bool | int
) -> Delivered:
    """Build and deliver to the one station."""
    workspace = read(root, day)
    order = replace(DeliveryOrder(today=day, rehearsal=True), **asked)  # type: ignore[arg-type]
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=day)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        assert not report.failures
        deliverer = Deliverer(shop, workspace, report, order)
        [done] = deliver_all(deliverer, ["packs"], to=to)
    if isinstance(done, ProductionError):
        raise done
    return done


def shown(folder: Path) -> dict[str, str]:
    """Give the digest of every file but what Altavoz notes for itself."""
    return {path: digest for path, digest in digests(folder).items() if path != STATE_FILE}


def manifest(folder: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(
        (folder / "delivery.json").read_text(encoding="utf-8")
    )
    return found
