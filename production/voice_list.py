"""The list of voices: what speaks a language, what it is good for, and what else can be done."""

from dataclasses import dataclass
from typing import Any

from audio.voices.catalogue import VoiceOffer, offers
from production.tables import Table
from programme.errors import ExitCode, ProductionError
from programme.languages import canonical, is_known, known_tags, language
from programme.units import LanguageTag

_MEANING = {
    "air": "fit for air",
    "draft": "draft: for air only where somebody who speaks the language accepted it",
    "never": "never: it misreads the language",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceList:
    """Voices as a table, and what to do where there is none that is fit."""

    table: Table
    advice: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        return {"voices": self.table.plain(), "advice": list(self.advice)}


def list_voices(tag: str) -> VoiceList:
    """List the voices of one language, or of all when the tag is empty.

    Raises:
        ProductionError: the tag is none that Altavoz knows.
    """
    if not tag:
        rows = tuple(
            _row(LanguageTag(known), offer)
            for known in sorted(known_tags())
            for offer in offers(LanguageTag(known))
        )
        return VoiceList(table=_table(rows), advice=("One language: altavoz voices --lang ht",))
    known = canonical(tag)
    if known is None or not is_known(known):
        raise ProductionError(
            f"{tag} is no language that Altavoz knows",
            where="--lang",
            remedy="use a tag such as es-419, ht or quc; see programme/languages.toml",
            code=ExitCode.USAGE,
        )
    name = language(known).english
    found = offers(known)
    rows = tuple(_row(known, offer) for offer in found)
    return VoiceList(
        table=_table(rows), advice=_advice(known, name, {o.quality.value for o in found})
    )


def _row(tag: LanguageTag, offer: VoiceOffer) -> tuple[str, ...]:
    engine = f"{offer.engine} (online)" if offer.online else offer.engine
    return (tag, language(tag).english, engine, offer.voice, offer.quality.value, offer.reason)


def _table(rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(columns=("language", "name", "engine", "voice", "quality", "why"), rows=rows)


def _advice(tag: LanguageTag, name: str, qualities: set[str]) -> tuple[str, ...]:
    lines = [f"{quality} = {_MEANING[quality]}" for quality in _MEANING if quality in qualities]
    if "air" in qualities:
        return tuple(lines)
    if not qualities:
        lines.append(f"No voice speaks {name} ({tag}).")
    if "draft" in qualities:
        lines.append(
            f"To use a draft voice: let somebody who speaks {name} listen (altavoz say), then set "
            f"accept_draft = true under [voices.{tag}] in altavoz.toml."
        )
    lines.append(
        f"Or let people record the segments: altavoz takes add SEGMENT {tag} FILE... "
        "(altavoz build lists what is missing)."
    )
    return tuple(lines)
