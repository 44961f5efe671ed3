"""The workload of bench/check.py: a network of 2,000 segments in six languages, some faults in it.

Its sentences are those of examples/camino, which stand line beside line in every language,
with an opening and an ending of phrases.toml around them, so that no line is there twice and no
cache shortens the work. Everything follows from the seed.
"""

import hashlib
import itertools
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.workload import Phrases, read_phrases

EXAMPLE = Path(__file__).parents[1] / "examples" / "camino"
LANGUAGES = ("es-419", "en", "fr", "pt-BR", "ar", "ht")
"""The source first."""
SENTENCES = (8, 8, 9)
"""In a text, by turns: 2,000 segments in six languages make 100,000."""
MOST_WORDS = 15
"""In a sentence as written: longer ones are not plain speech, and every one would be found."""
COPIES = 12
"""Of every fact of the example, each under an id of its own."""
FAULT_EVERY = 100
"""One line in so many has a fault."""
STALE_EVERY = 20
"""One segment in so many changed after it was translated."""
SEGMENTS_AN_EPISODE = 10

_SEGMENT = """kind: {kind}
key_message: "A notice for the benchmark, number {number}."
call_to_action: "Ask at the help desk."
topics: [health, papers]
stages: [transit, arrival]
audiences: [migrants, refugees, families]
countries: [MX, GT]
sensitivity: normal
sources:
  - {{title: "Written for the benchmark", url: "https://bench.example.org/{number}",
     retrieved: "2026-11-22"}}
  - {{title: "A second source", retrieved: "2026-11-22"}}
review_by: "2099-12-01"
expires: "2099-12-31"
"""
_KINDS = ("awareness", "procedure", "announcement", "self-care", "myth-fact")

_FAULTS: tuple[Mapping[str, str], ...] = (
    dict.fromkeys(LANGUAGES, "{line} 4521"),  # figures
    dict.fromkeys(LANGUAGES, "{{{{phone:nobody-{number}}}}}."),  # unknown id
    dict.fromkeys(LANGUAGES, "{line} {line}"),  # a second sentence
    dict.fromkeys(LANGUAGES, "**{line}**"),  # markup
    dict.fromkeys(LANGUAGES, "\u200b{line}"),  # a hidden character
    {  # a forbidden term
        "es-419": "Los migrantes ilegales esperan.",
        "en": "Illegal migrants are waiting.",
        "fr": "Les migrants illégaux attendent.",
        "pt-BR": "Os migrantes ilegais esperam.",
        "ar": "{line} {line}",
        "ht": "{line} {line}",
    },
    dict.fromkeys(LANGUAGES, "{line} XKQZ."),  # an acronym
)
"""By turns: what becomes of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckWorkload:
    """What was written."""

    folder: Path
    segments: int
    texts: int
    lines: int
    """Sentences in all texts; titles and blank lines are not among them."""
    facts: int
    faults: int
    """Lines that were made faulty on purpose."""
    bytes: int
    """Of all texts and their copies of the source."""


@dataclass(slots=True)
class _Count:
    faults: int = 0
    lines: int = 0
    length_bytes: int = 0


def read_units(example: Path = EXAMPLE) -> list[tuple[str, ...]]:
    """Give the example's sentences, each in every language."""
    labels = _labels(example)
    units: list[tuple[str, ...]] = []
    for folder in sorted((example / "scripts").iterdir()):
        texts = [_sentences(folder / f"{tag}.md", labels) for tag in LANGUAGES]
        if len({len(lines) for lines in texts}) == 1:
            units += zip(*texts, strict=True)
    return units


def _labels(example: Path) -> frozenset[str]:
    """Give the labels of dialogues, which belong to no sentence."""
    network = tomllib.loads((example / "altavoz.toml").read_text(encoding="utf-8"))
    return frozenset(label for one in network["speakers"].values() for label in one.values())


def _sentences(path: Path, labels: frozenset[str]) -> list[str]:
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    spoken = [line for line in lines if line and not line.startswith(("#", "<!--"))]
    parted = [line.partition(": ") for line in spoken]
    return [words if label in labels else label + mark + words for label, mark, words in parted]


def deal(
    units: Sequence[tuple[str, ...]], phrases: Sequence[Phrases], seed: int
) -> Iterator[tuple[str, ...]]:
    """Give every sentence with every opening and ending once, in an order made by the seed."""
    openings = range(-1, len(phrases[0].openings))
    endings = range(-1, len(phrases[0].endings))
    every = itertools.product(range(len(units)), openings, endings)
    for at, opening, ending in sorted(
        every, key=lambda parts: hashlib.sha256(f"{seed}/{parts}".encode()).digest()
    ):
        lines = tuple(
            _joined(
                line,
                voice.openings[opening] if opening >= 0 else "",
                voice.endings[ending] if ending >= 0 else "",
            )
            for line, voice in zip(units[at], phrases, strict=True)
        )
        if max(len(line.split()) for line in lines) <= MOST_WORDS:
            yield lines


def _joined(line: str, opening: str, ending: str) -> str:
    if opening:
        line = f"{opening}: {line}"
    if ending:
        line = re.sub(r"([.!?؟]*)$", lambda mark: f", {ending}{mark[0]}", line, count=1)
    return line


def write_check_workload(folder: Path, *, seed: int, segments: int) -> CheckWorkload:
    """Write the workspace into a folder that must not exist.

    Raises:
        FileExistsError: the folder is there already.
        StopIteration: the example has too few sentences for so many segments.
    """
    folder.mkdir(parents=True)
    _write_rest(folder, segments)
    ids = _write_facts(folder / "facts")
    phrases = read_phrases()
    voices = [phrases[tag] for tag in LANGUAGES]
    dealt = deal(read_units(), voices, seed)
    count = _Count()
    for number in range(1, segments + 1):
        lines = [
            _own_facts(next(dealt), ids, number) for _ in range(SENTENCES[number % len(SENTENCES)])
        ]
        _write_segment(folder, number, lines, voices, count)
    return CheckWorkload(
        folder=folder,
        segments=segments,
        texts=segments * len(LANGUAGES),
        lines=count.lines,
        facts=len(ids) * COPIES,
        faults=count.faults,
        bytes=count.length_bytes,
    )


def _own_facts(lines: tuple[str, ...], ids: Sequence[str], number: int) -> tuple[str, ...]:
    """Let a segment speak its own copies of the facts, so that no fact is spoken everywhere."""
    copy = number % COPIES
    pattern = re.compile(r"(\{\{[a-z]+:)(" + "|".join(sorted(ids, key=len, reverse=True)) + ")")
    return tuple(pattern.sub(rf"\1\2-{copy:02d}", line) for line in lines)


def _write_segment(
    folder: Path,
    number: int,
    lines: Sequence[tuple[str, ...]],
    voices: Sequence[Phrases],
    count: _Count,
) -> None:
    place = folder / "scripts" / f"notice-{number:04d}"
    place.mkdir(parents=True)
    kind = _KINDS[number % len(_KINDS)]
    (place / "segment.yml").write_text(_SEGMENT.format(kind=kind, number=number), encoding="utf-8")
    source: list[str] = []
    for column, (tag, voice) in enumerate(zip(LANGUAGES, voices, strict=True)):
        written = []
        for line in lines:
            count.lines += 1
            written.append(_faulty(line[column], tag, count))
        title = f"# {voice.title}"
        source = source or [title, *written]
        _write(place / f"{tag}.md", "\n".join([title, "", *_paragraphs(written)]) + "\n", count)
        if column:
            then = [*source[:-1], "Antes decía otra cosa."]
            copy = then if number % STALE_EVERY == 0 else source
            header = f"altavoz translation of {LANGUAGES[0]}"
            _write(place / f"{tag}.from", "\n".join([header, *copy]) + "\n", count)


def _faulty(line: str, tag: str, count: _Count) -> str:
    if count.lines % FAULT_EVERY:
        return line
    forms = _FAULTS[count.faults % len(_FAULTS)]
    count.faults += 1
    return forms[tag].format(line=line, number=count.lines)


def _paragraphs(lines: Sequence[str]) -> list[str]:
    half = len(lines) // 2
    return [*lines[:half], "", *lines[half:]]


def _write(path: Path, text: str, count: _Count) -> None:
    data = text.encode("utf-8")
    count.length_bytes += len(data)
    path.write_bytes(data)


def _write_facts(folder: Path) -> list[str]:
    folder.mkdir()
    ids = []
    for path in sorted((EXAMPLE / "facts").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        ids.append(path.stem)
        for copy in range(COPIES):
            name = f"{path.stem}-{copy:02d}"
            own = re.sub(rf"(?m)^id: *{re.escape(path.stem)}\b", f"id: {name}", text)
            (folder / f"{name}.yml").write_text(own, encoding="utf-8")
    return ids


def _write_rest(folder: Path, segments: int) -> None:
    network = (EXAMPLE / "altavoz.toml").read_text(encoding="utf-8")
    listed = ", ".join(f'"{tag}"' for tag in LANGUAGES)
    network = re.sub(r"(?m)^languages = .*$", f"languages = [{listed}]", network)
    (folder / "altavoz.toml").write_text(network, encoding="utf-8")
    shutil.copytree(EXAMPLE / "sounds", folder / "sounds")
    titles = "{" + ", ".join(f'{tag}: "Notices"' for tag in LANGUAGES) + "}"
    (folder / "series").mkdir()
    (folder / "series" / "notices.yml").write_text(
        f"kind: programme\ntitle: {titles}\ndescription: {titles}\n"
        f"languages: [{', '.join(LANGUAGES)}]\nprofile: podcast\ncategory: [News]\n",
        encoding="utf-8",
    )
    (folder / "episodes").mkdir()
    for number, first in enumerate(range(1, segments + 1, SEGMENTS_AN_EPISODE), start=1):
        last = min(first + SEGMENTS_AN_EPISODE - 1, segments)
        slots = "".join(f"  - segment: notice-{n:04d}\n" for n in range(first, last + 1))
        (folder / "episodes" / f"notices-{number:03d}.yml").write_text(
            f'series: notices\nnumber: {number}\ndated: "2026-11-22"\ntitle: {titles}\n'
            f"rundown:\n{slots}",
            encoding="utf-8",
        )
