"""A workspace seen with the words of spoken notices among its segments.

Their words come with Altavoz; what people record of them lies in the workspace like any other
recording. Seen so, kits, imports, reviews and lists of takes work for them as for the rest. A
segment of the workspace that has the name of a notice is the network's own wording, and wins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from production.notice_words import FILE, notice_script
from programme.notices import NoticeKind, notice_of
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from programme.words import Translation, TranslationState
from scripts.workspace import Workspace

_Key = tuple[str, LanguageTag]


def with_notices(workspace: Workspace) -> Workspace:
    """Give the workspace with a segment for each kind of notice that it does not write itself."""
    own = {
        kind.segment: _segment(kind)
        for kind in NoticeKind
        if kind.segment not in workspace.segments
    }
    if not own:
        return workspace
    return replace(
        workspace,
        segments=MappingProxyType({**workspace.segments, **own}),
        translations=_Translations(workspace, frozenset(own)),
    )


def _segment(kind: NoticeKind) -> Segment:
    return Segment(
        id=kind.segment,
        # No content of its own: no chapter, no last day.
        kind=SegmentKind.DISCLAIMER,
        key_message="A message must not be used any more.",
        file=FILE,
    )


class _Translations(Mapping[_Key, Translation]):
    """Those of the workspace, and the words of notices in any language."""

    def __init__(self, workspace: Workspace, notices: frozenset[str]) -> None:
        self._workspace = workspace
        self._notices = notices
        self._kept: dict[_Key, Translation] = {}

    def __getitem__(self, key: _Key) -> Translation:
        segment, tag = key
        kind = notice_of(segment)
        if kind is None or segment not in self._notices:
            return self._workspace.translations[key]
        if key not in self._kept:
            self._kept[key] = self._notice(kind, tag)
        return self._kept[key]

    def __iter__(self) -> Iterator[_Key]:
        yield from self._workspace.translations
        for tag in self._workspace.network.languages:
            yield from ((segment, tag) for segment in sorted(self._notices))

    def __len__(self) -> int:
        languages = len(self._workspace.network.languages)
        return len(self._workspace.translations) + len(self._notices) * languages

    def _notice(self, kind: NoticeKind, tag: LanguageTag) -> Translation:
        source = self._workspace.network.source_language
        script = notice_script(self._workspace, kind, tag)
        if script is None:
            state = TranslationState.MISSING
        elif tag == source:
            state = TranslationState.SOURCE
        else:
            state = TranslationState.FRESH
        return Translation(segment=kind.segment, language=tag, state=state, script=script)
