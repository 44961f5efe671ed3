"""Air-ready sound goes into feeds where a series asks for it, and nowhere else."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from production.building import Workshop
from production.catalogue.air_ready import AIR_READY_PROFILES, air_ready_formats
from production.publish.publishing import PublishReport
from production.releases.orders import Action, Order
from production.releases.work import only_ordered
from programme.profiles import profiles
from programme.units import LanguageTag
from tests.production.published import (
    BASE,
    NO_STATIONS,
    PODCAST,
    Made,
    faults,
    feed_items,
    history,
    make,
    send,
)
from tests.production.running import TODAY, known_sound
from tests.production.small import FILES, write_small


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("air") / "workspace"
    series = FILES["series/corta.yml"].replace(
        "profile: podcast", "profile: podcast\nalso: [broadcast, broadcast/bwf, loudspeaker]"
    )
    write_small(root, {**NO_STATIONS, "series/corta.yml": series})
    return make(known_sound(root, tmp_path_factory))


@pytest.fixture(scope="module")
def site(made: Made, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PublishReport]:
    root = tmp_path_factory.mktemp("air-published")
    return root, send(root, made)


def alternates(item: ET.Element) -> dict[str, str]:
    """Give the title and the address of each rendition of an item."""
    found = {}
    for one in item.findall(f"{PODCAST}alternateEnclosure"):
        source = one.find(f"{PODCAST}source")
        assert source is not None
        found[one.get("title", "")] = source.get("uri", "")
    return found


def test_a_feed_carries_the_broadcast_mp3_beside_the_podcasts_own(
    site: tuple[Path, PublishReport],
) -> None:
    root, _ = site
    assert faults(root / "public") == []
    [item] = feed_items(root / "public", "corta/en.xml")
    found = alternates(item)
    assert list(found) == ["MP3 64 kbit/s", "Low data (Opus)", "For radio stations (MP3)"]
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("url") == found["MP3 64 kbit/s"]
    # LibreTime cannot take a WAV, and a slower reading has other times: neither is in a feed.
    names = [thing.name for thing in history(root)["en"][-1].media if thing.kbps]
    assert names == ["mp3", "opus", "mp3-128"]
    assert not list((root / "public" / "m").glob("*.wav"))


def test_the_bytes_are_those_of_the_broadcast_master(
    made: Made, site: tuple[Path, PublishReport]
) -> None:
    root, _ = site
    [other] = [
        item
        for item in made.editions
        if item.edition.profile == "broadcast" and item.edition.language == "en"
    ]
    [item] = feed_items(root / "public", "corta/en.xml")
    key = alternates(item)["For radio stations (MP3)"].removeprefix(BASE)
    assert (root / "public" / key).read_bytes() == other.objects["mp3-128"].read_bytes()


def test_a_second_publish_of_the_same_sends_nothing(
    made: Made, site: tuple[Path, PublishReport]
) -> None:
    root, first = site
    assert [change.value for change, _ in first.changes] == ["new", "new"]
    again = send(root, made)
    assert (again.changes, again.sent) == ([], [])


def test_an_order_makes_the_sound_for_stations_anew_too(made: Made) -> None:
    key = ("corta", "corta-1", LanguageTag("en"))
    order = Order(action=Action.CORRECT, editions=(key,))
    with Workshop(made.workspace.root).open() as workshop:
        plan = workshop.plan(made.workspace, today=TODAY, only=frozenset({key[1]}))
    steps = only_ordered(made.workspace, plan, order).editions
    # A loudspeaker's sound is in no feed: it is made with the packs.
    assert {step.profile.id for step in steps} == {"podcast", "broadcast"}
    assert {step.chosen.language for step in steps} == {"en"}


def test_what_is_air_ready_is_paced_like_the_podcast_and_can_be_in_a_feed() -> None:
    podcast = profiles()["podcast"]
    for name in AIR_READY_PROFILES:
        assert profiles()[name].pace == podcast.pace
        assert profiles()[name].sentence_pause_ms == podcast.sentence_pause_ms
    specs = [spec for profile in profiles().values() for spec in profile.renditions]
    ready = [spec for spec in specs if spec.id in air_ready_formats()]
    assert {spec.media_type for spec in ready} == {"audio/mpeg"}
    assert not air_ready_formats() & {spec.id for spec in podcast.renditions}
