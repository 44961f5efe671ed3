"""Feeds in pages: what a new episode changes, what is ahead, how heavy documents get."""

import hashlib
import json
import locale
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import etree

from bench.feeds_workload import NOW
from feeds.channel import ItemState
from production.catalogue.slots import item_weight
from production.ledger.ledger import Ledger
from production.releases.values import Notice, Release, Withdrawal, Withdrawing
from scripts.workspace import Workspace
from tests.production.catalogue.catalogues import (
    catalogue,
    documents,
    record,
    release,
    write_workspace,
)

HOUR = timedelta(hours=1)
MAX_FEED_BYTES = 250_000
"""What players take without trouble (notes on feeds, section 5)."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_workspace(tmp_path_factory.mktemp("paged"))


@pytest.fixture(scope="module")
def root(workspace: Workspace) -> Path:
    """Give a folder whose ledger holds a hundred releases in two languages; never change it."""
    record(workspace.root, [release(n) for n in range(1, 101)])
    record(workspace.root, [release(n, tag="en", topics=("work",)) for n in range(1, 4)])
    return workspace.root


def made(workspace: Workspace, news: list[Release | Withdrawal | Notice]) -> dict[str, bytes]:
    return documents(catalogue(workspace, Ledger(workspace.root), news, now=NOW + 3 * HOUR))


def changed(old: dict[str, bytes], new: dict[str, bytes]) -> set[str]:
    return {key for key in new if old.get(key) != new[key]}


def test_a_new_episode_changes_its_feeds_and_nothing_else(workspace: Workspace, root: Path) -> None:
    assert root == workspace.root
    old = made(workspace, [])
    new = made(workspace, [release(101, at=NOW)])
    assert set(old) <= set(new)
    stems = ("uno/es-419", "all/es-419", "topic/health/es-419", "station/abierta", "station/aire")
    heads = {f"{stem}{suffix}" for stem in stems for suffix in (".xml", ".json")}
    assert heads <= changed(old, new)
    # A page may become full by it; then the page before names the new one.
    pages = changed(old, new) - heads
    assert all("-p" in key for key in pages)
    assert len(pages) <= 4 * len(stems)
    assert not any(key.startswith(("publisher", "feeds.opml", "uno/en")) for key in pages)


def test_old_pages_keep_their_bytes_while_hundreds_of_items_come(
    workspace: Workspace, root: Path
) -> None:
    assert root == workspace.root
    old = made(workspace, [])
    new = made(workspace, [release(100 + n, at=NOW + n * HOUR / 200) for n in range(1, 201)])
    last = max(key for key in old if key.startswith("uno/es-419-p") and key.endswith(".xml"))
    for key, data in old.items():
        if "-p" in key and key[-8:-4] < last[-8:-4] and key.startswith("uno/es-419-p"):
            assert new[key] == data, key


def test_an_item_that_runs_out_leaves_a_hole_and_moves_no_other(
    workspace: Workspace, tmp_path: Path
) -> None:
    soon = date(2026, 11, 23)
    items = [release(n, expires=soon if n == 5 else date(2027, 1, 15)) for n in range(1, 121)]
    ledger = record(tmp_path, items)
    later = NOW + timedelta(days=1)
    old = documents(catalogue(workspace, ledger, now=later, today=soon))
    new = documents(catalogue(workspace, ledger, now=later))
    differs = {key for key in changed(old, new) if key.startswith("uno/es-419")}
    assert differs == {"uno/es-419-p0001.xml", "uno/es-419-p0001.json"}
    assert b"red/uno/e5/" in old["uno/es-419-p0001.xml"]
    assert b"red/uno/e5/" not in b"".join(new.values())


def withdrawal(one: Release) -> Withdrawal:
    return Withdrawal(
        target="public",
        series=one.series,
        episode=one.episode,
        language=one.language,
        revision=one.revision,
        guid=one.guid,
        kind=Withdrawing.RETRACT,
        reason="El número cambió.",
        at=NOW + HOUR,
        sound=None,
    )


def test_corrections_withdrawals_and_notices_stand_in_the_feed_itself(
    workspace: Workspace, root: Path
) -> None:
    assert root == workspace.root
    old, gone = release(2), release(3)
    notice = Notice(
        target="public",
        series="uno",
        episode="e3",
        number=3,
        language=gone.language,
        revision=1,
        about=gone.guid,
        guid=f"{gone.guid}/notice",
        kind=Withdrawing.RETRACT,
        title="AVISO: no use el mensaje 3",
        reason="El número cambió.",
        published_at=NOW + HOUR,
        sound=None,
        topics=("health",),
    )
    news: list[Release | Withdrawal | Notice]
    news = [release(2, revision=2, at=NOW), withdrawal(gone), notice]
    later: list[Release | Withdrawal | Notice]
    later = [release(200 + n, at=NOW + HOUR + n * HOUR / 100) for n in range(100)]
    for key in ("uno/es-419", "all/es-419", "topic/health/es-419", "station/abierta"):
        data = made(workspace, news + later)
        mark = {"u": "", "a": "#all", "t": "#topic-health", "s": "#station-abierta"}[key[0]]
        root_ = etree.fromstring(data[f"{key}.xml"])
        items = {item.findtext("guid"): item for item in root_.iter("item")}
        for guid in (old.guid, "red/uno/e2/es-419/2", gone.guid, notice.guid):
            assert guid + mark in items, (key, guid)
        titles = [items[one.guid + mark].findtext("title") or "" for one in (old, gone)]
        assert all(title.startswith("RETIRADO") for title in titles)
        told = {one["id"]: one for one in json.loads(data[f"{key}.json"])["items"]}
        assert told[notice.guid + mark]["_altavoz"]["replaces"] == gone.guid + mark
        assert told[notice.guid + mark]["_altavoz"]["state"] == ItemState.NOTICE.value
        assert told["red/uno/e2/es-419/2" + mark]["_altavoz"]["replaces"] == old.guid + mark


def test_a_correction_goes_to_its_page_once_the_withdrawn_item_has_left(
    workspace: Workspace, root: Path
) -> None:
    assert root == workspace.root
    long = date(2028, 1, 1)
    news: list[Release | Withdrawal | Notice] = [
        release(2, revision=2, at=NOW, expires=long),
        *(release(200 + n, at=NOW + n * HOUR / 200, expires=long) for n in range(1, 101)),
    ]
    heads = []
    for days in (90, 91):
        now = NOW + timedelta(days=days)
        found = documents(catalogue(workspace, Ledger(root), news, now=now))
        heads.append(found["uno/es-419.xml"])
        assert b"red/uno/e2/es-419/2<" in b"".join(found.values())
    assert [b"red/uno/e2/es-419/1<" in head for head in heads] == [True, False]
    assert [b"red/uno/e2/es-419/2<" in head for head in heads] == [True, False]


AMHARIC = "መንገዱ ተዘግቷል። " * 113
ARABIC = "الطريق مغلق اليوم. " * 113
MARKUP = '<b>&amp;"\\\n' * 170


@pytest.mark.parametrize("text", [AMHARIC, ARABIC, MARKUP], ids=["amharic", "arabic", "markup"])
def test_every_document_stays_below_250_kb_however_long_its_descriptions(
    workspace: Workspace, tmp_path: Path, text: str
) -> None:
    text = text.strip()
    items = [
        release(
            n, description=text, title=f"{n} " + text[:200].strip().replace("\n", " "), air=True
        )
        for n in range(1, 131)
    ]
    gone = [withdrawal(one) for one in items[::4]]
    found = documents(catalogue(workspace, record(tmp_path, [*items, *gone]), now=NOW + 2 * HOUR))
    assert max(map(len, found.values())) < MAX_FEED_BYTES
    guids = [
        item.findtext("guid") or ""
        for key, data in found.items()
        if key.startswith("uno/") and key.endswith(".xml")
        for item in etree.fromstring(data).iter("item")
    ]
    assert sorted(guids) == sorted(one.guid for one in items)


def test_an_item_never_weighs_more_than_is_reckoned(workspace: Workspace, tmp_path: Path) -> None:
    for text in (AMHARIC, ARABIC, MARKUP, "x"):
        line = text[:240].strip().replace("\n", " ")
        one = release(1, description=text.strip(), title=line, air=True)
        found = documents(catalogue(workspace, Ledger(tmp_path), [one]))
        reckoned = item_weight(one.title, one.description, files=8, url_letters=70, countries=1)
        rss = found["uno/es-419.xml"]
        begin, end = rss.index(b"<item>"), rss.index(b"</item>")
        assert end - begin < reckoned
        told = found["uno/es-419.json"]
        assert len(told) - told.index(b'"items"') < reckoned


# --- The same bytes everywhere ---------------------------------------------------------------

PROGRAM = """
import hashlib, locale, sys
sys.path.insert(0, {root!r})
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
from production.ledger.ledger import Ledger
from scripts.workspace import read_workspace
from bench.feeds_workload import TODAY
from tests.production.catalogue.catalogues import catalogue, documents
workspace, _ = read_workspace(Path({folder!r}), today=TODAY)
found = documents(catalogue(workspace, Ledger(workspace.root)))
print(hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest())
"""


def other_locales() -> Iterator[str]:
    yield "C"
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    yield from [name for name in known.split() if name.startswith(("ar_", "de_", "fa_", "th_"))][:2]


def digest(found: dict[str, bytes]) -> str:
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def test_the_bytes_are_the_same_in_another_locale_time_zone_and_hash_seed(
    workspace: Workspace, root: Path
) -> None:
    wanted = digest(documents(catalogue(workspace, Ledger(root))))
    here = str(Path(__file__).parents[3])
    for place, name in enumerate(other_locales()):
        other = {"LC_ALL": name, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": str(place)}
        said = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(root=here, folder=str(root))],
            env={**os.environ, **other}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert said.stdout.strip() == wanted, name


def test_the_bytes_are_the_same_when_several_threads_make_them(
    workspace: Workspace, root: Path
) -> None:
    before = locale.setlocale(locale.LC_ALL), time.tzname

    def work(_: int) -> str:
        return digest(documents(catalogue(workspace, Ledger(root))))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(work, range(6)))) == 1
    assert (locale.setlocale(locale.LC_ALL), time.tzname) == before
