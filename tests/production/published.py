"""Editions to publish, a target that is watched or fails, and an outside judge of what stands."""

import base64
import hashlib
import shutil
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from production.building import BuiltEdition, Workshop
from production.ledger.ledger import Ledger
from production.publish import publishing
from production.publish.publishing import PublishReport, publish
from production.releases.history import releases_of
from production.releases.values import Release
from production.targets import Target, open_target
from production.targets.base import Listed
from production.targets.claims import Publisher
from production.targets.line import Line
from programme.digests import digest_bytes, digest_text
from programme.network import TargetSettings
from programme.units import Digest, Key
from scripts.workspace import Workspace
from tests.production.running import TODAY, build, built_once, read
from tests.production.small import FILES

BASE = "https://radio.example.org/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"

PUBLISHER = Publisher(by="Tapachula office", run="0123456789abcdef")

NO_STATIONS = {name: None for name in FILES if "bucle" in name or name.startswith("stations/")}
"""Leaves one series with a feed, in two languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A workspace and its finished editions."""

    workspace: Workspace
    editions: tuple[BuiltEdition, ...]


def make(root: Path, *, day: date = TODAY) -> Made:
    report = build(root, day=day)
    assert not report.failures
    return Made(workspace=read(root, day), editions=report.editions)


def made_once(factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a built workspace with one series and no stations; never change it."""
    return built_once(factory, "publishable", NO_STATIONS, known=True)


def send(
    root: Path,
    made: Made,
    editions: Sequence[BuiltEdition] | None = None,
    *,
    now: datetime = NOON,
    target: str = "public",
    workspace: Workspace | None = None,
    today: date | None = None,
    dry_run: bool = False,
    **more: Any,
) -> PublishReport:
    """Publish to a folder of ``root``, which also keeps the ledger."""
    chosen = workspace or made.workspace
    with Workshop(made.workspace.root).open() as built:
        return publish(
            beside(root, built),
            chosen,
            made.editions if editions is None else editions,
            chosen.network.targets[target],
            publisher=more.pop("publisher", PUBLISHER),
            now=now,
            today=today,
            dry_run=dry_run,
            **more,
        )


def beside(root: Path, built: Workshop) -> Workshop:
    """Give a workshop with the ledger and target of one folder and the store of another.

    So that hundreds of publishes draw each picture, and speak each notice, once.
    """
    workshop = Workshop(root)
    workshop.store, workshop.journal = built.store, built.journal
    return workshop


def of(made: Made, tag: str) -> BuiltEdition:
    return next(item for item in made.editions if item.edition.language == tag)


def altered(
    item: BuiltEdition,
    folder: Path,
    *,
    words: str = "",
    sound: str = "",
    **said: Any,
) -> BuiltEdition:
    """Give an edition with other words (and so other sound and texts), sound or texts."""
    edition, digests, objects = item.edition, dict(item.digests), dict(item.objects)
    if words or sound:
        names = [r.id for r in edition.renditions] + (["vtt", "txt"] if words else [])
        for name in names:
            data = item.objects[name].read_bytes() + f"{words}{sound}".encode()
            digests[name] = digest_bytes(data)
            objects[name] = folder / digests[name]
            objects[name].write_bytes(data)
    renditions = tuple(
        replace(r, digest=digests[r.id], length_bytes=objects[r.id].stat().st_size)
        for r in edition.renditions
    )
    if words:
        said["words_digest"] = digest_text(edition.words_digest + words)
    return replace(
        item,
        edition=replace(edition, renditions=renditions, **said),
        digests=digests,
        objects=objects,
    )


def swap(made: Made, *changed: BuiltEdition) -> tuple[BuiltEdition, ...]:
    """Give all editions with some of them changed."""
    by_place = {(i.edition.episode, i.edition.language): i for i in (*made.editions, *changed)}
    return tuple(by_place.values())


def history(root: Path, target: str = "public") -> dict[str, list[Release]]:
    """Give the ledger's releases by language, for one series with one episode."""
    return {tag: found for (_, _, tag), found in releases_of(Ledger(root), target).items()}


# --- A target that is watched ---------------------------------------------------------------


class Stop(Exception):  # noqa: N818  # stands for any bug or signal
    """Stands for what nobody foresaw."""


@dataclass(slots=True)
class Watch:
    """Counts what a publish does, and stops it where it is told to."""

    steps: list[tuple[str, str]] = field(default_factory=list)
    fail_at: int = 0
    """Number of the step that fails, from 1; 0 for none."""
    error: Callable[[], BaseException] = Stop
    done_first: bool = False
    """Whether the failing step is done and only its answer is lost."""

    def __call__(self, verb: str, key: str, call: Callable[[], Any]) -> Any:
        self.steps.append((verb, key))
        if len(self.steps) != self.fail_at:
            return call()
        if self.done_first:
            call()
        raise self.error()

    def of(self, *verbs: str) -> list[str]:
        return [key for verb, key in self.steps if verb in verbs]


class WatchedTarget:
    """A real target behind a watch."""

    def __init__(self, real: Target, watch: Watch) -> None:
        self.real = real
        self.watch = watch

    @property
    def name(self) -> str:
        return self.real.name

    def describe(self) -> str:
        return self.real.describe()

    def put_new(self, key: Key, source: Path, *, media_type: str, digest: Digest) -> bool:
        found: bool = self.watch(
            "put_new",
            key,
            lambda: self.real.put_new(key, source, media_type=media_type, digest=digest),
        )
        return found

    def put(self, key: Key, data: bytes, *, media_type: str) -> bool:
        found: bool = self.watch(
            "put", key, lambda: self.real.put(key, data, media_type=media_type)
        )
        return found

    def swap(self, key: Key, data: bytes, *, media_type: str, seen: bytes | None) -> bool:
        found: bool = self.watch(
            "swap", key, lambda: self.real.swap(key, data, media_type=media_type, seen=seen)
        )
        return found

    def listing(self) -> Iterator[Listed]:
        found: list[Listed] = self.watch("listing", "", lambda: list(self.real.listing()))
        return iter(found)

    def close(self) -> None:
        self.real.close()

    def read(self, key: Key) -> bytes | None:
        found: bytes | None = self.watch("read", key, lambda: self.real.read(key))
        return found

    def size(self, key: Key) -> int | None:
        found: int | None = self.watch("size", key, lambda: self.real.size(key))
        return found

    def verify(self, key: Key, digest: Digest) -> bool:
        found: bool = self.watch("verify", key, lambda: self.real.verify(key, digest))
        return found

    def remove(self, key: Key) -> bool:
        found: bool = self.watch("remove", key, lambda: self.real.remove(key))
        return found


@contextmanager
def watched(watch: Watch | None = None) -> Any:
    """Put a watch between publishing and its target, and on the ledger."""
    watch = watch or Watch()
    append_all = Ledger.append_all

    def opened(settings: TargetSettings, root: Path, *, line: Line) -> WatchedTarget:
        return WatchedTarget(open_target(settings, root, line=line), watch)

    def note(self: Ledger, events: Any) -> Any:
        found = list(events)
        if not found:
            return []
        # All of an operation at one stroke: one step, named for all that it holds.
        names = "+".join(dict.fromkeys(name for name, _ in found))
        return watch("ledger", names, lambda: append_all(self, found))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "open_target", opened)
        patch.setattr(Ledger, "append_all", note)
        yield watch


# --- The judge: knows nothing of production --------------------------------------------------


def feed_items(site: Path, feed: str) -> list[ET.Element]:
    root = ET.parse(site / feed).getroot()  # noqa: S314  # our own bytes
    return root.findall("channel/item")


def text(item: ET.Element, name: str) -> str:
    return item.findtext(name) or ""


def kind_of(item: ET.Element) -> str:
    return "withdrawn" if item.find("enclosure") is None else "live"


def sounds(root: Path) -> set[str]:
    """Give the names of what editions and notices consist of; not pictures, not what pages need."""
    found = (root / "public" / "m").iterdir()
    return {p.name for p in found if p.suffix != ".png" and not p.name.startswith("site-")}


def titles(root: Path, tag: str = "en") -> list[tuple[str, str]]:
    items = feed_items(root / "public", f"corta/{tag}.xml")
    return [(kind_of(item), text(item, "title")) for item in items]


def faults(site: Path, base: str = BASE) -> list[str]:
    """Give what a listener would meet: feeds that do not parse, addresses that hold nothing."""
    found = []
    for feed in sorted(site.rglob("*.xml")):
        for item in feed_items(site, str(feed.relative_to(site))):
            for element in item.iter():
                for name in ("url", "uri"):
                    address = element.get(name, "")
                    if address.startswith(base) and not (site / address[len(base) :]).is_file():
                        found.append(f"{feed.name}: nothing at {address}")
            found += [f"{feed.name}: {said}" for said in _wrong_sound(item, site, base)]
    return found


def _wrong_sound(item: ET.Element, site: Path, base: str) -> list[str]:
    found = []
    enclosure = item.find("enclosure")
    sounds = {} if enclosure is None else {enclosure.get("url", ""): enclosure.get("length")}
    for other in item.findall(f"{PODCAST}alternateEnclosure"):
        source, integrity = other.find(f"{PODCAST}source"), other.find(f"{PODCAST}integrity")
        assert source is not None
        assert integrity is not None
        address = source.get("uri", "")
        sounds[address] = other.get("length")
        path = site / address[len(base) :]
        if path.is_file():
            digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
            if integrity.get("value") != f"sha256-{digest}":
                found.append(f"other bytes at {address}")
    for address, length in sounds.items():
        path = site / address[len(base) :]
        if path.is_file() and str(path.stat().st_size) != length:
            found.append(f"{address} has not {length} bytes")
    return found


def fresh(root: Path, snapshot: Path | None = None) -> Path:
    """Give a new folder under ``root``, with what an earlier publish left."""
    folder = Path(tempfile.mkdtemp(dir=root))
    if snapshot is not None:
        shutil.copytree(snapshot, folder, dirs_exist_ok=True)
    return folder
