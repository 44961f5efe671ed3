"""Which pictures the feeds of a workspace have, told without drawing any."""

from collections.abc import Iterator
from dataclasses import dataclass

from production.artwork.looks import look_of
from production.artwork.sketch import draw_artwork
from production.artwork.wanted import ArtWanted, network_art, series_art
from production.tables import Table
from programme.errors import ExitCode, ProductionError
from programme.series import Series, SeriesKind
from programme.units import LanguageTag
from scripts.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtRow:
    """The picture of one feed."""

    wanted: ArtWanted
    look: str
    """``triangle on checks``; the file's name where one was given."""
    undrawn: str
    """Letters for which there is no font; empty for none."""
    like: tuple[str, ...]
    """Other series that look the same; empty mostly."""

    def plain(self) -> dict[str, object]:
        """Give it for programs."""
        return {
            "id": self.wanted.id,
            "language": self.wanted.language,
            "given": self.wanted.given,
            "look": self.look,
            "undrawn": self.undrawn,
            "like": list(self.like),
        }


def list_artwork(workspace: Workspace) -> tuple[ArtRow, ...]:
    """Give the picture of every series in every language of it; loops have no feed and none."""
    return tuple(_rows(workspace))


def _rows(workspace: Workspace) -> Iterator[ArtRow]:
    shown = [one for one in workspace.series.values() if one.kind is not SeriesKind.LOOP]
    drawn = [one.id for one in shown if not one.artwork]
    for series in shown:
        look = look_of(series.id)
        like = (
            ()
            if series.artwork
            else tuple(other for other in drawn if other != series.id and look_of(other) == look)
        )
        for tag in series.languages:
            wanted = series_art(workspace.network, series, tag)
            yield ArtRow(
                wanted=wanted,
                look=series.artwork or f"{look.shape} on {look.pattern}",
                undrawn="" if series.artwork else _undrawn(wanted),
                like=like,
            )


def _undrawn(wanted: ArtWanted) -> str:
    return draw_artwork(wanted.id, wanted.title, wanted.language).undrawn


def artwork_table(rows: tuple[ArtRow, ...]) -> Table:
    """Lay the rows out for people."""
    return Table(
        columns=("series", "language", "picture", "look at this"),
        rows=tuple((r.wanted.id, r.wanted.language, _picture(r), _remark(r)) for r in rows),
    )


def _picture(row: ArtRow) -> str:
    return row.look if row.wanted.given else f"drawn: {row.look}"


def _remark(row: ArtRow) -> str:
    said = []
    if row.undrawn:
        said.append(f"no font for {row.undrawn}: the title is left out")
    if row.like:
        said.append(f"looks like {', '.join(row.like)}: give one of them a picture")
    return "; ".join(said)


def artwork_of(workspace: Workspace, name: str, tag: str) -> ArtWanted:
    """Give the picture of a series in a language, or that of the network's other feeds.

    Args:
        workspace: as read.
        name: id of a series, or of the network.
        tag: of the language; empty for the first that there is.

    Raises:
        ProductionError: there is no such series, or not in this language.
    """
    network = workspace.network
    if name == network.id:
        languages, known = network.languages, None
    else:
        known = workspace.series.get(name)
        languages = known.languages if known else ()
    if not languages or (tag and tag not in languages):
        there = ", ".join(languages) or ", ".join([*workspace.series, network.id])
        raise ProductionError(
            f"there is no {name} in {tag}" if languages else f"there is no series {name}",
            where="series/",
            remedy=f"there is: {there}",
            code=ExitCode.INPUT,
        )
    return _wanted(workspace, known, LanguageTag(tag) if tag else languages[0])


def _wanted(workspace: Workspace, series: Series | None, tag: LanguageTag) -> ArtWanted:
    if series is None:
        return network_art(workspace.network, tag)
    return series_art(workspace.network, series, tag)
