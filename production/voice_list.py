"""The list of voices: what speaks a language, what it is good for, and what to install."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audio.voices.catalogue import (
    Quality,
    VoiceOffer,
    engine_row,
    engines,
    foreign_offers,
    offer_for,
    offers,
)
from audio.voices.foreign import BrokenEngine, ForeignEngine, foreign_engines
from audio.voices.models import installed_names
from audio.voices.versions import installed_for, not_installed, not_ready
from production.tables import Table
from programme.errors import ExitCode, ProductionError
from programme.languages import canonical, is_known, known_tags, language
from programme.units import LanguageTag

_MEANING = {
    "air": "fit for air",
    "draft": "for air only where somebody who speaks the language listened and the workspace "
    "accepts it; listeners are told",
    "never": "misreads the language; never spoken",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVoice:
    """One voice for one language, as it stands on this machine."""

    offer: VoiceOffer
    state: str
    """``ready``, ``online`` or ``not here``; ``-`` for what is never spoken."""
    remedy: str
    """What to do where it is not ready; empty where it is."""

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        offer = self.offer
        return {
            "engine": offer.engine,
            "voice": offer.voice,
            "language": offer.language,
            "quality": offer.quality.value,
            "why": offer.reason,
            "online": offer.online,
            "state": self.state,
            "to_do": self.remedy,
            "others": list(offer.others),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceList:
    """Voices as a table, and what to do where there is none that is fit."""

    table: Table
    advice: tuple[str, ...]
    voices: tuple[ListedVoice, ...] = ()
    engines: tuple[tuple[str, ...], ...] = ()
    by_class: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        if self.engines:
            return {
                "engines": self.table.plain(),
                "languages": {name: list(tags) for name, tags in self.by_class},
                "advice": list(self.advice),
            }
        return {"voices": [voice.plain() for voice in self.voices], "advice": list(self.advice)}


def list_engines() -> VoiceList:
    """List the engines, and for which languages the built-in one is good."""
    rows = [_engine_row(engine) for engine in engines()]
    rows += [_foreign_row(found) for found in foreign_engines(frozenset(engines()))]
    classes = tuple(_by_class())
    lines = [f"{_HEADINGS[name]}: {_some(tags)}" for name, tags in classes if tags]
    return VoiceList(
        table=Table(columns=("engine", "what", "here"), rows=tuple(rows)),
        advice=(*lines, "One language: altavoz voices --lang ht"),
        engines=tuple(rows),
        by_class=classes,
    )


_SHOWN = 60
_WELL_KNOWN = ("ht", "quc", "mam", "kek", "nhe", "cab", "ps", "so", "wo")
_HEADINGS = {
    "air": "Built-in voice fit for air",
    "draft": "Built-in voice of draft class",
    "installable": "No built-in voice; another engine has one of draft class",
    "people": "People record",
}


def _some(tags: tuple[str, ...]) -> str:
    if len(tags) <= _SHOWN:
        return " ".join(tags)
    return f"the other {len(tags)}, such as {' '.join(_WELL_KNOWN)}"


def _by_class() -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[str, list[str]] = {name: [] for name in _HEADINGS}
    for tag in sorted(known_tags()):
        best = offers(LanguageTag(tag))
        inside = next((o for o in best if o.embedded and o.quality is not Quality.NEVER), None)
        if inside is not None:
            found[inside.quality.value].append(tag)
        elif any(offer.quality is not Quality.NEVER for offer in best):
            found["installable"].append(tag)
        else:
            found["people"].append(tag)
    for name, tags in found.items():
        yield name, tuple(tags)


def _engine_row(engine: str) -> tuple[str, ...]:
    row = engine_row(engine)
    if row["kind"] == "package":
        here = "asks the network" if row["online"] else "ready"
    elif row["kind"] == "models":
        names = installed_names()
        here = ", ".join(names) if names else "no voice installed: altavoz voices install NAME"
    else:
        ready = [voice for voice in row["voices"] if not_installed(engine, voice) is None]
        here = ", ".join(ready) if ready else f"not installed: {row['programs'][-1]}"
    return (engine, row["title"], here)


def _foreign_row(found: ForeignEngine | BrokenEngine) -> tuple[str, ...]:
    if isinstance(found, BrokenEngine):
        return (found.name, f"of {found.package}", f"broken: {found.problem}")
    online = "; asks the network" if found.online else ""
    return (found.name, f"of {found.package}", f"{found.version}{online}")


def list_voices(tag: str) -> VoiceList:
    """List the voices of one language, or the engines when the tag is empty.

    Raises:
        ProductionError: the tag is none that Altavoz knows.
    """
    if not tag:
        return list_engines()
    known = canonical(tag)
    if known is None or not is_known(known):
        raise ProductionError(
            f"{tag} is no language that Altavoz knows",
            where="--lang",
            remedy="use a tag such as es-419, ht or quc: altavoz voices without --lang lists many",
            code=ExitCode.USAGE,
        )
    voices = tuple(_listed(known))
    broken = [found for found in foreign_engines(frozenset(engines())) if _is_broken(found)]
    told = tuple(
        f"{found.name} of {found.package} cannot be used: see altavoz doctor" for found in broken
    )
    return VoiceList(table=_table(voices), advice=(*_advice(known, voices), *told), voices=voices)


def _is_broken(found: ForeignEngine | BrokenEngine) -> bool:
    return isinstance(found, BrokenEngine)


def _listed(tag: LanguageTag) -> Iterator[ListedVoice]:
    """Give each engine's voice for a language, and every installed Piper voice."""
    found = list(offers(tag))
    listed = {(offer.engine, offer.voice) for offer in found}
    names = [name for name in installed_for(tag) if ("piper", name) not in listed]
    found += [offer_for("piper", name, tag) for name in names]
    for stranger in foreign_engines(frozenset(engines())):
        if isinstance(stranger, ForeignEngine):
            found += foreign_offers(stranger, tag)
    for offer in found:
        if offer.quality is Quality.NEVER:
            yield ListedVoice(offer=offer, state="-", remedy="")
            continue
        error = not_ready(offer.engine, offer.voice)
        state = "not here" if error else "online" if offer.online else "ready"
        yield ListedVoice(offer=offer, state=state, remedy=error.remedy if error else "")


def _table(voices: tuple[ListedVoice, ...]) -> Table:
    return Table(
        columns=("voice", "class", "here", "why"),
        rows=tuple(
            (
                f"{voice.offer.engine}/{voice.offer.voice}",
                voice.offer.quality.value,
                voice.state,
                voice.offer.reason,
            )
            for voice in voices
        ),
    )


def _advice(tag: LanguageTag, voices: tuple[ListedVoice, ...]) -> tuple[str, ...]:
    name = language(tag).english
    qualities = {voice.offer.quality.value for voice in voices}
    lines = [f"{quality} = {_MEANING[quality]}" for quality in _MEANING if quality in qualities]
    lines += [
        f"{voice.offer.engine}/{voice.offer.voice}: {voice.remedy}"
        for voice in voices
        if voice.remedy
    ]
    others = {
        voice.offer.engine: voice.offer.others
        for voice in voices
        if voice.offer.others and not voice.offer.embedded and voice.state != "-"
    }
    lines += [f"Other voices of {engine}: {', '.join(names)}" for engine, names in others.items()]
    if not voices:
        lines.append(f"No voice speaks {name} ({tag}).")
    if "draft" in qualities:
        lines.append(
            f"To use a draft voice: let somebody who speaks {name} listen (altavoz say --voice "
            f"ENGINE/NAME), then name it under [voices.{tag}] in altavoz.toml with "
            "accept_draft = true."
        )
    if "air" not in qualities:
        lines.append(
            f"{'Or let' if 'draft' in qualities else 'Let'} people record it: "
            f"altavoz takes kit --lang {tag} makes a folder to hand to them."
        )
    return tuple(lines)
