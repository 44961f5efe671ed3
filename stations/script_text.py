"""What a script says, in order: editions, sections, paragraphs; and its plain-text form.

The words are those of the captions, so that the printed script is what is heard, repeats
included. A chapter's title heads the sentences that begin within it.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from programme.editions import Caption, Chapter, Edition
from programme.facts import Source
from programme.units import LanguageTag
from stations.manifest import series_title
from stations.pack_plan import PackPlan, PackRequest, Track
from stations.phrases import Phrases, direction, language_name, phrases_for, phrases_in
from stations.plain_text import crlf, directed, isolate, keep_numbers, length, one_line
from stations.recall import recall_lines

WIDTH = 76
"""Characters of a line of plain text: fits A4 and Letter in a fixed font."""

RULE = "=" * WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The sentences under one chapter."""

    title: str
    """Empty for what is said outside every chapter, such as who speaks."""
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePage:
    """What the printed pages of one language are made from."""

    language: LanguageTag
    phrases: Phrases
    tracks: tuple[Track, ...]
    """Those of the language, in play order."""
    request: PackRequest
    plan: PackPlan

    @property
    def borrowed(self) -> str:
        """Says that the fixed phrases are in another language; empty where they are not."""
        if phrases_in(self.language) is not None:
            return ""
        return self.phrases("fallback", languages=language_name(self.language))

    @property
    def recalled(self) -> tuple[str, ...]:
        """What of earlier packs must be deleted in this language, as lines; mostly none."""
        own = tuple(one for one in self.request.recalls if one.language == self.language)
        present = {track.path: track.item.edition.title for track in self.plan.tracks}
        return tuple(recall_lines(own, present, self.phrases))

    @property
    def heading(self) -> str:
        """The page's title."""
        name = language_name(self.language)
        return f"{one_line(self.request.network.name)} · {self.phrases('script')} · {name}"

    @property
    def total_ms(self) -> int:
        """How long its tracks last together."""
        return sum(track.item.heard_in(self.language).duration_ms for track in self.tracks)


def language_page(request: PackRequest, plan: PackPlan, language: LanguageTag) -> LanguagePage:
    """Gather the tracks and phrases of one language of a pack."""
    return LanguagePage(
        language=language,
        phrases=phrases_for(language, request.station.languages, request.network.source_language),
        tracks=tuple(t for t in plan.tracks if language in t.item.languages),
        request=request,
        plan=plan,
    )


def sections(edition: Edition) -> tuple[Section, ...]:
    """Put an edition's sentences into paragraphs, and these under their chapters.

    In a dialogue each turn is a paragraph that begins with the speaker's label, as on stage.
    """
    found = []
    for chapter, captions in groupby(edition.captions, key=lambda c: _chapter(edition, c)):
        paragraphs = tuple(
            labelled(speaker, " ".join(one_line(caption.text) for caption in sentences))
            for (_, speaker), sentences in groupby(captions, key=lambda c: (c.paragraph, c.speaker))
        )
        title = one_line(chapter.title) if chapter else ""
        found.append(Section(title=title, paragraphs=paragraphs))
    return tuple(found)


def labelled(speaker: str, words: str) -> str:
    """Give words with the label of who says them; the usual voice has none."""
    return f"{one_line(speaker)}: {words}" if speaker else words


def _chapter(edition: Edition, caption: Caption) -> Chapter | None:
    return next(
        (one for one in edition.chapters if one.start_ms <= caption.start_ms < one.end_ms), None
    )


def render_script_text(page: LanguagePage) -> bytes:
    """Render the script of one language as plain text: UTF-8, CRLF, lines of WIDTH at most."""
    say, way = page.phrases, direction(page.phrases.language)
    lines = wrapped([page.heading], way)
    lines += wrapped([say("valid_until", date=say.day(page.plan.valid_until))], way)
    lines += wrapped([say("never_after")], way)
    lines += wrapped([say("demo")], way) if page.plan.demo else []
    lines += wrapped([say("synthetic")], way) if page.plan.synthetic_voice else []
    lines += wrapped([say("draft")], way) if page.plan.draft_voice else []
    lines += wrapped([page.borrowed], way) if page.borrowed else []
    lines += ["", *wrapped(page.recalled, way)] if page.recalled else []
    for number, track in enumerate(page.tracks, start=1):
        lines += ["", RULE, *_edition_lines(page, number, track)]
    lines += [
        "",
        RULE,
        *wrapped([say("publisher", network=one_line(page.request.network.name))], way),
    ]
    return crlf(lines)


def _edition_lines(page: LanguagePage, number: int, track: Track) -> list[str]:
    edition, say = track.item.heard_in(page.language), page.phrases
    last_day = track.item.last_day
    fixed, way = direction(say.language), direction(page.language)
    series = series_title(page.request.series, edition.series, edition.language)
    lines = wrapped([f"{number}. {one_line(edition.title)}"], way)
    lines += wrapped([one_line(series)], way)
    lines += wrapped(
        [
            say("episode", number=str(edition.number), date=say.day(edition.dated)),
            say("duration", duration=length(edition.duration_ms)),
            *([say("valid_until", date=say.day(last_day))] if last_day else []),
        ],
        fixed,
    )
    lines += wrapped([say("file", file=isolate(track.path, fixed))], fixed)
    for section in sections(edition):
        if section.title and section.title != one_line(edition.title):
            lines += ["", *wrapped([f"[{section.title}]"], way)]
        for paragraph in section.paragraphs:
            lines += ["", *wrapped([paragraph], way)]
    if edition.sources:
        lines += ["", *wrapped([say("sources")], fixed)]
        for source in edition.sources:
            lines += _source_lines(source, say, way)
    return lines


def _source_lines(source: Source, say: Phrases, way: str) -> list[str]:
    lines = wrapped([f"- {one_line(source.title)}"], way)
    if source.url:
        lines.append(f"  {isolate(one_line(source.url), way)}")
    if source.retrieved is not None:
        lines += wrapped([f"  {say('retrieved', date=say.day(source.retrieved))}"], way)
    return lines


def wrapped(paragraphs: Iterable[str], way: str) -> list[str]:
    """Wrap paragraphs to WIDTH; numbers stay whole and in order, addresses are never broken."""
    return [line for paragraph in paragraphs for line in _folded(paragraph, way)]


@lru_cache(maxsize=4096)
def _folded(paragraph: str, way: str) -> tuple[str, ...]:
    """Wrap one; hundreds of stations say the same."""
    folded = textwrap.wrap(
        keep_numbers(paragraph, way),
        WIDTH,
        break_long_words=False,
        break_on_hyphens=False,
        subsequent_indent=" " * (len(paragraph) - len(paragraph.lstrip(" -"))),
    )
    return tuple(directed(line, way) for line in folded)
