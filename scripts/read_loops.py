"""How a loudspeaker point repeats its announcements, from the station's file.

Example::

    loop:
      form: set
      chime: campana
      repeat: 2
      locator:
        es-419: "Usted está en la terminal de autobuses."
"""

from collections.abc import Collection, Mapping, Sequence

from programme.findings import Severity
from programme.schedules import LoopSettings
from programme.stations import Delivery, StationKind
from programme.units import LanguageTag
from scripts.fields import Fields
from scripts.station_words import spoken_map
from scripts.wording import did_you_mean, listed, shown

FORMS = ("one", "set")
LOCATOR_LETTERS = 200
"""About ten seconds: longer, and nobody hears what comes after."""
MOST_REPEATS = 3
LONGEST_SILENCE_MS = 600_000
LONGEST_PAUSE_MS = 10_000
SHORTEST_S, LONGEST_S = 20, 600

_DEFAULTS = LoopSettings()


def read_loop(
    fields: Fields,
    *,
    kind: StationKind,
    delivery: Delivery,
    languages: Sequence[LanguageTag],
    network: Sequence[LanguageTag] | None,
    sounds: Collection[str],
    silent: Collection[LanguageTag],
) -> LoopSettings | None:
    """Give how the station's announcements repeat; None where its file has no loop.

    ``silent`` are languages in which nothing is written or recorded yet: no locator is missed.
    """
    table = fields.table_at("loop")
    if table is None:
        if "loop" in fields.table.entries:
            remedy = "write below it what is to be otherwise, such as repeat: 2, or delete it"
            fields.report(
                fields.line("loop"), "station.loop", "loop: says nothing", remedy, Severity.WARNING
            )
        return None
    line = fields.line("loop")
    if kind is StationKind.RADIO:
        remedy = "delete it; a radio repeats by rotation:"
        fields.fault(line, "station.loop", "a radio plays no loudspeaker loop", remedy)
    if delivery in {Delivery.FEED, Delivery.FOLDER}:
        remedy = "write delivery: pack or usb; altavoz pack --to puts it into a folder, too"
        problem = f"a loop comes in packs, and this is delivered by {delivery.value}"
        fields.fault(line, "station.loop", problem, remedy)
    part = fields.part(table)
    found = LoopSettings(
        chime=_chime(part, sounds),
        form=part.word("form", FORMS) or _DEFAULTS.form,
        repeat=part.integer("repeat", least=1, most=MOST_REPEATS, default=_DEFAULTS.repeat),
        between_repeats_ms=part.integer(
            "between_repeats_ms",
            least=500,
            most=LONGEST_PAUSE_MS,
            default=_DEFAULTS.between_repeats_ms,
        ),
        between_languages_ms=part.integer(
            "between_languages_ms",
            least=1000,
            most=LONGEST_PAUSE_MS,
            default=_DEFAULTS.between_languages_ms,
        ),
        end_silence_ms=part.integer(
            "end_silence_ms",
            least=0,
            most=LONGEST_SILENCE_MS,
            default=_DEFAULTS.end_silence_ms,
        ),
        longest_s=part.integer(
            "longest_s", least=SHORTEST_S, most=LONGEST_S, default=_DEFAULTS.longest_s
        ),
        locator=_locator(part, languages, network, silent),
        line=line,
    )
    fields.close(part)
    return found


def _chime(part: Fields, sounds: Collection[str]) -> str:
    found = part.written("chime")
    name = "" if found is None else found.value.strip()
    if found is not None and name not in sounds:
        remedy = did_you_mean(name, sounds, f"sounds there are: {listed(sounds)}")
        part.fault(found.line, "station.loop", f"there is no sound {shown(name)}", remedy)
        return ""
    return name


def _locator(
    part: Fields,
    languages: Sequence[LanguageTag],
    network: Sequence[LanguageTag] | None,
    silent: Collection[LanguageTag],
) -> Mapping[LanguageTag, str]:
    found = spoken_map(
        part, "locator", languages=languages, network=network, letters=LOCATOR_LETTERS
    )
    lacking = [tag for tag in languages if tag not in found and tag not in silent]
    if lacking and found:
        part.report(
            part.line("locator"),
            "station.loop",
            f"locator lacks {listed(lacking)}: in them nobody is told where they are",
            "write it in each language of the station",
            Severity.WARNING,
        )
    return found
