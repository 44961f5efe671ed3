"""Trying a target out before anything is published there: everything that a publish relies on.

Nothing is written but objects below ``altavoz-test/<16 hex>/``, and they are taken away again,
whatever happens in between. Each thing that was tried is one line that a person understands, with
what it means for listeners and what to change in which console.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from production.targets.base import OvertakenError, Target
from production.targets.claims import look_at_place
from production.targets.consoles import OTHER, Console
from production.targets.head import HEAD_KEY
from production.targets.line import Line
from production.targets.probed import Probes
from programme.digests import digest_bytes
from programme.errors import ProductionError
from programme.network import Network, TargetSettings
from programme.storage import storage_errors
from programme.units import Key

TEST_FOLDER = "altavoz-test/"
"""How the keys of all that is written for a test begin."""

SECONDS = 120
"""The most that the tests of one target take, however slow it answers."""

CLEARING_SECONDS = 60
"""How much longer may be taken to take away what was written."""

SOUND = bytes(range(256)) * 32
"""8 KiB in which each part tells where it is from, so that a wrong range shows."""

FEED = b'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><!-- test %d --></rss>\n'

TYPES = {
    "sound.mp3": "audio/mpeg",
    "feed.xml": "application/rss+xml; charset=utf-8",
    "words.vtt": "text/vtt; charset=utf-8",
    "sound.chapters.json": "application/json+chapters",
    "page.html": "text/html; charset=utf-8",
}
"""What is written, with the media type that it is sent with."""

_DATA = {
    "words.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nprueba\n",
    "sound.chapters.json": b'{"version":"1.2.0","chapters":[]}\n',
    "page.html": b'<!doctype html>\n<html lang="en"><title>test</title></html>\n',
}

_NO_CHANGE = "nothing can be published until this works"


@dataclass(slots=True, kw_only=True)
class Trial:
    """One target while it is tried out."""

    target: Target
    settings: TargetSettings
    network: Network
    line: Line
    chance: str
    """16 hexadecimal digits that no other test has; they come from the command."""
    clock: Callable[[], datetime]
    """Gives the moment, aware, by this machine's clock."""
    console: Console = OTHER
    probes: Probes = field(default_factory=Probes)
    public: str = ""
    """The public address, once it was found to lead there; empty before."""
    written: dict[Key, bytes] = field(default_factory=dict)
    """What stands there for this test, and its bytes."""

    def key(self, name: str) -> Key:
        """Give the key of an object of this test."""
        return Key(f"{TEST_FOLDER}{self.chance}/{name}")

    def put(self, name: str, data: bytes) -> None:
        """Write one object, and remember to take it away.

        Raises:
            ProductionError: the target refuses.
        """
        key = self.key(name)
        self.written[key] = data
        self.target.put(key, data, media_type=TYPES.get(name, "text/plain; charset=utf-8"))


@contextmanager
def tried(trial: Trial, about: str, *, means: str = _NO_CHANGE) -> Iterator[list[bool]]:
    """Note a refusal of the target as a failure; the list gets True where it went well."""
    went: list[bool] = []
    try:
        yield went
        went.append(True)
    except ProductionError as error:
        remedy = f"{error.remedy}. Rights: {trial.console.rights}"
        trial.probes.fail(about, error.problem, means=means, remedy=remedy)


def probe_owner(trial: Trial) -> bool:
    """See whose place it is; gives False where it is another network's, and writes nothing."""
    try:
        trial.target.read(HEAD_KEY)
    except ProductionError:
        return True  # what follows tells why nothing can be read
    try:
        place = look_at_place(trial.target, trial.network.id)
    except ProductionError as error:
        trial.probes.fail(
            "owner",
            error.problem,
            means="two networks would take each other's pages and feeds away",
            remedy=error.remedy,
            stops=True,
        )
        return False
    last = place.head.last if place.head is not None else None
    if last is None:
        trial.probes.ok("owner", "nobody has published there yet")
    else:
        trial.probes.ok(
            "owner", f"your network publishes there, last {last.at:%Y-%m-%d}: {last.by}"
        )
    return True


def probe_rights(trial: Trial) -> bool:
    """Try to write, read, list, replace; gives whether what follows can be tried.

    What was written stays for the other tests; ``clear`` takes it away.
    """
    return _writes(trial) and _reads(trial) and _lists(trial) and _replaces(trial)


def _writes(trial: Trial) -> bool:
    sound = trial.key("sound.mp3")
    trial.written[sound] = SOUND
    with tried(trial, "write") as went:
        with (
            storage_errors(Path(tempfile.gettempdir())),
            tempfile.TemporaryDirectory(prefix="altavoz-") as scratch,
        ):
            source = Path(scratch, "sound.mp3")
            source.write_bytes(SOUND)
            trial.target.put_new(
                sound, source, media_type=TYPES["sound.mp3"], digest=digest_bytes(SOUND)
            )
        trial.put("feed.xml", FEED % 1)
        for name, data in _DATA.items():
            trial.put(name, data)
        trial.probes.ok("write", "objects can be written")
    return bool(went)


def _reads(trial: Trial) -> bool:
    with tried(trial, "read") as went:
        for key, data in trial.written.items():
            if trial.target.read(key) != data:
                trial.probes.fail(
                    "read",
                    f"what was written comes back with other bytes: {key}",
                    means="listeners would get damaged files, and no publish would pass",
                    remedy="look at what stands between here and the store, such as a proxy that "
                    "changes what it passes on; then test again",
                )
                return False
        trial.probes.ok("read", "what was written comes back as it was")
    return bool(went)


def _lists(trial: Trial) -> bool:
    with tried(trial, "list") as went:
        found = {one.name for one in trial.target.listing()}
        missing = sorted(set(trial.written) - found)
        if missing:
            trial.probes.warn(
                "list",
                f"the list does not show what was just written: {missing[0]}",
                means="each publish asks for objects one by one where the list is behind, which "
                "takes longer",
                remedy="nothing to do where the store says that its lists follow later",
            )
        else:
            trial.probes.ok("list", "what stands there can be listed")
    return bool(went)


def _replaces(trial: Trial) -> bool:
    """Swap a feed for what was seen, and let a swap for something else be refused."""
    feed, kind = trial.key("feed.xml"), TYPES["feed.xml"]
    with tried(trial, "replace") as went:
        trial.target.swap(feed, FEED % 2, media_type=kind, seen=FEED % 1)
        trial.written[feed] = FEED % 2
        try:
            trial.target.swap(feed, FEED % 3, media_type=kind, seen=FEED % 1)
        except OvertakenError:
            trial.probes.ok("replace", "feeds can be replaced, and only by who has read them")
        else:
            trial.written[feed] = FEED % 3
            trial.probes.fail(
                "replace",
                "a feed was replaced that somebody else had changed",
                means="one of two publishers would take back what the other has published",
                remedy="look at the store, or publish from one machine only; then test again",
            )
    return bool(went)


def clear(trial: Trial) -> None:
    """Take away everything that this test wrote, and note whether it is gone."""
    if not trial.written:
        return
    left: list[str] = []
    problem, remedy = "", ""
    for key in sorted(trial.written):
        try:
            trial.target.remove(key)
            if trial.target.size(key) is not None:
                left.append(key)
        except ProductionError as error:
            left.append(key)
            problem, remedy = error.problem, error.remedy
    if not left:
        trial.probes.ok("delete", "what this test wrote is gone again")
        return
    if problem and any(one.about == "write" and one.found == problem for one in trial.probes):
        trial.probes.skip(
            "delete",
            f"not tried, as nothing can be written; if {TEST_FOLDER} is there later, delete it",
        )
        return
    trial.probes.fail(
        "delete",
        f"{len(left)} objects of this test could not be taken away: {problem or 'they stay there'}",
        means="a withdrawn message would stay where everybody can fetch it",
        remedy=f"{remedy or 'look at retention and versions of the bucket'}. Rights: "
        f"{trial.console.rights}. Then delete {TEST_FOLDER} there",
    )
