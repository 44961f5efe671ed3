"""A small network's site in several states, served at one address through all of them.

The judge of what programs saved knows nothing of Altavoz but the ledger's lines and the bytes that
were published.
"""

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
import requests

import cli
from commands.workspace import read_clock
from production.preview.faults import Fault
from production.preview.log import Answered
from production.preview.preview import Preview, choose_place
from production.targets.folder import FolderTarget
from programme.units import Digest, Key
from tests.preview.conftest import settle
from tests.production.published import NO_STATIONS
from tests.production.running import TODAY, edit, known_sound
from tests.production.small import write_small, write_tone

LANGUAGES = ("en", "es-419")
FEEDS = tuple(f"corta/{tag}.xml" for tag in LANGUAGES)

FIRST, REPLACED, CORRECTED, RETRACTED = "first", "replaced", "corrected", "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was published at one moment."""

    folder: Path
    lines: tuple[Mapping[str, Any], ...]
    """Of the ledger."""
    types: Mapping[str, str]
    """Media type that each object was published with, by its key."""

    def told(self) -> set[str]:
        """Give the digests of the spoken notices that are items of their own."""
        return {_mp3(line["notice"]["media"]) for line in self.lines if line["event"] == "notice"}

    def withdrawn(self) -> Mapping[str, bytes]:
        """Give the latest spoken notice under an old guid of each language."""
        return self._sounds("withdrawn", lambda line: line["notice"]["media"])

    def latest(self) -> Mapping[str, bytes]:
        """Give the MP3 that the ledger holds as the latest of each language."""
        return self._sounds("released", lambda line: line["media"])

    def _sounds(self, event: str, media: Callable[[Any], Any]) -> Mapping[str, bytes]:
        keys = {
            line["language"]: _mp3(media(line), "key")
            for line in self.lines
            if line["event"] == event
        }
        return {tag: (self.folder / key).read_bytes() for tag, key in keys.items()}

    def live(self) -> set[str]:
        """Give the digests of the MP3s that the ledger holds as the latest of each language."""
        latest: dict[str, str] = {}
        for line in self.lines:
            if line["event"] == "released":
                latest[line["language"]] = _mp3(line["media"])
        return set(latest.values())


def _mp3(media: Sequence[Mapping[str, str]], what: str = "digest") -> str:
    return next(thing[what] for thing in media if thing["key"].endswith(".mp3"))


def publish_states(factory: pytest.TempPathFactory) -> dict[str, State]:
    """Publish, replace the sound, or correct a telephone number and then take the message back."""
    folder = factory.mktemp("site")
    root = known_sound(write_small(folder / "workspace", NO_STATIONS), factory)
    types: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        _note_types(patch, types)
        return _all_states(root, folder, types)


def _all_states(root: Path, folder: Path, types: Mapping[str, str]) -> dict[str, State]:
    states = {}
    _altavoz("publish", "public", "-j", "1", "-w", root, days=0)
    states[FIRST] = _kept(root, folder / FIRST, types)
    other = shutil.copytree(root, folder / "other")
    write_tone(other / "sounds" / "tono.wav", seconds=0.2, pitch_hz=440.0)
    _altavoz("build", "-j", "1", "-w", other, days=1)
    _altavoz(
        "release", "replace", "corta/corta-1", "--target", "public", "-j", "1", "-w", other, days=1
    )
    states[REPLACED] = _kept(other, folder / REPLACED, types)
    edit(root / "facts" / "cr-911.yml", '["9", "1", "1"]', '["9", "1", "2"]')
    _altavoz("publish", "public", "-j", "1", "-w", root, days=1)
    states[CORRECTED] = _kept(root, folder / CORRECTED, types)
    _altavoz(
        "release", "retract", "corta/corta-1", "--target", "public", "-j", "1", "-w", root, days=2
    )
    states[RETRACTED] = _kept(root, folder / RETRACTED, types)
    return states


def _altavoz(*words: str | Path, days: int) -> None:
    """Run the command in this process, some days after the first."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) + timedelta(days=days)
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(said), redirect_stdout(said):
        patch.setattr("sys.argv", ["altavoz", *map(str, words)])
        patch.setattr("commands.workspace.read_clock", lambda: noon)
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 0, said.getvalue()


def _note_types(patch: pytest.MonkeyPatch, types: dict[str, str]) -> None:
    """Note the type of every object that goes to a folder, which keeps none."""
    put, put_new = FolderTarget.put, FolderTarget.put_new

    def noted(self: FolderTarget, key: Key, data: bytes, *, media_type: str) -> bool:
        types[key] = media_type
        return put(self, key, data, media_type=media_type)

    def noted_new(
        self: FolderTarget, key: Key, source: Path, *, media_type: str, digest: Digest
    ) -> bool:
        types[key] = media_type
        return put_new(self, key, source, media_type=media_type, digest=digest)

    patch.setattr(FolderTarget, "put", noted)
    patch.setattr(FolderTarget, "put_new", noted_new)


def _kept(root: Path, place: Path, types: Mapping[str, str]) -> State:
    shutil.copytree(root / "public", place)
    text = (root / "releases.jsonl").read_text(encoding="utf-8")
    lines = tuple(json.loads(line) for line in text.splitlines())
    return State(folder=place, lines=lines, types=dict(types))


class Site:
    """Serves one state of the site after the other, at one address."""

    def __init__(self, states: Mapping[str, State], link: Path) -> None:
        self.states = states
        self.state = states[FIRST]
        self.link = link
        self.answers: list[Answered] = []
        self._show(FIRST)
        self.preview = Preview(
            choose_place(link.parent, str(link)),
            clock=read_clock,
            note=self.answers.append,
        )
        self.published = [
            path.read_bytes() for state in states.values() for path in state.folder.glob("m/*")
        ]

    def __enter__(self) -> Self:
        self.preview.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.preview.__exit__()

    def show(self, name: str) -> State:
        """Serve another state from now on; gives it."""
        self.link.unlink()
        self._show(name)
        return self.state

    def _show(self, name: str) -> None:
        self.state = self.states[name]
        self.link.symlink_to(self.state.folder)

    @property
    def feeds(self) -> tuple[str, ...]:
        """Give the addresses of the series' feeds."""
        return tuple(self.preview.url + feed for feed in FEEDS)

    def fetched(self, name: str, folder: Path) -> Path:
        """Give a file of the site, as it is served, in a folder."""
        path = folder / name
        path.write_bytes(requests.get(f"{self.preview.url}{name}", timeout=10).content)
        return path

    def cut_sound(self, at: int) -> None:
        """Cut every file of sound once after so many bytes, and then give it no more.

        Below 0: so many bytes before its end.
        """
        for path in self.state.folder.glob("m/*.mp3"):
            cut = at if at >= 0 else path.stat().st_size + at
            self.preview.faults.add(Fault(path=f"/m/{path.name}", cut_after=cut))
        self.preview.faults.add(Fault(path="/m/*.mp3", status=503, times=10_000))

    def last_status(self) -> int:
        """Give the status of the last answer."""
        settle(self.answers)
        return self.answers[-1].status

    def cut_off(self) -> int:
        """Count the answers that were cut off."""
        settle(self.answers)
        return sum(not answered.is_whole for answered in self.answers)

    def spliced(self, files: Sequence[Path]) -> list[str]:
        """Give the files that are not the beginning of what was published at one address."""
        return [
            path.name
            for path in files
            if not any(known.startswith(path.read_bytes()) for known in self.published)
        ]


def digests(files: Sequence[Path]) -> set[str]:
    """Give the SHA-256 of files."""
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
