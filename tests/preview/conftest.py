"""A folder as publishing leaves it, made by hand, and a server of it."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from production.preview.log import Answered
from production.preview.preview import Preview, choose_place

BASE = "https://radio.example.org/"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WRITTEN = datetime(2026, 11, 22, 8, tzinfo=UTC)
SOUND = bytes(range(256)) * 400
"""102,400 bytes in which each place can be told."""

FEED = f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0"
 version="2.0"><channel>
<title>Short</title><language>en</language><link>{BASE}</link>
<atom:link href="{BASE}corta/en.xml" rel="self"/>
<atom:link href="{BASE}corta/en-p0001.xml" rel="last"/>
<podcast:guid>c48d6ab4-933d-5309-b31c-825020517f6f</podcast:guid>
<item><title>Water</title><guid isPermaLink="false">{BASE}corta/water/en/1</guid>
<enclosure url="{BASE}m/water-1.mp3" length="{len(SOUND)}" type="audio/mpeg"/></item>
</channel></rss>
"""

FILES = {
    "corta/en.xml": FEED,
    "corta/en-p0001.xml": FEED,
    "corta/es-419.xml": FEED.replace("corta/en.xml", "corta/es-419.xml").replace(
        "<language>en", "<language>es-419"
    ),
    "corta/en.json": f'{{"feed_url": "{BASE}corta/en.json", "items": [{{"id": "{BASE}x/1"}}]}}',
    "feeds.opml": f'<opml><body><outline xmlUrl="{BASE}corta/en.xml"/></body></opml>',
    "site.json": f'{{"address": "{BASE}"}}',
    "sw.js": f'const home = "{BASE}";',
    "index.html": f'<a href="{BASE}en/index.html">English</a>',
    "en/index.html": "<title>English</title>",
    "m/words.html": f'<a href="{BASE}">home</a>',
    "m/empty.txt": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running preview, and what it was asked."""

    folder: Path
    preview: Preview
    answers: list[Answered]

    @property
    def url(self) -> str:
        return self.preview.url

    def last(self) -> Answered:
        """Give the last answer; the client may have it a moment before it is noted."""
        settle(self.answers)
        return self.answers[-1]

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])


def settle(answers: Sequence[Answered]) -> None:
    """Wait until nothing more is noted; ten seconds at most for the first."""
    stop, seen = time.monotonic() + 10.0, -1
    while time.monotonic() < stop and (not answers or len(answers) != seen):
        seen = len(answers)
        time.sleep(0.1)


def write_site(root: Path) -> Path:
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "m" / "water-1.mp3").write_bytes(SOUND)
    for path in root.rglob("*"):
        os.utime(path, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    return root


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    root = write_site(tmp_path / "public")
    answers: list[Answered] = []
    with Preview(
        choose_place(tmp_path, str(root)), clock=lambda: NOW, note=answers.append
    ) as preview:
        yield Served(folder=root, preview=preview, answers=answers)
