"""When each target was tested last, and how that ended: notes that are safe to delete."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from production.targets.probed import Probes, Verdict
from programme.digests import Plain, canonical_json, digest_bytes
from programme.network import Network, TargetSettings
from programme.storage import write_into_folder

_FOLDER = Path(".altavoz", "tested")
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One test of one target."""

    at: datetime
    """Aware, UTC, by this machine's clock."""
    worst: Verdict
    failed: tuple[str, ...] = ()
    """What failed, by the names of ``Probed.about``."""


def note_test(
    root: Path, settings: TargetSettings, network: Network, probes: Probes, at: datetime
) -> None:
    """Keep how a test ended.

    Raises:
        ProductionError: the disk refuses.
    """
    path = _path(root, settings.name)
    noted: dict[str, Plain] = {
        "format": _FORMAT,
        "target": _fingerprint(settings, network),
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "worst": probes.worst.value,
        "failed": [one.about for one in probes if one.verdict is Verdict.FAILED],
    }
    write_into_folder(path, canonical_json(noted).encode("utf-8"))


def last_test(root: Path, settings: TargetSettings, network: Network) -> Tested | None:
    """Give the last test; None where there was none since the target was changed."""
    try:
        noted = json.loads(_path(root, settings.name).read_bytes())
        if noted["format"] != _FORMAT or noted["target"] != _fingerprint(settings, network):
            return None
        return Tested(
            at=datetime.fromisoformat(noted["at"]),
            worst=Verdict(noted["worst"]),
            failed=tuple(str(one) for one in noted["failed"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # a note that cannot be read is no note


def _path(root: Path, name: str) -> Path:
    return root / _FOLDER / f"{name}.json"


def _fingerprint(settings: TargetSettings, network: Network) -> str:
    """Tell whether a target is still the one that was tested."""
    told: dict[str, Plain] = {
        "kind": settings.kind,
        "options": dict(settings.options),
        "demo": settings.demo,
        "base_url": network.base_url,
    }
    return digest_bytes(canonical_json(told).encode("utf-8"))
