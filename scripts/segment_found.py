"""What a segment is judged by, and what was found in it: the values, without the rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from programme.findings import Finding
from programme.segments import Segment
from programme.units import LanguageTag
from scripts.factbook import FactBook
from scripts.house_style import HouseStyle
from scripts.summaries import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every segment of a workspace is judged by."""

    languages: tuple[LanguageTag, ...] | None
    """Of the network; None where altavoz.toml could not be read: then no text is read."""
    source_language: LanguageTag
    book: FactBook
    style: HouseStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCheck:
    """What was found in one segment's folder."""

    id: str
    segment: Segment | None
    """None where segment.yml is missing or faulty."""
    lines: Mapping[str, int]
    """Line of each key in segment.yml."""
    languages: tuple[LanguageTag, ...]
    """Those in which there is a text, sound or not."""
    summaries: tuple[Summary, ...]
    """For every language of the network, the source first."""
    findings: tuple[Finding, ...]
    facts: tuple[str, ...]
    """Every id that was looked up in the fact book, sorted, also one that is not there."""
    whole_book: bool
    """Whether more of the fact book was looked at than these ids, such as for a near name."""
    apart: bool = False
    """Whether all that was found in a language's own files follows from these, the source and
    segment.yml, and nothing else was found with them: then one language can be checked alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was found in a segment of which only some translations changed since."""

    found: SegmentCheck
    changed: frozenset[LanguageTag]
    """Never the source language: every translation is held against it."""


def files_of(folder: str, language: LanguageTag) -> tuple[str, str]:
    """Give the files of one language in a segment's folder, as findings name them."""
    return f"{folder}/{language}.md", f"{folder}/{language}.from"
