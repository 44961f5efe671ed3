"""The pictures that the tests of a run share are those that the drawing gives."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from production.artwork import drawing
from production.artwork.drawing import opaque_picture
from tests import drawn_once

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'


def square(colour: str) -> str:
    return f'{HEAD}<rect width="8" height="8" fill="{colour}"/></svg>'


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the folder of the pictures that are kept."""
    monkeypatch.setenv(drawn_once.FOLDER, str(tmp_path))
    drawn_once.keep_drawings()
    yield tmp_path
    drawn_once.draw_afresh()


def test_a_kept_picture_is_the_one_that_the_drawing_gives(kept: Path) -> None:
    found = [opaque_picture(square(colour)) for colour in ("#123", "#321")]
    assert len(list(kept.iterdir())) == 2
    drawn_once.keep_drawings()  # as another process would begin
    assert [opaque_picture(square(colour)) for colour in ("#123", "#321")] == found
    drawn_once.draw_afresh()
    assert [opaque_picture(square(colour)) for colour in ("#123", "#321")] == found


def test_a_kept_picture_is_not_drawn_again_and_another_one_is(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opaque_picture(square("#123"))

    def draw_again(_svg: str, *, width: int | None) -> bytes:
        raise AssertionError(width)

    monkeypatch.setattr(drawing, "picture", draw_again)
    drawn_once.keep_drawings()
    assert opaque_picture(square("#123")) == first
    for other, width in ((square("#124"), None), (square("#123"), 16)):
        with pytest.raises(AssertionError):
            opaque_picture(other, width=width)
    assert len(list(kept.iterdir())) == 1
