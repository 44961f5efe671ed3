import json

import pytest

from feeds.chapters import render_chapters
from programme.editions import Chapter
from programme.errors import ProductionError
from programme.units import DurationMs


def chapter(start_ms: int, end_ms: int, title: str) -> Chapter:
    return Chapter(start_ms=DurationMs(start_ms), end_ms=DurationMs(end_ms), title=title)


def test_chapters_are_json_1_2_0_in_seconds() -> None:
    page = render_chapters("Camino", [chapter(0, 61_250, "Asilo"), chapter(61_250, 90_000, "أمان")])
    assert json.loads(page) == {
        "version": "1.2.0",
        "title": "Camino",
        "chapters": [
            {"startTime": 0, "endTime": 61.25, "title": "Asilo"},
            {"startTime": 61.25, "endTime": 90, "title": "أمان"},
        ],
    }
    assert "أمان" in page.decode()
    assert b'"endTime": 90,' in page


def test_times_keep_their_milliseconds() -> None:
    for time_ms in range(1, 20_000, 7):
        page = json.loads(render_chapters("t", [chapter(time_ms, 20_000, "a")]))
        assert round(page["chapters"][0]["startTime"] * 1000) == time_ms
        assert len(repr(page["chapters"][0]["startTime"]).partition(".")[2]) <= 3


@pytest.mark.parametrize("bad", [[chapter(0, 10, "a"), chapter(9, 20, "b")], [chapter(5, 5, "a")]])
def test_chapters_out_of_order_are_a_bug(bad: list[Chapter]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        render_chapters("t", bad)


def test_a_chapter_without_a_title_is_refused() -> None:
    with pytest.raises(ProductionError, match="empty"):
        render_chapters("t", [chapter(0, 10, " ")])
