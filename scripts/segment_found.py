"""What a segment is judged by, and what was found in it: the values, without the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import NamedTuple

from programme.findings import Findings
from programme.kept_findings import KeptFindings
from programme.segments import Segment
from programme.units import LanguageTag
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle
from scripts.kept_file import digest_of
from scripts.summaries import Summary

_FIELDS = attrgetter(*(field.name for field in fields(Segment)))
_STATE, _WORDS = Summary._fields.index("state"), Summary._fields.index("words_digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every segment of a workspace is judged by."""

    languages: tuple[LanguageTag, ...] | None
    """Of the network; None where altavoz.toml could not be read: then no text is read."""
    source_language: LanguageTag
    book: FactBook
    style: HouseStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentAbout:
    """What the rest of the house must know of a segment."""

    segment: Segment | None
    """None where segment.yml is missing or faulty."""
    lines: Mapping[str, int]
    """Line of each key in segment.yml."""
    languages: tuple[LanguageTag, ...]
    """Those in which there is a text, sound or not."""
    summaries: tuple[Summary, ...]
    """For every language of the network, the source first."""


class SegmentFound(NamedTuple):
    """What every command needs of a segment, and where the rest is."""

    id: str
    languages: tuple[LanguageTag, ...]
    """As in SegmentAbout."""
    consent: str
    """Id of the record that it names; empty where it names none, or is faulty."""
    face: str
    """Changes when anything does that is held against other files, but for the words as such."""
    about: "Callable[[], SegmentAbout]"
    """Gives the rest; reads it where it was kept."""


class SegmentCheck(NamedTuple):
    """What was found in one segment's folder."""

    id: str
    about: SegmentAbout
    findings: Findings
    facts: tuple[str, ...]
    """Every id that was looked up in the fact book, sorted, also one that is not there."""
    whole_book: bool
    """Whether more of the fact book was looked at than these ids, such as for a near name."""
    apart: bool
    """Whether all that was found in a language's own files follows from these, the source and
    segment.yml, and nothing else was found with them: then one language can be checked alone."""


class Earlier(NamedTuple):
    """What was found in a segment of which only some translations changed since."""

    about: SegmentAbout
    findings: KeptFindings
    facts: tuple[str, ...]
    whole_book: bool
    changed: frozenset[LanguageTag]
    """Never the source language: every translation is held against it."""


def found_of(check: SegmentCheck) -> SegmentFound:
    """Give what was found just now as what was kept is given."""
    about = check.about
    return SegmentFound(
        id=check.id,
        languages=about.languages,
        consent=about.segment.consent if about.segment else "",
        face=_face(about),
        about=lambda: about,
    )


def _face(about: SegmentAbout) -> str:
    # plain texts and tuples: named ones and members of enumerations are written at leisure
    texts = [
        (
            *one[:_STATE],
            one.state.value,
            *one[_STATE + 1 : _WORDS],
            one.has_words,
            *one[_WORDS + 1 :],
        )
        for one in about.summaries
    ]
    segment = None if about.segment is None else _FIELDS(about.segment)
    return digest_of(repr([segment, dict(about.lines), about.languages, texts]))


def files_of(folder: str, language: LanguageTag) -> tuple[str, str]:
    """Give the files of one language in a segment's folder, as findings name them."""
    return f"{folder}/{language}.md", f"{folder}/{language}.from"
