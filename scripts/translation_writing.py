"""The script and the copy of its source that a sheet's rows make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from programme.findings import Finding, Findings, Severity
from programme.words import TranslationState
from scripts.allowances import settle
from scripts.concept_check import check_concepts
from scripts.dialogue import Turn
from scripts.rules import check_script
from scripts.script_file import parse_script
from scripts.script_layout import Layout, TypedLine, compose
from scripts.translation_cells import Cell
from scripts.translation_files import OpenTranslation
from scripts.translation_lines import parse_provenance, render_lines
from scripts.translations import assess
from scripts.workspace import Workspace

_OF_STATE = frozenset({"translation.stale", "translation.unconfirmed", "translation.cosmetic"})
"""What is said of the state is told in other words by whoever imports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTranslation:
    """One segment's translation as the rows make it, judged and not yet written."""

    text: str | None
    """Of the script; None where it stays as it is, byte for byte."""
    provenance: str | None
    """Of the ``.from`` file; None where it stays as it is, or nothing may be confirmed."""
    state: TranslationState
    """In which the translation is then."""
    places: Mapping[int, int]
    """Line of the new text to the line of the source that it says; 0 is the title."""
    findings: tuple[Finding, ...]
    """Of the new text, as for any script."""

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return self.text is not None or self.provenance is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What will be said for one line of the source, and which source line it was made from."""

    place: int
    lines: tuple[TypedLine, ...]
    made_from: str | None
    """None where nobody has confirmed it yet."""


def make_translation(
    workspace: Workspace, opened: OpenTranslation, cells: Mapping[int, Cell]
) -> NewTranslation | None:
    """Put rows and what they left alone together; None where there is no title or no sentence."""
    said = [_say(opened, place, cells.get(place)) for place in range(len(opened.texts))]
    if not said[0].lines or not any(one.lines for one in said[1:]):
        return None
    layout, places = _lay_out(opened, said)
    composed = compose(layout)
    is_new = _words(composed.layout) != _words(opened.target)
    typed = composed.layout if is_new else opened.target
    at = {line.number: place for line, place in zip(_lines(typed), places, strict=True)}
    copy = _copy(opened, said)
    return _judged(
        workspace,
        opened,
        text=composed.text,
        is_new=is_new,
        copy=copy,
        at=at,
    )


def _say(opened: OpenTranslation, place: int, cell: Cell | None) -> _Said:
    line = opened.comparison.lines[place]
    present = opened.present[place]
    before = line.text if line.state is TranslationState.FRESH else line.before
    kept = before if line.was >= 0 else None
    if cell is None:
        return _Said(place=place, lines=present, made_from=kept)
    made_from = line.text if cell.is_confirmed else kept
    if not cell.is_new:
        return _Said(place=place, lines=present, made_from=made_from)
    marks = {old.words: old.marks for old in present}
    remarks = tuple(remark for old in present for remark in old.remarks)
    lines = tuple(
        TypedLine(number=0, words=words, marks=marks.get(words, "")) for words in cell.lines
    )
    if lines:
        has_label = place and opened.typed.lines[place - 1].label
        label = opened.label(place) if has_label else ""
        lines = (replace(lines[0], remarks=remarks, label=label), *lines[1:])
    return _Said(place=place, lines=lines, made_from=made_from)


def _lay_out(opened: OpenTranslation, said: list[_Said]) -> tuple[Layout, list[int]]:
    """Lay lines out in the source's paragraphs; every remark of the old text is kept."""
    paragraphs = [0, *(line.paragraph for line in opened.typed.lines)]
    lines: list[TypedLine] = []
    places = [0]
    for one in said[1:]:
        speaker = opened.speaker(one.place)
        lines += [
            replace(line, paragraph=paragraphs[one.place], speaker=speaker) for line in one.lines
        ]
        places += [one.place] * len(one.lines)
    kept = {remark for line in (said[0].lines[0], *lines) for remark in line.remarks}
    old = (
        *(opened.target.title.remarks if opened.target.title else ()),
        *(remark for line in opened.target.lines for remark in line.remarks),
    )
    lost = tuple(remark for remark in old if remark not in kept)
    layout = Layout(
        title=said[0].lines[0],
        lines=_labelled(opened, lines),
        remarks=(*lost, *opened.target.remarks),
    )
    return layout, places


def _labelled(opened: OpenTranslation, lines: Sequence[TypedLine]) -> tuple[TypedLine, ...]:
    """Give each line the label that it needs, where the speaker changes, and where it had one."""
    turn, found = Turn(), []
    for line in lines:
        label = opened.speakers.label(line.speaker, opened.language)
        is_needed = label != "" and turn.of(line.paragraph, None) != line.speaker
        turn.speaker = line.speaker
        found.append(replace(line, label=label if is_needed or line.label else ""))
    return tuple(found)


def _lines(layout: Layout) -> list[TypedLine]:
    return [*([layout.title] if layout.title else []), *layout.lines]


def _words(layout: Layout) -> list[str]:
    return [line.words for line in _lines(layout)]


def _copy(opened: OpenTranslation, said: list[_Said]) -> str | None:
    """Give the copy of the source; None where a line that is said was never confirmed."""
    title = said[0].made_from
    if title is None or any(one.lines and one.made_from is None for one in said):
        return None
    confirmed = [one for one in said[1:] if one.made_from is not None]
    return render_lines(
        opened.source.language,
        title,
        [one.made_from or "" for one in confirmed],
        [len(one.lines) for one in confirmed],
    )


def _judged(
    workspace: Workspace,
    opened: OpenTranslation,
    *,
    text: str,
    is_new: bool,
    copy: str | None,
    at: dict[int, int],
) -> NewTranslation:
    """Read the text as any script is read, and hold it against its source."""
    findings = Findings()
    style, book = workspace.style, workspace.factbook
    if not is_new:
        text = (workspace.root / opened.file).read_text("utf-8-sig")
    script = parse_script(
        text,
        file=opened.file,
        segment=opened.segment,
        language=opened.language,
        book=book,
        style=style,
        findings=findings,
    )
    if script is not None:
        segment = workspace.segments[opened.segment]
        check_script(script, segment, book=book, style=style, findings=findings)
        check_concepts(opened.source, script, style.terms, findings)
    translation = assess(
        segment=opened.segment,
        language=opened.language,
        source=opened.source,
        target=script,
        target_exists=True,
        provenance=copy,
        file=opened.file,
        findings=findings,
        speakers=style.speakers,
    )
    found = [one for one in findings if one.rule not in _OF_STATE]
    if script is not None:
        found = settle(script, found)
    found += _dropped(opened, text)
    same = _is_same(copy, opened, is_new=is_new)
    return NewTranslation(
        text=text if is_new else None,
        provenance=None if same else copy,
        state=translation.state,
        places=at,
        findings=tuple(found),
    )


def _is_same(copy: str | None, opened: OpenTranslation, *, is_new: bool) -> bool:
    """Tell whether the copy that is there says the same; guesses are not noted unasked."""
    made_from = opened.made_from
    new = parse_provenance(copy) if copy is not None else None
    if new is None or made_from is None:
        return False
    return new == made_from or (not is_new and new.lines == made_from.lines)


def _dropped(opened: OpenTranslation, text: str) -> list[Finding]:
    """Say which marks went with the words that they stood on."""
    return [
        Finding(
            file=opened.file,
            line=0,
            rule="translation.mark-dropped",
            severity=Severity.WARNING,
            problem=f"«{line.words}» is not said any more, and with it goes {line.marks}",
            remedy="look whether the new words still need it; then write it there",
        )
        for line in opened.target.lines
        if line.marks and f"{line.words} {line.marks}" not in text and line.marks not in text
    ]
