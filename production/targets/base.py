"""What every publishing target can do, and what a key may be.

A target is a place of named objects that the public reads. Two kinds of object live there:
immutable ones, whose key holds their content's digest (media, transcripts, chapters, packs),
and a few that are replaced whole (feeds, pages, indexes).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, Key

BLOCK_BYTES = 1 << 20
"""How much of a file is held in memory at once."""

_PART = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An object as a target's list shows it, whoever put it there."""

    name: str
    """Below the target's folder or prefix; a key, or what ``check_key`` refuses."""
    length_bytes: int
    tag: str
    """Differs whenever the bytes differ: an ETag, or the size and times of a file. Empty where
    the place gives nothing of the kind. Never a digest of ours."""
    changed_at: datetime
    """Aware, UTC, by the target's clock."""


class OvertakenError(ProductionError):
    """Somebody else published here since this run read what stands there."""


class Target(Protocol):
    """One place that editions are published to.

    Every method raises ProductionError when the place refuses or cannot be reached: code
    STORAGE for a disk, TARGET for a server or for what stands there; and ValueError for a key
    that ``check_key`` refuses.
    """

    @property
    def name(self) -> str:
        """Its name in altavoz.toml."""
        ...

    def describe(self) -> str:
        """Give where it is, in words for a person; holds no secret."""
        ...

    def put_new(self, key: Key, source: Path, *, media_type: str, digest: Digest) -> bool:
        """Publish a file under a key whose bytes never change.

        Gives True if it was sent, False if the same bytes were there already.

        Raises:
            ProductionError: code TARGET if other bytes stand under the key; code STORAGE if the
                source does not have this digest. Nothing was changed.
        """
        ...

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        """Publish bytes under a key, replacing what was there at one stroke.

        Gives False, and sends nothing, if the same bytes are there: an object sent again looks
        new to podcast programs.
        """
        ...

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        """Publish bytes in the place of those that the caller has seen there, and no others.

        Gives False, and sends nothing, if ``data`` is there already. A write of ours whose answer
        was lost is recognised by reading again.

        Args:
            key: of the object.
            data: what is to stand there.
            media_type: of ``data``.
            seen: what stood there when the caller planned; None for nothing.

        Raises:
            OvertakenError: other bytes stand there now. Nothing was changed.
        """
        ...

    def listing(self) -> Iterator[Listed]:
        """Give everything that stands at the target, by name; also what others put there.

        A list may be older than the last write: before anything is done because of it, the object
        itself is asked for.
        """
        ...

    def close(self) -> None:
        """Let go of connections; the target is not used afterwards."""
        ...

    def read(self, key: Key) -> bytes | None:
        """Give an object's bytes as the public gets them; None if there is none."""
        ...

    def size(self, key: Key) -> int | None:
        """Give an object's length in bytes without reading it; None if there is none."""
        ...

    def verify(self, key: Key, digest: Digest) -> bool:
        """Read an object back and tell whether it has this digest; False if there is none."""
        ...

    def remove(self, key: Key) -> bool:
        """Withdraw an object; False if there was none."""
        ...


def check_key(key: str) -> tuple[str, ...]:
    """Give the parts of a key that is safe as a path, an address and an object's name.

    Parts of ASCII letters, digits, ``.``, ``_`` and ``-`` between slashes; no part begins or
    ends with a dot, so that none is hidden, ``..`` or a temporary name.

    Raises:
        ValueError: anything else; keys are made by production, so that this is a bug there.
    """
    parts = tuple(key.split("/"))
    if len(key) > 900 or not all(_PART.match(part) for part in parts):
        raise ValueError(f"no key for a published object: {key!r}")
    return parts


def is_key(name: str) -> bool:
    """Tell whether an object can be asked for: others may have given it any name."""
    try:
        check_key(name)
    except ValueError:
        return False
    return True


def check_options(settings: TargetSettings, *, required: set[str], known: set[str]) -> None:
    """Refuse a target whose options are misspelt, missing or secret.

    Raises:
        ProductionError: names the target and the option.
    """
    where = f"altavoz.toml: target {settings.name}"
    names = set(settings.options)
    for name in sorted(names - required - known):
        if re.search("secret|key|token|password", name):
            raise ProductionError(
                f"the option {name!a} looks like a secret, and a workspace is shared",
                where=where,
                remedy="delete it, and keep it in the environment or in a profile of your own",
                code=ExitCode.TARGET,
            )
        raise ProductionError(
            f"a target of kind {settings.kind} has no option {name!a}",
            where=where,
            remedy=f"use one of: {', '.join(sorted(required | known))}",
            code=ExitCode.TARGET,
        )
    for name in sorted(required):
        if not settings.options.get(name):
            raise ProductionError(
                f"the option {name} is missing",
                where=where,
                remedy=f"write {name} = ... below the target's heading",
                code=ExitCode.TARGET,
            )


def overtaken(where: str) -> OvertakenError:
    """Give the error for bytes that were replaced by somebody else in the meantime."""
    return OvertakenError(
        "somebody else published here at the same moment",
        where=where,
        remedy="agree on who publishes, bring the ledgers together, then publish again",
        code=ExitCode.TARGET,
    )


def occupied(where: str) -> ProductionError:
    """Give the error for other bytes under a key that never changes."""
    return ProductionError(
        "other bytes stand where this file belongs, and published bytes never change",
        where=where,
        remedy="look at what wrote them; if nothing needs them, delete them and publish again",
        code=ExitCode.TARGET,
    )


def damaged_source(source: Path) -> ProductionError:
    """Give the error for a file that is not what the plan says."""
    return ProductionError(
        "the file is damaged: its content is not what was built",
        where=str(source),
        remedy="build again; if it comes back, test the disk",
        code=ExitCode.STORAGE,
    )


def unreadable_source(source: Path, error: OSError) -> ProductionError:
    """Give the error for a file that should have been built and cannot be read."""
    return ProductionError(
        f"the file cannot be read: {error.strerror}",
        where=str(source),
        remedy="build again, then publish",
        code=ExitCode.STORAGE,
    )
