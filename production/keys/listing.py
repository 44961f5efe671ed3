"""Lists of keys: those of a workspace, the secrets on this machine, and those that are trusted."""

from pathlib import Path

from production.keys.making import RETIRED_FOLDER, STANDBY_FOLDER
from production.keys.signing import public_keys
from production.keys.store import KeyStore
from production.packs.trust import read_trust
from programme.network import Network

_ROLES = ("current", "standby")


def key_rows(network: Network | None, folder: Path) -> list[dict[str, str]]:
    """List the keys that altavoz.toml names, then the other secrets that are here.

    Args:
        network: None outside a workspace.
        folder: of this user's keys.

    Raises:
        ProductionError: a key file is damaged.
    """
    store = KeyStore(folder=folder)
    named = public_keys(network.signing_keys) if network else ()
    rows = [
        {
            "role": _ROLES[min(place, 1)],
            "key": key.text,
            "id": key.name,
            "fingerprint": key.fingerprint,
            "secret": secret_place(store, key.name),
        }
        for place, key in enumerate(named)
    ]
    return rows + [
        {
            "role": "of another workspace",
            "key": key.text,
            "id": key.name,
            "fingerprint": key.fingerprint,
            "secret": secret_place(store, key.name),
        }
        for key in store.public_keys()
        if key not in named
    ]


def secret_place(store: KeyStore, name: str) -> str:
    """Say where a key's secret is, as far as this machine knows."""
    places = {
        "here": store.folder,
        "here: carry it away": store.folder / STANDBY_FOLDER,
        "here, put aside": store.folder / RETIRED_FOLDER,
    }
    found = [words for words, place in places.items() if (place / f"{name}.key").is_file()]
    return found[0] if found else "not on this machine"


def trust_rows(folder: Path) -> list[dict[str, str]]:
    """List the keys that are trusted, with the newest packs that were seen of each.

    Raises:
        ProductionError: the trust file is damaged.
    """
    trust = read_trust(folder)
    return [
        {
            "publisher": one.publisher,
            "key": one.key.text,
            "id": one.key.name,
            "fingerprint": one.key.fingerprint,
            "since": one.since.isoformat(),
            "seen": ", ".join(
                f"{seen.pack} {seen.serial}" for seen in trust.seen if seen.key == one.key
            ),
        }
        for one in trust.keys
    ]
