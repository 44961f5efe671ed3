"""Commands for voices: what there is, fetching one, measuring one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.terminal import out, print_json, print_table, room, talk
from commands.workspace import dry_run_option, json_option

if TYPE_CHECKING:
    from production.voice_work import Measured


@click.group(invoke_without_command=True)
@click.option("--lang", "tag", default="", help="One language, such as es-419 or ht.")
@json_option
@click.pass_context
def voices(context: click.Context, tag: str, as_json: bool) -> None:
    """List the voices: which languages they speak, what they are good for, what to install.

    \b
    Example:
      altavoz voices
      altavoz voices --lang ht
      altavoz voices install es_MX-claude-high
    """
    if context.invoked_subcommand is not None:
        return
    from commands.columns import wrapped_lines
    from production.voice_list import list_voices
    from scripts.language_names import name_lines

    listed = list_voices(tag)
    if as_json:
        print_json(listed.plain())
        return
    for line in name_lines([tag] if tag else []):
        out(line)
    if listed.table.rows:
        print_table(listed.table)
    for line in listed.advice:
        for row in wrapped_lines(line, room=room(), later="    "):
            out(row)


@voices.command("install")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with NAME.onnx and NAME.onnx.json, where there is no network.",
)
@dry_run_option
@json_option
@click.argument("name")
def voices_install(source: Path | None, dry_run: bool, as_json: bool, name: str) -> None:
    """Fetch a Piper voice, check it, measure its pace, and put it on this machine.

    Needs Altavoz with its extra piper. A voice has some 60 to 120 MB and a licence of its own:
    read it before you broadcast.

    \b
    Example:
      altavoz voices install es_MX-claude-high
      altavoz voices install es_MX-claude-high --from /media/usb
    """
    from audio.voices.places import voices_folder
    from production.voice_work import install_voice

    if dry_run:
        place = source or "Piper's voices on the network"
        out(f"{name} would be taken from {place} and put into {voices_folder() / name}")
        return
    _show(install_voice(name, source=source), as_json=as_json)
    talk(
        f"Listen: altavoz say --voice piper/{name} --lang TAG TEXT. It speaks where altavoz.toml "
        f'says engine = "piper", name = "{name}" and accept_draft = true.'
    )


@voices.command("measure")
@click.option("--lang", "tag", default="", help="In which language; the voice's own by default.")
@json_option
@click.argument("voice", metavar="ENGINE/NAME")
def voices_measure(tag: str, as_json: bool, voice: str) -> None:
    """Measure how fast a voice speaks, on sound that it renders here, and keep it.

    Needed once on each machine for voices of the system and of other packages.

    \b
    Example:
      altavoz voices measure mbrola/mb-mx2
    """
    from production.voice_work import measure_voice

    _show(measure_voice(voice, tag=tag), as_json=as_json)


def _show(measured: "Measured", *, as_json: bool) -> None:
    if as_json:
        print_json(measured.plain())
        return
    out(f"voice:    {measured.voice} ({measured.language})")
    out(f"kept in:  {measured.folder}")
    usual = dict(measured.pacing.points).get(1.0)
    if usual is not None:
        out(f"pace:     {usual:.0f} words a minute at its usual speed, measured")
