"""Write workload W as a workspace: segments of about a minute in six languages, from a seed.

The same arguments give the same bytes on every machine: what is chosen follows SHA-256 of
the seed, and the music is rounded to 16 bits.
"""

import hashlib
import itertools
import json
import tomllib
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
WORDS = 118
"""Words of a segment: about a minute with its pauses, at the mixed pace."""
SENTENCES_A_PARAGRAPH = 4
MOST_WORDS = 17
"""Of a sentence, which is then shorter than the check's limit."""

Parts = tuple[int, ...]
"""Which opening, statement and ending; and in long workloads which second statement."""

LANGUAGES = ("es-419", "en", "fr", "pt-BR", "pt-PT", "ar")
"""The source first. No Haitian Creole: the engine that all programs here share speaks it broken."""
VOICES = {"ar": "ar"}
"""Voices of draft class, accepted here because a benchmark is not broadcast."""

NETWORK = """[network]
id = "bench"
name = "Benchmark"
role_address = "bench@example.org"
base_url = "https://bench.example.org/"
website = "https://bench.example.org/"
source_language = {source}
languages = {languages}
licence = "cc0-1.0"
licence_url = "https://creativecommons.org/publicdomain/zero/1.0/"

[reviews]
required = false

[targets.public]
kind = "folder"
path = "public"
"""

STATION_ID = "bench"
STATION = """name: "Benchmark"
kind: radio
languages: {languages}
series: [notices]
profile: podcast
delivery: pack
publish_identity: no
country: MX
"""

CONTACT = """id: {name}
organization: {titles}
service: {titles}
kind: hotline
country: {country}
reachable_from: [{country}]
phones:
  - {{groups: {groups}, {number}}}
operated_by: civil-society
not_for: []
sources: [{{title: "Written for the benchmark", retrieved: "2026-11-20"}}]
verified_on: "2026-11-20"
owner: "Benchmark"
verified_by: "Benchmark"
review_by: "2099-12-01"
expires: "2099-12-31"
status: active
"""
SPOKEN_PART = 0.05
"""Of all sentences of a language that speak each of the two facts."""
SCATTERED, GATHERED = "line-1", "line-2"
"""A fact that one sentence of many segments speaks, and one that whole segments are about."""

VOICE = """
[voices.{tag}]
engine = "espeak"
name = "{name}"
accept_draft = true
"""

SEGMENT = """kind: awareness
key_message: A notice for the benchmark.
topics: [health]
stages: [transit]
audiences: [refugees]
countries: [MX]
sensitivity: normal
sources:
  - {title: "Written for the benchmark", url: "https://bench.example.org/", retrieved: "2026-11-22"}
review_by: "2099-12-01"
expires: "2099-12-31"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's parts of a sentence."""

    title: str
    openings: tuple[str, ...]
    statements: tuple[str, ...]
    endings: tuple[str, ...]
    joint: str
    """What stands between two statements: a word, or a letter that is written to the next word."""

    def sentence(self, parts: Parts) -> str:
        """Put one of each together, and the second statement where there is one."""
        opening, statement, ending, *second = parts
        said = f" {self.joint}".join(self.statements[one] for one in (statement, *second))
        return f"{self.openings[opening]} {said} {self.endings[ending]}."

    def speaking(self, statements: Parts, fact: str) -> str:
        """Give a sentence that speaks a fact: one statement, or two, and the number.

        Without opening and ending, so that it takes about as long to say as others do: the number
        is said digit by digit.
        """
        said = f" {self.joint}".join(self.statements[one] for one in statements)
        return f"{said[:1].upper()}{said[1:]}: {{{{phone:{fact}}}}}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What was written."""

    folder: Path
    languages: tuple[str, ...]
    segments: int
    sentences: int
    """In one language; every language has the same."""
    texts: Mapping[str, tuple[tuple[str, ...], ...]]
    """The sentences of each language's segments, in order."""
    spare: Mapping[str, str]
    """A sentence of each language that is not in the texts."""


def read_phrases() -> dict[str, Phrases]:
    """Read phrases.toml; the first language is the source."""
    text = Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8")
    return {
        tag: Phrases(
            title=row["title"],
            openings=tuple(row["openings"]),
            statements=tuple(row["statements"]),
            endings=tuple(row["endings"]),
            joint=row["joint"],
        )
        for tag, row in tomllib.loads(text).items()
    }


def deal(seed: int, shape: Parts) -> list[Parts]:
    """Give every combination of parts once, in an order that follows from the seed."""
    openings, statements, endings = map(range, shape)
    return _shuffled(seed, itertools.product(openings, statements, endings))


def deal_more(seed: int, shape: Parts, voices: Iterable[Phrases]) -> list[Parts]:
    """Give every combination with a second statement once, in an order that follows from the seed.

    Ten times the work needs more sentences than there are with one statement. Those that would be
    too long in one of the languages are left out: a check refuses them.
    """
    openings, statements, endings = map(range, shape)
    every = itertools.product(openings, statements, endings, statements)
    spoken = list(voices)
    found = [
        parts
        for parts in every
        if parts[1] != parts[3]
        and all(len(voice.sentence(parts).split()) <= MOST_WORDS for voice in spoken)
    ]
    return _shuffled(seed, found)


def deal_statements(seed: int, shape: Parts) -> list[Parts]:
    """Give every statement alone once, then every two once, in orders that follow from the seed."""
    numbers = range(shape[1])
    alone: list[Parts] = [(one,) for one in numbers]
    pairs: list[Parts] = list(itertools.permutations(numbers, 2))
    return [*_shuffled(seed, alone), *_shuffled(seed, pairs)]


def _shuffled(seed: int, parts: Iterable[Parts]) -> list[Parts]:
    return sorted(parts, key=lambda one: hashlib.sha256(f"{seed}/{one}".encode()).digest())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _tone(frequencies: Sequence[float], seconds: float, *, attack: float) -> NDArray[np.float64]:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    shape = np.minimum(1.0, time / attack) * np.clip((seconds - time) / (seconds / 3), 0.0, 1.0)
    waves = [
        np.sin(2 * np.pi * f * time) + 0.25 * np.sin(4 * np.pi * f * time) for f in frequencies
    ]
    sound: NDArray[np.float64] = np.sum(waves, axis=0) * shape / (1.25 * len(frequencies))
    return sound


def _save(path: Path, sound: NDArray[np.float64], level: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.rint(sound * level * 32767).astype("<i2").tobytes())


def write_sounds(folder: Path) -> None:
    """Write jingle, sting, outro and bed as 16-bit mono WAV."""
    chords = [(220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6)]
    bars = [_tone(chords[bar % 3], 4.0, attack=0.5) for bar in range(24)]
    steps = [_tone((f,), 0.3, attack=0.01) for f in (440.0, 554.4, 659.3)]
    _save(folder / "jingle.wav", np.concatenate([*steps, bars[0], bars[2], bars[0]]), 0.6)
    _save(folder / "sting.wav", np.concatenate(steps), 0.5)
    _save(folder / "outro.wav", np.concatenate([bars[1], bars[2], bars[0]]), 0.6)
    _save(folder / "bed.wav", np.concatenate(bars), 0.4)


def render_network(tags: Sequence[str]) -> str:
    """Give altavoz.toml of a network in some languages, the source first."""
    network = NETWORK.format(source=json.dumps(tags[0]), languages=json.dumps(tags))
    return network + "".join(
        VOICE.format(tag=tag, name=name) for tag, name in VOICES.items() if tag in tags
    )


def render_contact(name: str, titles: str, country: str, code: str, groups: Sequence[str]) -> str:
    """Give the file of a contact with one number.

    Args:
        name: its id.
        titles: of whoever answers, in every language, as JSON.
        country: in which it is reached, ISO 3166 alpha-2.
        code: that country's, with plus; empty for a short code, which has none.
        groups: the number's digits without it, as they are spoken.
    """
    return CONTACT.format(
        name=name,
        titles=titles,
        country=country,
        groups=json.dumps(list(groups)),
        number=f'number: "{code}{"".join(groups)}", type: voice, short_code: no'
        if code
        else "type: voice, short_code: yes",
    )


def _rundown(names: Sequence[str]) -> str:
    slots = ["  - sound: jingle", *(f"  - segment: {name}" for name in names), "  - sound: outro"]
    return "\n".join(slots)


def _titles(text: str, tags: Sequence[str]) -> str:
    return json.dumps(dict.fromkeys(tags, text))


def _share(combinations: list[Parts], source: Phrases, segments: int) -> list[list[Parts]]:
    """Give each segment its sentences: none twice, about WORDS words in the source language."""
    rest, shares = iter(combinations), list[list[Parts]]()
    for _ in range(segments):
        share: list[Parts] = []
        while sum(len(source.sentence(parts).split()) for parts in share) < WORDS:
            share.append(next(rest))
        shares.append(share)
    return shares


def write_workload(folder: Path, *, seed: int, segments: int, languages: int = 6) -> Workload:
    """Write the workspace into a folder that must not exist.

    Raises:
        FileExistsError: the folder is there already.
        StopIteration: phrases.toml has too few combinations for so many segments.
    """
    folder.mkdir(parents=True)
    known = read_phrases()
    phrases = {tag: known[tag] for tag in LANGUAGES[:languages]}
    tags = tuple(phrases)
    first = phrases[tags[0]]
    shape = (len(first.openings), len(first.statements), len(first.endings))
    dealt = deal(seed, shape)
    shares = _share([*dealt[:-1], *deal_more(seed, shape, phrases.values())], first, segments)
    names = [f"notice-{number:03d}" for number in range(1, segments + 1)]
    speaking = _speaking(shares, deal_statements(seed, shape))

    _write(folder / "altavoz.toml", render_network(tags))
    _write(
        folder / "series" / "notices.yml",
        f"kind: programme\ntitle: {_titles('Notices', tags)}\n"
        f"description: {_titles('A benchmark.', tags)}\nlanguages: {json.dumps(tags)}\n"
        "profile: podcast\ncategory: [News]\n",
    )
    _write(
        folder / "episodes" / "notices-1.yml",
        f'series: notices\nnumber: 1\ndated: "2026-11-22"\ntitle: {_titles("Notices, one", tags)}\n'
        f"bed: bed\nsting: sting\nrundown:\n{_rundown(names)}\n",
    )
    _write(folder / "stations" / f"{STATION_ID}.yml", STATION.format(languages=json.dumps(tags)))
    for number, fact in enumerate((SCATTERED, GATHERED), 1):
        # Four digits: all ten of a whole number take longer to say than a sentence does.
        contact = render_contact(fact, _titles("Benchmark", tags), "MX", "", [f"{1000 + number}"])
        _write(folder / "facts" / f"{fact}.yml", contact)
    write_sounds(folder / "sounds")
    texts: dict[str, list[list[str]]] = {tag: [] for tag in tags}
    for name, share, facts in zip(names, shares, speaking, strict=True):
        _write(folder / "scripts" / name / "segment.yml", SEGMENT)
        source = _said(first, share, facts)
        for tag, voice in phrases.items():
            lines = _said(voice, share, facts)
            texts[tag].append(lines)
            title = f"# {voice.title}"
            _write(folder / "scripts" / name / f"{tag}.md", f"{title}\n\n{_paragraphs(lines)}")
            if tag != tags[0]:
                confirmed = [f"altavoz translation of {tags[0]}", f"# {first.title}", *source]
                _write(folder / "scripts" / name / f"{tag}.from", "\n".join(confirmed) + "\n")
    return Workload(
        folder=folder,
        languages=tags,
        segments=segments,
        sentences=sum(map(len, shares)),
        texts={tag: tuple(tuple(lines) for lines in segment) for tag, segment in texts.items()},
        spare={tag: voice.sentence(dealt[-1]) for tag, voice in phrases.items()},
    )


Spoken = Mapping[int, tuple[str, Parts]]
"""Which of a segment's sentences speaks which fact, and its statements."""


def _speaking(shares: Sequence[Sequence[Parts]], statements: Sequence[Parts]) -> list[Spoken]:
    """Give for each segment which of its sentences speaks which fact, and with what statements.

    SCATTERED stands in the last sentence of segments that lie far apart; every sentence of as few
    segments as will do speaks GATHERED.
    """
    wanted = max(1, round(SPOKEN_PART * sum(map(len, shares))))
    found: list[dict[int, tuple[str, Parts]]] = [{} for _ in shares]
    rest, left = iter(statements), wanted
    for segment, share in zip(found, shares, strict=True):
        for at in range(min(left, len(share))):
            segment[at] = GATHERED, next(rest)
        left -= len(segment)
    free = [one for one, segment in enumerate(found) if not segment]
    for one, said in zip(free[:: max(1, len(free) // wanted)][:wanted], statements, strict=False):
        found[one][len(shares[one]) - 1] = SCATTERED, said
    return list(found)


def _said(voice: Phrases, share: Sequence[Parts], facts: Spoken) -> list[str]:
    """Give a segment's sentences; those that speak a fact are made for it."""
    lines = [voice.sentence(parts) for parts in share]
    for at, (fact, statements) in facts.items():
        lines[at] = voice.speaking(statements, fact)
    return lines


def _paragraphs(lines: Sequence[str]) -> str:
    starts = range(0, len(lines), SENTENCES_A_PARAGRAPH)
    groups = ["\n".join(lines[start : start + SENTENCES_A_PARAGRAPH]) for start in starts]
    return "\n\n".join(groups) + "\n"


def change_one_sentence(workload: Workload, language: str, segment: int = 0) -> str:
    """Change one sentence of a segment, by default the middle one; give its file.

    A translation, not the source: a changed source would make five languages stale, which
    is right in a newsroom and not what is measured here.
    """
    name = f"notice-{segment or workload.segments // 2 + 1:03d}"
    path = workload.folder / "scripts" / name / f"{language}.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] = workload.spare[language]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path.relative_to(workload.folder).as_posix()


def change_one_fact(workload: Workload, fact: str) -> str:
    """Change the last digits of a number that many sentences speak; give its file."""
    path = workload.folder / "facts" / f"{fact}.yml"
    before = path.read_text(encoding="utf-8")
    number = "".join(one for one in fact if one.isdigit())
    path.write_text(before.replace(f"100{number}", f"900{number}"), encoding="utf-8", newline="\n")
    return path.relative_to(workload.folder).as_posix()
