"""Commands for people who record: the kit that they get, and the review of what they give back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, talk
from commands.workspace import (
    dry_run_option,
    echo_language,
    json_option,
    read,
    today,
    workspace_option,
)
from programme.units import LanguageTag
from programme.wording import counted

if TYPE_CHECKING:
    from production.take_kit import TakeKit


@click.command("kit")
@workspace_option
@click.option("--lang", "tag", required=True, help="The language that is spoken.")
@click.option("--segment", "segments", multiple=True, help="A segment; may be given again.")
@click.option(
    "--only",
    "wanted",
    type=click.Choice(["needed", "missing", "stale", "all"]),
    default="needed",
    show_default=True,
    help="needed: what is missing, rejected or stale.",
)
@click.option("--whole", is_flag=True, help="One recording for each segment, not each sentence.")
@click.option(
    "-o",
    "--out",
    "place",
    type=click.Path(path_type=Path),
    help="The folder to write; by default NETWORK-LANG-kit in the folder you are in.",
)
@click.option("--zip", "zipped", is_flag=True, help="Write one ZIP in the place of a folder.")
@click.option("--replace", is_flag=True, help="Write over a kit that is there.")
@dry_run_option
@json_option
def takes_kit(  # noqa: PLR0917 - options
    folder: Path,
    tag: str,
    segments: tuple[str, ...],
    wanted: str,
    whole: bool,
    place: Path | None,
    zipped: bool,
    replace: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a folder for a person who records: a sheet to print, and a page that records.

    record.html records in a browser without network and gives all takes back as one ZIP for
    altavoz takes import. Where a language has no text, the source is given to be said in it.

    \b
    Example:
      altavoz takes kit --lang quc
      altavoz takes kit --lang ht --segment water --zip
    """
    from production.take_kit import Wanted, make_take_kit
    from production.take_kit_folder import kit_place, refuse_kit_place, write_kit

    workspace = read(folder, today=today())
    kit = make_take_kit(
        workspace,
        LanguageTag(tag),
        segments=segments,
        wanted=Wanted(wanted),
        whole=whole,
        today=today(),
    )
    echo_language(tag)
    where = place or kit_place(workspace.network.id, LanguageTag(tag), zipped=zipped)
    if kit.prompts:
        refuse_kit_place(where, zipped=zipped, replacing=replace)
        if not dry_run:
            write_kit(kit, where, zipped=zipped)
    if as_json:
        print_json(_plain(kit, where))
    else:
        _print_kit(kit, where, dry_run=dry_run)


def _plain(kit: "TakeKit", where: Path) -> dict[str, object]:
    return {
        "language": kit.language,
        "place": str(where) if kit.prompts else None,
        "minutes": kit.minutes,
        "prompts": [prompt.name.stem for prompt in kit.prompts],
        "skipped": [
            {"segment": one.segment, "why": one.why, "remedy": one.remedy} for one in kit.skipped
        ],
    }


def _print_kit(kit: "TakeKit", where: Path, *, dry_run: bool) -> None:
    for one in kit.skipped:
        talk(f"left out: {one.segment}: {one.why}\n    {one.remedy}")
    if kit.unplayed:
        talk(
            f"{counted(kit.unplayed, 'segment')} that no episode in this language plays left out; "
            "name them with --segment"
        )
    if not kit.prompts:
        out(f"Nothing is to be recorded in {kit.language}.")
        return
    what = f"{counted(len(kit.prompts), 'recording')} of {counted(len(kit.parts), 'segment')}"
    verb = "would be in" if dry_run else "in"
    out(f"{what}, some {counted(kit.minutes, 'minute')}, {verb} {where}")
    if not dry_run:
        talk("Hand it over. What comes back: altavoz takes import ZIP")
