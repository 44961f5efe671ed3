"""A station's own facts: the workspace as one station hears it.

Only what speaks an overridden fact is read again, with the station's own fact book; everything
else is the workspace's, so that what is said the same is made once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.facts import Contact, Fact
from programme.findings import Findings
from programme.series import Episode
from programme.stations import Station
from programme.units import LanguageTag
from programme.words import Script, Translation, TranslationState
from scripts.factbook import FactBook
from scripts.script_file import parse_script
from scripts.text_files import read_text

if TYPE_CHECKING:
    from scripts.workspace import Workspace


def station_book(book: FactBook, station: Station) -> FactBook:
    """Give the fact book in which a station's own values stand under the ids that they replace."""
    facts: dict[str, Fact] = dict(book.facts)
    contacts: dict[str, Contact] = dict(book.contacts)
    for override in station.overrides:
        if isinstance(override.value, Contact):
            contacts[override.replaces] = override.value
        else:
            facts[override.replaces] = override.value
    return replace(book, facts=MappingProxyType(facts), contacts=MappingProxyType(contacts))


def station_view(workspace: "Workspace", station: Station) -> "Workspace":
    """Give the workspace as one station hears it; the same where it overrides nothing."""
    if not station.overrides:
        return workspace
    book = station_book(workspace.factbook, station)
    replaced = frozenset(override.replaces for override in station.overrides)
    texts = StationTexts(workspace, book, replaced)
    return replace(workspace, factbook=book, translations=texts)


def own_editions(workspace: "Workspace", station: Station) -> frozenset[EditionKey]:
    """Give the editions that a station must have of its own, because they speak what it overrides.

    Also those from which the segment is left out today: with the station's own fact it may not be.
    """
    if not station.overrides or not station.has_own_files:
        return frozenset()
    replaced = {override.replaces for override in station.overrides}
    return frozenset(
        (episode.series, episode.id, tag)
        for episode in workspace.episodes
        if episode.series in station.series
        for tag in workspace.series[episode.series].languages
        if tag in station.languages and replaced & spoken_in(workspace, episode, tag)
    )


def spoken_in(workspace: "Workspace", episode: Episode, tag: LanguageTag) -> frozenset[str]:
    """Give every fact and contact that the texts of a rundown speak in a language.

    Where nobody writes the language, people may have recorded it from the source text.
    """
    found: set[str] = set()
    for slot in episode.slots:
        text = workspace.summaries.get((slot.segment, tag))
        if text is not None and text.state is TranslationState.MISSING:
            text = workspace.summaries.get((slot.segment, workspace.network.source_language))
        if text is not None:
            found.update(text.facts)
    return frozenset(found)


class StationTexts(Mapping[tuple[str, LanguageTag], Translation]):
    """Every translation of a workspace, with a station's own facts in the words."""

    def __init__(self, workspace: "Workspace", book: FactBook, replaced: frozenset[str]) -> None:
        """Take the workspace as everybody hears it, and what this station hears instead."""
        self._workspace = workspace
        self.book = book
        self._replaced = replaced
        self._kept: dict[tuple[str, LanguageTag], Translation] = {}

    def __getitem__(self, key: tuple[str, LanguageTag]) -> Translation:
        """Give a translation; one that cannot be said with the station's facts is faulty.

        Raises:
            ProductionError: the file is not the one that was checked; run the command again.
        """
        if key not in self._kept:
            general = self._workspace.translations[key]
            if not self._replaced & set(self._workspace.summaries[key].facts):
                return general
            script = self.read(key, Findings())
            if script is not None and general.script is not None:
                _refuse_other_words(general.script, script)
            state = general.state if script is not None else TranslationState.FAULTY
            self._kept[key] = replace(general, script=script, state=state)
        return self._kept[key]

    def __iter__(self) -> Iterator[tuple[str, LanguageTag]]:
        return iter(self._workspace.translations)

    def __len__(self) -> int:
        return len(self._workspace.translations)

    def read(self, key: tuple[str, LanguageTag], findings: Findings) -> Script | None:
        """Read a text with the station's facts; None where it cannot be said with them."""
        summary = self._workspace.summaries[key]
        if not summary.has_words:
            return None
        text = read_text(self._workspace.root / summary.file, file=summary.file, findings=findings)
        if text is None:
            return None
        return parse_script(
            text,
            file=summary.file,
            segment=summary.segment,
            language=summary.language,
            book=self.book,
            style=self._workspace.style,
            findings=findings,
        )


def _refuse_other_words(checked: Script, script: Script) -> None:
    """Refuse a text that was typed anew since it was checked and reviewed."""
    said = [[(one.speaker, one.raw) for one in text.sentences] for text in (checked, script)]
    if said[0] != said[1]:
        raise ProductionError(
            "this text changed while Altavoz was at work",
            where=script.file,
            remedy="run the command again, so that what is said is what was checked",
            code=ExitCode.INPUT,
        )
