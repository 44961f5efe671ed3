"""The workload of bench/stations.py: 500 stations of every kind over one small catalogue.

Forty episodes in six languages, a few of which say a number that a tenth of the stations replace
by their own. Everything follows from the seed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bench.workload import (
    deal,
    read_phrases,
    render_contact,
    render_network,
    write_sounds,
)

LANGUAGES = ("es-419", "en", "fr", "pt-BR", "ar", "ht")
"""The source first."""
SPOTS, PROGRAMMES, LOOPS = 34, 4, 2
"""Episodes of each series."""
SPEAKING = 4
"""Spots that say a number."""

SERIES = """kind: {kind}
title: {title}
description: {title}
languages: {languages}
profile: {profile}
category: [News]
max_s: 240
"""

EPISODE = """series: {series}
number: {number}
dated: "2026-11-20"
title: {title}
rundown:
{rundown}
"""

SEGMENT = """kind: {kind}
key_message: A notice for the benchmark.
topics: [health]
stages: [transit]
audiences: [refugees]
countries: [GT]
sensitivity: normal
sources:
  - {{title: "For the benchmark", url: "https://bench.example.org/", retrieved: "2026-11-20"}}
review_by: "2099-12-01"
expires: "2099-12-31"
"""

PROGRAMS: tuple[tuple[str, str], ...] = (
    ("libretime", ""),
    ("azuracast", ""),
    ("rivendell", ""),
    ("liquidsoap", "/srv/altavoz"),
    ("zararadio", "'D:\\Altavoz'"),
    ("radiodj", "'D:\\Altavoz'"),
    ("mairlist", "'D:\\Altavoz'"),
    ("mpd", ""),
    ("vlc", ""),
)
"""Each program, and where it finds our folder if its lists must say so."""

SCHEDULE = """quiet_hours: 22:00-05:30
day_parts:
  morning: {time: 05:30-10:00, clock: hour}
  day: {time: 10:00-19:00}
clocks:
  hour:
    - {at: 00:00-10:00, kind: episode, series: programa}
    - {at: 28:00-30:00, kind: spots, back_timed: yes}
    - {at: 30:00-60:00, kind: open}
rotation:
  avisos: {plays_per_day: 2, minutes_apart: 60}
"""

LOOP = """loop:
  form: {form}
  chime: sting
  repeat: 2
  between_repeats_ms: 1000
  between_languages_ms: 2000
  end_silence_ms: 20000
  longest_s: 120
"""

KINDS = ("folder", "folder", "folder", "radio", "radio", "stick", "loop", "loop", "shelter", "feed")
"""By turns."""
SERIES_TAKEN = {"stick": "[avisos, lazo]", "loop": "[lazo]", "shelter": "[avisos, lazo]"}
PROFILES = {
    "feed": "podcast",
    "stick": "loudspeaker",
    "loop": "loudspeaker",
    "shelter": "loudspeaker",
}
PLACES = {"stick": "transit", "loop": "transit", "shelter": "shelter"}
DELIVERIES = {"folder": "folder", "stick": "usb", "feed": "feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StationsWorkload:
    """What was written."""

    folder: Path
    stations: int
    private: int
    overriding: int
    """Stations with a number of their own."""
    episodes: int


def write_stations_workload(folder: Path, *, seed: int, stations: int) -> StationsWorkload:
    """Write the workspace into a folder that must not exist.

    Raises:
        FileExistsError: the folder is there already.
    """
    folder.mkdir(parents=True)
    _write(folder / "altavoz.toml", render_network(LANGUAGES))
    write_sounds(folder / "sounds")
    for name, kind, profile in (
        ("avisos", "spots", "podcast"),
        ("programa", "programme", "podcast"),
        ("lazo", "loop", "loudspeaker"),
    ):
        text = SERIES.format(
            kind=kind, title=_same(name), languages=json.dumps(LANGUAGES), profile=profile
        )
        _write(folder / "series" / f"{name}.yml", text)
    for number in range(1, SPEAKING + 1):
        name, groups = f"line-{number}", ("2222", f"{2000 + number}")
        contact = render_contact(name, _same(f"Bench {number}"), "GT", "+502", groups)
        _write(folder / "facts" / f"{name}.yml", contact)
    _write_texts(folder, seed)
    _write_episodes(folder)
    rows = [_Row(number, seed) for number in range(stations)]
    for row in rows:
        _write(folder / "stations" / f"{row.id}.yml", "\n".join(row.lines()) + "\n")
    return StationsWorkload(
        folder=folder,
        stations=stations,
        private=sum(row.private for row in rows),
        overriding=sum(row.overrides for row in rows),
        episodes=SPOTS + PROGRAMMES + LOOPS,
    )


class _Row:
    """One station."""

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.id = f"station-{number:04d}"
        self.kind = KINDS[number % len(KINDS)]
        self._figure = int(sha256(f"{seed}/{number}".encode()).hexdigest()[:8], 16)
        self.private = self._figure % 2 == 0
        self.overrides = self.kind != "feed" and number // len(KINDS) % 9 == number % len(KINDS)

    def _languages(self) -> list[str]:
        """Give two or three, in one of a dozen orders: many stations take the same."""
        first = self._figure // 2 % len(LANGUAGES)
        count = 2 + self._figure // 16 % 2
        return [LANGUAGES[(first + step) % len(LANGUAGES)] for step in range(count)]

    def lines(self) -> Iterator[str]:
        """Give the lines of its file."""
        yield f'name: "Station {self.number}"'
        yield f"kind: {PLACES.get(self.kind, 'radio')}"
        yield f"languages: {json.dumps(self._languages())}"
        yield f"series: {SERIES_TAKEN.get(self.kind, '[avisos, programa]')}"
        yield f"profile: {PROFILES.get(self.kind, 'broadcast')}"
        yield f"delivery: {DELIVERIES.get(self.kind, 'pack')}"
        yield f"publish_identity: {'no' if self.private else 'yes'}"
        yield "country: GT"
        if self.kind == "shelter":
            yield "share: yes"
        if self.kind == "folder":
            program, place = PROGRAMS[self._figure // 64 % len(PROGRAMS)]
            yield f"automation: {program}"
            if place:
                yield f"drive_path: {place}"
            yield SCHEDULE.rstrip("\n")
        if self.kind == "loop":
            yield LOOP.format(form="one" if self._figure // 32 % 2 else "set").rstrip("\n")
        if self.overrides:
            yield from self._own_number()

    def _own_number(self) -> Iterator[str]:
        last = f"{5000 + self.number}"
        yield "overrides:"
        yield f"  line-{1 + self.number % SPEAKING}:"
        yield "    phones:"
        yield f'      - {{groups: ["2222", "{last}"], number: "+5022222{last}", type: voice,'
        yield "         short_code: no}"
        yield "    reachable_from: [GT]"
        yield '    reason: "It has a line of its own."'
        yield '    sources: [{title: "Told by the station", retrieved: "2026-11-20"}]'
        yield '    verified_on: "2026-11-20"'
        yield '    verified_by: "Benchmark"'
        yield '    expires: "2099-12-31"'
        yield "    status: active"


def _segments() -> list[str]:
    return [f"aviso-{number:02d}" for number in range(1, SPOTS + LOOPS + 1)]


def _write_texts(folder: Path, seed: int) -> None:
    phrases = read_phrases()
    first = phrases[LANGUAGES[0]]
    shape = (len(first.openings), len(first.statements), len(first.endings))
    dealt = iter(deal(seed, shape))
    for number, name in enumerate(_segments(), 1):
        loop = number > SPOTS
        kind = "announcement" if loop else "awareness"
        _write(folder / "scripts" / name / "segment.yml", SEGMENT.format(kind=kind))
        parts = [next(dealt), next(dealt)]
        said = "" if number > SPEAKING else f"{{{{phone:line-{number}}}}}."
        texts = {
            tag: [f"# {phrases[tag].sentence(parts[0]).rstrip('.')}", ""]
            + [phrases[tag].sentence(one) for one in parts]
            + ([said] if said else [])
            for tag in LANGUAGES
        }
        source = [line for line in texts[LANGUAGES[0]] if line]
        for tag, lines in texts.items():
            _write(folder / "scripts" / name / f"{tag}.md", "\n".join(lines) + "\n")
            if tag != LANGUAGES[0]:
                confirmed = [f"altavoz translation of {LANGUAGES[0]}", *source]
                _write(folder / "scripts" / name / f"{tag}.from", "\n".join(confirmed) + "\n")


def _write_episodes(folder: Path) -> None:
    names = _segments()
    for number in range(1, SPOTS + 1):
        _episode(folder, "avisos", number, names[number - 1 : number])
    for number in range(1, PROGRAMMES + 1):
        start = SPEAKING + 5 * number
        _episode(folder, "programa", number, names[start : start + 5])
    for number in range(1, LOOPS + 1):
        _episode(folder, "lazo", number, names[SPOTS + number - 1 : SPOTS + number])


def _episode(folder: Path, series: str, number: int, segments: Sequence[str]) -> None:
    rundown = "\n".join(f"  - segment: {name}" for name in segments)
    text = EPISODE.format(
        series=series, number=number, title=_same(f"Notice {number}"), rundown=rundown
    )
    _write(folder / "episodes" / f"{series}-{number}.yml", text)


def _same(text: str) -> str:
    return json.dumps(dict.fromkeys(LANGUAGES, text))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
