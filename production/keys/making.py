"""Making, changing and handing over signing keys: two from the start, of which one stands by.

Stations trust both. The standby's secret is kept where the computer is not, so that whoever takes
the computer has the current key alone: the standby then takes its place, and every station knows it
already. Secrets are written first and altavoz.toml last: a crash between them leaves a key that
nobody uses, never a key that is named and lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from production.keys.letter import LETTER, key_letter, letter_name
from production.keys.signing import UNTRUSTED_COMMENT, public_keys
from production.keys.signing_table import write_signing_keys
from production.keys.store import AskPassword, KeyStore, check_outside, read_key, write_key
from production.packs.trust import change_trust, with_keys
from programme.errors import ProductionError
from programme.network import Network
from programme.storage import storage_errors, write_beside
from stations.minisign import PublicKey, SecretKey
from stations.secret_keys import LOCK_BYTES, Lock

STANDBY_FOLDER = "standby"
RETIRED_FOLDER = "retired"
_ROLES = ("current", "standby")
PAPERS_FOLDER = "build/keys"
"""Of the workspace: what is to be handed to stations; nothing in it is secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKeys:
    """What was made, and where it lies."""

    keys: tuple[PublicKey, ...]
    """As altavoz.toml now has them: the current one, the standby."""
    secret: Path
    """Of the current key."""
    standby: Path
    """Of the standby: to be carried away."""
    standby_is_here: bool
    """Whether it still lies beside the current one."""
    papers: tuple[Path, ...]
    """For stations."""
    retired: PublicKey | None = None
    """The key that no station may trust any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """What new keys are made of, and when."""

    root: Path
    """The workspace's folder."""
    network: Network
    store: KeyStore
    random: bytes
    """As much as ``RANDOM_BYTES``, from the system."""
    password: str | None
    """For every secret that is written; None for none."""
    standby_to: Path | None
    """Where the standby's secret goes at once, such as a stick; None for beside the current."""
    today: date
    lock_bytes: int = LOCK_BYTES
    """What trying one password costs in memory."""


RANDOM_BYTES = 2 * (40 + 32)
"""For two keys, each with the salt of its password."""


def make_keys(order: KeyOrder) -> NewKeys:
    """Make the current key and the standby of a network that has none.

    Raises:
        ProductionError: it has keys, or a secret cannot be written where it should lie.
    """
    if order.network.signing_keys:
        raise ProductionError(
            "altavoz.toml names signing keys already",
            where="altavoz.toml",
            remedy="change them with altavoz keys rotate; stations trust those that are there",
        )
    _check_places(order)
    current, standby = _random_key(order, 0), _random_key(order, 1)
    # Letters of keys that are no more would send stations after them.
    for letter in sorted((order.root / PAPERS_FOLDER).glob(f"{LETTER}*")):
        with storage_errors(letter):
            letter.unlink()
    secret = order.store.add(current, _lock(order, 0))
    away = _put_standby(order, standby, 1)
    return _told(order, (current.public, standby.public), secret, away, retired=None)


def rotate_keys(order: KeyOrder, *, standby: Path | None, ask: AskPassword) -> NewKeys:
    """Let the standby take the place of the current key, and make a new standby.

    Args:
        order: see there.
        standby: the file of the standby's secret, as it came back from where it was kept; None
            where it lies in the folder of keys.
        ask: is called where that file has a password.

    Raises:
        ProductionError: there is no standby, or the file is not its secret.
    """
    old, *rest = _keys_of(order.network)
    if not rest:
        raise ProductionError(
            "altavoz.toml names no standby key",
            where="altavoz.toml",
            remedy="make one with altavoz keys rotate --new-standby, and tell stations",
        )
    _check_places(order)
    now = rest[0]
    secret = _bring(order, now, standby, ask)
    following = _random_key(order, 0)
    away = _put_standby(order, following, 0)
    _retire(order.store, old)
    keys = (now, *rest[1:], following.public)
    told = _told(order, keys, order.store.path(now), away, retired=old)
    return _with_letter(order, told, secret)


def replace_standby(order: KeyOrder, *, ask: AskPassword) -> NewKeys:
    """Make a new standby in the place of one that was lost or stolen; the current key stays.

    Raises:
        ProductionError: the current key's secret is not on this machine.
    """
    current, *rest = _keys_of(order.network)
    _check_places(order)
    secret = order.store.open(current, ask)
    following = _random_key(order, 0)
    away = _put_standby(order, following, 0)
    keys = (current, following.public)
    told = _told(order, keys, order.store.path(current), away, retired=rest[0] if rest else None)
    return _with_letter(order, told, secret)


def _keys_of(network: Network) -> tuple[PublicKey, ...]:
    keys = public_keys(network.signing_keys)
    if not keys:
        raise ProductionError(
            "altavoz.toml names no signing keys",
            where="altavoz.toml",
            remedy="make them with altavoz keys new",
        )
    return keys


def _check_places(order: KeyOrder) -> None:
    order.store.prepare()
    if order.standby_to is not None:
        check_outside(order.standby_to)
        if not order.standby_to.is_dir():
            raise ProductionError(
                "there is no folder for the standby key",
                where=str(order.standby_to),
                remedy="connect the stick, or make the folder",
            )


def _random_key(order: KeyOrder, number: int) -> SecretKey:
    return SecretKey.make(order.random[number * 72 : number * 72 + 40])


def _lock(order: KeyOrder, number: int) -> Lock | None:
    if order.password is None:
        return None
    return Lock(
        password=order.password,
        salt=order.random[number * 72 + 40 : (number + 1) * 72],
        memory_bytes=order.lock_bytes,
    )


def _put_standby(order: KeyOrder, key: SecretKey, number: int) -> Path:
    folder = order.standby_to or order.store.folder / STANDBY_FOLDER
    if order.standby_to is None:
        with storage_errors(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{key.public.name}.key"
    write_key(path, key, _lock(order, number))
    return path


def _bring(order: KeyOrder, wanted: PublicKey, given: Path | None, ask: AskPassword) -> SecretKey:
    """Find the secret of the standby, and put it where the current key lies."""
    if order.store.has(wanted):
        return order.store.open(wanted, ask)
    beside = order.store.folder / STANDBY_FOLDER / f"{wanted.name}.key"
    path = given or beside
    if given is None and not beside.is_file():
        raise ProductionError(
            f"the secret of the standby key {wanted.name} is not on this machine",
            where=str(beside),
            remedy="bring it from where it is kept, and name its file: --standby FILE",
        )
    asked: list[str] = []

    def remembered(what: str) -> str:
        asked.append(ask(what))
        return asked[0]

    key = read_key(path, remembered, private=given is None)
    if key.public != wanted:
        raise ProductionError(
            f"this is another key than the standby {wanted.name}",
            where=str(path),
            remedy="name the file of that key",
        )
    lock = None
    if asked:
        salt = order.random[-32:]
        lock = Lock(password=asked[0], salt=salt, memory_bytes=order.lock_bytes)
    order.store.add(key, lock)
    if given is None:
        with storage_errors(beside):
            beside.unlink()
            beside.with_suffix(".pub").unlink(missing_ok=True)
    return key


def _retire(store: KeyStore, old: PublicKey) -> None:
    """Put a key's files aside: nothing is signed with it any more, and nothing is deleted."""
    folder = store.folder / RETIRED_FOLDER
    path = store.path(old)
    with storage_errors(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        for one in (path, path.with_suffix(".pub")):
            if one.exists():
                one.replace(folder / one.name)


def _told(
    order: KeyOrder,
    keys: Sequence[PublicKey],
    secret: Path,
    away: Path,
    *,
    retired: PublicKey | None,
) -> NewKeys:
    """Make the new keys known: to this user's own trust, to stations' papers, to altavoz.toml."""
    name = order.network.id
    change_trust(
        order.store.folder,
        lambda trust: with_keys(trust, name, keys, today=order.today, replace=True),
    )
    papers = _write_papers(order, keys)
    write_signing_keys(order.root, keys)
    return NewKeys(
        keys=tuple(keys),
        secret=secret,
        standby=away,
        standby_is_here=order.standby_to is None,
        papers=papers,
        retired=retired,
    )


def _write_papers(order: KeyOrder, keys: Sequence[PublicKey]) -> tuple[Path, ...]:
    folder = order.root / PAPERS_FOLDER
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for key, role in zip(keys, _ROLES, strict=False):
        path = folder / f"{order.network.id}-{role}.pub"
        write_beside(path, key.render())
        written.append(path)
    return tuple(written)


def _with_letter(order: KeyOrder, told: NewKeys, signer: SecretKey) -> NewKeys:
    """Write what stations must be told, signed with a key that they know."""
    folder = order.root / PAPERS_FOLDER
    # One that was written earlier today may not be sent yet.
    names = (letter_name(order.today, number) for number in count(1))
    letter = next(path for name in names if not (path := folder / name).exists())
    signature = letter.with_name(f"{letter.name}.minisig")
    before = order.network.signing_keys.index(signer.public.text)
    text = key_letter(
        order.network,
        told.keys,
        told.retired,
        order.today,
        known_as=_ROLES[min(before, 1)],
        name=letter.name,
    )
    comment = f"keys={order.network.id} issued={order.today.isoformat()}"
    data = text.encode("utf-8")
    write_beside(letter, data)
    write_beside(signature, signer.sign(data, trusted=comment, untrusted=UNTRUSTED_COMMENT))
    return NewKeys(
        keys=told.keys,
        secret=told.secret,
        standby=told.standby,
        standby_is_here=told.standby_is_here,
        papers=(*told.papers, letter, signature),
        retired=told.retired,
    )
