"""Commands for words and sound: say, doctor."""

from pathlib import Path

import click

from commands.key_places import user_folder
from commands.terminal import out, print_findings, print_json, print_table
from commands.workspace import json_option, today, workspace_option
from programme.errors import ExitCode


@click.command()
@workspace_option
@json_option
def doctor(folder: Path, as_json: bool) -> None:
    """Look at this machine: what is there, what is optional, what to do.

    \b
    Example:
      altavoz doctor
    """
    from dataclasses import asdict

    from production.doctor import State, examine
    from production.keys.doctor import examine_keys
    from production.tables import Table
    from production.targets.target_doctor import examine_targets

    root = folder.resolve()
    checks = (*examine(root), *examine_keys(root, user_folder()), *examine_targets(root))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        rows = tuple((c.state.value, c.name, c.what, c.remedy) for c in checks)
        print_table(Table(columns=("", "what", "found", "to do"), rows=rows))
    if any(check.state is State.BAD for check in checks):
        raise click.exceptions.Exit(ExitCode.INPUT)


@click.command()
@workspace_option
@click.option("--lang", "tag", default="", help="The language; the workspace's source by default.")
@click.option("--pace", default="mixed", help="mixed or loudspeaker.")
@click.option("--voice", default="", help="espeak, gtts or espeak/es-419; the cast one by default.")
@click.option("--speaker", default="", help="Who says it in a dialogue, by id or label: VOZ 2.")
@click.option("--show", "silent", is_flag=True, help="Show the words; make no sound.")
@json_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write a WAV file."
)
@click.argument("text")
def say(
    *,
    folder: Path,
    tag: str,
    pace: str,
    voice: str,
    speaker: str,
    silent: bool,
    as_json: bool,
    output: Path | None,
    text: str,
) -> None:
    """Speak one line, and show it as it is said and as each voice is given it.

    \b
    Example:
      altavoz say "Llame al {{phone:mx-lnctp}}." --lang es-419 -o line.wav
      altavoz say "La OIM está en Oaxaca." --lang es-419 --show
      altavoz say "VOZ 2: ¿Cuesta dinero?" --lang es-419
    """
    from production.saying import say_line

    said, findings = say_line(
        folder.resolve(),
        text,
        tag=tag,
        pace=pace,
        voice=voice,
        speaker=speaker,
        out=output,
        silent=silent,
        today=today(),
    )
    print_findings(findings, infos=silent)
    if said is None:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    if as_json:
        print_json(said.plain())
        return
    out(f"language: {said.language}\ntext:     {said.text}\nspoken:   {said.spoken}")
    for name, words in said.respelled:
        out(f"{name}: {words}")
    if silent:
        return
    out(f"voice:    {said.voice} ({said.quality}), {said.length_ms / 1000:.1f} s")
    out(f"file:     {said.path}" if said.path else "played")
