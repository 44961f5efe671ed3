"""Chapters as a file: JSON chapters 1.2.0 of the podcast namespace.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

import json
import re

from feeds.check_captions import seconds
from feeds.check_faults import Faults, quoted
from feeds.text_lines import TextLines

_VERSION = re.compile(r"1\.[0-2](?:\.\d+)?\Z")
_START = re.compile(r'"startTime"')
_SLACK_S = 1.0
"""A feed's duration is in whole seconds."""


def check_chapters(data: bytes, duration_s: float, faults: Faults) -> None:
    """Judge a file of chapters.

    Args:
        data: the file.
        duration_s: of the sound; 0 where nobody knows.
        faults: where findings go; lines are numbers.
    """
    try:
        text = data.decode("utf-8")
        page = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        faults.append(("feed-chapters.syntax", line, "the chapters are no JSON in UTF-8"))
        return
    rows = page.get("chapters") if isinstance(page, dict) else None
    if not isinstance(page, dict) or not isinstance(rows, list) or not rows:
        faults.append(("feed-chapters.syntax", 1, "the file has no list of chapters"))
        return
    version = page.get("version")
    if not isinstance(version, str) or not _VERSION.match(version):
        said = f"the version is {quoted(str(version))}, not 1.2.0"
        faults.append(("feed-chapters.version", 1, said))
    within = TextLines(text)
    lines = [within.of(one.start()) for one in _START.finditer(text)]
    before_s = -1.0
    for number, row in enumerate(rows):
        line = lines[number] if len(lines) == len(rows) else 1
        before_s = _chapter(row, line, before_s, duration_s, faults)


def _chapter(row: object, line: int, before_s: float, duration_s: float, faults: Faults) -> float:
    """Judge one chapter; gives where it begins."""
    start_s = seconds(row, "startTime")
    if not isinstance(row, dict) or start_s is None:
        faults.append(("feed-chapters.syntax", line, "the chapter has no startTime in seconds"))
        return before_s
    shown = row.get("toc", True) is not False
    if shown and not str(row.get("title") or "").strip() and not row.get("img"):
        faults.append(("feed-chapters.syntax", line, "the chapter has no title"))
    if start_s < before_s or (start_s == before_s and shown):
        said = f"the chapter begins at {start_s:g} s, not after the last one"
        faults.append(("feed-chapters.order", line, said))
    end_s = seconds(row, "endTime")
    if "endTime" in row and (end_s is None or end_s <= start_s):
        said = f"the chapter ends at {quoted(str(row['endTime']))} and begins at {start_s:g}"
        faults.append(("feed-chapters.order", line, said))
    last_s = max(start_s, end_s or 0.0)
    if duration_s and last_s > duration_s + _SLACK_S:
        said = f"the chapter goes to {last_s:g} s, and the sound has {duration_s:g} s"
        faults.append(("feed-chapters.range", line, said))
    return start_s
