"""The story of an episode in words, for whoever answers for it; data in release_log.toml."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache

from production.releases.log import LogEntry, Story
from programme.digests import Plain
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from scripts.spoken import print_date

FILE = "release_log.toml"

Local = Callable[[datetime], datetime]
"""Gives a moment as the operator's clock shows it."""

_RELEASES = frozenset({"new", "correct", "renew", "replace", "text"})
_TAKEN_BACK = frozenset({"withdrawn", "expired", "notice"})


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return read_toml(package_file("production.releases", FILE))


def readers() -> tuple[str, ...]:
    """Give the languages in which a log can be read."""
    return tuple(_tables())


def story_lines(story: Story, *, reader: str, local: Local) -> Iterator[str]:
    """Give a story as lines for a terminal.

    Args:
        story: of one edition.
        reader: one of ``readers()``.
        local: tells the operator's time.
    """
    say = _tables()[reader]
    yield "/".join(story.edition)
    for entry in story.entries:
        place = f"  {entry.target}" if entry.target else ""
        yield f"  {_when(entry, local)}{place}"
        for line in _entry_lines(entry, say, LanguageTag(reader)):
            yield f"    {line}"
    for target, (revision, state) in story.now.items():
        yield "  " + say[f"now_{state}"].format(target=target, revision=revision)


def nothing_line(reader: str) -> str:
    """Say that there is no story yet."""
    return _tables()[reader]["nothing"]


def story_plain(story: Story, local: Local) -> dict[str, Plain]:
    """Give a story for --json; what is empty is left out."""
    series, episode, language = story.edition
    return {
        "series": series,
        "episode": episode,
        "language": language,
        "entries": [_entry_plain(entry, local) for entry in story.entries],
        "now": {
            target: {"revision": revision, "state": state}
            for target, (revision, state) in story.now.items()
        },
    }


def _when(entry: LogEntry, local: Local) -> str:
    if entry.at is None:
        return entry.day.isoformat()
    here = local(entry.at)
    whose = here.strftime("%z")
    offset = f"{whose[:3]}:{whose[3:5]}"
    return f"{here:%Y-%m-%d %H:%M} {offset} ({entry.at:%Y-%m-%d %H:%M} UTC)"


def _entry_lines(entry: LogEntry, say: Mapping[str, str], tag: LanguageTag) -> Iterator[str]:
    yield _headline(entry, say)
    if entry.title and entry.what in {*_RELEASES, "notice"}:
        yield f"«{entry.title}»"
    if entry.stations:
        named = ", ".join(name or say["private"] for name in entry.stations)
        yield say["for_stations"].format(stations=named)
    if entry.changed:
        listed = ", ".join(_changed(one, say) for one in entry.changed)
        yield say["changed"].format(list=listed)
    yield from _why(entry, say)
    if entry.expires is not None:
        yield say["until"].format(day=print_date(entry.expires, tag))
    yield from entry.addresses


def _why(entry: LogEntry, say: Mapping[str, str]) -> Iterator[str]:
    """Give the reason, and what came with it."""
    if entry.reason:
        yield say["why"].format(reason=entry.reason)
    elif entry.what in _TAKEN_BACK:
        yield say["no_reason"]
    if entry.aloud is not None:
        yield say["aloud" if entry.aloud else "silent"]
    if entry.removed:
        yield say["removed"].format(count=entry.removed)


def _headline(entry: LogEntry, say: Mapping[str, str]) -> str:
    unreleased = entry.what == "packed" and not entry.revision
    text = say["packed_unreleased" if unreleased else entry.what]
    return text.format(
        revision=entry.revision,
        before=entry.revision - 1,
        pack=entry.pack,
        serial=entry.serial,
        how=say.get(entry.how, entry.how),
    )


def _changed(what: str, say: Mapping[str, str]) -> str:
    kind, _, name = what.partition(" ")
    if kind == "fact":
        return say["fact"].format(id=name)
    if kind == "segment":
        return say["segment_new" if name[0] == "+" else "segment_gone"].format(id=name[1:])
    return say[kind]


def _entry_plain(entry: LogEntry, local: Local) -> dict[str, Plain]:
    found: dict[str, Plain] = {"what": entry.what, "day": entry.day.isoformat()}
    if entry.at is not None:
        found |= {"at": entry.at.isoformat(), "local": local(entry.at).isoformat()}
    if entry.expires is not None:
        found["expires"] = entry.expires.isoformat()
    if entry.aloud is not None:
        found["aloud"] = entry.aloud
    rest: dict[str, Plain] = {
        "target": entry.target,
        "revision": entry.revision,
        "guid": entry.guid,
        "title": entry.title,
        "reason": entry.reason,
        "changed": list(entry.changed),
        "removed": entry.removed,
        "addresses": list(entry.addresses),
        "pack": entry.pack,
        "serial": entry.serial,
        "stations": list(entry.stations),
        "how": entry.how,
    }
    return found | {name: value for name, value in rest.items() if value}
