"""The command that shows a finished edition: a page to listen with, or one picture."""

from pathlib import Path

import click

from commands.terminal import out, print_json, talk
from commands.workspace import json_option, read, today, workspace_option


@click.command()
@workspace_option
@click.option("--profile", default="", help="As mastered for this profile; the series' own.")
@click.option("--format", "rendition", default="", help="One rendition, such as opus; the first.")
@click.option(
    "--png",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one picture to this file; open nothing.",
)
@click.option("--no-open", is_flag=True, help="Write the page; do not open it.")
@json_option
@click.argument("edition")
@click.argument("tag", metavar="[LANG]", default="")
def listen(
    *,
    folder: Path,
    profile: str,
    rendition: str,
    png: Path | None,
    no_open: bool,
    as_json: bool,
    edition: str,
    tag: str,
) -> None:
    """See a finished edition: waveform, loudness, chapters, sentences, how the bed ducks.

    EDITION is an episode's id, with the language behind it where there are several, or any
    sound file. What is out of bounds is red. The page plays the sound and follows along.

    \b
    Example:
      altavoz listen camino-breves-001 es-419
      altavoz listen camino-breves-001 es-419 --png breves.png
      altavoz listen from-the-studio.wav --profile broadcast --png studio.png
    """
    from production.building import Workshop
    from production.edition_view import edition_view, file_view
    from production.listening import look_at_edition, write_page, write_picture

    root = folder.resolve()
    file = Path(edition)
    if file.suffix and file.is_file():
        look = look_at_edition(file_view(file, profile or "podcast"))
    else:
        episode, _, after = edition.partition("/")
        with Workshop(root).open() as workshop:
            day = today()
            workspace = read(root, today=day)
            view = edition_view(
                workshop,
                workshop.plan(workspace, today=day),
                episode=episode,
                language=tag or after,
                profile=profile,
                rendition=rendition,
            )
            look = look_at_edition(view)
    if png is not None:
        write_picture(look, png)
        written = png
    else:
        written = write_page(look, root)
    if as_json:
        print_json({**look.plain(), "written": str(written)})
        return
    for fault in look.faults:
        talk(f"Look: {fault.text}")
    out(str(written))
    if png is None and not no_open:
        click.launch(str(written))
