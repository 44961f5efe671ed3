"""One station read from a text: a new one before it is written, or one that a stranger handed in.

A stranger's file is bounded, read as hostile and never copied: what it says is written anew, key
by key, when all of it holds. It may not say which numbers listeners hear (overrides), and whether
the station may be named is for the person who adds it to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from programme.findings import Findings, Severity
from programme.stations import Station
from scripts.fields import Fields
from scripts.nodes import Items, Node, Table, Text
from scripts.read_facts import FactFiles
from scripts.read_series import SeriesFiles
from scripts.read_stations import StationGround, read_station
from scripts.text_files import read_text
from scripts.wording import listed, shown
from scripts.workspace import Workspace
from scripts.yaml_text import dump_yaml, parse_table

LIMIT_BYTES = 64_000
"""Of a stranger's file; the longest that people write is a twentieth of it."""

_PERSONS_FOLDER = re.compile(r"(?:\\users\\|/home/|/users/)", re.IGNORECASE)


def read_station_text(
    text: str, *, file: str, name: str, workspace: Workspace, today: date, findings: Findings
) -> Station | None:
    """Give the station that a text describes; None where it has faults, which are reported."""
    fields = _fields(text, file=file, findings=findings)
    if fields is None:
        return None
    return read_station(fields, name, _ground(workspace, today))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A stranger's file whose every key was checked."""

    text: str
    """What is to be written; nothing of the file's own form is in it."""
    spoken: tuple[str, ...]
    """Words that listeners or presenters would get from it, to be read before they are used."""


def read_handed_in(
    path: Path,
    *,
    name: str,
    workspace: Workspace,
    today: date,
    publish_identity: bool,
    with_overrides: bool,
    findings: Findings,
) -> HandedIn | None:
    """Check a stranger's file; None where anything in it may not be taken, which is reported.

    Args:
        path: the file.
        name: the id under which the station is to be known here.
        workspace: what it may refer to.
        today: what "expired" is counted from.
        publish_identity: whether the person who adds it says that it may be named.
        with_overrides: whether that person has looked at what it says in place of our facts.
        findings: grows; also with what is taken otherwise than it is written.
    """
    file = shown(path.name)
    text = read_text(path, file=file, findings=findings, limit_bytes=LIMIT_BYTES)
    fields = None if text is None else _fields(text, file=file, findings=findings)
    if fields is None:
        return None
    station = read_station(fields, name, _ground(workspace, today))
    if station is None or any(one.severity is Severity.ERROR for one in findings):
        return None
    if station.overrides and not with_overrides:
        findings.add(
            file=file,
            line=station.lines["overrides"],
            rule="station.handed-in",
            problem="the file says other facts than ours: "
            + listed([one.replaces for one in station.overrides]),
            remedy="call the station on a number you know; then add --with-overrides",
        )
        return None
    if station.publish_identity and not publish_identity:
        findings.add(
            file=file,
            line=station.lines["publish_identity"],
            rule="station.handed-in",
            severity=Severity.WARNING,
            problem="the file says that the station may be named; it stays private here",
            remedy="if the station's own people said so: --publish-identity",
        )
    if _PERSONS_FOLDER.search(station.settings.drive_path):
        findings.add(
            file=file,
            line=station.lines["drive_path"],
            rule="station.handed-in",
            severity=Severity.WARNING,
            problem=f"drive_path names a person's own folder: {station.settings.drive_path}",
            remedy="ask the station for a folder that names nobody; playlists hold its path",
        )
    values = _plain(fields.table)
    values["publish_identity"] = "yes" if publish_identity else "no"
    head = "# From a file that was handed in, checked and written anew by Altavoz.\n"
    return HandedIn(text=head + dump_yaml(values), spoken=tuple(_spoken(station)))


def _fields(text: str, *, file: str, findings: Findings) -> Fields | None:
    table = parse_table(text, file=file, findings=findings)
    return None if table is None else Fields(table, file=file, findings=findings)


def _ground(workspace: Workspace, today: date) -> StationGround:
    book = workspace.factbook
    return StationGround(
        series=SeriesFiles(series=dict(workspace.series), names=set(workspace.series)),
        facts=FactFiles(
            facts=dict(book.facts), contacts=dict(book.contacts), faulty=dict(book.faulty)
        ),
        sounds=workspace.sounds,
        languages=workspace.network.languages,
        today=today,
    )


def _plain(table: Table) -> dict[str, object]:
    return {key: _value(node) for key, node in table.entries.items()}


def _value(node: Node) -> object:
    """Give texts, lists and tables; what was refused was an error, and is not here."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [_value(one) for one in node.items]
    if isinstance(node, Table):
        return _plain(node)
    raise TypeError(f"line {node.line} was refused")


def _spoken(station: Station) -> Iterator[str]:
    texts = [window.text for clock in station.schedule.clocks.values() for window in clock.windows]
    if station.loop is not None:
        texts.append(station.loop.locator)
    for text in texts:
        for tag, words in text.items():
            yield f"{tag}: {words}"
