"""The command line: every command of ``commands/`` in one group, and how a run ends.

The result goes to stdout, talk goes to stderr, and nothing heavy is imported before a command
needs it. The clock is read in commands/workspace.py alone.
"""

import atexit
import signal
import sys
from contextlib import suppress
from typing import NoReturn

import click

from commands.later import LaterGroup
from commands.terminal import show_error, speak_any_terminal
from programme.errors import ExitCode, ProductionError

COMMANDS = {
    "apply": "commands.deltas:apply",
    "airplay": "commands.airplay:airplay",
    "artwork": "commands.artwork:artwork",
    "build": "commands.building:build",
    "check": "commands.checking:check",
    "cluster": "commands.cluster:cluster",
    "consent": "commands.consent:consent",
    "deliver": "commands.delivering:deliver",
    "demo": "commands.building:demo",
    "doctor": "commands.words:doctor",
    "explain": "commands.checking:explain",
    "facts": "commands.facts:facts",
    "gc": "commands.cleaning:gc",
    "init": "commands.beginning:init",
    "keys": "commands.keys:keys",
    "languages": "commands.lexicon:languages",
    "lexicon": "commands.lexicon:lexicon",
    "listen": "commands.listening:listen",
    "pack": "commands.packing:pack",
    "profiles": "commands.profiles:profiles",
    "publish": "commands.publishing:publish",
    "recall": "commands.shipments:recall",
    "release": "commands.releases:release",
    "review": "commands.reviews:review",
    "say": "commands.words:say",
    "schedule": "commands.schedule:schedule",
    "serve": "commands.serving:serve",
    "ship": "commands.shipments:ship",
    "shipments": "commands.shipments:shipments",
    "station": "commands.stations:station",
    "status": "commands.beginning:status",
    "store": "commands.store:store",
    "takes": "commands.takes:takes",
    "targets": "commands.targets:targets",
    "terms": "commands.terms:terms",
    "translate": "commands.translate:translate",
    "verify": "commands.verifying:verify",
    "voices": "commands.voices:voices",
}
"""Every command, and where it is defined."""


def main() -> NoReturn:
    """Run the command line; every error that an operator can put right ends in words."""
    speak_any_terminal()
    ended = _end_as_by_ctrl_c()
    try:
        code = _run()
    except (click.Abort, KeyboardInterrupt):  # a second Ctrl-C may come while the first is told
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        click.echo("Stopped. What was finished is kept; run the command again to go on.", err=True)
        code = 128 + ended[0] if ended else ExitCode.INTERRUPTED
    # The work is done and has been told of: a Ctrl-C that comes now finds nothing to stop.
    for number in (signal.SIGINT, signal.SIGTERM):
        atexit.register(signal.signal, number, signal.SIG_IGN)
    sys.exit(code if isinstance(code, int) else ExitCode.OK)


def _run() -> object:
    """Run the command, and tell what went wrong; gives the exit code, or nothing of the kind."""
    try:
        return altavoz(prog_name="altavoz", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ProductionError as error:
        with suppress(OSError):  # whom no word reaches, the exit code tells
            show_error(error)
        return error.code


def _end_as_by_ctrl_c() -> list[int]:
    """Let a machine that shuts down, or a terminal that is closed, end a command in good order.

    What was begun is put away as after Ctrl-C; the shell is told 128 and the signal's number.

    Returns:
        Filled with the signal that came, for whoever ends the program.
    """
    came: list[int] = []

    def stop(number: int, frame: object) -> NoReturn:
        del frame
        came.append(number)
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):  # Windows knows no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # not under nohup
            signal.signal(number, stop)
    return came


@click.group(
    cls=LaterGroup,
    later=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="altavoz")
def altavoz() -> None:
    """Turn written migration information into audio that people can trust.

    Scripts, facts and rundowns in a workspace become episodes in many languages, podcast feeds,
    and packs for radios and loudspeakers.

    \b
    Example:
      altavoz init my-radio
      cd my-radio
      altavoz build
    """
