"""What somebody is asked before keys are trusted: whose they are, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from production.keys.store import read_small
from production.packs.trust import read_trust
from production.packs.verifying import verify_pack
from programme.errors import ProductionError
from programme.identifiers import ID_RULE, is_id
from stations.minisign import PublicKey, SignatureError
from stations.pack_verdicts import Verdict
from stations.trust import Trust

_OFFERS = frozenset({Verdict.GENUINE, Verdict.UNTRUSTED_KEY, Verdict.EXPIRED, Verdict.FUTURE_DATED})
"""What a pack must be for its keys to be offered: whole and signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Keys that somebody may say to trust."""

    publisher: str
    publisher_name: str
    """As the pack says; empty where keys were named alone."""
    keys: tuple[PublicKey, ...]
    known: tuple[PublicKey, ...]
    """Those that are trusted for this publisher now."""
    proven: bool
    """Whether a trusted key signed the pack that names them."""

    @property
    def is_conflict(self) -> bool:
        """Whether a forger would look just so: other keys, and no trusted one vouches for them."""
        return bool(self.known) and not self.proven and not set(self.keys) <= set(self.known)


def offer_keys(named: Sequence[str], publisher: str, folder: Path, *, today: date) -> Offer:
    """Give what is to be asked about keys: lines that begin with RW, key files, or one pack.

    Raises:
        ProductionError: something is none of them, or the pack is not whole and signed.
    """
    trust = read_trust(folder)
    if len(named) == 1 and _is_pack(named[0]):
        return _of_pack(Path(named[0]), publisher, trust, folder, today=today)
    if not is_id(publisher):
        raise ProductionError(
            "a key alone does not say whose it is",
            where=publisher,
            remedy=f"add --publisher ID, as its packs say it; {ID_RULE}",
        )
    keys = tuple(dict.fromkeys(_key(one) for one in named))
    return Offer(
        publisher=publisher,
        publisher_name="",
        keys=keys,
        known=known_keys(trust, publisher),
        proven=False,
    )


def known_keys(trust: Trust, publisher: str) -> tuple[PublicKey, ...]:
    """Give the keys that are trusted for a publisher."""
    return tuple(one.key for one in trust.keys if one.publisher == publisher)


def find_key(trust: Trust, named: str) -> PublicKey:
    """Give a trusted key by its line or its id.

    Raises:
        ProductionError: none, or more than one, is called so.
    """
    found = {one.key for one in trust.keys if named in {one.key.text, one.key.name}}
    if len(found) != 1:
        raise ProductionError(
            "no trusted key is called so" if not found else "several keys have this id",
            where=named,
            remedy="name it by its line that begins with RW, see altavoz keys list",
        )
    return found.pop()


def _is_pack(named: str) -> bool:
    path = Path(named)
    return not named.startswith("RW") and (
        path.is_dir() or (path.is_file() and path.suffix.lower() == ".zip")
    )


def _key(named: str) -> PublicKey:
    text = named if named.startswith("RW") else read_small(Path(named))
    try:
        return PublicKey.parse(text)
    except SignatureError as error:
        raise ProductionError(
            error.problem,
            where=named,
            remedy="give the line that begins with RW, or the publisher's .pub file",
        ) from error


def _of_pack(path: Path, publisher: str, trust: Trust, folder: Path, *, today: date) -> Offer:
    judged = verify_pack(path, folder, today=today)
    about, signer = judged.contents, judged.key
    if judged.verdict not in _OFFERS:
        raise ProductionError(
            f"this pack is {judged.verdict.value}: no key is taken from it",
            where=str(path),
            remedy=f"see altavoz verify {path}",
        )
    if about is None or signer is None or signer not in about.keys:
        raise ProductionError(
            "this pack does not hold the key that signed it",
            where=str(path),
            remedy="ask the publisher for its keys: the lines that begin with RW",
        )
    if publisher and publisher != about.publisher:
        raise ProductionError(
            f"this pack says that it is of {about.publisher}, not of {publisher}",
            where=str(path),
            remedy="ask whoever gave it to you",
        )
    return Offer(
        publisher=about.publisher,
        publisher_name=about.publisher_name,
        keys=about.keys,
        known=known_keys(trust, about.publisher),
        proven=judged.is_proven,
    )
