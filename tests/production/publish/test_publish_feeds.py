"""Published feeds, read by other programs, say what the ledger says."""

import calendar
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest

from production.ledger.ledger import Ledger
from production.publish.publishing import choose_target
from production.releases.values import Release
from production.reports import publish_report
from programme.errors import ExitCode, ProductionError
from programme.units import Url
from tests.production.pictures import small_png
from tests.production.published import (
    BASE,
    NOON,
    PODCAST,
    Made,
    altered,
    faults,
    feed_items,
    history,
    made_once,
    make,
    of,
    send,
    swap,
)
from tests.production.small import FILES, write_small


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


@pytest.fixture(scope="module")
def root(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a published folder; never change it."""
    folder = tmp_path_factory.mktemp("published")
    send(folder, made)
    return folder


def sound(release: Release, name: str) -> Any:
    return next(thing for thing in release.media if thing.name == name)


@pytest.mark.parametrize("tag", ["es-419", "en"])
def test_feedparser_reads_what_the_ledger_says(root: Path, tag: str) -> None:
    [release] = history(root)[tag]
    data = (root / "public" / "corta" / f"{tag}.xml").read_bytes()
    parsed = feedparser.parse(BytesIO(data))
    assert not parsed.bozo
    [item] = parsed.entries
    assert item.id == release.guid == f"small/corta/corta-1/{tag}/1"
    assert item.title == release.title
    assert item.description.replace("<br />", "\n") == release.description
    [enclosure] = item.enclosures
    main = sound(release, "mp3")
    assert enclosure.href == BASE + main.key
    assert int(enclosure.length) == main.length_bytes
    assert enclosure.length == str((root / "public" / main.key).stat().st_size)
    assert enclosure.type == "audio/mpeg"
    assert int(item.itunes_duration) == round(release.duration_ms / 1000)
    published = datetime.fromtimestamp(calendar.timegm(item.published_parsed), UTC)
    assert published == release.published_at == NOON


@pytest.mark.parametrize("tag", ["es-419", "en"])
def test_podcastparser_reads_what_the_ledger_says(root: Path, tag: str) -> None:
    [release] = history(root)[tag]
    path = root / "public" / "corta" / f"{tag}.xml"
    parsed = podcastparser.parse(f"{BASE}corta/{tag}.xml", BytesIO(path.read_bytes()))
    [item] = parsed["episodes"]
    main = sound(release, "mp3")
    assert item["guid"] == release.guid
    assert item["title"] == release.title
    assert item["description"].split() == release.description.split()
    assert item["enclosures"] == [
        {"url": BASE + main.key, "file_size": main.length_bytes, "mime_type": "audio/mpeg"}
    ]
    assert item["total_time"] == round(release.duration_ms / 1000)
    assert item["published"] == NOON.timestamp()


def test_transcripts_and_chapters_stand_at_their_addresses(made: Made, root: Path) -> None:
    site = root / "public"
    assert faults(site) == []
    for tag, spoken in (("es-419", "Lleve agua con usted."), ("en", "Carry water with you.")):
        [item] = feed_items(site, f"corta/{tag}.xml")
        texts = [link.get("url", "") for link in item.findall(f"{PODCAST}transcript")]
        assert [address.rpartition(".")[2] for address in texts] == ["vtt", "srt", "html", "json"]
        for address in texts:
            text = (site / address.removeprefix(BASE)).read_text(encoding="utf-8")
            assert spoken.split()[-1] in text
        [link] = item.findall(f"{PODCAST}chapters")
        found = json.loads((site / link.get("url", "").removeprefix(BASE)).read_text())
        assert [chapter["title"] for chapter in found["chapters"]][-1] in {"Ayuda", "Help"}
        assert len(item.findall(f"{PODCAST}alternateEnclosure")) == 2
    assert len(made.editions) == 2


def podcast_guid(site: Path, feed: str) -> str:
    text = (site / feed).read_text(encoding="utf-8")
    return text.partition("<podcast:guid>")[2].partition("<")[0]


def test_the_feeds_guid_comes_from_its_first_address_and_stays_when_it_moves(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    site = tmp_path / "public"
    before = {tag: podcast_guid(site, f"corta/{tag}.xml") for tag in ("es-419", "en")}
    network = replace(made.workspace.network, base_url=Url("https://new.example.net/radio/"))
    moved = replace(made.workspace, network=network)
    report = send(tmp_path, made, workspace=moved, now=NOON + timedelta(days=1))
    assert report.feeds[:2] == [
        "https://new.example.net/radio/corta/es-419.xml",
        "https://new.example.net/radio/corta/en.xml",
    ]
    assert {tag: podcast_guid(site, f"corta/{tag}.xml") for tag in before} == before
    # The siblings are named by their guids too.
    assert before["en"] in (site / "corta" / "es-419.xml").read_text(encoding="utf-8")
    assert faults(site, "https://new.example.net/radio/") == []
    assert len(list(Ledger(tmp_path).events("feed", series="corta"))) == 2
    assert [release.guid for release in history(tmp_path)["en"]] == ["small/corta/corta-1/en/1"]


def test_feeds_name_each_other_in_every_language_that_was_published(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made, (of(made, "es-419"),))
    assert "hreflang" not in (tmp_path / "public/corta/es-419.xml").read_text(encoding="utf-8")
    send(tmp_path, made)
    for tag, other in (("es-419", "en"), ("en", "es-419")):
        text = (tmp_path / "public" / "corta" / f"{tag}.xml").read_text(encoding="utf-8")
        assert f'hreflang="{other}"' in text


def test_two_episodes_of_one_title_and_day_get_titles_that_differ(
    made: Made, tmp_path: Path
) -> None:
    # AntennaPod drops the second of such items
    twin = altered(of(made, "en"), tmp_path, words="x", episode="corta-2", number=2)
    send(tmp_path, made, (*made.editions, twin))
    items = feed_items(tmp_path / "public", "corta/en.xml")
    titles = {item.findtext("title") for item in items}
    assert titles == {"Water and help", "Water and help – Short"}
    assert faults(tmp_path / "public") == []


def test_artwork_is_published_under_its_content_and_named_by_the_channel(
    made: Made, tmp_path: Path
) -> None:
    series = replace(made.workspace.series["corta"], artwork="art.png")
    workspace = replace(made.workspace, root=tmp_path, series={"corta": series})
    (tmp_path / "art.png").write_bytes(small_png("#123"))
    send(tmp_path, made, workspace=workspace)
    (tmp_path / "art.png").write_bytes(small_png("#246"))
    send(tmp_path, made, workspace=workspace, now=NOON + timedelta(hours=1))
    arts = sorted((tmp_path / "public" / "m").glob("corta-????????????.png"))
    assert len(arts) == 2
    text = (tmp_path / "public" / "corta" / "en.xml").read_text(encoding="utf-8")
    [named] = [art for art in arts if f"{BASE}m/{art.name}" in text]
    assert named.read_bytes() == small_png("#246")


def test_the_report_gives_plain_values(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))[1:]
    report = send(tmp_path, made, editions, now=NOON + timedelta(hours=1))
    plain = json.loads(json.dumps(publish_report(report, tmp_path)))
    assert [(row["change"], row["guid"]) for row in plain["changes"]] == [
        ("correct", "small/corta/corta-1/en/2")
    ]
    assert [row["guid"] for row in plain["stale"]] == ["small/corta/corta-1/es-419/1"]
    assert len([key for key in plain["removed"] if key.startswith("m/")]) == 8


def test_a_target_that_does_not_exist_is_named_with_those_that_do(
    made: Made, tmp_path: Path
) -> None:
    assert choose_target(made.workspace, None).name == "public"
    assert choose_target(made.workspace, "real").name == "real"
    with pytest.raises(ProductionError, match="no target elsewhere") as caught:
        choose_target(made.workspace, "elsewhere")
    assert caught.value.code is ExitCode.TARGET
    assert "public, real" in caught.value.remedy
    bare = FILES["altavoz.toml"].partition("[targets")[0]
    from tests.production.running import read

    none = read(write_small(tmp_path / "bare", {"altavoz.toml": bare}))
    with pytest.raises(ProductionError, match="no target to publish to"):
        choose_target(none, None)
