"""Loudspeaker loops: what is said when in each round, how long the silences are; no sound is read.

A language's part is: chime, its name, where listeners are, each message as often as the station
asks, and last who says it and until when it is valid. Parts stand in the station's order of
languages. What does not fit into a round goes into a further loop (notes/field.md, section 6).

Everything is made of finished slots and of silence in whole steps of the grid, so that frames can
be joined; a pause is at least as long as asked, and at most 600 ms longer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from programme.schedules import LoopSettings
from programme.sound import GRID, MIX_RATE, samples_of
from programme.units import DurationMs, LanguageTag, Samples

AFTER_CHIME_MS = 1_000
LANGUAGE_S = 40
"""Longer than this, people no longer listen to one language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """A finished slot as a loop sees it."""

    slot: int
    """Which one, as the caller counts them."""
    samples: Samples
    """At MIX_RATE; a multiple of GRID."""
    head: Samples
    """Silence before it is heard, at least."""
    tail: Samples
    """Silence after it was heard, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """What one edition says in a language."""

    edition: int
    """Which one, as the caller counts them."""
    before: tuple[Sounding, ...]
    """Said once before its messages: who speaks, that it is an example."""
    said: tuple[tuple[Sounding, int], ...]
    """Its messages, and how often each is played so that it is said as often as asked."""
    after: tuple[Sounding, ...]
    """Said once after its messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSound:
    """Everything that can be heard in one language."""

    language: LanguageTag
    chime: Sounding | None
    opening: tuple[Sounding, ...]
    """The name of the language, where listeners are."""
    messages: tuple[Messages, ...]
    closing: tuple[Sounding, ...]
    """Who says it, and until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopStep:
    """A slot, or silence."""

    slot: int = -1
    """Below nought for silence."""
    samples: Samples
    again: bool = False
    """Whether the slot was heard before in its part."""

    @property
    def is_silence(self) -> bool:
        """Whether it is nothing else."""
        return self.slot < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """What one language has of a loop."""

    language: LanguageTag
    start: Samples
    end: Samples
    editions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLoop:
    """One file."""

    number: int
    """From 1: of the loop in its language, or in the station where one file holds them all."""
    steps: tuple[LoopStep, ...]
    """With the silence at its end."""
    parts: tuple[PlannedPart, ...]
    round: Samples
    """Its length without the silence at its end."""


class Note(StrEnum):
    """What the keeper of a station should know of its loops."""

    LONG_LANGUAGE = "long-language"
    """One message makes a language longer than people listen."""
    LONG_ROUND = "long-round"
    """One message makes a round longer than the station asks."""
    NO_CLOSING = "no-closing"
    """Until when it is valid does not fit into the round."""
    LATER = "later"
    """What does not fit into the rounds before is heard in a further loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopNote:
    """One such thing."""

    kind: Note
    language: LanguageTag
    loop: int
    """Number of the loop."""
    length_ms: DurationMs
    """Of what is too long; 0 where it is not about a length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlan:
    """All loops of a station, in the order in which they are played."""

    loops: tuple[PlannedLoop, ...]
    notes: tuple[LoopNote, ...]


class _Role(StrEnum):
    CHIME = "chime"
    MESSAGE = "message"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    sounding: Sounding
    role: _Role = _Role.OTHER
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    language: LanguageTag
    turns: tuple[_Turn, ...]
    editions: tuple[int, ...]
    steps: tuple[LoopStep, ...]
    has_closing: bool

    @property
    def samples(self) -> int:
        return sum(step.samples for step in self.steps)

    @property
    def length_ms(self) -> int:
        return _ms(self.samples)


def plan_loops(sounds: Sequence[LanguageSound], settings: LoopSettings) -> LoopPlan:
    """Say what is heard when.

    Args:
        sounds: in the station's order of languages, each with a message at least.
        settings: of the station.
    """
    parts = [_parts(one, settings) for one in sounds]
    rounds = _together(parts, settings) if settings.form == "one" else _apart(parts)
    numbers = _numbers(rounds, settings)
    return LoopPlan(
        loops=tuple(
            _loop(one, settings, number) for number, one in zip(numbers, rounds, strict=True)
        ),
        notes=tuple(
            note
            for number, one in zip(numbers, rounds, strict=True)
            for part in one
            for note in _notes(part, number, settings)
        ),
    )


def _numbers(rounds: Sequence[Sequence[_Part]], settings: LoopSettings) -> list[int]:
    """Number the loops, so that a number depends on no other language where it need not."""
    if settings.form == "one":
        return list(range(1, len(rounds) + 1))
    languages = [parts[0].language for parts in rounds]
    return [languages[: n + 1].count(tag) for n, tag in enumerate(languages)]


def silence_between(before: Sounding, after: Sounding, asked_ms: int) -> Samples:
    """Give the silence to put between two slots, in whole steps of the grid."""
    return _on_grid(samples_of(asked_ms) - before.tail - after.head)


def _on_grid(samples: int) -> Samples:
    return Samples(max(0, -(-samples // GRID)) * GRID)


def _parts(sound: LanguageSound, settings: LoopSettings) -> list[_Part]:
    """Part a language's messages so that each part is short enough, if it can be."""
    most_ms = min(LANGUAGE_S, settings.longest_s) * 1000
    parts: list[_Part] = []
    held: list[tuple[int, int]] = []
    every = [(m, n) for m, one in enumerate(sound.messages) for n in range(len(one.said))]
    for place in every:
        if held and _part(sound, [*held, place], settings).length_ms > most_ms:
            parts.append(_fitted(sound, held, settings))
            held = []
        held.append(place)
    return [*parts, _fitted(sound, held, settings)]


def _fitted(sound: LanguageSound, held: Sequence[tuple[int, int]], settings: LoopSettings) -> _Part:
    """Leave out until when it is valid, where the round is too long for that alone."""
    part = _part(sound, held, settings)
    if part.length_ms <= settings.longest_s * 1000:
        return part
    short = _part(sound, held, settings, closing=False)
    return short if short.length_ms <= settings.longest_s * 1000 else part


def _part(
    sound: LanguageSound,
    held: Sequence[tuple[int, int]],
    settings: LoopSettings,
    *,
    closing: bool = True,
) -> _Part:
    """Give a language's part with some of its messages.

    Args:
        sound: everything in the language.
        held: which messages: of which edition, and which of its own.
        settings: of the station.
        closing: whether it says until when it is valid.
    """
    turns = [_Turn(sounding=sound.chime, role=_Role.CHIME)] if sound.chime else []
    turns += _others(sound.opening)
    editions = tuple(dict.fromkeys(message for message, _ in held))
    for index in editions:
        turns += _said(sound.messages[index], [n for m, n in held if m == index])
    turns += _others(sound.closing) if closing else []
    return _Part(
        language=sound.language,
        turns=tuple(turns),
        editions=tuple(sound.messages[index].edition for index in editions),
        steps=tuple(_steps(turns, settings)),
        has_closing=closing,
    )


def _said(messages: Messages, places: Sequence[int]) -> Iterator[_Turn]:
    yield from _others(messages.before)
    for place in places:
        one, times = messages.said[place]
        for time in range(times):
            yield _Turn(sounding=one, role=_Role.MESSAGE, again=time > 0)
    yield from _others(messages.after)


def _others(soundings: Sequence[Sounding]) -> list[_Turn]:
    return [_Turn(sounding=one) for one in soundings]


def _steps(turns: Sequence[_Turn], settings: LoopSettings) -> Iterator[LoopStep]:
    last: _Turn | None = None
    for turn in turns:
        if last is not None:
            pause_ms = _pause_ms(last, turn, settings)
            yield from _silence(silence_between(last.sounding, turn.sounding, pause_ms))
        one = turn.sounding
        yield LoopStep(slot=one.slot, samples=one.samples, again=turn.again)
        last = turn


def _pause_ms(before: _Turn, after: _Turn, settings: LoopSettings) -> int:
    if before.role is _Role.CHIME:
        return AFTER_CHIME_MS
    both = before.role is after.role is _Role.MESSAGE
    return settings.between_repeats_ms if both else 0


def _silence(samples: Samples) -> Iterator[LoopStep]:
    if samples:
        yield LoopStep(samples=samples)


def _apart(parts: Sequence[Sequence[_Part]]) -> list[list[_Part]]:
    """Give each part a file of its own."""
    return [[part] for language in parts for part in language]


def _together(parts: Sequence[Sequence[_Part]], settings: LoopSettings) -> list[list[_Part]]:
    """Put languages one after another into rounds; further messages begin a round anew."""
    rounds: list[list[_Part]] = []
    for level in range(max(map(len, parts), default=0)):
        fresh: list[_Part] = []
        for part in (one[level] for one in parts if level < len(one)):
            longer = _ms(_loop([*fresh, part], settings, 1).round) > settings.longest_s * 1000
            if fresh and longer:
                rounds.append(fresh)
                fresh = []
            fresh.append(part)
        rounds.append(fresh)
    return rounds


def _loop(parts: Sequence[_Part], settings: LoopSettings, number: int) -> PlannedLoop:
    steps: list[LoopStep] = []
    placed = []
    last: Sounding | None = None
    at = 0
    for part in parts:
        if last is not None:
            first = part.turns[0].sounding
            gap = silence_between(last, first, settings.between_languages_ms)
            steps += _silence(gap)
            at += gap
        steps += part.steps
        placed.append(
            PlannedPart(
                language=part.language,
                start=Samples(at),
                end=Samples(at + part.samples),
                editions=part.editions,
            )
        )
        at += part.samples
        last = part.turns[-1].sounding
    tail = last.tail if last else 0
    # A player that repeats one file goes on with its first language.
    quiet_ms = max(settings.end_silence_ms, settings.between_languages_ms)
    steps += _silence(_on_grid(samples_of(quiet_ms) - tail))
    return PlannedLoop(number=number, steps=tuple(steps), parts=tuple(placed), round=Samples(at))


def _notes(part: _Part, number: int, settings: LoopSettings) -> Iterator[LoopNote]:
    def note(kind: Note, length_ms: int = 0) -> LoopNote:
        return LoopNote(
            kind=kind, language=part.language, loop=number, length_ms=DurationMs(length_ms)
        )

    if part.length_ms > settings.longest_s * 1000:
        yield note(Note.LONG_ROUND, part.length_ms)
    elif part.length_ms > LANGUAGE_S * 1000:
        yield note(Note.LONG_LANGUAGE, part.length_ms)
    if not part.has_closing:
        yield note(Note.NO_CLOSING)
    if number > 1:
        yield note(Note.LATER)


def _ms(samples: int) -> int:
    """Give a length rounded up, since it is held against what is allowed."""
    return -(-samples * 1000 // MIX_RATE)
