"""Where a testimony went: what was published and packed with it, and which recordings hold it.

A consent can be taken back at any time; a stick cannot. So that a person can be told the truth,
the ledger says which editions held a segment, and which station got them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from production.consent_notes import read_covered
from production.ledger.ledger import Ledger
from production.packs.made import pack_key, packs_made
from production.publish.doors import Door
from production.publish.unfit import Spoken
from production.releases.history import releases_of
from production.releases.values import Release
from production.tables import Table
from programme.consent import Use
from programme.errors import ExitCode, ProductionError
from programme.series import Episode
from scripts.cross_consent import needs_consent, uses_of, why_uncovered, why_withheld
from scripts.read_consent import FOLDERS, consent_files
from scripts.wording import did_you_mean, listed
from scripts.workspace import Workspace

_PRIVATE = "a private station"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One edition that held it."""

    target: str
    release: Release
    live: bool
    """Whether the target still shows this revision."""
    certain: bool
    """False where the ledger's line is too old to name segments; today's rundown does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One pack that held it."""

    station: str
    """Empty where a private station got it and private/ does not say which."""
    pack: str
    serial: int
    on: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Everything that is known of where a consent's segments went."""

    consent: str
    segments: tuple[str, ...]
    episodes: tuple[str, ...]
    """Rundowns that ask for one of them."""
    published: tuple[Published, ...]
    packed: tuple[Packed, ...]
    recordings: tuple[str, ...]
    """Files inside the workspace."""

    def plain(self) -> dict[str, Any]:
        """Give it for --json."""
        return {
            "consent": self.consent,
            "segments": list(self.segments),
            "episodes": list(self.episodes),
            "published": [
                {
                    "target": one.target,
                    "series": one.release.series,
                    "episode": one.release.episode,
                    "language": one.release.language,
                    "revision": one.release.revision,
                    "guid": one.release.guid,
                    "published_at": one.release.published_at.isoformat(),
                    "live": one.live,
                    "certain": one.certain,
                }
                for one in self.published
            ],
            "packed": [
                {
                    "station": one.station,
                    "pack": one.pack,
                    "serial": one.serial,
                    "on": one.on.isoformat(),
                    "valid_until": one.valid_until.isoformat(),
                }
                for one in self.packed
            ],
            "recordings": list(self.recordings),
        }

    def lines(self) -> list[str]:
        """Say it in words, with what to do next."""
        told = [f"segments: {listed(self.segments) if self.segments else 'none names it'}"]
        for one in self.published:
            release = one.release
            place = f"{release.series} {release.episode} {release.language}"
            state = "still there" if one.live else "replaced since"
            doubt = "" if one.certain else "; an old line of the ledger: by today's rundown"
            day = release.published_at.date()
            told.append(f"published: {one.target}: {place}, on {day}, {state}{doubt}")
        told += [
            f"packed: {pack.station or _PRIVATE}: {pack.pack} number {pack.serial}, on {pack.on}, "
            f"valid until {pack.valid_until}"
            for pack in self.packed
        ]
        told += [f"recording: {file}" for file in self.recordings]
        if not self.published and not self.packed:
            told.append("the ledger knows of no publication and no pack that held it")
        return told

    def next_steps(self) -> list[str]:
        """Say what to do once the consent is revoked."""
        steps = ["The next build leaves these segments out."] if self.segments else []
        if self.episodes:
            steps.append(f"Take them out of the rundowns: {listed(self.episodes)}.")
        targets = sorted({one.target for one in self.published if one.live})
        steps += [f"Publish again: altavoz publish {name}" for name in targets]
        if self.packed:
            stations = listed({pack.station or _PRIVATE for pack in self.packed})
            steps.append(
                f"Ask these stations to delete their packs, then send new ones: {stations} "
                "(altavoz pack). What was copied on from a stick cannot be called back."
            )
        if self.recordings:
            steps.append(
                "Delete the recordings, or keep them, as the signed form says. git keeps what was "
                "ever committed."
            )
        steps.append(
            "Delete .altavoz and build/ on every computer that built it; the next build makes "
            "them anew without it."
        )
        steps.append("Tell the person what was taken back, and what could not be.")
        return steps


def refuse_withheld(
    workspace: Workspace, editions: Iterable[Spoken], door: Door, today: date
) -> None:
    """Stop a publish while a testimony without a live consent would stay where it is.

    What is built today leaves it out. An edition that cannot be made without it would stand at
    the target as it was, which nobody who took a consent back would understand.

    Raises:
        ProductionError: code FINDINGS; names every edition and segment.
    """
    stations = workspace.stations.values()
    told: dict[str, None] = {}
    for edition in editions:
        spoken = [workspace.segments.get(name) for name in edition.segments]
        if not edition.consents and not any(one and needs_consent(one) for one in spoken):
            continue
        series = workspace.series.get(edition.series)
        uses = uses_of(series, edition.language, stations) if series else frozenset()
        for name in edition.segments:
            segment = workspace.segments.get(name)
            why = segment and why_withheld(segment, workspace.consents, uses, today=today)
            if why:
                place = f"{edition.series} {edition.episode} {edition.language}"
                told[f"{place}: {name}: {why}"] = None
        named = {one.consent for name in edition.segments if (one := workspace.segments.get(name))}
        for name in sorted(set(edition.consents) - named):
            why = why_uncovered(name, workspace.consents, uses, today=today)
            if why:
                told[f"{edition.series} {edition.episode} {edition.language}: {why}"] = None
    if told:
        raise ProductionError(
            "testimonies would stay on air without a consent:"
            + "".join(f"\n  {line}" for line in told),
            where=door.where,
            remedy="take them out of the rundowns, or put another segment in their place, so that "
            "the editions are made without them; put an episode that was deleted back, without "
            f"them; then {door.again}",
            code=ExitCode.FINDINGS,
        )


def known_consent(workspace: Workspace, name: str) -> str:
    """Give the id of a consent that has a record or that a segment names.

    Raises:
        ProductionError: there is neither.
    """
    named = {segment.consent for segment in workspace.segments.values()} - {""}
    known = {*workspace.consents.records, *workspace.consents.faulty, *named}
    known |= read_covered(workspace.root).names
    if name in known or consent_files(workspace.root, name):
        return name
    raise ProductionError(
        f"there is no consent {name}",
        where=FOLDERS[0],
        remedy=did_you_mean(name, known, "see: altavoz consent list"),
        code=ExitCode.USAGE,
    )


def find_reach(workspace: Workspace, name: str) -> Reach:
    """Look up where the segments of a consent went.

    Raises:
        ProductionError: the ledger is damaged.
    """
    segments = frozenset(
        segment.id for segment in workspace.segments.values() if segment.consent == name
    )
    ledger = Ledger(workspace.root)
    covered = read_covered(workspace.root)
    guids = {key for key, names in covered.releases.items() if name in names}
    packs = {key for key, names in covered.packs.items() if name in names}
    episodes = [e for e in workspace.episodes if segments & {slot.segment for slot in e.slots}]
    targets = dict.fromkeys(
        [*workspace.network.targets, *(str(e.facts["target"]) for e in ledger.events("released"))]
    )
    return Reach(
        consent=name,
        segments=tuple(sorted(segments)),
        episodes=tuple(episode.file for episode in episodes),
        published=tuple(
            one
            for target in targets
            for one in _published(ledger, target, segments, episodes, guids=guids)
        ),
        packed=tuple(_packed(workspace.root, ledger, segments, packs=packs)),
        recordings=tuple(_recordings(workspace, segments)),
    )


def _published(
    ledger: Ledger,
    target: str,
    segments: frozenset[str],
    episodes: Iterable[Episode],
    *,
    guids: Collection[tuple[str, str]],
) -> list[Published]:
    asked = {(episode.series, episode.id) for episode in episodes}
    found = []
    for releases in releases_of(ledger, target).values():
        for release in releases:
            certain = bool(release.segments)
            held = bool(segments & set(release.segments)) or (target, release.guid) in guids
            if held or (not certain and (release.series, release.episode) in asked):
                live = release.revision == releases[-1].revision
                found.append(Published(target=target, release=release, live=live, certain=certain))
    return found


def _packed(
    root: Path, ledger: Ledger, segments: frozenset[str], *, packs: Collection[tuple[str, int]]
) -> list[Packed]:
    """Give the packs; for a private station private/ says its name, where it is at hand."""
    named = list(packs_made(root, ledger))
    known = {pack_key(event) for event in named}
    others = [event for event in ledger.events("pack") if pack_key(event) not in known]
    return [
        Packed(
            station=str(event.facts.get("station", "")),
            pack=str(event.facts["pack"]),
            serial=int(event.facts["serial"]),
            on=date.fromisoformat(event.facts.get("on") or event.facts["issued"]),
            valid_until=date.fromisoformat(event.facts["valid_until"]),
        )
        for event in [*named, *others]
        if segments & set(event.facts.get("segments", ())) or pack_key(event) in packs
    ]


def _recordings(workspace: Workspace, segments: frozenset[str]) -> list[str]:
    return [
        path.relative_to(workspace.root).as_posix()
        for (segment, _), take in sorted(workspace.recordings.items())
        if segment in segments
        for path in take.files
    ]


def states(workspace: Workspace, *, today: date) -> Mapping[str, str]:
    """Say of every consent whether its segments may air; empty where they may, everywhere."""
    found: dict[str, str] = dict.fromkeys(workspace.consents.records, "")
    found |= dict.fromkeys(workspace.consents.faulty, "the record has faults: altavoz check")
    for segment in workspace.segments.values():
        if segment.consent:
            why = _why(workspace, segment.id, today)
            found[segment.consent] = found.get(segment.consent) or why
    for name, record in workspace.consents.records.items():
        if not found[name] and record.revoked_on is not None:
            found[name] = f"the consent {name} was revoked"
    return found


def _why(workspace: Workspace, segment: str, today: date) -> str:
    """Give the first reason for which a segment is left out of some series that asks for it."""
    about = workspace.segments[segment]
    stations = workspace.stations.values()
    asking = {e.series for e in workspace.episodes if segment in {s.segment for s in e.slots}}
    none: frozenset[Use] = frozenset()
    uses = [
        uses_of(workspace.series[name], tag, stations)
        for name in sorted(asking)
        for tag in workspace.series[name].languages
    ]
    reasons = (why_withheld(about, workspace.consents, use, today=today) for use in uses or [none])
    return next((why for why in reasons if why), "")


def consents_table(workspace: Workspace, *, today: date) -> Table:
    """List consents by id, with what uses them; nothing of what the records say of a person."""
    used: dict[str, list[str]] = {}
    for segment in workspace.segments.values():
        if segment.consent:
            used.setdefault(segment.consent, []).append(segment.id)
    rows = []
    for name, why in sorted(states(workspace, today=today).items()):
        record = workspace.consents.records.get(name)
        rows.append(
            (
                name,
                why or "live",
                "" if record is None else record.until.isoformat(),
                ", ".join(sorted(used.get(name, []))) or "-",
            )
        )
    return Table(columns=("consent", "stands", "until", "segments"), rows=tuple(rows))
