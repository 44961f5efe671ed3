"""One segment, judged whole: what is found follows from its folder, the facts and the house style.

Nothing here knows the day, another segment or a station: that is for cross_checks. So what was
found once holds until one of these changes, and check_cache keeps it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from programme.findings import Finding, Findings
from programme.units import LanguageTag
from programme.words import Script, Translation, TranslationState
from scripts.allowances import settle
from scripts.concept_check import check_concepts
from scripts.factbook import FactBook
from scripts.read_segments import SegmentFolder, read_segment
from scripts.rules import check_script
from scripts.rules_kinds import ABSENCES
from scripts.script_file import read_script
from scripts.segment_found import Ground, SegmentCheck
from scripts.summaries import Summary, summarise
from scripts.text_files import read_text
from scripts.translations import assess
from scripts.tree import Entry, Listing, Tree

T = TypeVar("T")


def check_segment(tree: Tree, folder: Entry, listing: Listing, ground: Ground) -> SegmentCheck:
    """Check one segment.

    Args:
        tree: the workspace; its findings stay as they are.
        folder: the segment's folder.
        listing: what the folder holds.
        ground: what it is judged by.
    """
    findings = Findings()
    asked = Asked()
    own = replace(ground, book=asked.noting(ground.book))
    files = read_segment(Tree(root=tree.root, findings=findings), folder, listing, ground.languages)
    summaries = _check_texts(folder, files, own, findings) if ground.languages else []
    return SegmentCheck(
        id=folder.name,
        segment=files.segment,
        lines=files.lines,
        languages=tuple(files.texts),
        summaries=tuple(summaries),
        findings=tuple(findings.items),
        facts=frozenset(asked.ids),
        whole_book=asked.whole,
    )


def _check_texts(
    folder: Entry, files: SegmentFolder, ground: Ground, findings: Findings
) -> list[Summary]:
    """Judge the source first, so that each language can be held against it."""
    first = ground.source_language
    source = _read_script(folder, files, first, ground, findings)
    if first not in files.texts:
        findings.add(
            file=f"{folder.file}/{first}.md",
            line=0,
            rule="script.missing",
            problem="the text in the source language is missing",
            remedy="write it: a title line beginning with #, then one sentence a line",
        )
    others = [tag for tag in ground.languages or () if tag != first]
    summaries: list[Summary] = []
    written: list[Script] = []
    for language in [first, *others]:
        target = source
        if language != first:
            target = _read_script(folder, files, language, ground, findings)
        text = files.texts.get(language)
        file = text.file if text else f"{folder.file}/{language}.md"
        translation = _assess(folder, files, language, source, target, file, findings)
        if (
            source
            and target
            and target is not source
            and translation.state is not TranslationState.STALE
        ):
            check_concepts(source, target, ground.style.terms, findings)
        summaries.append(summarise(translation, file=file))
        if translation.script is not None:
            written.append(translation.script)
    for script in written:
        # after every check of every language, or an allowance that is used would seem idle
        findings.items = settle(script, findings.items)
    return summaries


def _assess(  # noqa: PLR0917 - what every text needs
    folder: Entry,
    files: SegmentFolder,
    language: LanguageTag,
    source: Script | None,
    target: Script | None,
    file: str,
    findings: Findings,
) -> Translation:
    copy = files.provenance.get(language)
    return assess(
        segment=folder.name,
        language=language,
        source=source,
        target=target,
        target_exists=language in files.texts,
        provenance=None
        if copy is None
        else read_text(copy.address, file=copy.file, findings=findings),
        file=file,
        findings=findings,
    )


def _read_script(
    folder: Entry,
    files: SegmentFolder,
    language: LanguageTag,
    ground: Ground,
    findings: Findings,
) -> Script | None:
    entry = files.texts.get(language)
    if entry is None:
        return None
    text = read_text(entry.address, file=entry.file, findings=findings)
    if text is None:
        return None
    reading = read_script(
        text,
        file=entry.file,
        segment=folder.name,
        language=language,
        book=ground.book,
        style=ground.style,
        findings=findings,
    )
    if reading.draft is None or files.segment is None:
        return reading.script
    judged = Findings()
    check_script(
        reading.draft,
        files.segment,
        book=ground.book,
        style=ground.style,
        findings=judged,
        is_source=language == ground.source_language,
    )
    if reading.script is None:
        judged.items = settle(reading.draft, _present(judged), idle=False)
    findings.extend(judged.items)
    return reading.script


def _present(findings: Findings) -> list[Finding]:
    """Leave out what a script with errors seems to lack: it may stand in the faulty line."""
    return [found for found in findings.items if found.rule not in ABSENCES]


class Asked:
    """Notes what is asked of a fact book, so that a change of anything else concerns nobody."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.whole = False

    def noting(self, book: FactBook) -> FactBook:
        """Give the same book, whose every look-up is noted here."""
        return replace(
            book,
            facts=_Noted(book.facts, self),
            contacts=_Noted(book.contacts, self),
            faulty=_Noted(book.faulty, self),
        )


class _Noted(Mapping[str, T]):
    """A part of the book that tells what it was asked."""

    def __init__(self, inner: Mapping[str, T], asked: Asked) -> None:
        self.inner = inner
        self.asked = asked

    def __getitem__(self, name: str) -> T:
        self.asked.ids.add(name)
        return self.inner[name]

    def __contains__(self, name: object) -> bool:
        self.asked.ids.add(str(name))
        return name in self.inner

    def __iter__(self) -> Iterator[str]:
        self.asked.whole = True
        return iter(self.inner)

    def __len__(self) -> int:
        self.asked.whole = True
        return len(self.inner)
