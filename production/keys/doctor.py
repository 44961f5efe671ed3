"""What the doctor says of keys and trust: whether packs can be signed here, and are believed."""

from collections.abc import Iterator
from pathlib import Path

from production.doctor import Check, State
from production.keys.making import STANDBY_FOLDER
from production.keys.signing import public_keys
from production.keys.store import KeyStore, check_outside, rights_fault
from production.packs.trust import read_trust
from programme.errors import ProductionError
from programme.findings import Findings
from scripts.read_network import NETWORK_FILE, read_network
from scripts.tree import Tree
from stations.minisign import PublicKey


def examine_keys(folder: Path, keys: Path) -> tuple[Check, ...]:
    """Look at the signing keys of a workspace, and at whom this user trusts.

    Args:
        folder: the workspace's, or any other.
        keys: this user's folder of keys, see ``production.keys.store.keys_folder``.
    """
    return (*_signing(folder, KeyStore(folder=keys)), *_rights(keys), *_trust(keys))


def _signing(folder: Path, store: KeyStore) -> Iterator[Check]:
    if not (folder / NETWORK_FILE).is_file():
        return
    network = read_network(Tree(root=folder, findings=(findings := Findings())), findings)
    if network is None:
        return  # altavoz check says what is wrong with the file
    try:
        named = public_keys(network.signing_keys)
        check_outside(store.folder)
    except ProductionError as error:
        yield Check(state=State.BAD, name="signing keys", what=error.problem, remedy=error.remedy)
        return
    if not named:
        yield Check(
            state=State.OPTIONAL,
            name="signing keys",
            what="none: nobody can tell your packs from forged ones",
            remedy="altavoz keys new",
        )
        return
    yield _current(named[0], store)
    yield _standby(named, store)


def _current(key: PublicKey, store: KeyStore) -> Check:
    if store.has(key):
        what = f"{key.name} signs; its secret is here"
        return Check(state=State.GOOD, name="signing keys", what=what)
    return Check(
        state=State.OPTIONAL,
        name="signing keys",
        what=f"the secret of {key.name} is not on this machine: packs cannot be signed here",
        remedy=f"pack where it is, or bring its file to {store.folder}",
    )


def _standby(named: tuple[PublicKey, ...], store: KeyStore) -> Check:
    if len(named) < 2:
        return Check(
            state=State.OPTIONAL,
            name="standby key",
            what="none: a stolen key could not be replaced without asking every station",
            remedy="altavoz keys rotate --new-standby",
        )
    path = store.folder / STANDBY_FOLDER / f"{named[1].name}.key"
    if path.is_file() or store.has(named[1]):
        return Check(
            state=State.OPTIONAL,
            name="standby key",
            what="its secret lies on this machine, beside the other",
            remedy=f"move {path} to a stick, and keep that in another place",
        )
    return Check(state=State.GOOD, name="standby key", what=f"{named[1].name}, kept elsewhere")


def _rights(keys: Path) -> Iterator[Check]:
    """Look at who else could read or change what lies there."""
    if not keys.is_dir():
        return
    for path in (keys, *sorted(keys.rglob("*.key"))):
        fault = rights_fault(path.stat())
        if fault:
            remedy = f"chmod {'700' if path.is_dir() else '600'} {path}"
            yield Check(state=State.BAD, name="rights of keys", what=fault, remedy=remedy)


def _trust(keys: Path) -> Iterator[Check]:
    try:
        trust = read_trust(keys)
    except ProductionError as error:
        yield Check(state=State.BAD, name="trust", what=error.problem, remedy=error.remedy)
        return
    publishers = sorted({one.publisher for one in trust.keys})
    if publishers:
        what = f"the keys of {', '.join(publishers)} are trusted"
        yield Check(state=State.GOOD, name="trust", what=what)
    else:
        remedy = "altavoz keys trust --help, where you get packs from others"
        yield Check(
            state=State.OPTIONAL, name="trust", what="nobody's keys are trusted", remedy=remedy
        )
