"""Artwork as objects to publish: drawn once, named by content, given pictures as they are."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from production.artwork.artwork import Art, art_for, card_for
from production.artwork.listing import artwork_table, list_artwork
from production.artwork.looks import look_of
from production.artwork.wanted import ArtWanted, network_art, series_art
from production.building import Workshop
from production.catalogue.art import WorkshopPictures
from programme.digests import digest_bytes, digest_file
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from scripts.workspace import read_workspace
from tests.production.pictures import pixels, png_chunk, small_png
from tests.production.small import write_small

ES, AR = LanguageTag("es-419"), LanguageTag("ar")
ROOT = Path(__file__).resolve().parents[3]
WANTED = ArtWanted(id="corta", title="Corta", language=ES)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    with Workshop(tmp_path).open() as opened:
        yield opened


def test_art_lies_in_the_store_under_its_digest(workshop: Workshop) -> None:
    art = art_for(workshop, WANTED)
    assert art.media.name == "art"
    assert art.media.media_type == "image/png"
    assert art.media.digest == digest_file(art.path)
    assert art.media.length_bytes == art.path.stat().st_size
    assert art.media.key == f"m/corta-es-419-{art.media.digest[:12]}.png"
    assert art.path == workshop.store.path(art.media.digest)
    assert pixels(art.path.read_bytes()).shape == (3000, 3000, 3)


def test_art_is_drawn_once_for_all_commands(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    art = art_for(workshop, WANTED)

    def draw_again(svg: str) -> bytes:
        raise AssertionError(svg[:80])

    monkeypatch.setattr("production.artwork.artwork.opaque_picture", draw_again)
    assert art_for(workshop, WANTED) == art
    with pytest.raises(AssertionError):
        art_for(workshop, replace(WANTED, title="Otra"))


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_art_that_is_lost_or_damaged_in_the_store_is_drawn_again(
    workshop: Workshop, harm: Callable[[Path], object]
) -> None:
    art = art_for(workshop, WANTED)
    harm(art.path)
    assert art_for(workshop, WANTED) == art
    assert digest_file(art.path) == art.media.digest


def test_new_words_give_a_new_name_and_another_language_another(workshop: Workshop) -> None:
    others = [replace(WANTED, title="Nueva"), replace(WANTED, language=AR), replace(WANTED, id="b")]
    keys = {art_for(workshop, one).media.key for one in (WANTED, *others)}
    assert len(keys) == 4


def test_a_given_picture_is_used_as_it_is_in_every_language(workshop: Workshop) -> None:
    data = small_png("#246")
    (workshop.root / "art.png").write_bytes(data)
    given = replace(WANTED, given="art.png")
    art = art_for(workshop, given)
    assert art.path == workshop.root / "art.png"
    assert art.media.key == f"m/corta-{digest_bytes(data)[:12]}.png"
    assert (art.media.media_type, art.media.length_bytes) == ("image/png", len(data))
    assert art_for(workshop, replace(given, language=AR)) == art
    # a card has another form: it is drawn all the same
    assert card_for(workshop, given).media.key.startswith("m/corta-es-419-card-")


def test_a_given_picture_is_published_without_what_it_tells_on_people(workshop: Workshop) -> None:
    data = small_png("#246")
    note = png_chunk("tEXt", b"Author\0somebody")
    (workshop.root / "art.png").write_bytes(data[:33] + note + data[33:] + b"left behind")
    art = art_for(workshop, replace(WANTED, given="art.png"))
    assert art.path.read_bytes() == data
    assert art.media.digest == digest_bytes(data)
    assert art.path == workshop.store.path(art.media.digest)


def test_a_given_file_that_is_no_picture_is_refused(workshop: Workshop) -> None:
    (workshop.root / "art.png").write_bytes(b"x")
    with pytest.raises(ProductionError, match="no JPG and no PNG") as caught:
        art_for(workshop, replace(WANTED, given="art.png"))
    assert caught.value.code == ExitCode.INPUT


def test_a_given_picture_that_is_gone_is_told(workshop: Workshop) -> None:
    with pytest.raises(ProductionError) as caught:
        art_for(workshop, replace(WANTED, given="gone.png"))
    assert caught.value.code == ExitCode.STORAGE
    assert "gone.png" in str(caught.value)


def test_letters_without_a_font_are_told(workshop: Workshop) -> None:
    assert art_for(workshop, replace(WANTED, title="ᱥᱟᱱ")).undrawn == "ᱥᱟᱱ"
    assert art_for(workshop, WANTED).undrawn == ""


def test_a_full_disk_leaves_no_half_picture(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", refuse)
        with pytest.raises(ProductionError) as caught:
            art_for(workshop, WANTED)
    assert caught.value.code == ExitCode.STORAGE
    assert isinstance(art_for(workshop, WANTED), Art)


def test_the_bytes_do_not_depend_on_place_time_or_hash(workshop: Workshop) -> None:
    code = (
        "import sys; from production.artwork.sketch import draw_artwork;"
        "from production.artwork.drawing import opaque_picture;"
        "from programme.digests import digest_bytes;"
        "print(digest_bytes(opaque_picture(draw_artwork('corta', 'Corta', 'es-419').svg)))"
    )
    odd = {**os.environ, "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=odd, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == art_for(workshop, WANTED).media.digest


def test_feeds_ask_for_the_art_of_their_series_or_of_the_network() -> None:
    workspace, _ = read_workspace(ROOT / "examples/camino", today=date(2026, 11, 22))
    assert workspace is not None
    series = next(iter(workspace.series.values()))
    drawn = series_art(workspace.network, replace(series, artwork=""), AR)
    assert (drawn.id, drawn.title, drawn.language) == (series.id, series.title[AR], AR)
    assert series_art(workspace.network, series, AR).given == series.artwork != ""
    assert network_art(workspace.network, AR).title == workspace.network.name
    assert network_art(workspace.network).language == "mul"


def test_a_catalogue_asks_once_for_each_picture_and_tells_what_is_not_drawn(
    workshop: Workshop,
) -> None:
    pictures = WorkshopPictures(workshop)
    strange = replace(WANTED, title="ᱥᱟᱱ")
    keys = [pictures.key(one) for one in (WANTED, strange, WANTED)]
    assert keys[0] == keys[2] != keys[1]
    assert set(pictures.sources) == {*keys}
    assert pictures.undrawn == {"corta es-419": "ᱥᱟᱱ"}


def test_series_that_happen_to_look_alike_are_told(tmp_path: Path) -> None:
    workspace, _ = read_workspace(write_small(tmp_path / "workspace"), today=date(2026, 11, 22))
    assert workspace is not None
    corta = workspace.series["corta"]
    twin = next(str(n) for n in range(3000) if look_of(str(n)) == look_of("corta"))
    other = next(str(n) for n in range(3000) if look_of(str(n)) != look_of("corta"))
    series = {name: replace(corta, id=name) for name in ("corta", twin, other)}
    rows = list_artwork(replace(workspace, series=series))
    assert {row.wanted.id: row.like for row in rows} == {
        "corta": (twin,),
        twin: ("corta",),
        other: (),
    }
    assert f"looks like {twin}" in str(artwork_table(rows).rows)
    given = {**series, twin: replace(series[twin], artwork="a.png")}
    assert not any(row.like for row in list_artwork(replace(workspace, series=given)))


def test_loops_have_no_feed_and_no_picture(tmp_path: Path) -> None:
    workspace, _ = read_workspace(write_small(tmp_path / "workspace"), today=date(2026, 11, 22))
    assert workspace is not None
    assert "bucle" in workspace.series
    assert {row.wanted.id for row in list_artwork(workspace)} == {"corta"}
