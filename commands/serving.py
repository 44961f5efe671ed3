"""The preview: what was published, as podcast programs and browsers will see it."""

import ipaddress
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from commands.terminal import (
    out,
    print_json,
    show_error,
    speaks_utf8,
    talk,
    talk_wrapped,
)
from commands.workspace import json_option, read_clock, workspace_option
from programme.errors import ProductionError

if TYPE_CHECKING:
    from production.preview.log import Answered, RequestLog
    from production.preview.preview import Preview

PORT = 8000


@click.command()
@workspace_option
@json_option
@click.option("--lan", is_flag=True, help="Let phones and computers of your network open it, too.")
@click.option(
    "--address", default="", help="With --lan: your address, where the wrong one is found."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--log",
    "log_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add a line of JSON for each request; never who asked.",
)
@click.argument("place", required=False, metavar="[TARGET|FOLDER]")
def serve(  # noqa: PLR0917 - options
    folder: Path,
    as_json: bool,
    lan: bool,
    address: str,
    port: int,
    log_file: Path | None,
    place: str | None,
) -> None:
    """Serve what was published, on this computer, until you press Ctrl-C.

    TARGET is a table [targets.NAME] of altavoz.toml whose kind is folder; without it, the first.
    FOLDER is one that Altavoz published to, such as a USB stick. Podcast programs can subscribe
    to it: addresses lead here, and everything else is as the world will get it. It serves what
    altavoz publish has written.

    \b
    Example:
      altavoz serve public
      altavoz serve public --lan
    """
    from production.preview.log import RequestLog
    from production.preview.preview import LOOPBACK, Preview, choose_place, lan_address

    host = _checked(address) or lan_address() if lan else LOOPBACK
    if address and not lan:
        raise click.UsageError("--address goes with --lan.")
    chosen = choose_place(folder, place)
    screen = _Screen()
    with ExitStack() as open_things:
        if log_file is not None:
            log = RequestLog(log_file, published=chosen.root)
            open_things.callback(log.close)
            screen.log = log
        preview = Preview(chosen, clock=read_clock, note=screen.note, host=host, port=port)
        with preview, suppress(KeyboardInterrupt):
            _tell(preview, as_json=as_json, lan=lan)
            threading.Event().wait()
    talk("Stopped.")


def _checked(address: str) -> str:
    """Give an IP address as the operator wrote it; a name is none."""
    if address:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise click.UsageError(
                f"--address takes the numbers of an address, such as 192.168.1.20, not {address!a}."
            ) from error
    return address


def _tell(preview: "Preview", *, as_json: bool, lan: bool) -> None:
    """Say where it is served, to whom, and which feeds there are."""
    if not as_json:
        out(f"Serving {preview.place.name} at {preview.url}")
        if lan and speaks_utf8() and sys.stdout.isatty():
            from feeds.qr_code import terminal_code

            out(terminal_code(preview.url).rstrip("\n"))
        for line in preview.feed_lines():
            out(line)
    talk("")
    if lan:
        talk_wrapped(
            "Everybody in this network can open it, and what they fetch is not encrypted. "
            "Phones: use the same Wi-Fi and read the code, or type the address."
        )
        if ipaddress.ip_address(urlsplit(preview.url).hostname or "").is_global:
            talk_wrapped("This is a public address: it may be reached from the whole internet.")
    else:
        talk_wrapped("Only this computer can open it; --lan lets phones of your network in.")
    talk("Press Ctrl-C to stop.")
    if as_json:
        # last, so that a program that has read it knows that everything was said
        print_json(preview.report())


class _Screen:
    """Shows each answer as it is given, and keeps the log; any thread may note one."""

    def __init__(self) -> None:
        self.log: RequestLog | None = None
        self._lock = threading.Lock()

    def note(self, answered: "Answered") -> None:
        """Show one answer."""
        with self._lock:
            talk(answered.line())
            if self.log is not None:
                try:
                    self.log.note(answered)
                except ProductionError as error:
                    self.log = None
                    show_error(error)
                    talk("The log ends here; serving goes on.")
