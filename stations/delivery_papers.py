"""The papers of a station's folder: README.txt, REMOVED.txt, and what a presenter reads aloud."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from programme.editions import Edition
from programme.units import LanguageTag
from stations.airing import AirItem
from stations.automation.program import Program
from stations.deliveries import Placed, Removed, StationFolder
from stations.delivery_names import PAPERS, language_folder
from stations.phrases import Phrases, direction, language_name, phrases_for, phrases_in
from stations.plain_text import crlf, isolate, length, one_line
from stations.script_text import RULE, sections, wrapped

README, REMOVED = "README.txt", "REMOVED.txt"

_GONE = (
    "These files are gone from this folder. If a program or a person has a copy of its own, delete "
    "that too."
)


def render_papers(folder: StationFolder, program: Program) -> dict[str, bytes]:
    """Render every paper of a folder, by path."""
    found = {README: _readme(folder, program), REMOVED: render_removed(folder)}
    for tag in dict.fromkeys(one.item.air.language for one in folder.media):
        found[f"{PAPERS}/script_{language_folder(tag)}.txt"] = render_script(folder, tag)
    return found


def _readme(folder: StationFolder, program: Program) -> bytes:
    network = folder.request.network
    lines = [
        f"{one_line(network.name)}: files for {program.title}",
        RULE,
        *wrapped(_about(folder), "ltr"),
        "",
        RULE,
        *program.setup(folder).splitlines(),
        "",
        RULE,
        "WHAT IS IN IT",
        "",
    ]
    for placed in folder.media:
        air = placed.item.air
        until = f"until {air.expires.isoformat()}" if air.has_last_day else "no last day"
        lines.append(f"  {placed.path}  {length(air.duration_ms)}, {until}")
    return crlf(lines)


def _about(folder: StationFolder) -> Iterator[str]:
    request, network = folder.request, folder.request.network
    if request.station.publish_identity:
        yield f"For {one_line(request.station.name)}."
    if request.demo:
        yield "THIS IS AN EXAMPLE. Verify it before you broadcast it."
    names = ", ".join(
        dict.fromkeys(f"{language_name(one.item.air.language)}" for one in folder.media)
    )
    yield f"Languages: {names}." if names else "Nothing may be played at present."
    yield (
        "Altavoz keeps this folder: it replaces and removes its own files, and no others. Change "
        "none of them; what you change is put back. delivery.json lists every file with its tags, "
        "cue points, last day and SHA-256."
    )
    if request.removed:
        yield "Some messages must not be played any more: see REMOVED.txt."
    if any(one.item.edition.synthetic_voice for one in folder.media):
        yield "Synthetic voices speak in it; say so on air."
    licence = f"{network.licence} {network.licence_url}".strip()
    yield f"Licence: {one_line(licence)}. {one_line(network.website)}"
    yield f"Questions and mistakes: {one_line(network.role_address)}"


def render_removed(folder: StationFolder) -> bytes:
    """List what must not be played any more; it says so where there is nothing."""
    lines = ["MUST NOT BE PLAYED ANY MORE", RULE]
    if not folder.request.removed:
        return crlf([*lines, "Nothing."])
    lines += wrapped([_GONE], "ltr")
    for one in folder.request.removed:
        lines += ["", *_removed_lines(one, folder)]
    return crlf(lines)


def _removed_lines(one: Removed, folder: StationFolder) -> list[str]:
    request = folder.request
    say = phrases_for(one.language, request.station.languages, request.network.source_language)
    way = direction(say.language)
    told = say(
        "recall_line",
        language=language_name(one.language),
        title=isolate(one_line(one.title), way),
        why=say(f"recall_{one.kind.value}"),
        date=say.day(one.since),
    )
    lines = wrapped([told], way)
    if one.reason:
        lines += wrapped([say("recall_reason", reason=isolate(one_line(one.reason), way))], way)
    return [*lines, f"  {one.kind.value}, {one.since.isoformat()}", *(f"  {f}" for f in one.files)]


def render_script(folder: StationFolder, language: LanguageTag) -> bytes:
    """Render what is said in one language, to be read aloud or hung up: plain text."""
    request = folder.request
    say = phrases_for(language, request.station.languages, request.network.source_language)
    own = [one for one in folder.media if one.item.air.language == language]
    return _script_bytes(
        _Script(
            network=one_line(request.network.name),
            language=language,
            phrases=say.language,
            warnings=tuple(_warnings(own, say, demo=request.demo)),
            pieces=tuple((one.path, one.item.air, _Said(one.item.edition)) for one in own),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """All that decides a script; hundreds of stations may have the same."""

    network: str
    language: LanguageTag
    phrases: str
    """Of which language the fixed phrases are."""
    warnings: tuple[str, ...]
    pieces: "tuple[tuple[str, AirItem, _Said], ...]"
    """Path of the file, and what is in it."""


class _Said:
    """An edition, known by what is said in it: hundreds of stations may take the same."""

    __slots__ = ("_key", "edition")

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        texts = tuple(
            (one.text, one.speaker, one.paragraph, one.start_ms) for one in edition.captions
        )
        # Under which title a sentence stands follows from when it is heard.
        chapters = tuple((one.title, one.start_ms, one.end_ms) for one in edition.chapters)
        self._key = (edition.key, edition.profile, edition.title, texts, chapters)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Said) and self._key == other._key


@lru_cache(maxsize=64)
def _script_bytes(script: _Script) -> bytes:
    say = phrases_in(script.phrases)
    if say is None:
        raise LookupError(script.phrases)
    language = script.language
    fixed, way = direction(say.language), direction(language)
    lines = wrapped([f"{script.network} · {say('script')} · {language_name(language)}"], fixed)
    lines += wrapped(script.warnings, fixed)
    for number, (path, air, said) in enumerate(script.pieces, start=1):
        lines += ["", RULE, *wrapped([f"{number}. {one_line(air.title)}"], way)]
        about = [say("duration", duration=length(air.duration_ms))]
        if air.has_last_day:
            about.append(say("valid_until", date=say.day(air.expires)))
        about.append(say("file", file=isolate(path, fixed)))
        lines += wrapped(about, fixed)
        lines += _said_lines(said)
    return crlf(lines)


@lru_cache(maxsize=2_000)
def _said_lines(said: _Said) -> tuple[str, ...]:
    edition, lines = said.edition, []
    way = direction(edition.language)
    for section in sections(edition):
        if section.title and section.title != one_line(edition.title):
            lines += ["", *wrapped([f"[{section.title}]"], way)]
        for paragraph in section.paragraphs:
            lines += ["", *wrapped([paragraph], way)]
    return tuple(lines)


def _warnings(own: Sequence[Placed], say: Phrases, *, demo: bool) -> Iterator[str]:
    editions = [one.item.edition for one in own]
    if demo:
        yield say("demo")
    if any(one.synthetic_voice for one in editions):
        yield say("synthetic")
    if any(one.draft_voice for one in editions):
        yield say("draft")
