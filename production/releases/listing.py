"""The list of releases: how everything that went out stands today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from production.facts.values import value_digests
from production.records import plain_row
from production.releases.history import ReleaseHistory, Standing
from production.releases.wording import live_title, withdrawn_title
from production.tables import Table
from programme.digests import Plain
from programme.units import LanguageTag
from programme.wording import counted
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """One revision at one target, and how it stands."""

    target: str
    series: str
    episode: str
    language: LanguageTag
    revision: int
    guid: str
    title: str
    state: str
    """``live``, ``past`` (its day is over, and it left its feeds), ``corrected``, ``withdrawn`` or
    ``expired``."""
    by: str
    """Guid of what took its place; empty where nothing did."""
    reason: str
    published_on: date
    expires: date
    days_left: int
    """Until its last day; negative where it is past."""
    old_facts: tuple[str, ...]
    """Facts of which it speaks another value than the workspace has now."""
    spoken_notice: bool
    """Whether a withdrawn one says so aloud."""

    def plain(self) -> dict[str, Plain]:
        """Give it for --json."""
        return plain_row(self)

    def told(self) -> str:
        """Say how it stands, in a few words."""
        if self.state == "past":
            return f"past its day by {counted(-self.days_left, 'day')}"
        if self.state != "live":
            told = f"{self.state}, by {self.by}" if self.by else self.state
            return told if self.spoken_notice else f"{told}, in silence"
        told = f"live, expires in {counted(self.days_left, 'day')}"
        old = f"; old value of {', '.join(self.old_facts)}" if self.old_facts else ""
        return told + old


def list_releases(
    workspace: Workspace, history: ReleaseHistory, *, today: date, everything: bool
) -> list[ReleaseRow]:
    """Give every edition's latest revision, or ``everything``: older ones too, by edition."""
    return [
        _row(workspace, history.target, standing, today)
        for _, revisions in sorted(history.editions.items())
        for standing in (revisions if everything else revisions[-1:])
    ]


def _row(workspace: Workspace, target: str, standing: Standing, today: date) -> ReleaseRow:
    release, gone = standing.release, standing.withdrawal
    source = workspace.network.source_language
    live = gone is None
    return ReleaseRow(
        target=target,
        series=release.series,
        episode=release.episode,
        language=release.language,
        revision=release.revision,
        guid=release.guid,
        title=live_title(standing, source) if live else withdrawn_title(standing, source),
        state=state_of(standing, today),
        by=standing.successor.guid if standing.successor else "",
        reason=gone.reason if gone else release.reason,
        published_on=release.published_at.date(),
        expires=release.expires,
        days_left=(release.expires - today).days,
        old_facts=tuple(_old_facts(workspace, standing)) if live else (),
        spoken_notice=bool(gone and gone.sound),
    )


def state_of(standing: Standing, today: date) -> str:
    """Give how a revision stands in a word, as in ``ReleaseRow.state``."""
    if standing.withdrawal is not None:
        return standing.withdrawal.kind.outcome
    return "past" if standing.release.expires < today else "live"


def _old_facts(workspace: Workspace, standing: Standing) -> Iterator[str]:
    release = standing.release
    now = value_digests(workspace.factbook, release.facts, release.language)
    for name, value in (release.fact_values or {}).items():
        if name in now and now[name] != value:
            yield name


def releases_table(rows: list[ReleaseRow]) -> Table:
    """Give the list as a table for a terminal."""
    return Table(
        columns=("edition", "revision", "state", "published", "title"),
        rows=tuple(
            (
                f"{row.series}/{row.episode}/{row.language}",
                str(row.revision),
                row.told(),
                row.published_on.isoformat(),
                row.title,
            )
            for row in rows
        ),
        right=frozenset({1}),
    )
