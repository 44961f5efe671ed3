"""The command for profiles: how sound is made for where it plays."""

import click

from commands.terminal import out, print_json, print_table
from commands.workspace import json_option


@click.command()
@json_option
def profiles(as_json: bool) -> None:
    """List the profiles: for whom, how loud, which files, how large.

    A series names one (profile:) and may ask for more (also:); a station names one, and the
    format of it that it plays (format:). What is made on demand is made only where it is named.

    \b
    Example:
      altavoz profiles
    """
    from production.profile_list import profile_lines, profile_table, profiles_report

    if as_json:
        print_json({"profiles": profiles_report()})
        return
    for line in profile_lines():
        out(line)
    print_table(profile_table())
