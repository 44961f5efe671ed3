import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.lists(st.tuples(st.integers(0, 99_999), st.integers(1, 99_999)), max_size=20))
def test_any_chapters_keep_to_the_format(spans: list[tuple[int, int]]) -> None:
    now, chapters = 0, []
    for gap_ms, length_ms in spans:
        chapters.append(chapter(now + gap_ms, now + gap_ms + length_ms, f'{now} "x" أمان'))
        now += gap_ms + length_ms
    page = json.loads(render_chapters("Camino", chapters))
    assert page.keys() <= {"version", "chapters", "author", "title", "podcastName", "description"}
    assert page["version"] == "1.2.0"
    starts = [row["startTime"] for row in page["chapters"]]
    assert starts == sorted(set(starts))
    for row, told in zip(page["chapters"], chapters, strict=True):
        assert row.keys() <= {"startTime", "endTime", "title", "img", "url", "toc", "location"}
        assert isinstance(row["startTime"], int | float)
        assert row["startTime"] < row["endTime"]
        assert row["title"] == told.title


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
