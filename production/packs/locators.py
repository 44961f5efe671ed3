"""How a loop opens in each language: its name, in itself, and where listeners are.

People may record both: recordings/language-name/<language>/ once for all stations, and
recordings/locator-<station>/<language>/. In an edition the locator bears a name that says nothing
of the station, for its pack may be that of a private one.
"""

from collections.abc import Mapping
from dataclasses import replace

from production.announced import Remark, cast_script
from production.announced_words import SENTENCE_ENDS, announced_script, can_be_said, sayable
from production.casting import NoVoice
from production.selection import ChosenSlot
from programme.languages import language
from programme.notices import LANGUAGE_NAME, locator_of
from programme.segments import Segment, SegmentKind
from programme.stations import Station
from programme.units import LanguageTag
from programme.words import Script
from scripts.workspace import Workspace

PLACE = "site-locator"
"""The locator's name in editions."""


def opening_segments(station: Station) -> Mapping[str, Segment]:
    """Give what a plan looks up of both: no content of their own, no last day."""
    protected = "normal" if station.publish_identity else "protected"
    return {
        LANGUAGE_NAME: Segment(
            id=LANGUAGE_NAME,
            kind=SegmentKind.BUMPER,
            key_message="What follows is in this language.",
            file="",
        ),
        PLACE: Segment(
            id=PLACE,
            kind=SegmentKind.BUMPER,
            key_message="Where listeners are.",
            # Where a station is that does not want to be named, no online voice is told.
            sensitivity=protected,
            file=station.file,
        ),
    }


def name_script(workspace: Workspace, tag: LanguageTag) -> Script | None:
    """Give the name of a language in itself, as a sentence."""
    own = language(tag.partition("-")[0]).endonym
    line = f"{own[:1].upper()}{own[1:]}."
    return announced_script(workspace, LANGUAGE_NAME, tag, [line], title=own, file="")


def locator_script(workspace: Workspace, station: Station, tag: LanguageTag) -> Script | None:
    """Give where listeners are; None where the station's file does not say it in words."""
    text = station.loop.locator.get(tag, "") if station.loop else ""
    line = sayable(text)
    if not can_be_said(workspace, tag, line):
        return None
    line += "" if line[-1] in SENTENCE_ENDS else "."
    segment = locator_of(station.id)
    return announced_script(workspace, segment, tag, [line], title=PLACE, file=station.file)


def cast_name(view: Workspace, tag: LanguageTag) -> ChosenSlot | Remark:
    """Give the slot that says a language's name, or why nobody can say it."""
    script = name_script(view, tag)
    cast = script and cast_script(view, script, recorded=script)
    if isinstance(cast, ChosenSlot):
        return cast
    why = cast.problem if isinstance(cast, NoVoice) else "its name cannot be read"
    return Remark(
        language=tag,
        problem=f"nobody says the name of {language(tag).english} in its loops: {why}",
        remedy=f"record it: altavoz takes kit --lang {tag} --segment {LANGUAGE_NAME}",
    )


def cast_locator(view: Workspace, station: Station, tag: LanguageTag) -> ChosenSlot | Remark | None:
    """Give the slot that says where listeners are, or why nobody can; None where none is wanted."""
    if station.loop is None or not station.loop.locator.get(tag):
        return None
    script = locator_script(view, station, tag)
    protected = not station.publish_identity
    cast = script and cast_script(view, script, recorded=script, protected=protected)
    if isinstance(cast, ChosenSlot) and cast.basis is not None:
        named = replace(cast.basis, segment=PLACE)
        slot = replace(cast.slot, id=PLACE, segment=PLACE)
        return replace(cast, slot=slot, script=named, basis=named)
    why = cast.problem if isinstance(cast, NoVoice) else "these words cannot be said as they are"
    kit = f"altavoz takes kit --lang {tag} --segment {locator_of(station.id)}"
    return Remark(
        language=tag,
        problem=f"nobody says in {language(tag).english} where listeners are: {why}",
        remedy=f"record it: {kit}" if script else f"write it as one sentence in {station.file}",
    )
