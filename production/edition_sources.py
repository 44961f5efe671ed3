"""What an edition rests on: the sources of its segments and of the facts that it speaks."""

from production.selection import ChosenEdition, validity_of
from programme.facts import Source
from scripts.workspace import Workspace


def sources_of(workspace: Workspace, chosen: ChosenEdition) -> tuple[Source, ...]:
    """Give every source that an edition rests on, once each, in order of appearance."""
    found: dict[tuple[str, str], Source] = {}
    for item in chosen.slots:
        if item.basis is None:
            continue
        for source in workspace.segments[item.slot.segment].sources:
            found.setdefault((source.title, source.url), source)
        for fact in item.basis.facts:
            for source in validity_of(workspace, fact).sources:
                found.setdefault((source.title, source.url), source)
    return tuple(found.values())
