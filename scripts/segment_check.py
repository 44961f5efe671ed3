"""One segment, judged whole: what is found follows from its folder, the facts and the house style.

Nothing here knows the day, another segment or a station: that is for cross_checks. So what was
found once holds until one of these changes, and check_cache keeps it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeVar

from programme.findings import Finding, Findings
from programme.units import LanguageTag
from programme.words import Script, Translation, TranslationState
from scripts.allowances import settle
from scripts.concept_check import check_concepts
from scripts.factbook import FactBook
from scripts.read_segments import SegmentFolder, find_texts, read_segment
from scripts.rules import check_script
from scripts.rules_kinds import ABSENCES
from scripts.script_file import read_script
from scripts.segment_found import Earlier, Ground, SegmentAbout, SegmentCheck, files_of
from scripts.summaries import Summary, summarise
from scripts.text_files import read_text
from scripts.translations import assess
from scripts.tree import Entry, Listing, Tree

T = TypeVar("T")


def check_segment(
    tree: Tree, folder: Entry, listing: Listing, ground: Ground, *, earlier: Earlier | None = None
) -> SegmentCheck:
    """Check one segment.

    Args:
        tree: the workspace; its findings stay as they are.
        folder: the segment's folder.
        listing: what the folder holds.
        ground: what it is judged by.
        earlier: what was found before, where only some translations changed: the others are then
            not judged again.
    """
    findings = Findings()
    asked = Asked()
    own = Ground(
        languages=ground.languages,
        source_language=ground.source_language,
        book=asked.noting(ground.book),
        style=ground.style,
    )
    if earlier is not None:
        again = _check_changed(tree, folder, listing, own, earlier)
        if again is not None:
            return again._replace(
                facts=tuple(sorted(asked.ids.union(again.facts))),
                whole_book=again.whole_book or asked.whole,
            )
    files = read_segment(Tree(root=tree.root, findings=findings), folder, listing, ground.languages)
    texts = _check_texts(folder, files, own) if ground.languages else []
    apart = all(one.is_apart for one in texts) and _is_apart(findings, folder, ground)
    for one in texts:
        findings.extend(one.findings.items)
    for script in [one.script for one in texts if one.script is not None]:
        # after every check of every language, or an allowance that is used would seem idle
        findings.items = settle(script, findings.items)
    return SegmentCheck(
        id=folder.name,
        about=SegmentAbout(
            segment=files.segment,
            lines=files.lines,
            languages=tuple(files.texts),
            summaries=tuple(one.summary for one in texts),
        ),
        findings=findings,
        facts=tuple(sorted(asked.ids)),
        whole_book=asked.whole,
        apart=apart,
    )


class _Text(NamedTuple):
    """What was found in one language."""

    findings: Findings
    is_apart: bool
    """Whether all of it is about the language's own files."""
    script: Script | None
    """None where there are no words that may be read in this state."""
    summary: Summary


def _is_apart(findings: Findings, folder: Entry, ground: Ground) -> bool:
    """Tell whether nothing that was found of the folder is about a language's files."""
    tags = ground.languages or ()
    files = {file for tag in tags for file in files_of(folder.file, tag)}
    return all(found.file not in files for found in findings.items)


def _check_changed(
    tree: Tree, folder: Entry, listing: Listing, ground: Ground, earlier: Earlier
) -> SegmentCheck | None:
    """Judge the translations that changed; None where more than these must be judged again."""
    files = find_texts(
        Tree(root=tree.root, findings=Findings()),  # what is found of the folder was kept
        folder,
        listing,
        ground.languages,
        segment=earlier.about.segment,
        lines=earlier.about.lines,
    )
    # What the source has to say of itself was kept; its words are what the others are held to.
    source = _read_script(folder, files, ground.source_language, ground, None)
    texts = {
        tag: _check_text(folder, files, tag, source, ground, Findings())
        for tag in ground.languages or ()
        if tag in earlier.changed
    }
    if not all(one.is_apart for one in texts.values()):
        return None
    gone = {file for tag in texts for file in files_of(folder.file, tag)}
    findings = [one for one in earlier.findings.read() if one.file not in gone]
    for one in texts.values():
        items = one.findings.items
        findings += items if one.script is None else settle(one.script, items)
    summaries = tuple(
        texts[one.language].summary if one.language in texts else one
        for one in earlier.about.summaries
    )
    return SegmentCheck(
        id=folder.name,
        about=replace(earlier.about, summaries=summaries),
        findings=Findings(findings),
        facts=earlier.facts,
        whole_book=earlier.whole_book,
        apart=True,
    )


def _check_texts(folder: Entry, files: SegmentFolder, ground: Ground) -> list[_Text]:
    """Judge the source first, so that each language can be held against it."""
    first = ground.source_language
    own = Findings()
    source = _read_script(folder, files, first, ground, own)
    if first not in files.texts:
        own.add(
            file=f"{folder.file}/{first}.md",
            line=0,
            rule="script.missing",
            problem="the text in the source language is missing",
            remedy="write it: a title line beginning with #, then one sentence a line",
        )
    others = [tag for tag in ground.languages or () if tag != first]
    return [
        _check_text(folder, files, first, source, ground, own),
        *(_check_text(folder, files, tag, source, ground, Findings()) for tag in others),
    ]


def _check_text(  # noqa: PLR0917 - what every text needs
    folder: Entry,
    files: SegmentFolder,
    language: LanguageTag,
    source: Script | None,
    ground: Ground,
    findings: Findings,
) -> _Text:
    """Judge one language: nothing of another but of the source may count here, see Earlier."""
    target = source
    if language != ground.source_language:
        target = _read_script(folder, files, language, ground, findings)
    text = files.texts.get(language)
    file = text.file if text else f"{folder.file}/{language}.md"
    translation = _assess(folder, files, language, source, target, file, ground, findings)
    if (
        source
        and target
        and target is not source
        and translation.state is not TranslationState.STALE
    ):
        check_concepts(source, target, ground.style.terms, findings)
    own = files_of(folder.file, language)
    return _Text(
        findings=findings,
        is_apart=all(found.file in own for found in findings.items),
        script=translation.script,
        summary=summarise(translation, file=file),
    )


def _assess(  # noqa: PLR0917 - what every text needs
    folder: Entry,
    files: SegmentFolder,
    language: LanguageTag,
    source: Script | None,
    target: Script | None,
    file: str,
    ground: Ground,
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
        speakers=ground.style.speakers,
    )


def _read_script(
    folder: Entry,
    files: SegmentFolder,
    language: LanguageTag,
    ground: Ground,
    judged: Findings | None,
) -> Script | None:
    """Give the words of one language, and judge them; without judging where nobody asks."""
    entry = files.texts.get(language)
    if entry is None:
        return None
    findings = Findings() if judged is None else judged
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
    if judged is None or reading.draft is None or files.segment is None:
        return reading.script
    of_words = Findings()
    check_script(
        reading.draft,
        files.segment,
        book=ground.book,
        style=ground.style,
        findings=of_words,
        is_source=language == ground.source_language,
    )
    if reading.script is None:
        of_words.items = settle(reading.draft, _present(of_words), idle=False)
    findings.extend(of_words.items)
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
        return FactBook(
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

    def get(self, name: str, default: T | None = None) -> T | None:  # type: ignore[override]
        """Give what stands under a name; without the exception by which a mapping finds nothing."""
        self.asked.ids.add(name)
        return self.inner.get(name, default)

    def __contains__(self, name: object) -> bool:
        self.asked.ids.add(str(name))
        return name in self.inner

    def __iter__(self) -> Iterator[str]:
        self.asked.whole = True
        return iter(self.inner)

    def __len__(self) -> int:
        self.asked.whole = True
        return len(self.inner)
