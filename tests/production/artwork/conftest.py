"""Here every picture is drawn by the test that looks at it."""

from collections.abc import Iterator

import pytest

from tests.drawn_once import draw_afresh, keep_drawings


@pytest.fixture(scope="module", autouse=True)
def _afresh() -> Iterator[None]:
    draw_afresh()
    yield
    keep_drawings()
