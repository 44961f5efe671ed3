"""Releasing: which editions are new, replaced or corrected, compared with the ledger.

Rules (DESIGN 5 and 6, notes on what players really do):

- never released: a new item;
- the same words, other sound: the same guid, a new media address (*replace*);
- the same words and sound, other title or description: the same item (*text*);
- other words: a new guid, a new address, a title that says so and a fresh date (*correct*);
  the old guid stays as a withdrawn item;
- valid again after its last day took it out: a new item too (*renew*).

Title, language and validity are written into the sound files too, so that a new title is a
*replace* on the wire; *text* is what stands in the feed alone, such as the sources. An operator
may order otherwise: ``fix-text`` keeps the sound that is out, ``correct`` makes a new item
whatever changed. What was retracted, or ended before its day, comes back only by such an order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from production.building import BuiltEdition
from production.facts.values import value_digests
from production.releases.history import ReleaseHistory, Standing
from production.releases.media import edition_media
from production.releases.orders import Action, Order
from production.releases.titles import Titles
from production.releases.values import Change, MediaObject, Release, Withdrawing
from programme.digests import Plain
from programme.editions import Edition
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings
from programme.units import Digest, LanguageTag
from scripts.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Planned:
    """What a publish would do to finished editions."""

    releases: list[tuple[BuiltEdition, Release]] = field(default_factory=list)
    """Every edition that goes out or is out already, with how it will stand."""
    news: list[Release] = field(default_factory=list)
    """Those of which the ledger does not know yet."""
    kept_out: list[Standing] = field(default_factory=list)
    """Withdrawn, finished now, and not put out again without an order."""


def plan_releases(
    built: Iterable[BuiltEdition],
    *,
    workspace: Workspace,
    target: TargetSettings,
    history: ReleaseHistory,
    now: datetime,
    today: date | None = None,
    order: Order | None = None,
    reasons: Mapping[LanguageTag, str] | None = None,
) -> Planned:
    """Say what a publish would do to each edition; nothing is written.

    An edition that has not changed gets the release that the history holds of it.

    Args:
        built: finished editions; with an order, those that it is for.
        workspace: as read; gives guids their beginning, and what editions are about.
        target: where they go; each target has a history of its own.
        history: what was published before.
        now: aware, UTC, whole seconds.
        today: the operator's own day; None takes the day of ``now``.
        order: what the operator asked for; None lets the rules above decide.
        reasons: why something is corrected, by language.

    Raises:
        ProductionError: an edition speaks a demo fact and the target is a real one, is past its
            date, or is not what the order is for.
    """
    planner = _Planner(workspace, history, now, order, (order.reasons if order else reasons) or {})
    planned = Planned()
    refused: list[str] = []
    for item in built:
        last = history.last(item.edition.key)
        if order is None and last is not None and _stays_out(item.edition, last):
            planned.kept_out.append(last)
            continue
        _refuse_unfit(item.edition, target, today or now.date())
        if order is not None and not _suits(item.edition, last, order.action):
            refused.append(_place(item.edition))
            continue
        release = planner.release(item, last)
        planned.releases.append((item, release))
        if last is None or release != last.release:
            planned.news.append(release)
    if refused and order is not None:
        raise _unsuited(refused, order.action)
    return planned


def _place(edition: Edition) -> str:
    return "/".join(edition.key)


def _stays_out(edition: Edition, last: Standing) -> bool:
    """Tell whether a withdrawn edition stays out until somebody says otherwise."""
    gone = last.withdrawal
    if gone is None or gone.kind is Withdrawing.CORRECT:
        return False
    ended_early = last.release.expires >= gone.at.date()
    return gone.kind is Withdrawing.RETRACT or ended_early or edition.expires < gone.at.date()


def _suits(edition: Edition, last: Standing | None, action: Action) -> bool:
    """Tell whether an action may be done to an edition; only a correction may change its words."""
    if action is Action.CORRECT:
        return True
    return (
        last is not None
        and last.withdrawal is None
        and last.release.words_digest == edition.words_digest
    )


def _unsuited(places: list[str], action: Action) -> ProductionError:
    return ProductionError(
        f"{action.value} is for editions that are live and say the same words; these say others, "
        f"or are withdrawn: {', '.join(places)}",
        where="altavoz release",
        remedy=f"what is said has changed: altavoz release correct {' '.join(places)}",
    )


def _refuse_unfit(edition: Edition, target: TargetSettings, today: date) -> None:
    where = " ".join(edition.key)
    if edition.demo and not target.demo:
        raise ProductionError(
            f"it speaks demo facts, and {target.name} is a real target",
            where=where,
            remedy="verify the facts and set their status to active; or set demo = true for a "
            "target that is only a rehearsal",
            code=ExitCode.EXPIRED,
        )
    if edition.expires < today:
        raise ProductionError(
            f"it expired on {edition.expires}",
            where=where,
            remedy="verify its facts anew and set new dates, or take the episode out",
            code=ExitCode.EXPIRED,
        )


class _Planner:
    def __init__(
        self,
        workspace: Workspace,
        history: ReleaseHistory,
        now: datetime,
        order: Order | None,
        reasons: Mapping[LanguageTag, str],
    ) -> None:
        self.workspace = workspace
        self.target = history.target
        self.now = now
        self.action = order.action if order else None
        self.reasons = reasons
        # A clock that was set back must not date an item before others of its feeds: LibreTime
        # and AntennaPod pass over it (notes on players). An item can be in any feed.
        self.date_from = max(now, history.newest_change() or now)
        self.disputed = history.disputed
        self.titles = Titles(history, workspace.network.source_language)

    def release(self, item: BuiltEdition, last: Standing | None) -> Release:
        """Give how an edition will stand; its last release itself where nothing changed."""
        if last is None:
            made = self._new(item, Change.NEW, revision=1, published=self.date_from)
            return self._called(made, corrects=False)
        if self._is_new_item(item, last):
            renewed = last.withdrawal is not None and last.withdrawal.kind is Withdrawing.EXPIRE
            # Later than what it takes the place of, so that feeds show it first.
            published = max(self.date_from, last.release.published_at + timedelta(seconds=1))
            change = Change.RENEW if renewed else Change.CORRECT
            made = self._new(item, change, revision=last.release.revision + 1, published=published)
            return self._called(made, corrects=not renewed)
        changed = self._changed(item, last.release)
        return last.release if changed is None else self._called(changed, corrects=last.corrects)

    def _is_new_item(self, item: BuiltEdition, last: Standing) -> bool:
        edition, before = item.edition, last.release
        if last.withdrawal is not None or before.words_digest != edition.words_digest:
            return True
        if self.action is not Action.CORRECT:
            return False
        if before.guid in self.disputed:
            return True  # another message has this number too
        # The words may be the same: the title was wrong, or a person or a voice misread a number.
        made = _sound(edition_media(item, before.revision))
        return _said(edition) != _told(before) or _digests(made) != _digests(_sound(before.media))

    def _called(self, release: Release, *, corrects: bool) -> Release:
        standing = Standing(release=release, withdrawal=None, successor=None, corrects=corrects)
        series = self.workspace.series[release.series]
        return self.titles.mark_release(standing, series.title.get(release.language, ""))

    def _new(
        self, item: BuiltEdition, change: Change, *, revision: int, published: datetime
    ) -> Release:
        edition = item.edition
        network = self.workspace.network.id
        return self._details(
            Release(
                target=self.target,
                series=edition.series,
                episode=edition.episode,
                number=edition.number,
                language=edition.language,
                revision=revision,
                guid=f"{network}/{_place(edition)}/{revision}",
                published_at=published,
                changed_at=self.now,
                change=change,
                title=edition.title,
                description=edition.description,
                duration_ms=edition.duration_ms,
                words_digest=edition.words_digest,
                expires=edition.expires,
                synthetic_voice=edition.synthetic_voice,
                media=edition_media(item, revision),
                reason=self.reasons.get(edition.language, "") if change is not Change.NEW else "",
            ),
            edition,
        )

    def _changed(self, item: BuiltEdition, last: Release) -> Release | None:
        """Give the same item with other sound or texts; None where nothing changed."""
        edition = item.edition
        media = edition_media(item, last.revision)
        made, out = _sound(media), _sound(last.media)
        built = _digests(made)
        keeps = self.action is Action.FIX_TEXT or (
            self.action is not Action.REPLACE and bool(last.held) and built == last.held
        )
        other_sound = not keeps and built != _digests(out)
        if keeps:
            media = (*out, *(thing for thing in media if not thing.kbps))
        same_files = _digests(media) == _digests(last.media)
        if same_files and _said(edition) == _told(last) and not self._other_details(edition, last):
            return None
        held = built if keeps and built != _digests(out) else ()
        return self._details(
            replace(
                last,
                number=edition.number,
                changed_at=self.date_from,  # an item may come to a feed by it
                change=Change.REPLACE if other_sound else Change.TEXT,
                title=edition.title,
                description=edition.description,
                duration_ms=last.duration_ms if keeps else edition.duration_ms,
                expires=edition.expires,
                synthetic_voice=edition.synthetic_voice,
                media=media,
                held=held,
            ),
            edition,
        )

    def _other_details(self, edition: Edition, last: Release) -> bool:
        """Tell whether what an item is about changed; never for lines that do not tell it."""
        if last.fact_values is None:
            return False
        about = (last.topics, last.countries, last.sources, last.chapters)
        topics, countries = self._about(edition)
        return about != (topics, countries, edition.sources, edition.chapters)

    def _details(self, release: Release, edition: Edition) -> Release:
        topics, countries = self._about(edition)
        book = self.workspace.factbook
        return replace(
            release,
            segments=edition.segments,
            facts=edition.facts,
            fact_values=value_digests(book, edition.facts, edition.language),
            dated=edition.dated,
            topics=topics,
            countries=countries,
            sources=edition.sources,
            chapters=edition.chapters,
        )

    def _about(self, edition: Edition) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give topics and countries of what is in an edition, each once, sorted."""
        found = [self.workspace.segments.get(name) for name in edition.segments]
        topics = {topic for one in found if one for topic in one.topics}
        countries = {country for one in found if one for country in one.countries}
        return tuple(sorted(topics)), tuple(sorted(countries))


def _sound(media: tuple[MediaObject, ...]) -> tuple[MediaObject, ...]:
    return tuple(thing for thing in media if thing.kbps)


def _digests(media: tuple[MediaObject, ...]) -> tuple[Digest, ...]:
    return tuple(thing.digest for thing in media)


def _said(edition: Edition) -> Plain:
    return [edition.title, edition.description, edition.expires.isoformat()]


def _told(last: Release) -> Plain:
    return [last.title, last.description, last.expires.isoformat()]
