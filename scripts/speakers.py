"""The speakers of a workspace, and how the line of a script names one.

The form is ``LOCUTORA: Buenos días.`` A label stands at the beginning of a line before a colon
and a space, letter for letter as altavoz.toml declares it for the language. Nobody speaks it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from programme.digests import Plain
from programme.speakers import Speaker
from programme.units import LanguageTag
from scripts.term_words import fold

MOST_CHARACTERS = 40
"""In one label; a longer one is a sentence."""
MOST_WORDS = 4
"""In one label."""

WIDE_COLON = "\uff1a"
"""As it is typed in Chinese and Japanese."""

MOST_BEFORE = 60
"""Characters before a colon that may be a label, with a remark in brackets."""
_NO_HEAD = frozenset("{}<>")
_COLON = re.compile(r":\s")
"""A time such as 8:00 and a placeholder have no space after it. Begins with the sign itself, for
which a text is searched at once."""


class Head(NamedTuple):
    """What stands before the colon that a line begins with, and what follows."""

    before: str
    """Spaces folded."""
    words: str


class Cue(NamedTuple):
    """A line that begins with a label."""

    speaker: str
    """Its id."""
    label: str
    words: str
    """What is said; empty where the label stands alone."""


def may_have_heads(text: str) -> bool:
    """Tell whether any line of a text may begin with a label; most texts have none."""
    return _COLON.search(text) is not None or text.endswith(":") or WIDE_COLON in text


def head_of(raw: str) -> Head | None:
    """Part a line at the colon that may end a label; None where there is none."""
    before, mark, after = raw.partition(":")
    if not mark or (after and not after[0].isspace()):
        before, mark, after = raw.partition(WIDE_COLON)
        if not mark or ":" in before:
            return None
    if len(before) > MOST_BEFORE or not _NO_HEAD.isdisjoint(before):
        return None
    words = " ".join(before.split())
    return Head(words, after.lstrip()) if words else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of one language."""

    ids: Mapping[str, str]
    """Label to the speaker's id."""
    folded: Mapping[str, str]
    """The labels by their letters alone, without case and accents."""
    inner: re.Pattern[str] | None
    """Finds a label that stands within a line; None where there are no labels."""
    first_words: tuple[str, ...]
    """Of the labels: a text in which none of them stands says no label anywhere."""

    def __bool__(self) -> bool:
        return bool(self.ids)

    def cue(self, raw: str) -> Cue | None:
        """Give the label that a line begins with; None where it begins with none of ours."""
        if not self.ids:
            return None
        head = head_of(raw)
        return self.cue_of(head) if head is not None else None

    def cue_of(self, head: Head) -> Cue | None:
        """Give the label that a line's beginning is; None where it is none of ours."""
        speaker = self.ids.get(head.before)
        return Cue(speaker, head.before, head.words) if speaker is not None else None

    def may_be_said_in(self, text: str) -> bool:
        """Tell whether one of the labels may stand anywhere in a text; in most none does."""
        return any(map(text.__contains__, self.first_words))


NO_LABELS = Labels(ids={}, folded={}, inner=None, first_words=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Everybody who speaks in the dialogues of a workspace."""

    by_id: Mapping[str, Speaker] = field(default_factory=dict)
    """In the order of altavoz.toml."""
    languages: tuple[LanguageTag, ...] = ()
    """Of the network, to say what to declare."""
    _tables: dict[LanguageTag, Labels] = field(default_factory=dict, compare=False, repr=False)
    _idle: dict[LanguageTag, set[str]] = field(default_factory=dict, compare=False, repr=False)

    def idle_beginnings(self, tag: LanguageTag) -> set[str]:
        """Give what stood before a colon and was found to be no label; whoever finds more adds it.

        The same few words begin many lines of a workspace (Importante: ...).
        """
        return self._idle.setdefault(tag, set())

    def labels(self, tag: LanguageTag) -> Labels:
        """Give the labels of a language."""
        if not self.by_id:
            return NO_LABELS
        found = self._tables.get(tag)
        if found is None:
            found = self._tables[tag] = _labels(self.by_id, tag)
        return found

    def label(self, speaker: str, tag: LanguageTag) -> str:
        """Give a speaker's label in a language; empty for the usual voice, and where it has none.

        Raises:
            KeyError: there is no such speaker.
        """
        return self.by_id[speaker].label(tag) if speaker else ""

    def plain(self) -> list[Plain]:
        """Give what findings follow from, for digests; nothing where nobody is declared."""
        return [
            [one.id, [[tag, label] for tag, label in sorted(one.labels.items())]]
            for one in self.by_id.values()
        ]


def _labels(speakers: Mapping[str, Speaker], tag: LanguageTag) -> Labels:
    ids: dict[str, str] = {}
    for one in speakers.values():
        label = unicodedata.normalize("NFC", one.label(tag))
        if label:
            ids.setdefault(label, one.id)
    if not ids:
        return NO_LABELS
    longest_first = sorted(ids, key=len, reverse=True)
    either = "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in longest_first)
    return Labels(
        ids=ids,
        folded={fold(label): label for label in ids},
        inner=re.compile(rf"(?<!\w)({either})\s*(?:\uff1a|:(?=\s|\Z))"),
        first_words=tuple(sorted({label.split()[0] for label in ids})),
    )


NO_SPEAKERS = Speakers()
