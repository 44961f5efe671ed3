"""The command line: every command of ``commands/`` in one group, and how a run ends.

The result goes to stdout, talk goes to stderr, and nothing heavy is imported before a command
needs it. The clock is read in commands/workspace.py alone.
"""

import sys
from typing import NoReturn

import click

from commands.artwork import artwork
from commands.beginning import init, status
from commands.building import build, demo
from commands.checking import check, explain
from commands.checking_feeds import feed
from commands.consent import consent
from commands.facts import facts
from commands.lexicon import languages, lexicon
from commands.listening import listen
from commands.profiles import profiles
from commands.publishing import pack, publish
from commands.releases import release
from commands.reviews import review
from commands.serving import serve
from commands.takes import takes
from commands.takes_kit import TAKES
from commands.terminal import show_error, speak_any_terminal
from commands.terms import terms
from commands.translate import translate
from commands.voices import voices
from commands.words import doctor, say
from programme.errors import ExitCode, ProductionError


def main() -> NoReturn:
    """Run the command line; every error that an operator can put right ends in words."""
    speak_any_terminal()
    try:
        code = altavoz(prog_name="altavoz", standalone_mode=False)
    except click.Abort:
        click.echo("Stopped. What was finished is kept; run the command again to go on.", err=True)
        code = ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except ProductionError as error:
        show_error(error)
        code = error.code
    sys.exit(code if isinstance(code, int) else ExitCode.OK)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


check.add_command(feed)
for command in TAKES:
    takes.add_command(command)
for command in (
    artwork,
    build,
    check,
    consent,
    demo,
    doctor,
    explain,
    facts,
    init,
    languages,
    lexicon,
    listen,
    pack,
    profiles,
    publish,
    release,
    review,
    say,
    serve,
    status,
    takes,
    terms,
    translate,
    voices,
):
    altavoz.add_command(command)
