"""What listeners' programs have on their disks after a correction and after a retraction."""

import pytest

from tests.clients.programs import Client, GPodder
from tests.clients.site import CORRECTED, LANGUAGES, REPLACED, RETRACTED, Site, digests

pytestmark = pytest.mark.tools

HALF = 100_000
"""Bytes; each sound has some 200 kB, and a notice under an old guid some 35 kB."""


@pytest.fixture
def cut_short(client: Client, site: Site) -> Client:
    """Give a program that was cut off half way in its first downloads."""
    client.subscribe(*site.feeds)
    site.cut_sound(HALF)
    client.update()
    assert site.cut_off() == len(LANGUAGES)
    site.preview.faults.clear()
    return client


def test_a_program_subscribes_and_saves_what_the_ledger_holds(client: Client, site: Site) -> None:
    client.subscribe(*site.feeds)
    client.update()
    assert digests(client.files()) == site.state.live()


def test_after_a_correction_the_corrected_sound_is_on_the_disk(client: Client, site: Site) -> None:
    client.subscribe(*site.feeds)
    client.update()
    before = digests(client.files())
    corrected = site.show(CORRECTED)
    client.update()
    assert digests(client.files()) >= corrected.live() | before
    assert site.spliced(client.files()) == []


def test_what_was_cut_half_way_is_never_joined_to_the_correction(
    cut_short: Client, site: Site
) -> None:
    corrected = site.show(CORRECTED)
    cut_short.update()
    assert digests(cut_short.files()) >= corrected.live()
    assert site.spliced(cut_short.files()) == []


def test_what_was_cut_half_way_is_whole_after_the_next_update(client: Client, site: Site) -> None:
    client.subscribe(*site.feeds)
    site.cut_sound(HALF)
    client.update()
    assert site.cut_off() == len(site.state.live())
    site.preview.faults.clear()
    client.update()
    assert digests(client.files()) >= site.state.live()
    assert site.spliced(client.files()) == []


def test_after_a_retraction_who_has_the_sound_hears_the_notice(client: Client, site: Site) -> None:
    client.subscribe(*site.feeds)
    client.update()
    site.show(CORRECTED)
    client.update()
    retracted = site.show(RETRACTED)
    assert len(retracted.told()) == len(LANGUAGES)
    client.update()
    assert digests(client.files()) >= retracted.told()
    assert site.spliced(client.files()) == []


def test_what_was_cut_half_way_is_never_joined_to_a_notice(cut_short: Client, site: Site) -> None:
    retracted = site.show(RETRACTED)
    cut_short.update()
    assert digests(cut_short.files()) >= retracted.told()
    assert site.spliced(cut_short.files()) == []


def test_what_was_cut_half_way_is_joined_to_a_replaced_sound_by_gpodder_alone(
    cut_short: Client, site: Site
) -> None:
    site.show(REPLACED)
    cut_short.update()
    # what gPodder makes of it: test_joining.py
    assert bool(site.spliced(cut_short.files())) == isinstance(cut_short, GPodder)
