"""The list of all feeds, and what is served as what."""

import xml.etree.ElementTree as ET
from pathlib import Path

from production.targets.serving import media_type_of
from tests.clients.programs import Client
from tests.clients.site import Site, State, digests


def test_a_program_takes_all_feeds_from_the_list(
    client: Client, site: Site, tmp_path: Path
) -> None:
    path = site.fetched("feeds.opml", tmp_path)
    listed = {str(line.get("xmlUrl")) for line in ET.parse(path).iter("outline")} - {"None"}  # noqa: S314  # our own bytes
    assert set(site.feeds) < listed
    client.import_opml(path)
    assert client.subscribed() == listed
    client.update()
    assert digests(client.files()) == site.state.live()


def test_everything_is_served_as_what_it_was_published_as(states: dict[str, State]) -> None:
    for state in states.values():
        told = {key: media_type_of(key) for key in state.types}
        assert told == state.types
