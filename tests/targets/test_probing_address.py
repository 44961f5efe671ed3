"""The public address tried out: what is right passes, each fault is named with its cure."""

import os
from collections.abc import Iterator

import pytest

from production.targets.probed import Verdict
from production.targets.probing import clear, probe_rights
from production.targets.probing_address import probe_address
from production.targets.probing_place import tidy
from programme.network import TargetSettings
from programme.units import Key
from tests.targets.places import Place
from tests.targets.probed_places import by_name, names_there, not_ok, probe, trial_of
from tests.targets.public_site import PublicSite, public_site


@pytest.fixture
def site(folder_place: Place) -> Iterator[PublicSite]:
    """Give the public web server of a folder; whatever a test did, nothing of it may stay."""
    target = folder_place.open()
    usual = os.umask(0o022)
    with public_site(lambda path: target.read(Key(path))) as server:
        yield server
    os.umask(usual)
    target.close()
    assert names_there(folder_place) == []
    assert not (folder_place.root / "out/public/altavoz-test").exists()


def test_a_folder_behind_a_web_server_passes(folder_place: Place, site: PublicSite) -> None:
    found = probe(folder_place, site.base)
    assert not_ok(found) == {}
    assert list(found) == [
        *(
            "owner",
            "write",
            "read",
            "list",
            "replace",
            "address",
            "range",
            "head",
            "types",
            "cache",
        ),
        *("unchanged", "cors", "strangers-write", "strangers-list"),
        *("room", "rights", "file-system", "delete", "withdrawal"),
    ]


FAULTS: list[tuple[str, dict[str, str], dict[str, str], str]] = [
    ("no-range", {}, {"range": "failed"}, "whole file"),
    ("wrong-range", {}, {"range": "failed"}, "wrong part"),
    ("no-head", {}, {"head": "failed"}, "405"),
    ("", {"Content-Type": "application/octet-stream"}, {"types": "failed"}, "octet-stream"),
    ("", {"Content-Encoding": "gzip"}, {"types": "failed"}, "compressed"),
    ("", {"Cache-Control": ""}, {"cache": "warning"}, "how long"),
    ("", {"Cache-Control": "max-age=31536000"}, {"cache": "failed"}, "365 days"),
    ("", {"Cache-Control": "max-age=60, s-maxage=7200"}, {"cache": "failed"}, "120 minutes"),
    ("cached", {}, {"cache": "warning", "withdrawal": "warning"}, "cache in front"),
    ("", {"ETag": ""}, {"unchanged": "warning"}, "whole each time"),
    ("no-cors", {}, {"cors": "warning"}, "https://camino.example.org"),
    ("lists", {}, {"strangers-list": "failed"}, "shows a list"),
    ("redirects", {}, {"address": "warning"}, "redirects 1 times"),
    ("circles", {}, {"address": "failed"}, "again and again"),
    ("forbids other-bucket", {}, {"address": "failed"}, "may not read"),
    ("other-bucket", {}, {"address": "failed"}, "not there"),
    ("login-page", {}, {"address": "failed"}, "other bytes"),
]


@pytest.mark.parametrize(("faults", "headers", "wrong", "said"), FAULTS)
def test_what_a_web_server_does_wrong_is_named_with_what_it_means_and_what_to_do(  # noqa: PLR0917
    folder_place: Place,
    site: PublicSite,
    faults: str,
    headers: dict[str, str],
    wrong: dict[str, str],
    said: str,
) -> None:
    site.faults, site.headers = frozenset(faults.split()), headers
    found = probe(folder_place, site.base)
    assert not_ok(found) == wrong
    for about in wrong:
        assert found[about].means
        assert found[about].remedy
    assert said in found[next(iter(wrong))].found


def test_a_feed_with_a_general_type_is_a_warning_and_sound_without_one_a_failure(
    folder_place: Place, site: PublicSite
) -> None:
    site.headers = {"Content-Type": "text/xml"}
    told = probe(folder_place, site.base)["types"]
    assert told.verdict is Verdict.FAILED
    assert "sound.mp3 as text/xml instead of audio/mpeg" in told.found
    assert "feed.xml" not in told.found


@pytest.mark.parametrize(
    ("below", "written"),
    [("", "camino/"), ("radio/", ""), ("bucket/radio/", ""), ("radio/", "radio/radio/")],
)
def test_a_wrong_folder_in_the_public_address_is_told_with_the_right_one(
    folder_place: Place, site: PublicSite, below: str, written: str
) -> None:
    site.below = below
    target = folder_place.open()
    trial = trial_of(folder_place, target)
    # what is often left out, or written twice, are a bucket's name and prefix
    trial.settings = TargetSettings(
        name="cloud", kind="s3", options={"bucket": "bucket", "prefix": "radio"}
    )
    assert probe_rights(trial)
    probe_address(trial, f"{site.address}/{written}")
    clear(trial)
    tidy(trial, folder_place.root / "out/public")
    told = by_name(trial.probes.told)["address"]
    assert told.verdict is Verdict.FAILED
    assert told.remedy == f'write base_url = "{site.address}/{below}"'


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:9/?list", "no query"),
        ("http://127.0.0.1:9/#x", "no query"),
        ("ftp://127.0.0.1/", "https://"),
        ("http://127.0.0.1:9/", "start it"),
        ("http://169.254.169.254/", "https://"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(
    folder_place: Place, address: str, said: str
) -> None:
    told = probe(folder_place, "", address=address)["address"]
    assert told.verdict is Verdict.FAILED
    assert said in told.remedy


@pytest.mark.parametrize("address", ["https://radio.example.org/", "http://nobody.invalid/"])
def test_nobody_is_asked_who_stands_only_in_examples(folder_place: Place, address: str) -> None:
    told = probe(folder_place, address)
    assert told["address"].verdict is Verdict.SKIPPED
    assert "strangers-write" not in told


def test_a_rehearsal_has_no_public_address(folder_place: Place, site: PublicSite) -> None:
    settings = TargetSettings(
        name="stick", kind="folder", options=folder_place.settings.options, demo=True
    )
    told = probe(Place(settings=settings, root=folder_place.root), site.base)
    assert told["address"].verdict is Verdict.SKIPPED
    assert site.seen == []


def test_a_public_address_that_strangers_can_write_to_stops_publishing(
    folder_place: Place, site: PublicSite
) -> None:
    target = folder_place.open()
    site.write = lambda path, data: target.put(Key(path), data, media_type="text/plain")
    told = probe(folder_place, site.base)["strangers-write"]
    target.close()
    assert told.verdict is Verdict.FAILED
    assert told.stops
    assert "public address" in told.found
