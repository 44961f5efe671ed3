"""A workspace seen with the words of spoken notices and of loops among its segments.

Their words come with Altavoz; what people record of them lies in the workspace like any other
recording. Seen so, kits, imports, reviews and lists of takes work for them as for the rest. A
segment of the workspace that has the name of a notice is the network's own wording, and wins.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from production.notices.words import FILE, notice_script
from production.packs.locators import PLACE, locator_script, name_script, opening_segments
from programme.notices import LANGUAGE_NAME, NoticeKind, locator_of
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from programme.words import Script, Translation, TranslationState
from scripts.workspace import Workspace

_Key = tuple[str, LanguageTag]
_Words = Callable[[LanguageTag], Script | None]


def with_notices(workspace: Workspace) -> Workspace:
    """Give the workspace with a segment for each announcement that it does not write itself.

    These are the notices, and where a station has loops what these say besides its editions.
    """
    own = {name: words for name, words in _announced(workspace) if name not in workspace.segments}
    if not own:
        return workspace
    segments = {name: segment for name, (segment, _) in own.items()}
    scripts = {name: script for name, (_, script) in own.items()}
    return replace(
        workspace,
        segments=MappingProxyType({**workspace.segments, **segments}),
        translations=_Translations(workspace, scripts),
    )


def _announced(workspace: Workspace) -> Iterator[tuple[str, tuple[Segment, _Words]]]:
    """Give what is recorded under a name of its own, and its words in a language."""
    for kind in NoticeKind:
        yield kind.segment, (_segment(kind), partial(notice_script, workspace, kind))
    looping = [one for one in workspace.stations.values() if one.loop is not None]
    if looping:
        told = opening_segments(looping[0])[LANGUAGE_NAME]
        yield LANGUAGE_NAME, (told, partial(name_script, workspace))
    for station in looping:
        name = locator_of(station.id)
        told = replace(opening_segments(station)[PLACE], id=name)
        yield name, (told, partial(locator_script, workspace, station))


def _segment(kind: NoticeKind) -> Segment:
    return Segment(
        id=kind.segment,
        # No content of its own: no chapter, no last day.
        kind=SegmentKind.DISCLAIMER,
        key_message="A message must not be used any more.",
        file=FILE,
    )


class _Translations(Mapping[_Key, Translation]):
    """Those of the workspace, and the words of announcements in any language."""

    def __init__(self, workspace: Workspace, words: Mapping[str, _Words]) -> None:
        self._workspace = workspace
        self._words = words
        self._kept: dict[_Key, Translation] = {}

    def __getitem__(self, key: _Key) -> Translation:
        if key[0] not in self._words:
            return self._workspace.translations[key]
        if key not in self._kept:
            self._kept[key] = self._announced(*key)
        return self._kept[key]

    def __iter__(self) -> Iterator[_Key]:
        yield from self._workspace.translations
        for tag in self._workspace.network.languages:
            yield from ((segment, tag) for segment in sorted(self._words))

    def __len__(self) -> int:
        languages = len(self._workspace.network.languages)
        return len(self._workspace.translations) + len(self._words) * languages

    def _announced(self, segment: str, tag: LanguageTag) -> Translation:
        source = self._workspace.network.source_language
        script = self._words[segment](tag)
        if script is None:
            state = TranslationState.MISSING
        elif tag == source:
            state = TranslationState.SOURCE
        else:
            state = TranslationState.FRESH
        return Translation(segment=segment, language=tag, state=state, script=script)
