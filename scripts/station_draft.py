"""A new station's file: what follows from its kind and its program, written with comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from programme.errors import ExitCode, ProductionError
from programme.profiles import profiles
from programme.series import SeriesKind
from programme.stations import Automation, Delivery, StationKind
from scripts.wording import did_you_mean, listed
from scripts.workspace import Workspace
from scripts.yaml_text import dump_yaml

_KEEPS = "# Every key is explained in the guide of Altavoz, docs/station-file.md."

_RADIO_MORE = """
# When people sleep; the station plays nothing of ours then.
# quiet_hours: 22:00-06:00
# Parts of the day, with the languages that are heard in them and the clock of their hours.
# day_parts:
#   morning: {time: 06:00-10:00, days: mon-fri, clock: news-hour}
# The plan of an hour, in minutes and seconds.
# clocks:
#   news-hour:
#     - {at: 00:00-10:00, kind: episode}
#     - {at: 28:00-30:00, kind: spots, back_timed: yes}
"""

_LOUD_MORE = """
# When people sleep; the papers of the pack say so, and nothing is planned then.
quiet_hours: 22:00-06:00
# Announcements repeat: each message twice, the languages in the order above.
loop:
  # set: a numbered file for each language; one: a single file with all of them.
  form: set
  repeat: 2
  # Peace after each round, in thousandths of a second.
  end_silence_ms: 10000
  # Seconds that a round may last; what does not fit goes into a further one.
  longest_s: 120
  # A sound of sounds/ before each language.
  # chime: campana
  # Where listeners are, said first, in each language.
  # locator:
  #   {tag}: "..."
"""

DELIVERIES = {
    Automation.NONE: Delivery.FEED,
    Automation.LIBRETIME: Delivery.FEED,
}
"""What a radio gets where nothing is said; of the other programs none takes a feed in as well as
it takes a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody said of a new station; empty for what is to follow from the rest."""

    id: str
    kind: StationKind
    name: str = ""
    languages: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    profile: str = ""
    format: str = ""
    delivery: Delivery | None = None
    automation: Automation = Automation.NONE
    drive_path: str = ""
    group: str = ""
    carts: str = ""
    share: bool = False
    contact: str = ""
    country: str = ""
    place: str = ""
    publish_identity: bool = False


def render_station(workspace: Workspace, draft: Draft) -> str:
    """Give the text of a new station's file; whether it holds is seen when it is read.

    Raises:
        ProductionError: nothing was said of series, and the workspace has none that fits.
    """
    series = draft.series or _series(workspace, draft)
    delivery = draft.delivery or _delivery(draft)
    made = [workspace.series[name] for name in series if name in workspace.series]
    languages = draft.languages or [
        tag for tag in workspace.network.languages if any(tag in one.languages for one in made)
    ]
    loud = draft.kind is not StationKind.RADIO
    profile = draft.profile or _profile(draft, delivery, made[0].profile if made else "")
    lines = [
        f"# A {draft.kind.value}.",
        _KEEPS,
        _line("name", draft.name or draft.id.replace("-", " ").replace("_", " ").capitalize()),
        *_one_of("kind", draft.kind, StationKind),
        "# The language that most people need first: the order is kept everywhere.",
        _list("languages", languages),
        _list("series", series),
        "# How it sounds; altavoz profiles lists them, and their formats.",
        f"profile: {profile}",
        *([f"format: {draft.format}"] if draft.format else []),
        *_one_of("delivery", delivery, Delivery),
        "# The program that plays at the station.",
        *_one_of("automation", draft.automation, Automation),
        *_settings(draft),
        *(
            ["# Small files to pass on from phone to phone, in its packs.", "share: yes"]
            if draft.share
            else []
        ),
        "# While it says no, nothing that is published names the station or its place.",
        f"publish_identity: {'yes' if draft.publish_identity else 'no'}",
        "# Numbers that cannot be dialled from this country are pointed out: MX, GT, CR ...",
        f"country: {draft.country}".rstrip(),
        _line("place", draft.place),
        "# Who answers for the station: a role, a desk, a number; never published.",
        _line("contact", draft.contact),
    ]
    more = _LOUD_MORE.replace("{tag}", languages[0] if languages else "es-419")
    return "\n".join(lines) + "\n" + (more if loud else _RADIO_MORE + _rotation(workspace, series))


def _one_of(key: str, value: StrEnum, kinds: type[StrEnum]) -> list[str]:
    others = [one.value for one in kinds if one is not value]
    return [f"{key}: {value.value}  # or {', '.join(others)}"]


def _line(key: str, text: str) -> str:
    return dump_yaml({key: text}).rstrip("\n")


def _list(key: str, words: Sequence[str]) -> str:
    quoted = [dump_yaml([word]).removeprefix("- ").rstrip("\n") for word in words]
    bare = [
        word if word.replace("-", "").replace("_", "").isalnum() and word.isascii() else quote
        for word, quote in zip(words, quoted, strict=True)
    ]
    return f"{key}: [{', '.join(bare)}]"


def _settings(draft: Draft) -> list[str]:
    """Give what its program must be told; a path in single quotes, where a back-slash is one."""
    lines = []
    if draft.drive_path:
        path = draft.drive_path.replace("'", "''")
        lines += [
            "# Where our folder lies on the station's computer.",
            f"drive_path: '{path}'",
        ]
    lines += [_line("group", draft.group)] if draft.group else []
    lines += [_line("carts", draft.carts)] if draft.carts else []
    return lines


def _delivery(draft: Draft) -> Delivery:
    if draft.kind is not StationKind.RADIO:
        return Delivery.PACK
    return DELIVERIES.get(draft.automation, Delivery.FOLDER)


def _profile(draft: Draft, delivery: Delivery, of_series: str) -> str:
    """Give the profile for a place; a feed has the one of its series."""
    if draft.kind is not StationKind.RADIO:
        return "loudspeaker"
    if delivery is Delivery.FEED and of_series in profiles():
        return of_series
    return "broadcast"


def _series(workspace: Workspace, draft: Draft) -> tuple[str, ...]:
    """Give the series for a kind of place: loops for loudspeakers, all others for radios."""
    loud = draft.kind is not StationKind.RADIO
    fitting = tuple(
        name
        for name, one in sorted(workspace.series.items())
        if (one.kind is SeriesKind.LOOP) is loud
    )
    if loud and not fitting:
        fitting = tuple(
            name for name, one in sorted(workspace.series.items()) if one.kind is SeriesKind.SPOTS
        )
    if not fitting:
        raise ProductionError(
            f"there is no series for a {draft.kind.value}",
            where=str(workspace.root / "series"),
            remedy="write one, or name one with --series: "
            + did_you_mean("", workspace.series, listed(workspace.series)),
            code=ExitCode.INPUT,
        )
    return fitting


def _rotation(workspace: Workspace, series: tuple[str, ...]) -> str:
    """Give how often spots are played, to be used or changed; nothing where there are none."""
    spots = [
        name
        for name in series
        if name in workspace.series and workspace.series[name].kind is SeriesKind.SPOTS
    ]
    if not spots:
        return ""
    rows = "".join(f"  {name}: {{plays_per_day: 6, minutes_apart: 60}}\n" for name in spots)
    return f"# How often each spot is played in each language.\nrotation:\n{rows}"
