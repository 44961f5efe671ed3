"""Which engine may speak which language, how well, and how fast it must be set.

The table is data (catalogue.toml). Reading it imports no sound library and loads no engine,
so that a build that has nothing to do can ask for voice versions.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import metadata, resources
from typing import Any

from programme.digests import canonical_json, digest_text
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag


class Quality(StrEnum):
    """What a voice is good for in one language."""

    AIR = "air"
    """May be broadcast."""
    DRAFT = "draft"
    """Only where somebody who speaks the language has listened and the workspace says so."""
    NEVER = "never"
    """Says other words than are written; people must record this language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffer:
    """What one engine offers for one language."""

    engine: str
    voice: str
    """The engine's own name of its usual voice for this language."""
    language: LanguageTag
    """The tag in the table that matched, such as ``es`` for ``es-ES``."""
    quality: Quality
    reason: str
    """Why it has this class, as a sentence for a producer."""
    online: bool
    """Whether the words leave this machine."""


_BEST_FIRST = (Quality.AIR, Quality.DRAFT, Quality.NEVER)


@cache
def _table() -> dict[str, Any]:
    text = resources.files("audio.voices").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def engines() -> tuple[str, ...]:
    """Give every engine's name, the usual one first."""
    return tuple(_table())


def offers(language: LanguageTag) -> tuple[VoiceOffer, ...]:
    """Give what each engine offers for a language, best first; empty where none has it.

    A tag matches the longest entry that it begins with: es-MX is spoken as es-MX where
    that is listed, otherwise as es.
    """
    found = [offer for engine in _table() if (offer := _offer(engine, language)) is not None]
    return tuple(sorted(found, key=lambda offer: (_BEST_FIRST.index(offer.quality), offer.online)))


def usual_voice(language: LanguageTag) -> VoiceOffer | None:
    """Give the best offer that may speak without a network; None where people must record.

    A draft offer is given as such: whether this workspace accepts it is not known here.
    """
    for offer in offers(language):
        if not offer.online and offer.quality is not Quality.NEVER:
            return offer
    return None


def offer_for(engine: str, voice: str, language: LanguageTag) -> VoiceOffer:
    """Give what this voice of this engine is worth in this language.

    Raises:
        ProductionError: the engine or voice is not in the catalogue, or does not speak this
            language, or must not; code VOICE.
    """
    row = _voice_row(engine, voice)
    offer = _offer(engine, language)
    if offer is None or _primary(row["language"]) != _primary(_voice_language(offer)):
        raise ProductionError(
            f'the voice "{voice}" of {engine} does not speak {language}',
            where=language,
            remedy=f"see `altavoz voices --lang {language}`, or record the segments",
            code=ExitCode.VOICE,
        )
    if offer.quality is Quality.NEVER:
        raise ProductionError(
            f"{engine} must not speak {language}: {offer.reason}",
            where=language,
            remedy="let a person who speaks it record the segments",
            code=ExitCode.VOICE,
        )
    return offer


@cache
def voice_version(engine: str, voice: str) -> str:
    """Give everything that makes two takes of this voice comparable, as one line.

    The program with its data (an exact package version), our settings, and the row that
    turns pace into the engine's rate. Loads neither numpy nor the engine.

    Raises:
        ProductionError: the engine or voice is not in the catalogue, or the engine's package
            is not installed; code VOICE.
    """
    row = _voice_row(engine, voice)
    table = _table()[engine]
    package = table["package"]
    try:
        installed = metadata.version(package)
    except metadata.PackageNotFoundError as error:
        raise ProductionError(
            f"the voice engine {engine} is not installed",
            where=package,
            remedy="install Altavoz again from its lock file",
            code=ExitCode.VOICE,
        ) from error
    data = digest_text(canonical_json({"voice": row, "settings": table["settings"]}))[:12]
    return f"{table['program']}; {package} {installed}; {voice}; {data}"


def engine_rate(engine: str, voice: str, words_per_minute: int) -> int:
    """Turn the pace that a listener should hear into the engine's own rate, within its limits."""
    row = _voice_row(engine, voice)
    lowest, highest = _table()[engine]["rate_limits"]
    return int(max(lowest, min(highest, round(words_per_minute * row["rate_factor"]))))


def tld(engine: str, voice: str) -> str:
    """Give the domain that an online engine's voice is asked at; it chooses the accent."""
    return str(_voice_row(engine, voice)["tld"])


def slow_below(engine: str) -> int:
    """Give the pace, in words a minute, under which an engine with two paces is set to slow."""
    return int(_table()[engine]["slow_below"])


def _offer(engine: str, language: LanguageTag) -> VoiceOffer | None:
    table = _table()[engine]
    found: tuple[str, dict[str, Any]] | None = None
    for row in table["offers"]:
        for tag in row["languages"]:
            if _begins(language, tag) and (found is None or len(tag) > len(found[0])):
                found = (tag, row)
    if found is None:
        return None
    tag, row = found
    return VoiceOffer(
        engine=engine,
        voice=row["voice"],
        language=LanguageTag(tag),
        quality=Quality(row["quality"]),
        reason=row["reason"],
        online=table["online"],
    )


def _begins(language: str, tag: str) -> bool:
    return f"{language}-".lower().startswith(f"{tag}-".lower())


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _voice_language(offer: VoiceOffer) -> str:
    return str(_voice_row(offer.engine, offer.voice)["language"])


def _voice_row(engine: str, voice: str) -> dict[str, Any]:
    """Give a voice's row; espeak's variants (``es-419+f3``) share their voice's."""
    table = _table().get(engine)
    if table is None:
        raise ProductionError(
            f'there is no voice engine "{engine}"',
            where=engine,
            remedy=f"choose one of: {', '.join(_table())}",
            code=ExitCode.VOICE,
        )
    name, plus, variant = voice.partition("+")
    row: dict[str, Any] | None = table["voices"].get(name)
    if row is None or (plus and variant not in table["variants"]):
        raise ProductionError(
            f'the voice engine {engine} has no voice "{voice}"',
            where=engine,
            remedy=f"choose one of: {', '.join(sorted(table['voices']))}",
            code=ExitCode.VOICE,
        )
    return row
