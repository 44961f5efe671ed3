"""The command verify: whether a pack is genuine, or a target holds what was published.

Packs are for people with no workspace at all.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.key_places import believed_keys, key_option, user_folder
from commands.terminal import out, out_wrapped, print_json
from commands.workspace import json_option, today, workspace_option
from programme.errors import ExitCode, ProductionError
from scripts.wording import printable

if TYPE_CHECKING:
    from stations.pack_verdict import Judgement

_MOST_SHOWN = 20
"""Faults shown; --json has all."""


@click.command()
@workspace_option
@key_option
@click.option("--forget", is_flag=True, help="Do not remember this pack as the newest one seen.")
@click.option("--target", "target", default=None, help="A target, where WHAT could be a pack, too.")
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Of a target: read so many objects, chosen by chance, besides feeds.",
)
@click.option("--all", "everything", is_flag=True, help="Of a target: read every byte.")
@click.option("--seed", default=None, help="With --sample: choose the same ones again.")
@click.option(
    "--known",
    multiple=True,
    metavar="PATTERN",
    help="Of a target: what others keep there, such as robots.txt; may be given again.",
)
@click.option(
    "--public", is_flag=True, help="Of a target: also ask the public address, as listeners do."
)
@json_option
@click.argument("what", required=False)
def verify(  # noqa: PLR0917 - options
    folder: Path,
    named: tuple[str, ...],
    forget: bool,
    target: str | None,
    sample: int,
    everything: bool,
    seed: str | None,
    known: tuple[str, ...],
    public: bool,
    as_json: bool,
    what: str | None,
) -> None:
    """Say whether a pack is genuine, or whether a target holds what was published.

    WHAT is a pack's ZIP, or the folder or stick that it was copied to: no workspace is needed, and
    no network. Ends with 0 only where the pack is genuine; 9 where it is over, 11 where it must not
    be believed.

    Or WHAT is a table [targets.NAME] of altavoz.toml. All that stands there is held against the
    ledger: feeds are read whole, of everything else the length is looked at, and --sample or --all
    read more. Ends with 0 where all is well; 7 where something is missing, altered or still there
    after it was withdrawn; 9 where something is past its day; 3 where there are strangers.

    \b
    Example:
      altavoz verify camino_terminal.zip
      altavoz verify /media/stick
      altavoz verify public --sample 50
      altavoz verify public --all --json
    """
    if sample and everything:
        raise click.UsageError("--sample and --all exclude each other")
    name = target or _target_meant(folder, what)
    if name is not None:
        from commands.verifying_targets import verify_there

        verify_there(
            folder,
            name,
            sample=None if everything else sample,
            seed=seed,
            known=known,
            public=public,
            as_json=as_json,
        )
        return
    if what is None:
        raise click.UsageError("name a pack or a target")
    _verify_pack(Path(what), named, forget=forget, as_json=as_json)


def _target_meant(folder: Path, what: str | None) -> str | None:
    """Give the target that a bare word names; None where a pack is meant.

    Raises:
        ProductionError: code USAGE; in a workspace, it is neither a target nor anything there.
    """
    if what is None or Path(what).name != what or not (folder / "altavoz.toml").is_file():
        return None
    from scripts.workspace import read_workspace

    workspace, _ = read_workspace(folder.resolve(), today=today())
    if workspace is None:
        return None
    path = Path(what)
    if what not in workspace.network.targets:
        if path.exists():
            return None
        raise ProductionError(
            f"there is no target, pack or folder {printable(what)}",
            where="altavoz.toml",
            remedy=f"targets: {', '.join(workspace.network.targets) or 'none'}; a pack is named by "
            "its ZIP, or by the folder or stick that it was copied to",
            code=ExitCode.USAGE,
        )
    if path.is_file() or any(path.glob("pack.json")) or any(path.glob("*/pack.json")):
        raise click.UsageError(
            f"{what} is a target and a pack, too: write --target {what}, or ./{what} for the pack"
        )
    return what


def _verify_pack(what: Path, named: tuple[str, ...], *, forget: bool, as_json: bool) -> None:
    from production.packs.verifying import judgement_report, remember_pack, verify_pack

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
