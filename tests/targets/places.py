"""Where the conformance suite runs: fresh places of each kind, and those that a file names."""

import secrets
import shutil
import time
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from production.targets import Line, Target, open_target
from programme.network import TargetSettings
from programme.units import Key

NESTED_BY = {"folder": "path", "s3": "prefix", "sftp": "path"}
"""The option of each kind that says where below its root it keeps objects."""


def quick_line(*, seconds: float | None = None) -> Line:
    """Give a line whose pauses before trying again are a hundredth of what they should be."""
    return Line(seconds=seconds, wait=lambda pause: time.sleep(pause / 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An empty place of some kind, to be opened by one publisher or by several."""

    settings: TargetSettings
    root: Path
    """What paths are relative to."""
    ours: bool = True
    """Whether the tests started the server; False for one that a file names."""

    def open(self, line: Line | None = None) -> Target:
        """Open it as one publisher does; each has a target of his own."""
        if line is None:
            line = quick_line() if self.ours else Line()
        return open_target(self.settings, self.root, line=line)


def named_targets(path: Path) -> dict[str, TargetSettings]:
    """Read targets from a TOML file, written as in altavoz.toml."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["targets"]
    return {
        name: TargetSettings(
            name=name,
            kind=table["kind"],
            options={key: str(value) for key, value in table.items() if key != "kind"},
        )
        for name, table in tables.items()
    }


def nested(settings: TargetSettings) -> TargetSettings:
    """Give a new place below a named one, so that a test meets nothing and harms nothing."""
    option = NESTED_BY[settings.kind]
    base = settings.options.get(option, "").rstrip("/")
    below = "/".join(part for part in (base, f"altavoz-test-{secrets.token_hex(8)}") if part)
    return replace(settings, options=dict(settings.options) | {option: below})


def clear(place: Place) -> None:
    """Remove all that a test left in a place of its own."""
    target = place.open()
    for listed in list(target.listing()):
        target.remove(Key(listed.name))
    target.close()
    if place.settings.kind == "folder":
        shutil.rmtree(place.root / place.settings.options["path"], ignore_errors=True)
