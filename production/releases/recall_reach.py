"""Where a message went, and who has it still: packs by the shipment register, feeds by the ledger.

Asked of an episode, a segment, a fact or a release. A pack that holds it is to be recalled where
its words are withdrawn or where newer packs say others or nothing; where no pack says anything else
yet, every pack that holds it is. What nobody noted as handed out may have been handed out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from production.ledger.ledger import Event, Ledger
from production.packs.made import pack_key, packs_made
from production.packs.recall import Held, Histories, held_in
from production.packs.register import Register, Shipment, read_register
from production.releases.history import Standing, read_history
from production.releases.values import RELEASED
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.units import Digest, LanguageTag
from scripts.wording import did_you_mean
from scripts.workspace import Workspace


class State(StrEnum):
    """How a station stands to a pack that is to be recalled."""

    HOLDS = "holds"
    """It was given to it, and nothing says that it is gone."""
    UNNOTED = "unnoted"
    """It was made for it; nobody noted whether it was handed out."""
    NEWER = "newer"
    """It was given a later pack without the message, whose papers say what to delete."""
    DELETED = "deleted"
    RETURNED = "returned"
    CURRENT = "current"
    """Its newest pack holds the message with the words that are right today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPack:
    """One pack that held what was asked for."""

    pack: str
    serial: int
    issued: date
    valid_until: date
    items: tuple[Held, ...]
    """Of it, those that are to be recalled, else those with the right words; empty where an old
    line of the ledger does not tell."""
    recalled: bool

    @property
    def key(self) -> tuple[str, int]:
        """Pack and serial."""
        return self.pack, self.serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One station and one pack."""

    station: str
    """Empty for a private station whose name is not at hand."""
    pack: HeldPack
    state: State
    shipment: Shipment | None
    """The last one of this pack to it; None where nobody noted any."""
    since: date | None = None
    """When it was deleted, returned or replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHeld:
    """One release that held it."""

    standing: Standing

    @property
    def state(self) -> str:
        """``live``, or how it was taken back."""
        taken = self.standing.withdrawal
        return "live" if taken is None else taken.kind.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReach:
    """All that is known of where a message went."""

    name: str
    kinds: tuple[str, ...]
    """What the name is: ``episode``, ``segment``, ``fact``, ``release``."""
    packs: tuple[HeldPack, ...]
    holders: tuple[Holder, ...]
    feeds: tuple[FeedHeld, ...]
    reasons: Mapping[LanguageTag, str]
    """Why it was taken back, by language, where somebody said."""
    newer_exists: bool
    """Whether some pack says other words or nothing in its place; False: it has to be corrected or
    taken back first."""

    def holding(self) -> tuple[Holder, ...]:
        """Give those that must be told."""
        return tuple(one for one in self.holders if one.state in {State.HOLDS, State.UNNOTED})


def find_message(workspace: Workspace, name: str) -> MessageReach:
    """Look up where an episode, a segment, a fact or a release went.

    Raises:
        ProductionError: nothing of that name was ever handed out, and nothing is called so; or a
            ledger is damaged.
    """
    ledger = Ledger(workspace.root)
    histories = Histories(ledger)
    standings = [one for history in _histories(ledger) for one in history]
    feeds = [one for one in standings if _is_in_release(one, name)]
    events = list(ledger.events("pack"))
    matched = [
        (event, items)
        for event in events
        if (items := _items_in(workspace, event, name, feeds)) is not None
    ]
    kinds = _kinds(workspace, events, standings, name)
    if not kinds:
        raise _unknown(workspace, name)
    packs, newer_exists = _judge(events, matched, histories)
    register = read_register(workspace.root, ledger)
    return MessageReach(
        name=name,
        kinds=kinds,
        packs=packs,
        holders=tuple(_holders(workspace.root, ledger, register, packs)),
        feeds=tuple(FeedHeld(standing=one) for one in feeds),
        reasons={
            one.release.language: one.withdrawal.reason
            for one in feeds
            if one.withdrawal is not None and one.withdrawal.reason
        },
        newer_exists=newer_exists,
    )


def _histories(ledger: Ledger) -> Iterator[Iterator[Standing]]:
    targets = dict.fromkeys(str(event.facts["target"]) for event in ledger.events(RELEASED))
    for target in targets:
        yield iter(read_history(ledger, target).standings())


def _is_in_release(one: Standing, name: str) -> bool:
    release = one.release
    names = (release.guid, release.episode, f"{release.series}/{release.episode}")
    return name in names or name in release.segments or _speaks(release.facts, name)


def _speaks(facts: Sequence[str], name: str) -> bool:
    """Tell whether a fact is spoken, be it as a station's own words for it."""
    return name in facts or f"own:{name}" in facts


def _items_in(
    workspace: Workspace, event: Event, name: str, feeds: Sequence[Standing]
) -> tuple[Held, ...] | None:
    """Give what of a pack holds it, empty where nobody noted what; None where it does not."""
    items = held_in([event])
    words = {
        (one.release.edition, one.release.words_digest) for one in feeds if one.release.guid == name
    }
    found = [one for one in items if _is_in_item(one, name) or (one.edition, one.words) in words]
    if found:
        return tuple(found)
    if any(one.segments or one.facts for one in items):
        return None
    told = event.facts
    if name not in told.get("segments", ()) and not _speaks(told.get("facts", ()), name):
        return None
    # A line of an older version: today's rundowns say where it is.
    asked = {
        (episode.series, episode.id)
        for episode in workspace.episodes
        if name in {slot.segment for slot in episode.slots}
    }
    return tuple(one for one in items if one.edition[:2] in asked)


def _is_in_item(one: Held, name: str) -> bool:
    series, episode, _ = one.edition
    named = name in {episode, f"{series}/{episode}"}
    return named or name in one.segments or _speaks(one.facts, name)


def _kinds(
    workspace: Workspace, events: Sequence[Event], standings: Sequence[Standing], name: str
) -> tuple[str, ...]:
    releases = [one.release for one in standings]
    pairs = {(episode.series, episode.id) for episode in workspace.episodes}
    pairs |= {one.edition[:2] for one in held_in(events)}
    pairs |= {(one.series, one.episode) for one in releases}
    segments = {*workspace.segments, *(s for one in releases for s in one.segments)}
    segments |= {s for event in events for s in event.facts.get("segments", ())}
    facts = {f for one in releases for f in one.facts} | {*_facts_of(workspace)}
    facts |= {f for event in events for f in event.facts.get("facts", ())}
    known = {
        "episode": {name for pair in pairs for name in (pair[1], "/".join(pair))},
        "segment": segments,
        "fact": facts | {one.removeprefix("own:") for one in facts},
        "release": {one.guid for one in releases},
    }
    return tuple(kind for kind, names in known.items() if name in names)


def _facts_of(workspace: Workspace) -> set[str]:
    return {*workspace.factbook.facts, *workspace.factbook.contacts}


def _unknown(workspace: Workspace, name: str) -> ProductionError:
    known = {*workspace.segments, *_facts_of(workspace)}
    known |= {episode.id for episode in workspace.episodes}
    return ProductionError(
        f"no episode, segment, fact or release is called {name}",
        where="releases.jsonl",
        remedy=did_you_mean(name, known, "give an id, or the guid of a release: altavoz release"),
        code=ExitCode.USAGE,
    )


def _judge(
    events: Sequence[Event],
    matched: Sequence[tuple[Event, tuple[Held, ...]]],
    histories: Histories,
) -> tuple[tuple[HeldPack, ...], bool]:
    """Say of each pack that held it whether it is to be recalled."""
    newest = {str(e.facts["pack"]): e for e in sorted(events, key=lambda e: int(e.facts["serial"]))}
    said = {
        pack: {(one.edition, one.words) for one in held_in([event])}
        for pack, event in newest.items()
    }
    words: dict[EditionKey, Digest] = {}
    for event in sorted(events, key=lambda e: (str(e.facts["issued"]), e.line)):
        words |= {one.edition: one.words for one in held_in([event]) if not one.own}

    def is_old(one: Held) -> bool:
        if histories.withdrawn(one.edition, one.words) is not None:
            return True
        if not one.own and words[one.edition] != one.words:
            return True
        return (one.edition, one.words) not in said[one.pack]

    old = {id(one) for _, items in matched for one in items if is_old(one)}
    packs = []
    for event, items in matched:
        stale = tuple(one for one in items if id(one) in old)
        packs.append(
            HeldPack(
                pack=str(event.facts["pack"]),
                serial=int(event.facts["serial"]),
                issued=date.fromisoformat(event.facts["issued"]),
                valid_until=date.fromisoformat(event.facts["valid_until"]),
                items=stale or items,
                recalled=bool(stale) or not items or not old,
            )
        )
    return tuple(packs), bool(old)


def _holders(
    root: Path, ledger: Ledger, register: Register, packs: Sequence[HeldPack]
) -> Iterator[Holder]:
    by_key = {one.key: one for one in packs}
    made: dict[str, dict[tuple[str, int], None]] = {}
    for event in packs_made(root, ledger):
        made.setdefault(str(event.facts["station"]), {})[pack_key(event)] = None
    named = {key for keys in made.values() for key in keys}
    nameless = {one.key: None for one in packs if one.key not in named}
    for station in sorted({*made, *(one.station for one in register.shipments)} | {""}):
        given = [one for one in register.shipments if one.station == station]
        mine = made.get(station, {}) if station else nameless
        keys = dict.fromkeys([*mine, *((one.pack, one.serial) for one in given)])
        for key in keys:
            if key in by_key:
                yield from _stands(by_key[key], station, given, register, by_key)


def _stands(
    pack: HeldPack,
    station: str,
    given: Sequence[Shipment],
    register: Register,
    packs: Mapping[tuple[str, int], HeldPack],
) -> Iterator[Holder]:
    """Say how a station stands to one pack; nothing of one that it may go on to play from."""
    own = [one for one in given if (one.pack, one.serial) == pack.key]
    last = max(own, key=lambda one: (one.on, one.line), default=None)
    after = (last.on, last.line) if last else (pack.issued, 0)
    end = register.end_of(last) if last else None
    cured = [
        one
        for one in given
        if (one.on, one.line) > after
        and (one.pack, one.serial) != pack.key
        and not ((known := packs.get((one.pack, one.serial))) and known.recalled)
    ]
    if not pack.recalled:
        state, since = State.CURRENT, None
    elif end is not None:
        state, since = State(end.how.value), end.on
    elif cured and station:
        state, since = State.NEWER, cured[0].on
    else:
        state, since = (State.HOLDS if last else State.UNNOTED), None
    if state is not State.CURRENT or last is not None:
        yield Holder(station=station, pack=pack, state=state, shipment=last, since=since)
