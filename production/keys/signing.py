"""Who signs for a network: the secret key of the first public key that altavoz.toml names."""

from collections.abc import Sequence

from production.keys.store import AskPassword, KeyStore
from programme.errors import ProductionError
from programme.network import Network
from stations.minisign import PublicKey, SignatureError, Signer

UNTRUSTED_COMMENT = "signature made by Altavoz; check it with minisign -V"
"""Stands in the first line of each of our signatures, and proves nothing."""

NOT_SIGNED = "not signed: altavoz.toml names no keys; make them with altavoz keys new"
"""Said wherever a pack without a signature is shown."""


def public_keys(texts: Sequence[str]) -> tuple[PublicKey, ...]:
    """Read the public keys of altavoz.toml, which its reader has held against their form.

    Raises:
        ProductionError: one is weak, so that anybody could sign for it.
    """
    try:
        return tuple(PublicKey.parse(text) for text in texts)
    except SignatureError as error:
        raise ProductionError(
            error.problem, where="altavoz.toml", remedy="make new ones: altavoz keys new"
        ) from error


def find_signer(network: Network, store: KeyStore, ask: AskPassword) -> Signer | None:
    """Give who signs for a network now; None where altavoz.toml names no keys.

    Args:
        network: whose packs are signed.
        store: where secret keys lie.
        ask: is called where the key has a password; once, so keep the signer.

    Raises:
        ProductionError: keys are named, but the secret of the current one is not on this machine;
            or it cannot be opened.
    """
    keys = public_keys(network.signing_keys)
    if not keys:
        return None
    current, *standby = keys
    if store.has(current):
        return store.open(current, ask)
    here = [key.name for key in standby if store.has(key)]
    if here:
        remedy = (
            f"the standby key {here[0]} is here: make it the current one with altavoz keys rotate"
        )
    else:
        remedy = (
            "pack where the key is, or bring its file here; with --unsigned the pack can be "
            "forged, and stations will refuse it"
        )
    raise ProductionError(
        f"the secret key {current.name} that signs for {network.id} is not on this machine",
        where=str(store.folder),
        remedy=remedy,
    )
