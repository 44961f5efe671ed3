"""What listeners' programs have on their disks after a correction."""

from tests.clients.programs import Client
from tests.clients.site import CORRECTED, Site, digests

HALF = 100_000
"""Bytes; each sound has some 200 kB."""


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
    client: Client, site: Site
) -> None:
    client.subscribe(*site.feeds)
    site.cut_sound(HALF)
    client.update()
    assert site.cut_off() == len(site.state.live())
    site.preview.faults.clear()
    corrected = site.show(CORRECTED)
    client.update()
    assert digests(client.files()) >= corrected.live()
    assert site.spliced(client.files()) == []


def test_what_was_cut_half_way_is_whole_after_the_next_update(client: Client, site: Site) -> None:
    client.subscribe(*site.feeds)
    site.cut_sound(HALF)
    client.update()
    assert site.cut_off() == len(site.state.live())
    site.preview.faults.clear()
    client.update()
    assert digests(client.files()) >= site.state.live()
    assert site.spliced(client.files()) == []
