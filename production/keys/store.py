"""Where secret keys lie: the user's own configuration folder, never a workspace.

Whoever reads a secret key can sign packs as the publisher. So the folder is 0700 and each file
0600, other rights are refused, and the folder may not lie where things are copied, published or
committed from: in a workspace or in any git checkout. The files are minisign's own, one per key,
named by the key's id: ``KEYID.key`` and ``KEYID.pub``.
"""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from programme.errors import ProductionError
from programme.storage import storage_errors, write_beside
from stations.minisign import PublicKey, SecretKey, SignatureError
from stations.secret_keys import (
    MAX_SECRET_FILE_BYTES,
    Lock,
    is_locked,
    parse_secret,
    render_secret,
)

VARIABLE = "ALTAVOZ_KEYS"
"""Names another folder; read by the commands, see ``keys_folder``."""

AskPassword = Callable[[str], str]
"""Asks for the password of what it is told, such as ``key 4B4A94D95C0867F6``."""


def keys_folder(environment: Mapping[str, str], *, system: str, home: Path) -> Path:
    """Give the folder for keys and trust on this machine.

    Args:
        environment: the process's; ``ALTAVOZ_KEYS`` goes before everything.
        system: as ``sys.platform`` names it.
        home: the user's folder.

    Raises:
        ProductionError: ``ALTAVOZ_KEYS`` is no whole path.
    """
    named = environment.get(VARIABLE, "")
    if named:
        if not Path(named).is_absolute():
            raise ProductionError(
                f"{VARIABLE} is not a whole path",
                where=named,
                remedy="begin it at the top, such as /media/safe/altavoz-keys",
            )
        return Path(named)
    if system == "darwin":
        return home / "Library" / "Application Support" / "altavoz"
    if system == "win32":
        return Path(environment.get("APPDATA") or home / "AppData" / "Roaming") / "altavoz"
    # the XDG base directory specification: a path that is not absolute is to be ignored
    named = environment.get("XDG_CONFIG_HOME", "")
    return (Path(named) if Path(named).is_absolute() else home / ".config") / "altavoz"


def check_outside(folder: Path) -> None:
    """Refuse a folder from which secrets would be copied, published or committed.

    Raises:
        ProductionError: it lies in a workspace or a git checkout.
    """
    place = folder.resolve()
    for parent in (place, *place.parents):
        for mark, what in (("altavoz.toml", "a workspace"), (".git", "a git checkout")):
            if (parent / mark).exists():
                raise ProductionError(
                    f"keys may not lie in {what}: {parent}",
                    where=str(folder),
                    remedy=f"name a folder outside, by {VARIABLE}",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStore:
    """The secret keys of one user on one machine."""

    folder: Path
    """See ``keys_folder``; it need not be there yet."""

    def path(self, public: PublicKey) -> Path:
        """Give where the secret key of a public key lies, or would lie."""
        return self.folder / f"{public.name}.key"

    def has(self, public: PublicKey) -> bool:
        """Tell whether the secret key is on this machine."""
        return self.path(public).is_file()

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Give the keys of which the secret is here, by file name.

        Raises:
            ProductionError: a file beside them is not the public key that its name says.
        """
        found = []
        with storage_errors(self.folder):
            names = sorted(self.folder.glob("*.key")) if self.folder.is_dir() else []
            for path in names:
                text = read_small(path.with_suffix(".pub"))
                found.append(_parsed(text, path.with_suffix(".pub")))
        return tuple(found)

    def prepare(self) -> None:
        """Make the folder, for its owner alone.

        Raises:
            ProductionError: it lies where keys may not lie, is somebody else's, or the disk
                refuses.
        """
        check_outside(self.folder)
        with storage_errors(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_owner(self.folder, self.folder.stat(), mode="700")

    def add(self, key: SecretKey, lock: Lock | None) -> Path:
        """Write a secret key and its public key; gives the secret's file.

        Raises:
            ProductionError: as ``prepare``; or there is a key of this id.
        """
        self.prepare()
        path = self.path(key.public)
        write_key(path, key, lock)
        return path

    def open(self, public: PublicKey, ask: AskPassword) -> SecretKey:
        """Read the secret key of a public key.

        Args:
            public: the key that verifies.
            ask: is called where the key has a password.

        Raises:
            ProductionError: it is not here, can be read by others, is damaged, is not the key of
                this id, or the password is wrong.
        """
        check_outside(self.folder)
        key = read_key(self.path(public), ask)
        if key.public != public:
            raise ProductionError(
                "this file holds another key than its name says",
                where=str(self.path(public)),
                remedy="put the right file back from where you keep the copy",
            )
        return key


def write_key(path: Path, key: SecretKey, lock: Lock | None) -> None:
    """Write ``NAME.key`` for its owner alone, and ``NAME.pub`` beside it; overwrites nothing.

    Raises:
        ProductionError: one of them is there, or the disk refuses.
    """
    public = path.with_suffix(".pub")
    for one in (path, public):
        if one.exists() or one.is_symlink():
            raise ProductionError(
                "a key is there already, and no key is ever overwritten",
                where=str(one),
                remedy="move it to a safe place first, or choose another folder",
            )
    write_beside(public, key.public.render())
    write_beside(path, render_secret(key, lock), mode=0o600)


def read_key(path: Path, ask: AskPassword, *, private: bool = True) -> SecretKey:
    """Read one secret key file, wherever it lies.

    Args:
        path: of the file.
        ask: is called where it has a password.
        private: whether others must not be able to read it; no for a stick, whose FAT knows no
            owners.

    Raises:
        ProductionError: see ``KeyStore.open``.
    """
    text = read_small(path, secret=private)
    try:
        password = ask(f"the key {path.stem}") if is_locked(text) else None
        return parse_secret(text, password=password)
    except SignatureError as error:
        raise ProductionError(
            error.problem, where=str(path), remedy="put the file back from your copy"
        ) from error
    except ProductionError as error:
        raise ProductionError(error.problem, where=str(path), remedy=error.remedy) from error


def read_small(path: Path, *, secret: bool = False) -> str:
    """Read a key file: a regular file, small, in ASCII; a secret one its owner's alone.

    Raises:
        ProductionError: it is something else, or not to be read.
    """
    with storage_errors(path):
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_SECRET_FILE_BYTES:
                raise _no_key(path)
            if secret:
                _check_owner(path, about, mode="600")
            data = file.read(MAX_SECRET_FILE_BYTES + 1)
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise _no_key(path) from error


def _no_key(path: Path) -> ProductionError:
    return ProductionError(
        "this is no key file", where=str(path), remedy="name a file that altavoz keys new made"
    )


def _parsed(text: str, path: Path) -> PublicKey:
    try:
        return PublicKey.parse(text)
    except SignatureError as error:
        raise ProductionError(
            error.problem,
            where=str(path),
            remedy="make it anew: minisign -R -s KEYFILE -p PUBLICFILE",
        ) from error


def rights_fault(about: os.stat_result) -> str:
    """Say why others than this user could use a file or folder; empty where they cannot.

    Windows has no such rights; a carrier with FAT shows what its driver says.
    """
    if not hasattr(os, "getuid"):
        return ""
    if about.st_uid != os.getuid():
        return "it belongs to another user"
    if stat.S_IMODE(about.st_mode) & 0o077:
        return "other users of this machine can read or change it"
    return ""


def _check_owner(path: Path, about: os.stat_result, *, mode: str) -> None:
    fault = rights_fault(about)
    if fault:
        raise ProductionError(
            fault,
            where=str(path),
            remedy=f"run chmod {mode} on it as its owner; if others read it, rotate the keys",
        )
