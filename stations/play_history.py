"""What earlier days leave to the next one: who came short, and what was played last.

A spot that found fewer places than its rule asks for is owed the rest, and goes first among its
equals on the next day. Where the station sent its played log, what was played counts; else what
was planned.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from programme.editions import EditionKey
from programme.schedules import WindowKind
from programme.units import LanguageTag
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


def remember(
    plans: Sequence[DayPlan],
    day: date,
    *,
    played: Mapping[date, Mapping[EditionKey, int]] | None = None,
) -> PlayHistory:
    """Reckon what a station's earlier plans leave to a day.

    Args:
        plans: of one station, in any order; those of REMEMBERED_DAYS before the day count.
        day: that is to be planned.
        played: plays by day and edition, of days of which the station sent a log; a day that is
            not in it counts as played as it was planned.
    """
    played = played or {}
    first = day - timedelta(days=REMEMBERED_DAYS)
    earlier = sorted((one for one in plans if first <= one.day < day), key=lambda one: one.day)
    owed: Counter[EditionKey] = Counter()
    by_language: Counter[tuple[str, LanguageTag]] = Counter()
    for plan in earlier:
        _reckon(plan, played.get(plan.day), owed, by_language)
    last_day = [one for one in earlier if one.day == day - timedelta(days=1)]
    spoken = [pair for plan in last_day for pair in plan.spoken]
    last = spoken[-1] if spoken else None
    return PlayHistory(
        owed={key: count for key, count in owed.items() if count > 0},
        by_language=dict(by_language),
        last_at_ms={item.key: play.at_ms - DAY_MS for play, item in spoken},
        last_message=last[1].message if last else None,
        last_message_at_ms=last[0].at_ms - DAY_MS if last else 0,
    )


def _reckon(
    plan: DayPlan,
    played: Mapping[EditionKey, int] | None,
    owed: Counter[EditionKey],
    by_language: Counter[tuple[str, LanguageTag]],
) -> None:
    got: Counter[EditionKey] = Counter()
    for play, item in plan.spoken:
        got[item.key] += 1
        if is_episode_play(play):
            by_language[item.series, item.language] += 1
    wanted = Counter(got)
    for one in plan.unplaced:
        if one.item is not None and one.window is None:
            wanted[one.item.key] += max(one.wanted - one.placed, 0)
    for key, count in wanted.items():
        owed[key] += count - (got[key] if played is None else min(played.get(key, 0), count))


def is_episode_play(play: PlannedPlay) -> bool:
    """Tell whether something fills a window for an episode."""
    return (
        isinstance(play.airs, AirItem)
        and play.window is not None
        and play.window.plan.kind is WindowKind.EPISODE
    )
