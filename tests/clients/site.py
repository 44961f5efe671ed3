"""A small network's site in several states, served at one address through all of them.

The judge of what programs saved knows nothing of Altavoz but the ledger's lines and the bytes that
were published.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from commands.workspace import read_clock
from production.preview import Preview, choose_place
from production.preview_faults import Fault
from production.preview_log import Answered
from tests.production.published import NO_STATIONS
from tests.production.running import TODAY, edit, run_process
from tests.production.small import write_small

LANGUAGES = ("en", "es-419")
FEEDS = tuple(f"corta/{tag}.xml" for tag in LANGUAGES)

FIRST, CORRECTED = "first", "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was published at one moment."""

    folder: Path
    lines: tuple[Mapping[str, Any], ...]
    """Of the ledger."""

    def live(self) -> set[str]:
        """Give the digests of the MP3s that the ledger holds as the latest of each language."""
        latest: dict[str, str] = {}
        for line in self.lines:
            if line["event"] == "released":
                latest[line["language"]] = _mp3(line["media"])
        return set(latest.values())


def _mp3(media: Sequence[Mapping[str, str]]) -> str:
    return next(thing["digest"] for thing in media if thing["key"].endswith(".mp3"))


def publish_states(folder: Path) -> dict[str, State]:
    """Publish, change a telephone number, publish again; give each state of the site."""
    root = write_small(folder / "workspace", NO_STATIONS)
    states = {}
    _publish(root, days=0)
    states[FIRST] = _kept(root, folder / FIRST)
    edit(root / "facts" / "cr-911.yml", '["9", "1", "1"]', '["9", "1", "2"]')
    _publish(root, days=1)
    states[CORRECTED] = _kept(root, folder / CORRECTED)
    return states


def _publish(root: Path, *, days: int) -> None:
    done = run_process("publish", "public", cwd=root, day=TODAY + timedelta(days=days))
    assert done.code == 0, done.said


def _kept(root: Path, place: Path) -> State:
    shutil.copytree(root / "public", place)
    text = (root / "releases.jsonl").read_text(encoding="utf-8")
    return State(folder=place, lines=tuple(json.loads(line) for line in text.splitlines()))


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

    def cut_sound(self, at: int) -> None:
        """Cut every file of sound once after so many bytes, and then give it no more."""
        self.preview.faults.add(Fault(path="/m/*.mp3", cut_after=at))
        self.preview.faults.add(Fault(path="/m/*.mp3", status=503, times=10_000))

    def cut_off(self) -> int:
        """Count the answers that were cut off."""
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
