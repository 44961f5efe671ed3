"""What one computer knows of publishers: their keys, and the newest pack seen of each key."""

from dataclasses import dataclass
from datetime import date

from programme.units import Digest
from stations.minisign import PublicKey

ANYBODY = ""
"""In the place of a publisher's id: a key that was named for one check alone, for any pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """A key that somebody here said to trust."""

    publisher: str
    """Id of the only publisher whose packs it may sign."""
    key: PublicKey
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The newest pack of one id that was verified here with one key.

    One per key and not per publisher: who stole a key and signed a huge serial with it must not
    lock out the key that takes its place.
    """

    key: PublicKey
    publisher: str
    pack: str
    serial: int
    digest: Digest
    """Of its pack.json: the same serial never comes with another content."""
    issued: date
    withdrawn: tuple[Digest, ...] = ()
    """Of the sound that it calls back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """All of it; empty on a computer that never verified a pack."""

    keys: tuple[TrustedKey, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def newest(self) -> date:
        """The newest day of issue that was verified: it cannot be earlier now, whatever a clock
        says.
        """  # noqa: D205
        return max((one.issued for one in self.seen), default=date.min)

    def find(self, key: PublicKey, pack: str) -> Seen | None:
        """Give the newest pack of an id and key; None where none was seen."""
        return next((one for one in self.seen if one.key == key and one.pack == pack), None)

    def remember(self, new: Seen) -> "Trust":
        """Give the trust with what was verified now; never with an older pack than before."""
        old = self.find(new.key, new.pack)
        if old is not None and old.serial > new.serial:
            return self
        kept = tuple(one for one in self.seen if one is not old)
        return Trust(keys=self.keys, seen=(*kept, new))
