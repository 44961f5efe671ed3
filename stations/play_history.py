"""What earlier days leave to the next one: who came short, and what was played last.

A spot that found fewer places than its rule asks for is owed the rest, and goes first among its
equals on the next day. Where the station sent its played log, what was played counts; else what
was planned.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from programme.editions import EditionKey
from programme.schedules import WindowKind
from programme.units import DurationMs, LanguageTag
from stations.airing import AirItem, Message
from stations.day_plan import DAY_MS, DayPlan, PlannedPlay

REMEMBERED_DAYS = 7
"""How far back who came short is remembered: a week holds every kind of day once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayHistory:
    """What a day must know of the days before it."""

    owed: Mapping[EditionKey, int] = field(default_factory=dict)
    """Plays of a spot that were asked for and not had."""
    by_language: Mapping[tuple[str, LanguageTag], int] = field(default_factory=dict)
    """Plays in windows for episodes, by series and language."""
    last_at_ms: Mapping[EditionKey, int] = field(default_factory=dict)
    """When a spot began last on the day before, from this day's midnight: below 0."""
    last_message: Message | None = None
    """What was played last on the day before; None where that is not known."""
    last_message_at_ms: int = 0
    """When it began, from this day's midnight: below 0."""


NO_HISTORY = PlayHistory()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlay:
    """One planned play of an edition, as later days and reports remember it."""

    at_ms: DurationMs
    """After midnight."""
    series: str
    episode: str
    language: LanguageTag
    version: str
    """As in AirItem."""
    title: str
    stem: str
    """What its file was called, without the ending."""
    topics: tuple[str, ...]
    expires: date
    in_window: bool
    """Whether it filled a window for an episode."""

    @property
    def key(self) -> EditionKey:
        """What feeds, packs and the ledger know it by."""
        return (self.series, self.episode, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDay:
    """What was planned on one day of a station."""

    station: str
    day: date
    plays: tuple[KeptPlay, ...]
    """In order of time."""
    short: Mapping[EditionKey, int]
    """Plays of spots that were asked for and found no place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """What the planning of later days needs of a day."""

    day: date
    planned: Mapping[EditionKey, int]
    """Plays of each edition."""
    windows: Mapping[tuple[str, LanguageTag], int]
    """Plays in windows for episodes, by series and language."""
    short: Mapping[EditionKey, int]
    """As in KeptDay."""
    last_at_ms: Mapping[EditionKey, int]
    """When each edition began last, after midnight."""
    last: tuple[EditionKey, int] | None
    """What was played last, and when it began; None for a day without plays."""


def keep_day(plan: DayPlan) -> KeptDay:
    """Give what of a plan later days and reports need."""
    return KeptDay(
        station=plan.station,
        day=plan.day,
        plays=tuple(
            KeptPlay(
                at_ms=play.at_ms,
                series=item.series,
                episode=item.episode,
                language=item.language,
                version=item.version,
                title=item.title,
                stem=item.stem,
                topics=item.topics,
                expires=item.expires,
                in_window=is_episode_play(play),
            )
            for play, item in plan.spoken
        ),
        short={
            one.item.key: one.wanted - one.placed
            for one in plan.unplaced
            if one.item is not None and one.window is None and one.wanted > one.placed
        },
    )


def summary_of(kept: KeptDay) -> DaySummary:
    """Give what the planning of later days needs of a day."""
    last = kept.plays[-1] if kept.plays else None
    return DaySummary(
        day=kept.day,
        planned=Counter(play.key for play in kept.plays),
        windows=Counter((play.series, play.language) for play in kept.plays if play.in_window),
        short=kept.short,
        last_at_ms={play.key: play.at_ms for play in kept.plays},
        last=(last.key, last.at_ms) if last is not None else None,
    )


def is_episode_play(play: PlannedPlay) -> bool:
    """Tell whether something fills a window for an episode."""
    return (
        isinstance(play.airs, AirItem)
        and play.window is not None
        and play.window.plan.kind is WindowKind.EPISODE
    )


def remember(
    days: Iterable[DaySummary],
    day: date,
    *,
    played: Mapping[date, Mapping[EditionKey, int]] | None = None,
) -> PlayHistory:
    """Reckon what a station's earlier days leave to a day.

    Args:
        days: of one station, in any order; those of REMEMBERED_DAYS before the day count.
        day: that is to be planned.
        played: plays by day and edition, of days of which the station sent a log; a day that is
            not in it counts as played as it was planned.
    """
    played = played or {}
    first = day - timedelta(days=REMEMBERED_DAYS)
    earlier = sorted((one for one in days if first <= one.day < day), key=lambda one: one.day)
    owed: Counter[EditionKey] = Counter()
    by_language: Counter[tuple[str, LanguageTag]] = Counter()
    for one in earlier:
        heard = played.get(one.day)
        if heard is not None:
            for key, count in one.planned.items():
                owed[key] += max(count - heard.get(key, 0), 0)
        owed.update(one.short)
        by_language.update(one.windows)
    before = earlier[-1] if earlier and earlier[-1].day == day - timedelta(days=1) else None
    last = before.last if before is not None else None
    return PlayHistory(
        owed={key: count for key, count in owed.items() if count},
        by_language=dict(by_language),
        last_at_ms={key: at - DAY_MS for key, at in (before.last_at_ms if before else {}).items()},
        last_message=(last[0][0], last[0][1]) if last is not None else None,
        last_message_at_ms=last[1] - DAY_MS if last is not None else 0,
    )
