"""The command verify: whether a pack is genuine, for people with no workspace at all."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.key_places import believed_keys, key_option, user_folder
from commands.terminal import out, out_wrapped, print_json
from commands.workspace import json_option, today
from programme.errors import ExitCode
from scripts.wording import printable

if TYPE_CHECKING:
    from stations.pack_verdict import Judgement

_MOST_SHOWN = 20
"""Faults shown; --json has all."""


@click.command()
@key_option
@click.option("--forget", is_flag=True, help="Do not remember this pack as the newest one seen.")
@json_option
@click.argument("what", type=click.Path(path_type=Path))
def verify(named: tuple[str, ...], forget: bool, as_json: bool, what: Path) -> None:
    """Say whether a pack is genuine, whole and still to be played.

    WHAT is a pack's ZIP, or the folder or stick that it was copied to. No workspace is needed, and
    no network. Ends with 0 only where the pack is genuine; 9 where it is over, 11 where it must not
    be believed.

    \b
    Example:
      altavoz verify camino_terminal.zip
      altavoz verify /media/stick
    """
    from production.verifying import judgement_report, remember_pack, verify_pack

    judged = verify_pack(what, user_folder(), today=today(), keys=believed_keys(named))
    if as_json:
        print_json(judgement_report(judged))
    else:
        _print(judged, what)
    if not forget:
        remember_pack(judged, user_folder())
    code = exit_code(judged)
    if code:
        raise click.exceptions.Exit(code)


def exit_code(judged: "Judgement") -> ExitCode:
    """Give the exit code of a verdict."""
    from stations.pack_verdicts import Verdict

    if judged.verdict is Verdict.GENUINE:
        return ExitCode.OK
    over = judged.verdict in {Verdict.EXPIRED, Verdict.WITHDRAWN}
    return ExitCode.EXPIRED if over else ExitCode.REFUSED


def _print(judged: "Judgement", what: Path) -> None:
    out(f"{judged.verdict.value.upper()}: {what}")
    for fault in judged.faults[:_MOST_SHOWN]:
        place = f"{printable(fault.where)}: " if fault.where else ""
        out_wrapped(f"  {fault.verdict.value}: {place}{printable(fault.problem)}")
    rest = len(judged.faults) - _MOST_SHOWN
    if rest > 0:
        out(f"  and {rest} more; see them with --json")
    for remedy in dict.fromkeys(fault.remedy for fault in judged.faults):
        out_wrapped(f"  What to do: {remedy}")
    _print_about(judged)


def _print_about(judged: "Judgement") -> None:
    about = judged.contents
    if about is not None:
        said = "of" if judged.is_proven else "says that it is of"
        out_wrapped(f"  {said} {printable(about.publisher_name)} ({about.publisher})")
        out_wrapped(
            f"  pack {about.pack}, serial {about.serial}, issued {about.issued}, "
            f"valid until {about.valid_until}"
        )
        if about.demo:
            out("  an example: not to be played to anybody")
        for title in about.recalls[:_MOST_SHOWN]:
            out_wrapped(f"  calls back: {printable(title)}")
    if judged.key is not None:
        out(f"  signed with {judged.key.name}")
        out(f"  fingerprint {judged.key.fingerprint}")
    if judged.newer:
        out_wrapped(f"  there is a newer pack: {judged.newer}")
    for path in judged.litter[:_MOST_SHOWN]:
        out_wrapped(f"  passed over, of an operating system: {printable(path)}")
    out(f"  {judged.file_count} files, {judged.length_bytes / 1e6:.1f} MB")
