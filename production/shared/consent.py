"""Which shared store a workspace may use on this machine: said once by the user, kept outside it.

Everything that is built goes to the store, also what is not published yet. Where it stands is
written in altavoz.toml, which may be changed by whoever works on the workspace. So a person at
each machine says once that it is the team's: of one workspace and one address with all its
options, and again when either is another. One store is remembered for each workspace: one that it
had earlier is asked for again.

It is written beside the keys and trust of the user. Who can write it can let a workspace send what
is built anywhere, so it is its owner's alone.
"""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from production.file_lock import locked_for_user
from production.keys.store import check_outside, rights_fault
from production.shared.places import NAME, absolute
from programme.digests import Plain
from programme.errors import ProductionError
from programme.network import TargetSettings
from programme.storage import storage_errors, write_beside
from scripts.wording import shown

STORES_FILE = "stores.json"
"""In the user's folder for keys and trust."""

_FORMAT = "altavoz-stores/1"
_MAX_BYTES = 1 << 20
_MOST_LETTERS = 300
"""Of an address that somebody else has written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A store that a workspace may use here."""

    place: TargetSettings
    """With every option that altavoz.toml had when it was allowed."""
    since: date
    """The operator's own day."""


def told(place: TargetSettings) -> str:
    """Give a store's address as ``--store`` takes it; an absolute path for a folder."""
    if place.kind == "folder":
        return shown(place.options["path"], most=_MOST_LETTERS)
    prefix = place.options.get("prefix", "").strip("/")
    address = "/".join(part for part in (place.options["bucket"], prefix) if part)
    return shown(f"s3://{address}", most=_MOST_LETTERS)


def told_whole(place: TargetSettings) -> str:
    """Give a store's address with what else decides where it stands, for a person."""
    more = [
        f"{name} {shown(place.options[name], most=_MOST_LETTERS)}"
        for name in ("endpoint", "region", "profile")
        if name in place.options
    ]
    return f"{told(place)} ({', '.join(more)})" if more else told(place)


def is_same_address(one: TargetSettings, other: TargetSettings) -> bool:
    """Tell whether two absolute places have one address, whatever their other options are."""
    if one.kind != other.kind:
        return False
    if one.kind == "folder":
        return one.options["path"] == other.options["path"]
    return one.options["bucket"] == other.options["bucket"] and (
        one.options.get("prefix", "").strip("/") == other.options.get("prefix", "").strip("/")
    )


class Consents:
    """What this user has allowed on this machine."""

    def __init__(self, folder: Path) -> None:
        """Take the user's folder for keys and trust; touch nothing."""
        self._folder = folder
        self._path = folder / STORES_FILE

    def find(self, workspace: Path) -> Allowed | None:
        """Give the store that a workspace may use; None where none was allowed.

        Raises:
            ProductionError: the file is damaged, can be changed by others or lies in a workspace,
                or the disk refuses.
        """
        return self._read().get(str(workspace.resolve()))

    def allows(self, workspace: Path, place: TargetSettings) -> bool:
        """Tell whether a workspace may use a store as its altavoz.toml names it.

        Raises:
            ProductionError: as ``find``.
        """
        found = self.find(workspace)
        return found is not None and found.place == _meant(place, workspace)

    def allow(self, workspace: Path, place: TargetSettings, *, today: date) -> None:
        """Let a workspace use a store from now on, and no other.

        Raises:
            ProductionError: as ``find``.
        """
        new = Allowed(place=_meant(place, workspace), since=today)
        self._change(workspace, new)

    def forget(self, workspace: Path) -> bool:
        """Let a workspace use no store any more; False if it might use none.

        Raises:
            ProductionError: as ``find``.
        """
        return self._change(workspace, None)

    def _change(self, workspace: Path, new: Allowed | None) -> bool:
        check_outside(self._folder)
        with locked_for_user(self._folder, STORES_FILE, "changing which stores are allowed here"):
            old = self._read()
            changed = {name: one for name, one in old.items() if name != str(workspace.resolve())}
            if new is not None:
                changed[str(workspace.resolve())] = new
            if changed == old:
                return False
            write_beside(self._path, _render(changed), mode=0o600)
        return True

    def _read(self) -> dict[str, Allowed]:
        check_outside(self._folder)
        with storage_errors(self._path):
            try:
                handle = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            except FileNotFoundError:
                return {}
            with os.fdopen(handle, "rb") as file:
                about = os.fstat(file.fileno())
                if not stat.S_ISREG(about.st_mode):
                    raise self._damaged()
                if fault := rights_fault(about):
                    raise ProductionError(
                        fault,
                        where=str(self._path),
                        remedy="run chmod 600 on it as its owner, and look at what stands in it",
                    )
                data = file.read(_MAX_BYTES + 1)
        try:
            return _parse(data)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged() from error

    def _damaged(self) -> ProductionError:
        return ProductionError(
            "the file of the stores that are allowed here is damaged",
            where=str(self._path),
            remedy="move it away: each workspace's store is asked for once more",
        )


def _meant(place: TargetSettings, workspace: Path) -> TargetSettings:
    """Give a place by what it means, wherever links in the workspace lead."""
    return absolute(place, workspace.resolve())


def _render(allowed: Mapping[str, Allowed]) -> bytes:
    stores: dict[str, Plain] = {
        workspace: {
            "kind": one.place.kind,
            "options": dict(one.place.options),
            "since": one.since.isoformat(),
        }
        for workspace, one in allowed.items()
    }
    whole = {"format": _FORMAT, "stores": stores}
    return (json.dumps(whole, indent=1, sort_keys=True) + "\n").encode("ascii")


def _parse(data: bytes) -> dict[str, Allowed]:
    """Read the file.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not what ``_render`` writes.
    """
    if len(data) > _MAX_BYTES:
        raise ValueError("it is too long")
    whole: Any = json.loads(data.decode("utf-8"))
    if whole["format"] != _FORMAT:
        raise ValueError("it is of another format")
    return {str(workspace): _allowed(one) for workspace, one in whole["stores"].items()}


def _allowed(one: Mapping[str, Any]) -> Allowed:
    options = {str(name): str(value) for name, value in one["options"].items()}
    place = TargetSettings(name=NAME, kind=str(one["kind"]), options=options)
    return Allowed(place=place, since=date.fromisoformat(one["since"]))
