"""The preview: a published folder as the world will see it, on this computer or in its network."""

import errno
import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from feeds.pages.addresses import OPML
from production.preview.addresses import Addresses
from production.preview.faults import Fault, Faults
from production.preview.feeds import ServedFeed, by_language, served_feeds
from production.preview.files import PreviewFolder
from production.preview.log import Answered
from production.preview.server import PreviewServer
from production.targets.folder import FolderTarget
from programme.errors import ExitCode, ProductionError
from programme.findings import Findings
from programme.network import Network
from programme.storage import storage_errors
from scripts.read_network import NETWORK_FILE, read_network
from scripts.tree import Tree

LOOPBACK = "127.0.0.1"
"""Only programs on this computer reach it."""

SHOWN = 6
"""Feeds of a language that are listed; the rest is counted."""

_ELSEWHERE = "192.0.2.1"
"""An address that no network has (RFC 5737): which way would lead there says who we are here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A published folder."""

    root: Path
    name: str
    """What the operator calls it: the target's name, or the folder."""
    base_urls: tuple[str, ...]
    """Public addresses that its documents name, each with a final slash."""
    feeds: tuple[ServedFeed, ...]


def choose_place(workspace: Path, asked: str | None) -> Place:
    """Find what is to be served: a target of kind folder, or a folder that holds one.

    Args:
        workspace: the folder of altavoz.toml, which need not be there for a folder.
        asked: a target's name or a folder; None takes the first target of altavoz.toml.

    Raises:
        ProductionError: there is no such place, it is no folder, or nothing is published there.
    """
    network = _network(workspace)
    targets = network.targets if network is not None else {}
    own = (network.base_url,) if network is not None else ()
    name = asked or next(iter(targets), "")
    settings = targets.get(name)
    if settings is not None:
        if settings.kind != "folder":
            raise ProductionError(
                f"the target {name} is of kind {settings.kind}, and only folders can be served",
                where=NETWORK_FILE,
                remedy='add a table [targets.preview] with kind = "folder", path = "preview" and '
                "demo = true; publish to it, and serve it",
                code=ExitCode.TARGET,
            )
        root = FolderTarget(settings, workspace.resolve()).base
        remedy = f"publish first: altavoz publish {name}"
    elif asked:
        root = Path(asked)
        known = ", ".join(targets) or "none here"
        remedy = f"name a folder that Altavoz published to, or a target; targets: {known}"
    else:
        raise ProductionError(
            "there is nothing to serve here: no altavoz.toml with a target",
            where=str(workspace),
            remedy="go to a workspace, or name a folder: altavoz serve path/to/folder",
            code=ExitCode.TARGET,
        )
    return _place(root, name, own, remedy)


def _place(root: Path, name: str, own: Iterable[str], remedy: str) -> Place:
    if not root.is_dir():
        raise ProductionError(
            "there is no such folder", where=str(root), remedy=remedy, code=ExitCode.TARGET
        )
    with storage_errors(root):
        feeds = served_feeds(root)
    if not feeds:
        raise ProductionError(
            "no feed is published in this folder",
            where=str(root),
            remedy=remedy,
            code=ExitCode.TARGET,
        )
    bases = {*own, *(feed.base_url for feed in feeds if feed.base_url)}
    return Place(root=root, name=name, base_urls=tuple(sorted(bases)), feeds=feeds)


def _network(folder: Path) -> Network | None:
    """Read altavoz.toml alone; None where there is none."""
    root = folder.resolve()
    if not (root / NETWORK_FILE).is_file():
        return None
    findings = Findings()
    network = read_network(Tree(root=root, findings=findings), findings)
    if network is None:
        raise ProductionError(
            "altavoz.toml has errors",
            where=NETWORK_FILE,
            remedy="run altavoz check, and correct what it lists",
            code=ExitCode.FINDINGS,
        )
    return network


def lan_address() -> str:
    """Give this computer's address in the network that it is in; sends nothing.

    Raises:
        ProductionError: it is in none.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ELSEWHERE, 9))
            found = str(probe.getsockname()[0])
        except OSError:
            found = LOOPBACK
    if ipaddress.ip_address(found).is_loopback:
        raise ProductionError(
            "this computer seems to be in no network",
            remedy="connect it to the same Wi-Fi as the phones; or write --address with its "
            "address, which its network settings show",
            code=ExitCode.TARGET,
        )
    return found


class Preview:
    """A server of one place; ``with`` starts and stops it."""

    def __init__(
        self,
        place: Place,
        *,
        clock: Callable[[], datetime],
        note: Callable[[Answered], None],
        host: str = LOOPBACK,
        port: int = 0,
        faults: Iterable[Fault] = (),
    ) -> None:
        """Take the port; see PreviewServer.

        Args:
            place: what is served.
            clock: gives the time, aware.
            note: is told of every answer, from any thread.
            host: an IP address of this computer.
            port: 0 takes a free one.
            faults: what goes wrong, for tests of podcast programs.

        Raises:
            ProductionError: code TARGET: the port is taken, or the address is not ours.
        """
        self.place = place
        self.faults = Faults(*faults)
        try:
            self._server = PreviewServer(
                (host, port),
                open_folder=lambda url: PreviewFolder(place.root, Addresses(place.base_urls, url)),
                clock=clock,
                note=note,
                faults=self.faults,
            )
        except OSError as error:
            raise _unbound(error, host, port) from error
        self.url = self._server.url
        """Of the home page, with a final slash."""

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End every connection and let the port go; a second time does nothing."""
        self._server.stop()

    def feed_lines(self) -> list[str]:
        """Say in lines which feeds there are, by language, and where the list of all is."""
        lines = []
        for language, feeds in by_language(self.place.feeds).items():
            lines.append(language)
            lines += [f"  {self.url}{feed.key}  {feed.title}" for feed in feeds[:SHOWN]]
            if len(feeds) > SHOWN:
                lines.append(f"  and {len(feeds) - SHOWN} more")
        if (self.place.root / OPML).is_file():
            lines.append(f"All feeds as a list for podcast programs: {self.url}{OPML}")
        return lines

    def report(self) -> dict[str, Any]:
        """Give the same for a program."""
        return {
            "place": self.place.name,
            "address": self.url,
            "feeds": [
                {
                    "address": self.url + feed.key,
                    "title": feed.title,
                    "language": feed.language,
                }
                for feed in self.place.feeds
            ],
        }


def _unbound(error: OSError, host: str, port: int) -> ProductionError:
    words = {
        errno.EADDRINUSE: (
            f"another program uses port {port}",
            "end it, or choose another port: --port 0 takes a free one",
        ),
        errno.EACCES: (
            f"this user may not use port {port}",
            "choose a port above 1023, such as --port 8000",
        ),
        errno.EADDRNOTAVAIL: (
            "this computer does not have this address",
            "write the address that its network settings show",
        ),
    }
    problem, remedy = words.get(
        error.errno or 0,
        (f"the system refuses: {error.strerror or error}", "choose another address or port"),
    )
    return ProductionError(problem, where=f"{host}:{port}", remedy=remedy, code=ExitCode.TARGET)
