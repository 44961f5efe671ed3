"""The command for artwork: which picture each feed has, and to look at one."""

from pathlib import Path

import click

from commands.terminal import out, print_json, print_table, talk
from commands.workspace import json_option, read, today, workspace_option


@click.command()
@workspace_option
@click.option("--lang", "tag", default="", help="Language of the picture; the series' first.")
@click.option("--card", is_flag=True, help="The wide picture that programs show beside a link.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the picture to this file (PNG, or as it was given).",
)
@json_option
@click.argument("name", metavar="[SERIES]", default="")
def artwork(
    *, folder: Path, tag: str, card: bool, output: Path | None, as_json: bool, name: str
) -> None:
    """See which picture each feed has, or write one to a file.

    A series without a picture of its own gets one for each language: a sign that stays the same,
    the language in its own letters, the title. Give the network's id in place of SERIES for the
    picture of all other feeds.

    \b
    Example:
      altavoz artwork
      altavoz artwork camino-seguro --lang ar -o cover.png
    """
    from production.artwork.artwork import art_for, card_for
    from production.artwork.listing import artwork_of, artwork_table, list_artwork
    from production.building import Workshop
    from programme.storage import storage_errors, write_beside

    root = folder.resolve()
    workspace = read(root, today=today())
    if not name:
        if output or card or tag:
            raise click.UsageError("Name a series: without one, all pictures are listed.")
        rows = list_artwork(workspace)
        if as_json:
            print_json({"artwork": [row.plain() for row in rows]})
        else:
            print_table(artwork_table(rows))
        return
    wanted = artwork_of(workspace, name, tag)
    with Workshop(root).open() as workshop:
        art = (card_for if card else art_for)(workshop, wanted)
        file = output or Path(Path(art.media.key).name)
        with storage_errors(file):
            write_beside(file, art.path.read_bytes())
    if as_json:
        print_json(
            {
                "written": str(file),
                "key": art.media.key,
                "digest": art.media.digest,
                "length_bytes": art.media.length_bytes,
                "undrawn": art.undrawn,
            }
        )
        return
    if art.undrawn:
        talk(f"There is no font for {art.undrawn}: the words with these letters are left out.")
    out(str(file))
