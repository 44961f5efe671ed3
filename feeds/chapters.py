"""Chapters as podcast players load them beside the sound: JSON chapters 1.2.0.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md

No chapter is silent (``toc``: false): an edition's chapters stand end to end, and AntennaPod, which
does not know ``toc``, shows a silent one without a title.
"""

import json
from collections.abc import Sequence

from feeds.wellformed import check_value
from programme.editions import Chapter
from programme.units import DurationMs

MEDIA_TYPE = "application/json+chapters"


def render_chapters(title: str, chapters: Sequence[Chapter]) -> bytes:
    """Give the chapters of an edition as JSON in UTF-8, times in seconds.

    Args:
        title: of the edition.
        chapters: in order, not overlapping.

    Raises:
        ProductionError: a title is empty, too long, or cannot be carried.
        ValueError: a chapter ends before it begins, or begins before the last one ended.
    """
    check_value(title, where="chapters: title of the edition")
    rows = []
    now_ms = DurationMs(0)
    for chapter in chapters:
        if chapter.start_ms < now_ms or chapter.end_ms <= chapter.start_ms:
            raise ValueError(f"chapter at {chapter.start_ms} ms is out of order")
        now_ms = chapter.end_ms
        check_value(chapter.title, where=f"chapters: {chapter.title!a}")
        rows.append(
            {
                "startTime": _seconds(chapter.start_ms),
                "endTime": _seconds(chapter.end_ms),
                "title": chapter.title,
            }
        )
    page = {"version": "1.2.0", "title": title, "chapters": rows}
    return (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _seconds(time_ms: DurationMs) -> int | float:
    """Give whole seconds as a whole number, others to the millisecond."""
    return time_ms // 1000 if time_ms % 1000 == 0 else round(time_ms / 1000, 3)
