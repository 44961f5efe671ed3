"""The written side of a planned edition, gathered for the worker that writes its files."""

from production.edition_text import EditionWords, SlotWords
from production.kept_stretches import kept_stretches
from production.phrases import phrases_for
from production.selection import ChosenSlot
from production.steps import EditionStep, SlotStep
from programme.profiles import words_per_minute
from programme.segments import FURNITURE
from programme.words import Script
from scripts.workspace import Workspace


def edition_words(workspace: Workspace, step: EditionStep) -> EditionWords:
    """Gather everything that an edition's files say beside the sound."""
    chosen = step.chosen
    tag, network = chosen.language, workspace.network
    return EditionWords(
        label=step.label,
        series=chosen.series.id,
        series_title=chosen.series.title[tag],
        episode=chosen.episode.id,
        number=chosen.episode.number,
        language=tag,
        profile=step.profile.id,
        dated=chosen.episode.dated,
        title=chosen.episode.title[tag],
        description=chosen.episode.description.get(tag, ""),
        network=network.name,
        website=network.website,
        licence=network.licence,
        expires=step.expires,
        synthetic_voice=step.synthetic_voice,
        draft_voice=step.draft_voice,
        pace=words_per_minute(step.profile.pace, tag),
        demo=step.demo,
        sources=step.sources,
        facts=step.facts,
        slots=tuple(
            _slot_words(workspace, item, slot)
            for item, slot in zip(chosen.slots, step.slots, strict=True)
        ),
        phrases=phrases_for(tag, network.source_language, step.expires),
    )


def _slot_words(workspace: Workspace, item: ChosenSlot, step: SlotStep) -> SlotWords:
    script, basis = item.script, item.basis
    if basis is None:
        return SlotWords(title="", sentences=(), lines=(), spoken=(), segment="")
    said = tuple(s.spoken for s in basis.sentences)
    heard = tuple(line.sentences for line in step.lines)
    if script is None:
        return SlotWords(title="", sentences=(), lines=heard, spoken=said, segment=basis.segment)
    furniture = workspace.segments[script.segment].kind in FURNITURE
    return SlotWords(
        title="" if furniture or item.again else script.title,
        sentences=tuple((s.text, s.paragraph) for s in script.sentences),
        lines=heard,
        spoken=said,
        segment=script.segment,
        speakers=_labels(workspace, script),
        given=tuple(line.take.speak.text if line.take.speak else "" for line in step.lines),
        kept=tuple(kept_stretches(s.raw, s.text) for s in script.sentences),
    )


def _labels(workspace: Workspace, script: Script) -> tuple[str, ...]:
    """Give the label of who says each sentence; nothing where nobody has one."""
    speakers, tag = workspace.style.speakers, script.language
    labels = tuple(speakers.label(sentence.speaker, tag) for sentence in script.sentences)
    return labels if any(labels) else ()
