"""Withdrawing: what is not to be used any more, and the spoken notices that say so.

A correction withdraws the revision before it; an operator retracts or ends editions. Whatever was
withdrawn without a voice gets one as soon as there is one: the newest line of a withdrawal holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from production.notices.notices import NoticeWanted, SpokenNotice
from production.releases.history import ReleaseHistory, Standing, last_day_of
from production.releases.media import Sources, notice_sound
from production.releases.orders import Action, Order
from production.releases.titles import Titles
from production.releases.values import Notice, Release, Withdrawal, Withdrawing, withdraw
from programme.notices import NoticeKind
from scripts.workspace import Workspace

Announce = Callable[[Sequence[NoticeWanted]], Mapping[NoticeWanted, SpokenNotice | None]]
"""Gives spoken notices; None for one whose language nobody speaks."""

_KINDS = {kind: NoticeKind(kind.outcome) for kind in Withdrawing}
"""What the old item says aloud; a retraction is told of in an item of its own besides."""
_ORDERED = {Action.RETRACT: Withdrawing.RETRACT, Action.EXPIRE: Withdrawing.EXPIRE}


@dataclass(slots=True, kw_only=True)
class Withdrawn:
    """What is withdrawn by an operation, and told of."""

    withdrawals: list[Withdrawal] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    sources: Sources = field(default_factory=dict)
    """Objects of the spoken notices, and where their bytes lie."""
    silent: list[Withdrawal] = field(default_factory=list)
    """Without a spoken notice: no voice and no recording says it in the language."""


def plan_withdrawals(
    history: ReleaseHistory,
    after: ReleaseHistory,
    news: Sequence[Release],
    *,
    workspace: Workspace,
    order: Order | None,
    announce: Announce | None,
    now: datetime,
    today: date,
) -> Withdrawn:
    """Give what is withdrawn, once corrections and an order are carried out.

    Args:
        history: before.
        after: with the releases that are about to go out.
        news: these releases.
        workspace: as read.
        order: what the operator asked for; None for a publish.
        announce: makes spoken notices; None goes without.
        now: aware; the date of notices, not before the newest item.
        today: the operator's own day; what has left its feeds is told no more.
    """
    told = _by_corrections(history, news)
    told |= _by_order(history, order, now)
    told |= _unspoken(history, set(told), workspace, today)
    told = {guid: one for guid, one in told.items() if one[0].release.series in workspace.series}
    notices = [
        standing
        for standing, withdrawal in told.values()
        if withdrawal.kind is Withdrawing.RETRACT and _lacks_notice(history, standing, today)
    ]
    wanted: dict[tuple[str, NoticeKind], NoticeWanted] = {
        (one.release.guid, kind): _wanted(workspace, one.release, kind)
        for one, kind in [
            *((one, _KINDS[withdrawal.kind]) for one, withdrawal in told.values()),
            *((one, NoticeKind.RETRACTED) for one in notices),
        ]
    }
    asked = list(dict.fromkeys(wanted.values()))
    spoken = announce(asked) if announce and asked else {}
    found = {key: spoken.get(one) for key, one in wanted.items()}
    made = _Maker(history, Titles(after, workspace.network.source_language), found)
    for standing, withdrawal in told.values():
        made.withdrawal(standing, withdrawal)
    for standing in notices:
        made.notice(standing, told[standing.release.guid][1], now)
    return made.found


Told = dict[str, tuple[Standing, Withdrawal]]
"""By guid: a revision, and how it is withdrawn; still without sound."""


def _by_corrections(history: ReleaseHistory, news: Iterable[Release]) -> Told:
    found: Told = {}
    for release in news:
        last = history.last(release.edition)
        if last is None or last.withdrawal or last.release.revision >= release.revision:
            continue
        found[last.release.guid] = (
            last,
            withdraw(last.release, Withdrawing.CORRECT, release.reason, release.published_at),
        )
    return found


def _by_order(history: ReleaseHistory, order: Order | None, now: datetime) -> Told:
    """Give what is ordered out; nothing for what is out already, by this order or a stronger."""
    kind = _ORDERED.get(order.action) if order else None
    if order is None or kind is None:
        return {}
    found: Told = {}
    for edition in order.editions:
        last = history.last(edition)
        if last is None:
            continue
        gone = last.withdrawal
        if gone is not None and (gone.kind is kind or gone.kind is Withdrawing.RETRACT):
            continue
        release = last.release
        reason = order.reasons.get(release.language, "")
        found[release.guid] = (last, withdraw(release, kind, reason, now))
    return found


def _unspoken(history: ReleaseHistory, told: set[str], workspace: Workspace, today: date) -> Told:
    """Give what was withdrawn before, is in its feeds still, and had no voice, or no notice."""
    return {
        one.release.guid: (one, one.withdrawal)
        for one in history.standings()
        if one.withdrawal is not None
        and one.release.guid not in told
        and one.last_day >= today
        and one.release.language in workspace.network.languages
        and (one.withdrawal.sound is None or _is_untold(history, one, today))
    }


def _is_untold(history: ReleaseHistory, standing: Standing, today: date) -> bool:
    gone = standing.withdrawal
    retracted = gone is not None and gone.kind is Withdrawing.RETRACT
    return retracted and _lacks_notice(history, standing, today)


def _lacks_notice(history: ReleaseHistory, standing: Standing, today: date) -> bool:
    """Tell whether nobody was told yet, or only in silence."""
    known = [one for one in history.notices if one.about == standing.release.guid]
    return all(one.sound is None and last_day_of(one) >= today for one in known)


def _wanted(workspace: Workspace, release: Release, kind: NoticeKind) -> NoticeWanted:
    series = workspace.series[release.series]
    return NoticeWanted(
        kind=kind,
        language=release.language,
        series=release.series,
        series_title=series.title.get(release.language, ""),
        episode=release.episode,
        number=release.number,
        title=release.title,
        dated=release.dated or _dated(workspace, release),
        # An item of its own tells which message it is about; the old item is that message.
        brief=kind is not NoticeKind.RETRACTED,
    )


def _dated(workspace: Workspace, release: Release) -> date:
    """Give the day of an episode whose ledger line is too old to say."""
    for episode in workspace.episodes:
        if (episode.series, episode.id) == (release.series, release.episode):
            return episode.dated
    return release.published_at.date()


class _Maker:
    """Makes lines of the ledger, with the sound that there is."""

    def __init__(
        self,
        history: ReleaseHistory,
        titles: Titles,
        spoken: Mapping[tuple[str, NoticeKind], SpokenNotice | None],
    ) -> None:
        self.found = Withdrawn()
        self._spoken = spoken
        self._history = history
        self._titles = titles

    def withdrawal(self, standing: Standing, withdrawal: Withdrawal) -> None:
        """Add how a revision is withdrawn; nothing where the ledger says that already."""
        spoken = self._spoken[standing.release.guid, _KINDS[withdrawal.kind]]
        made = withdrawal
        if spoken is not None:
            sound, sources = notice_sound(spoken, standing.release, withdrawal.kind.outcome)
            made = replace(withdrawal, sound=sound)
            self.found.sources |= sources
        if made == standing.withdrawal:
            return
        self.found.withdrawals.append(made)
        if made.sound is None:
            self.found.silent.append(made)

    def notice(self, standing: Standing, withdrawal: Withdrawal, now: datetime) -> None:
        """Add the item that tells of a retraction."""
        release = standing.release
        spoken = self._spoken[release.guid, NoticeKind.RETRACTED]
        old = next((n for n in self._history.notices if n.about == release.guid), None)
        if old is not None and spoken is None:
            return
        sound = None
        if spoken is not None:
            sound, sources = notice_sound(spoken, release, "notice")
            self.found.sources |= sources
        self.found.notices.append(
            replace(old, sound=sound)
            if old is not None
            else Notice(
                target=release.target,
                series=release.series,
                episode=release.episode,
                number=release.number,
                language=release.language,
                revision=release.revision,
                about=release.guid,
                guid=f"{release.guid}/notice",
                kind=withdrawal.kind,
                title=self._titles.notice_title(release, now),
                reason=withdrawal.reason,
                published_at=now,
                sound=sound,
                segments=release.segments,
                topics=release.topics,
                countries=release.countries,
            )
        )
