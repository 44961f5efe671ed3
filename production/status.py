"""Status: how every language, edition and fact of a workspace stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from production.building import Workshop
from production.casting import CastVoice, cast_voice
from production.catalogue.air_ready import feed_profiles
from production.ledger.ledger import Ledger
from production.releases.history import Standing, read_history
from production.releases.listing import state_of
from production.runner import find_needs
from production.steps import Plan
from production.tables import Table
from production.takes.listing import list_takes
from programme.languages import language
from programme.segments import FURNITURE
from scripts.review_board import board_of
from scripts.workspace import Workspace

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a workspace stands today."""

    languages: Table
    editions: Table
    due: Table
    """Facts, contacts and segments whose review or expiry falls within 30 days."""

    def plain(self) -> dict[str, list[dict[str, str]]]:
        """Give the tables for --json: each row by its columns' names."""
        tables = {"languages": self.languages, "editions": self.editions, "due": self.due}
        return {name: table.plain() for name, table in tables.items()}


def workspace_status(
    workshop: Workshop, workspace: Workspace, plan: Plan, *, today: date
) -> Status:
    """Look at translations, voices, editions, publications and dates."""
    return Status(
        languages=_languages(workspace),
        editions=_editions(workshop, workspace, plan, today),
        due=_due(workspace, today),
    )


def _languages(workspace: Workspace) -> Table:
    content = [name for name, s in workspace.segments.items() if s.kind not in FURNITURE]
    used = {slot.segment for episode in workspace.episodes for slot in episode.slots} - {""}
    needs = board_of(workspace).needs(sorted(used))
    waiting = Counter(need.language for need in needs if need.is_open)
    rows = []
    for tag in workspace.network.languages:
        states = Counter(workspace.translations[(name, tag)].state.value for name in content)
        stands = Counter(one.state for one in list_takes(workspace, (tag,)))
        recorded = ", ".join(f"{count} {state}" for state, count in sorted(stands.items()))
        cast = cast_voice(workspace.network, tag)
        if isinstance(cast, CastVoice):
            voice = f"{cast.engine} {cast.name}" + (" (draft, accepted)" if cast.draft else "")
        else:
            voice = "people only"
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        rows.append((tag, language(tag).endonym, voice, told, recorded or "-", str(waiting[tag])))
    return Table(
        columns=("language", "own name", "voice", "segments", "recordings", "open reviews"),
        rows=tuple(rows),
        right=frozenset({5}),
    )


def _editions(workshop: Workshop, workspace: Workspace, plan: Plan, today: date) -> Table:
    ledger = Ledger(workshop.root)
    waiting = {
        step.fingerprint for step in find_needs(plan, workshop.store, workshop.journal).editions
    }
    histories = [read_history(ledger, target) for target in workspace.network.targets]
    rows = []
    for step in plan.editions:
        key = (step.chosen.series.id, step.chosen.episode.id, step.chosen.language)
        told = step.profile.id in feed_profiles(step.chosen.series) and not step.station
        found = [(one.target, one.last(key)) for one in histories if told]
        where = [_stands(target, last, today) for target, last in found if last]
        rows.append(
            (
                step.chosen.episode.id,
                step.chosen.language,
                f"{step.profile.id} for {step.station}" if step.station else step.profile.id,
                "to build" if step.fingerprint in waiting else "built",
                ", ".join(where) or "-",
                step.expires.isoformat(),
            )
        )
    return Table(
        columns=("episode", "language", "profile", "sound", "published", "valid until"),
        rows=tuple(rows),
    )


def _stands(target: str, last: Standing, today: date) -> str:
    """Say where and since when something is out, and if it is not, why."""
    state = state_of(last, today)
    return f"{target} {last.release.published_at.date() if state == 'live' else state}"


def _due(workspace: Workspace, today: date) -> Table:
    rows = []
    book = workspace.factbook
    dated = [(n, "fact", f.validity.review_by, f.validity.expires) for n, f in book.facts.items()]
    dated += [
        (n, "contact", c.validity.review_by, c.validity.expires) for n, c in book.contacts.items()
    ]
    for name, kind, review, expires in dated:
        rows += _due_rows(name, kind, review, expires, today)
    for segment in workspace.segments.values():
        rows += _due_rows(segment.id, "segment", segment.review_by, segment.expires, today)
    return Table(columns=("what", "kind", "date", "why"), rows=tuple(sorted(rows, key=_by_date)))


def _by_date(row: Sequence[str]) -> tuple[str, str]:
    return row[2], row[0]


def _due_rows(
    name: str, kind: str, review: date | None, expires: date | None, today: date
) -> list[tuple[str, str, str, str]]:
    rows = []
    if expires is not None and expires < today:
        return [(name, kind, expires.isoformat(), "expired")]
    if expires is not None and expires - today <= SOON:
        rows.append((name, kind, expires.isoformat(), "expires"))
    if review is not None and review - today <= SOON:
        rows.append((name, kind, review.isoformat(), "verify again"))
    return rows
