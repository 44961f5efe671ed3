"""Which feeds there are, how they name each other, and what their items carry."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from bench.feeds_workload import NOW
from feeds.channel import ChannelKind, FeedChannel
from feeds.guids import podcast_guid
from feeds.validate import check_feed
from production.catalogue.catalogue import Catalogue
from production.ledger.ledger import Ledger
from programme.units import LanguageTag, Url
from scripts.workspace import Workspace
from tests.production.catalogue.catalogues import (
    BASE,
    catalogue,
    documents,
    record,
    release,
    write_workspace,
)

NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
NEWS = (
    release(1),
    release(1, tag="en"),
    release(2, topics=("work", "health")),
    release(3, series="dos", tag="ar", topics=()),
    release(4, air=True),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_workspace(tmp_path_factory.mktemp("feeds"))


@pytest.fixture(scope="module")
def made(workspace: Workspace) -> dict[str, bytes]:
    record(workspace.root, NEWS)
    return documents(catalogue(workspace, Ledger(workspace.root)))


def tree(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def find(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(one) for one in found]


def feeds(made: dict[str, bytes]) -> dict[str, etree._Element]:
    return {key: tree(data) for key, data in made.items() if key.endswith(".xml")}


def test_there_is_a_feed_for_each_series_language_topic_and_public_station(
    made: dict[str, bytes],
) -> None:
    assert sorted(key for key in made if key.endswith(".xml")) == [
        "all/ar.xml",
        "all/en.xml",
        "all/es-419.xml",
        "dos/ar.xml",
        "publisher.xml",
        "station/abierta.xml",
        "station/aire.xml",
        "topic/health/ar.xml",
        "topic/health/en.xml",
        "topic/health/es-419.xml",
        "topic/work/es-419.xml",
        "uno/en.xml",
        "uno/es-419.xml",
    ]
    assert {key.removesuffix(".xml") + ".json" for key in made if key.endswith(".xml")} <= set(made)
    assert "feeds.opml" in made


def test_nothing_anywhere_tells_of_a_station_that_is_private(made: dict[str, bytes]) -> None:
    assert not any(b"secreta" in data for data in made.values())
    assert not any("secreta" in key for key in made)


def test_every_feed_keeps_our_own_rules(made: dict[str, bytes]) -> None:
    for key, data in made.items():
        if key.endswith(".xml"):
            assert [f.problem for f in check_feed(data, now=NOW)] == [], key


def test_no_guid_of_an_item_stands_in_two_feeds(made: dict[str, bytes]) -> None:
    # LibreTime takes a guid once, whichever of its podcasts has it
    guids = [guid for root in feeds(made).values() for guid in find(root, "//item/guid/text()")]
    assert len(guids) == len(set(guids)) > 12
    assert "red/uno/e1/es-419/1" in guids
    assert "red/uno/e1/es-419/1#all" in guids
    assert "red/uno/e1/es-419/1#topic-health" in guids
    assert "red/uno/e1/es-419/1#station-abierta" in guids


def test_the_json_feed_has_the_items_of_its_rss_under_the_same_ids(made: dict[str, bytes]) -> None:
    for key, root in feeds(made).items():
        if key == "publisher.xml":
            continue
        told = json.loads(made[key.removesuffix(".xml") + ".json"])
        assert [item["id"] for item in told["items"]] == find(root, "//item/guid/text()")
        assert told["feed_url"] == BASE + key.removesuffix(".xml") + ".json"
        assert [item["title"] for item in told["items"]] == find(root, "//item/title/text()")


def test_the_publisher_and_its_feeds_name_each_other(made: dict[str, bytes]) -> None:
    # https://github.com/Podcastindex-org/podcast-namespace/blob/main/publishers/publishers.md:
    # it counts only in both directions
    publisher = feeds(made).pop("publisher.xml")
    own = find(publisher, "channel/podcast:guid/text()")
    assert own == [podcast_guid(BASE + "publisher.xml")]
    assert find(publisher, "channel/podcast:medium/text()") == ["publisher"]
    assert find(publisher, "//item") == []
    named = dict(
        zip(
            find(publisher, "channel/podcast:remoteItem/@feedUrl"),
            find(publisher, "channel/podcast:remoteItem/@feedGuid"),
            strict=True,
        )
    )
    told = {}
    for key, root in feeds(made).items():
        if key != "publisher.xml":
            told[BASE + key] = find(root, "channel/podcast:guid/text()")[0]
            back = "channel/podcast:publisher/podcast:remoteItem"
            assert find(root, f"{back}/@feedGuid") == own
            assert find(root, f"{back}/@feedUrl") == [BASE + "publisher.xml"]
            assert find(root, f"{back}/@medium") == ["publisher"]
    assert named == told


def test_feeds_offer_their_other_languages_and_the_feeds_beside_them(
    made: dict[str, bytes],
) -> None:
    root = feeds(made)["uno/es-419.xml"]
    other = "channel/atom:link[@rel='alternate'][@hreflang]"
    assert find(root, f"{other}/@hreflang") == ["en"]
    assert find(root, f"{other}/@href") == [BASE + "uno/en.xml"]
    assert find(root, f"{other}/@title") == ["English"]
    rolled = find(root, "channel/podcast:podroll/podcast:remoteItem/@feedUrl")
    assert rolled == [BASE + "uno/en.xml", BASE + "all/es-419.xml"]
    language = feeds(made)["all/es-419.xml"]
    assert find(language, f"{other}/@hreflang") == ["en", "ar"]


def test_an_item_carries_everything_that_its_edition_has(made: dict[str, bytes]) -> None:
    root = feeds(made)["uno/es-419.xml"]
    item = "//item[guid='red/uno/e4/es-419/1']"
    kinds = find(root, f"{item}/podcast:transcript/@type")
    assert kinds == ["text/vtt", "application/x-subrip", "text/html", "application/json"]
    assert set(find(root, f"{item}/podcast:transcript/@language")) == {"es-419"}
    titles = find(root, f"{item}/podcast:alternateEnclosure/@title")
    assert titles == ["MP3 64 kbit/s", "Pocos datos (Opus)", "Para radios (MP3)"]
    assert len(find(root, f"{item}/podcast:alternateEnclosure/podcast:integrity/@value")) == 3
    assert find(root, f"{item}/podcast:alternateEnclosure[@default='true']/@bitrate") == ["64000"]
    assert find(root, f"{item}/podcast:location/@country") == ["GT"]
    assert find(root, f"{item}/podcast:location/@osm") == ["R1521463"]
    assert find(root, f"{item}/podcast:location/@rel") == ["subject"]
    assert find(root, f"{item}/podcast:location/text()") == ["Guatemala"]
    assert find(root, f"{item}/dc:language/text()") == ["es-419"]
    assert find(root, f"{item}/podcast:license/text()") == ["cc-by-4.0"]
    assert find(root, f"{item}/podcast:txt[@purpose='ai-content']/text()") == ["true"]
    assert find(root, "channel/podcast:person/text()") == ["Red"]  # never a person
    assert find(root, "channel/podcast:socialInteract/@protocol") == ["disabled"]


def test_attachments_of_one_item_have_one_title_and_so_are_alternates(
    made: dict[str, bytes],
) -> None:
    # https://www.jsonfeed.org/version/1.1/: the same title says that they are the same thing
    [item] = [
        one
        for one in json.loads(made["uno/es-419.json"])["items"]
        if one["_altavoz"]["number"] == 4
    ]
    assert [one["mime_type"] for one in item["attachments"]] == [
        "audio/mpeg",
        "audio/ogg; codecs=opus",
        "audio/mpeg",
    ]
    assert {one["title"] for one in item["attachments"]} == {item["title"]}
    assert all(one["duration_in_seconds"] == 61 for one in item["attachments"])
    assert item["_altavoz"]["expires"] == "2027-01-15"


def test_a_station_for_broadcast_gets_air_ready_sound_where_an_item_has_it(
    made: dict[str, bytes],
) -> None:
    root = feeds(made)["station/aire.xml"]
    wanted = release(4, air=True).media[-1]
    titles = find(root, "//item/title/text()")
    assert "Mensaje 1 uno" in titles  # English is its first language
    assert "Mensaje 1 uno (español latinoamericano)" in titles
    item = "//item[guid='red/uno/e4/es-419/1#station-aire']/enclosure"
    assert find(root, f"{item}/@url") == [BASE + wanted.key]
    other = "//item[guid='red/uno/e1/es-419/1#station-aire']/enclosure"
    assert find(root, f"{other}/@url") == [BASE + release(1).media[0].key]
    plain = "//item[guid='red/uno/e4/es-419/1#station-abierta']/enclosure"
    assert find(feeds(made)["station/abierta.xml"], f"{plain}/@url") == [
        BASE + release(4).media[0].key
    ]


def test_the_list_nests_feeds_by_language_with_exact_tags(made: dict[str, bytes]) -> None:
    root = tree(made["feeds.opml"])
    assert root.get("version") == "2.0"
    groups = [one for one in root.findall("body/outline") if one.get("type") is None]
    assert [one.get("language") for one in groups] == ["es-419", "en", "ar"]
    assert [one.get("xmlUrl") for one in groups[1]] == [
        BASE + "all/en.xml",
        BASE + "uno/en.xml",
        BASE + "topic/health/en.xml",
    ]
    listed = {str(one.get("xmlUrl")) for one in root.iter("outline") if one.get("type") == "rss"}
    assert listed == {BASE + key for key in feeds(made) if key != "publisher.xml"}
    assert all(one.get("language") for one in root.iter("outline"))


def test_guids_of_all_feeds_come_from_the_ledger_once_they_are_in_it(
    workspace: Workspace, made: dict[str, bytes], tmp_path: Path
) -> None:
    del made
    ledger = record(tmp_path, NEWS)
    first = catalogue(workspace, ledger)
    assert len(first.new_feeds) == 13
    ledger.append_all([("feed", feed.plain()) for feed in first.new_feeds])
    moved = replace(
        workspace, network=replace(workspace.network, base_url=Url("https://new.example/"))
    )
    again = catalogue(moved, Ledger(tmp_path))
    assert again.new_feeds == ()
    assert [one.podcast_guid for one in again.channels] == [
        one.podcast_guid for one in first.channels
    ]
    assert again.publisher is not None
    assert first.publisher is not None
    assert again.publisher.podcast_guid == first.publisher.podcast_guid
    assert all(one.feed_url.startswith("https://new.example/") for one in again.channels)


def test_a_topic_without_words_of_its_own_is_shown_as_it_is_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    ledger = record(tmp_path, [release(1, topics=("sea-rescue",))])
    [topic] = of_kind(catalogue(workspace, ledger), ChannelKind.TOPIC)
    assert (topic.id, topic.title) == ("sea-rescue", "Red: sea rescue")
    assert topic.language == LanguageTag("es-419")


def test_dates_follow_the_content_and_are_never_later_than_now(
    workspace: Workspace, tmp_path: Path
) -> None:
    ledger = record(tmp_path, NEWS)
    for now in (NOW, NOW + timedelta(days=3)):
        made = catalogue(workspace, ledger, now=now)
        for channel in made.channels:
            newest = max(item.published_at for item in channel.items)
            assert channel.changed_at == newest <= now


def of_kind(made: Catalogue, kind: ChannelKind) -> list[FeedChannel]:
    return [channel for channel in made.channels if channel.kind is kind]


def told(workspace: Workspace, ledger: Ledger) -> Catalogue:
    """Give the catalogue, and write its feeds into the ledger."""
    made = catalogue(workspace, ledger)
    ledger.append_all([("feed", feed.plain()) for feed in made.new_feeds])
    return made


def test_a_series_that_is_made_no_more_goes_on_until_its_last_item_has_run_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    ledger = record(tmp_path, NEWS)
    first = told(workspace, ledger)
    without = replace(workspace, series={"uno": workspace.series["uno"]})
    made = catalogue(without, ledger)
    old, new = (next(one for one in found.channels if one.id == "dos") for found in (first, made))
    assert (new.ended, new.title, new.podcast_guid) == (True, "Dos AR", old.podcast_guid)
    assert new.feed_url == old.feed_url
    assert [item.guid for item in new.items] == ["red/dos/e3/ar/1"]
    assert "expired" not in json.loads(documents(made)["dos/ar.json"])
    over = documents(catalogue(without, ledger, now=NOW + timedelta(days=99)))
    assert json.loads(over["dos/ar.json"])["expired"] is True
    assert find(tree(over["dos/ar.xml"]), "//item") == []
    assert b"all/ar.xml" in over["feeds.opml"]
    assert [f.problem for f in check_feed(over["dos/ar.xml"], now=NOW + timedelta(days=99))] == []


def test_a_language_that_a_series_has_no_more_goes_on_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    ledger = record(tmp_path, NEWS)
    told(workspace, ledger)
    fewer = replace(workspace.series["uno"], languages=(LanguageTag("es-419"),))
    made = catalogue(replace(workspace, series={**workspace.series, "uno": fewer}), ledger)
    [english] = [one for one in of_kind(made, ChannelKind.SERIES) if one.language == "en"]
    assert english.ended
    assert [item.guid for item in english.items] == ["red/uno/e1/en/1"]


def test_a_station_that_is_not_public_any_more_takes_its_feed_with_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    ledger = record(tmp_path, NEWS)
    told(workspace, ledger)
    hidden = replace(workspace.stations["abierta"], publish_identity=False)
    stations = {"abierta": hidden}  # and aire is deleted
    made = catalogue(replace(workspace, stations=stations), ledger)
    assert of_kind(made, ChannelKind.STATION) == []
    assert {"station/abierta.xml", "station/abierta.json"} < set(made.gone)
    assert {"station/aire.xml", "station/aire.json"} < set(made.gone)
    assert all(key.startswith("station/") for key in made.gone)
    assert not any(b"abierta" in data for data in documents(made).values())
    assert catalogue(workspace, ledger).gone == ()
