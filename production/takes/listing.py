"""How every recording stands: what airs, what is stale and why, what waits, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from production.notices.view import with_notices
from production.tables import Table
from programme.takes import Verdict
from programme.units import LanguageTag
from programme.words import Script, TranslationState
from scripts.cross_recordings import lines_told, named
from scripts.read_recordings import RecordedTake
from scripts.review_digests import FactDigests
from scripts.take_names import WHOLE
from scripts.take_standing import Standing, stand
from scripts.wording import shown
from scripts.workspace import Workspace

_WORST = (Verdict.AGAIN, Verdict.USABLE, Verdict.GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTake:
    """One recording as it stands."""

    take: RecordedTake
    state: str
    """airs, stale, incomplete, rejected, waits, or no words where its text has errors."""
    sentences: int
    """Of its text; 0 where that has errors."""
    reasons: tuple[str, ...]
    """Why it does not air."""
    standing: Standing | None

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        standing = self.standing
        return {
            "segment": self.take.segment,
            "language": self.take.language,
            "state": self.state,
            "sentences": self.sentences,
            "reasons": list(self.reasons),
            "missing": list(standing.missing) if standing else [],
            "stale": {str(n): list(why) for n, why in standing.stale.items()} if standing else {},
            "takes": [
                {
                    "file": row.path.name,
                    "line": row.line or None,
                    "verdict": row.verdict.value if row.verdict else None,
                    "faults": list(row.faults),
                    "review": row.review.value,
                    "reason": row.reason,
                }
                for row in self.take.rows
            ],
        }


def list_takes(workspace: Workspace, languages: Sequence[LanguageTag]) -> tuple[ListedTake, ...]:
    """Look at every recording in some languages, by segment and language."""
    workspace = with_notices(workspace)
    digests = FactDigests(workspace.factbook)
    return tuple(
        _listed(workspace, take, digests)
        for (_, tag), take in sorted(workspace.recordings.items())
        if tag in languages
    )


def takes_table(listed: Sequence[ListedTake]) -> Table:
    """Give a row for each recording."""
    rows = [
        (
            one.take.segment,
            one.take.language,
            _files(one),
            next((v.value for v in _WORST if any(r.verdict is v for r in one.take.rows)), ""),
            one.state,
        )
        for one in listed
    ]
    return Table(columns=("segment", "language", "takes", "verdict", "state"), rows=tuple(rows))


def takes_lines(listed: Sequence[ListedTake]) -> list[str]:
    """Say of every recording that does not air, why."""
    return [
        f"{one.take.segment} {one.take.language}: {'; '.join(one.reasons)}"
        for one in listed
        if one.reasons
    ]


def _files(one: ListedTake) -> str:
    lines = sum(row.line != WHOLE for row in one.take.rows)
    told = ["whole"] if lines < len(one.take.rows) else []
    if lines:
        told.append(f"{lines} of {one.sentences} lines" if one.sentences else f"{lines} lines")
    return ", ".join(told)


def _listed(workspace: Workspace, take: RecordedTake, digests: FactDigests) -> ListedTake:
    script = _script(workspace, take)
    if script is None:
        why = f"the text of {take.segment} has errors: altavoz check"
        return ListedTake(take=take, state="no words", sentences=0, reasons=(why,), standing=None)
    standing = stand(
        take, script, must_be_heard=workspace.network.review_recordings, digests=digests
    )
    state, reasons = _state(take, standing)
    return ListedTake(
        take=take,
        state=state,
        sentences=len(script.sentences),
        reasons=reasons,
        standing=standing,
    )


def _script(workspace: Workspace, take: RecordedTake) -> Script | None:
    """Give the words that a recording should speak: its language's, or the source's."""
    translation = workspace.translations[take.segment, take.language]
    if translation.state is TranslationState.MISSING:
        source = workspace.network.source_language
        return workspace.translations[take.segment, source].script
    return translation.script


def _state(take: RecordedTake, standing: Standing) -> tuple[str, tuple[str, ...]]:
    if standing.files:
        return "airs", ()
    reasons = [
        f"{'' if line == WHOLE else f'line {line}: '}{', '.join(why)}"
        for line, why in standing.stale.items()
    ]
    if standing.missing:
        reasons.append(f"{lines_told(standing.missing)} not recorded yet")
    told = {row.line: row.reason for row in take.rows}
    for line in standing.rejected:
        why = shown(told.get(line, ""))
        reasons.append(f"{named((line,))} was rejected" + (f": {why}" if why else ""))
    if standing.waiting:
        reasons.append(f"nobody has accepted {named(standing.waiting)} yet")
    state = "waits"
    if standing.rejected:
        state = "rejected"
    if standing.missing:
        state = "incomplete"
    if standing.stale:
        state = "stale"
    return state, tuple(reasons)
