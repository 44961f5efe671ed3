"""Which engine may speak which language, how well, and how fast it must be set.

The tables are data: catalogue.toml (what Altavoz brings along), piper.toml, system.toml. Engines
of other packages are asked only where a workspace or a command names them. Reading it all imports
no sound library and loads no engine, so that a build that has nothing to do can ask for versions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from audio.voices.foreign import BrokenEngine, ForeignEngine, ForeignOffer, foreign_engine
from audio.voices.models import voice_language
from programme.errors import ExitCode, ProductionError
from programme.tables import package_file, read_toml
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
    embedded: bool = False
    """Whether it comes with Altavoz, and so speaks on every machine."""
    others: tuple[str, ...] = ()
    """The engine's other voices for this language's family, for who wants to choose."""


_BEST_FIRST = (Quality.AIR, Quality.DRAFT, Quality.NEVER)
_SHOWN = 40
_UNHEARD = "Nobody has listened to this voice for this project. Read its licence."
_TABLES = ("catalogue.toml", "piper.toml", "system.toml")


@cache
def _table() -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name in _TABLES:
        rows |= read_toml(package_file("audio.voices", name))
    return rows


def engines() -> tuple[str, ...]:
    """Give the name of every engine that Altavoz knows itself, the usual one first."""
    return tuple(_table())


def engine_row(engine: str) -> Mapping[str, Any]:
    """Give an engine's table; ``kind`` is package, models or programs.

    Raises:
        KeyError: Altavoz has no such engine itself.
    """
    row: dict[str, Any] = _table()[engine]
    return row


def is_embedded(engine: str) -> bool:
    """Tell whether an engine is part of Altavoz: it says a sentence in milliseconds, anywhere."""
    return bool(_table().get(engine, {}).get("embedded", False))


def foreign(engine: str) -> ForeignEngine | None:
    """Give an engine of another package; None for one of Altavoz's own.

    Raises:
        ProductionError: there is no such engine, or its declaration is wrong; code VOICE.
    """
    if engine in _table():
        return None
    found = foreign_engine(engine, frozenset(_table()))
    if isinstance(found, BrokenEngine):
        raise found.error()
    return found


def foreign_offers(engine: ForeignEngine, language: LanguageTag) -> tuple[VoiceOffer, ...]:
    """Give what an engine of another package offers for a language: one, or none."""
    fitting = [offer for offer in engine.offers if _begins(language, offer.language)]
    longest = sorted(fitting, key=lambda offer: len(offer.language))[-1:]
    return tuple(_from_foreign(engine, offer) for offer in longest)


def _from_foreign(engine: ForeignEngine, offer: ForeignOffer) -> VoiceOffer:
    return VoiceOffer(
        engine=engine.name,
        voice=offer.voice,
        language=LanguageTag(offer.language),
        quality=Quality(offer.quality),
        reason=offer.reason,
        online=engine.online,
    )


def offers_of(engine: str, language: LanguageTag) -> tuple[VoiceOffer, ...]:
    """Give what one engine, of Altavoz or of another package, offers for a language.

    Raises:
        ProductionError: there is no such engine, or its declaration is wrong; code VOICE.
    """
    stranger = foreign(engine)
    if stranger is not None:
        return foreign_offers(stranger, language)
    offer = _offer(engine, language)
    return () if offer is None else (offer,)


def offers(language: LanguageTag) -> tuple[VoiceOffer, ...]:
    """Give what each engine of Altavoz offers for a language, best first; empty where none has it.

    A tag matches the longest entry that it begins with: es-MX is spoken as es-MX where
    that is listed, otherwise as es.
    """
    found = [offer for engine in _table() if (offer := _offer(engine, language)) is not None]
    return tuple(sorted(found, key=_best_first))


def _best_first(offer: VoiceOffer) -> tuple[int, bool, bool]:
    return _BEST_FIRST.index(offer.quality), offer.online, not offer.embedded


def usual_voice(language: LanguageTag) -> VoiceOffer | None:
    """Give the built-in voice for a language; None where people must record.

    Only a voice that every machine has may speak without being named: what a machine happens to
    have installed must not change who is heard. A draft offer is given as such: whether this
    workspace accepts it is not known here.
    """
    for offer in offers(language):
        if offer.embedded and offer.quality is not Quality.NEVER:
            return offer
    return None


def offer_for(engine: str, voice: str, language: LanguageTag) -> VoiceOffer:
    """Give what this voice of this engine is worth in this language.

    Raises:
        ProductionError: the engine or voice is not in the catalogue, or does not speak this
            language, or must not; code VOICE.
    """
    offer = _named(engine, voice, language)
    if offer is None:
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


def _named(engine: str, voice: str, language: LanguageTag) -> VoiceOffer | None:
    """Give a voice's offer for a language; None where it speaks another one."""
    stranger = foreign(engine)
    if stranger is not None:
        known = [offer.voice for offer in stranger.offers]
        if voice not in known:
            raise no_voice(engine, voice, known)
        return next((o for o in foreign_offers(stranger, language) if o.voice == voice), None)
    spoken = _spoken_by(engine, voice)
    offer = _offer(engine, language)
    if _primary(language) != _primary(spoken) and (
        offer is None or _primary(_spoken_by(engine, offer.voice)) != _primary(spoken)
    ):
        return None
    if offer is None:
        return _unlisted(engine, voice, LanguageTag(spoken))
    if offer.quality is Quality.NEVER or voice == offer.voice:
        return replace(offer, voice=voice)
    return replace(offer, voice=voice, reason=_reason(engine, voice))


def _reason(engine: str, voice: str) -> str:
    """Give why a voice has its class: the row of its own language says it, if there is one."""
    name = voice.partition("+")[0]
    rows = _table()[engine]["offers"]
    return next((row["reason"] for row in rows if row["voice"] == name), _UNHEARD)


def _spoken_by(engine: str, voice: str) -> str:
    """Give the language of a voice; of a Piper voice that no table lists, what its name says."""
    if engine == "piper" and voice not in _table()[engine]["voices"]:
        spoken = voice_language(voice)
        if spoken is not None:
            return spoken
    return str(voice_row(engine, voice)["language"])


def _unlisted(engine: str, voice: str, language: LanguageTag) -> VoiceOffer:
    return VoiceOffer(
        engine=engine,
        voice=voice,
        language=language,
        quality=Quality.DRAFT,
        reason=_UNHEARD,
        online=False,
    )


def told_apart(engine: str, voice: str) -> tuple[str, ...]:
    """Give voices of one language that ears tell apart, beginning with this one.

    Only variants that every machine has with the voice: which others somebody installed must not
    change who is heard.
    """
    variants: list[str] = _table().get(engine, {}).get("told_apart", [])
    name = voice.partition("+")[0]
    others = (f"{name}+{variant}" if variant else name for variant in variants)
    return tuple(dict.fromkeys((voice, *others)))


def engine_rate(engine: str, voice: str, words_per_minute: int) -> int:
    """Turn the pace that a listener should hear into the engine's own rate, within its limits."""
    row = voice_row(engine, voice)
    lowest, highest = _table()[engine]["rate_limits"]
    return int(max(lowest, min(highest, round(words_per_minute * row["rate_factor"]))))


def tld(engine: str, voice: str) -> str:
    """Give the domain that an online engine's voice is asked at; it chooses the accent."""
    return str(voice_row(engine, voice)["tld"])


def setting_of(engine: str, voice: str, words_per_minute: int) -> str:
    """Give what a pace does to an engine: equal settings give equal sound."""
    if engine in _table() and "slow_below" in _table()[engine]:
        slow = engine_rate(engine, voice, words_per_minute) < slow_below(engine)
        return "slow" if slow else "normal"
    return str(words_per_minute)


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
        embedded=table["embedded"],
        others=_others(engine, row["voice"]),
    )


@cache
def _others(engine: str, voice: str) -> tuple[str, ...]:
    """Give the engine's other voices of the same language, in the table's order."""
    voices = _table()[engine]["voices"]
    spoken = voices[voice]["language"]
    return tuple(n for n, row in voices.items() if row["language"] == spoken and n != voice)


def _begins(language: str, tag: str) -> bool:
    return f"{language}-".lower().startswith(f"{tag}-".lower())


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def voice_row(engine: str, voice: str) -> dict[str, Any]:
    """Give a voice's row; espeak's variants (``es-419+f3``) share their voice's."""
    table = _table()[engine]
    name, plus, variant = voice.partition("+")
    row: dict[str, Any] | None = table["voices"].get(name)
    if row is None or (plus and variant not in table["variants"]):
        raise no_voice(engine, voice, table["voices"])
    return row


def no_voice(engine: str, voice: str, known: Iterable[str]) -> ProductionError:
    """Say that an engine has no such voice, and which it has."""
    names = sorted(known)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ProductionError(
        f'the voice engine {engine} has no voice "{voice}"',
        where=engine,
        remedy=f"choose one of: {', '.join(names[:_SHOWN])}{more}",
        code=ExitCode.VOICE,
    )
