"""What gPodder makes of a file that it has the beginning of, when its item gets another address.

gPodder keeps what it has of a file by the item's guid, and asks the address that the item has now
for what is missing, without If-Range. No name, media type or order of changes keeps it from that.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from production.preview.faults import Fault
from programme.profiles import profiles
from tests.clients.programs import GPodder, running_in
from tests.clients.site import CORRECTED, FIRST, LANGUAGES, REPLACED, Site, State

pytestmark = pytest.mark.tools

EARLY = 16_000
"""Bytes: two seconds of sound."""
HALF = 100_000
OLD_NOTICE_BYTES = 45_000
"""The most that a notice under an old guid may have; the six languages have 32 to 41 kB."""


@pytest.fixture
def gpodder(tool: Callable[[str], str], tmp_path: Path) -> Iterator[GPodder]:
    tool("gpo")
    home = tmp_path / "home"
    home.mkdir()
    yield GPodder(home=home)
    assert running_in(home) == []


def cut(gpodder: GPodder, site: Site, at: int) -> None:
    """Let gPodder load the first bytes of each sound, and no more."""
    gpodder.subscribe(*site.feeds)
    site.cut_sound(at)
    gpodder.update()
    assert site.cut_off() == len(LANGUAGES)
    site.preview.faults.clear()


def joined(old: Mapping[str, bytes], new: Mapping[str, bytes], at: int) -> set[bytes]:
    return {old[tag][:at] + new[tag][at:] for tag in LANGUAGES}


def saved(gpodder: GPodder) -> set[bytes]:
    return {path.read_bytes() for path in gpodder.files()}


def first(states: Mapping[str, State]) -> Mapping[str, bytes]:
    return states[FIRST].latest()


def test_what_was_cut_behind_the_length_of_a_notice_stays_as_it_is(
    gpodder: GPodder, site: Site
) -> None:
    cut(gpodder, site, OLD_NOTICE_BYTES)
    before = saved(gpodder)
    corrected = site.show(CORRECTED)
    gpodder.update()
    # the server has no such part of the notice (416); the correction is a file of its own
    assert saved(gpodder) == before | set(corrected.latest().values())
    assert site.spliced(gpodder.files()) == []


def test_of_what_was_cut_in_its_first_seconds_only_these_can_stand_before_a_notice(
    gpodder: GPodder, site: Site, states: dict[str, State]
) -> None:
    cut(gpodder, site, EARLY)
    corrected = site.show(CORRECTED)
    gpodder.update()
    notices = corrected.withdrawn()
    assert saved(gpodder) == {
        *joined(first(states), notices, EARLY),
        *corrected.latest().values(),
    }
    # the most that can be: as much of the old sound as a notice has bytes
    assert max(map(len, notices.values())) <= OLD_NOTICE_BYTES
    assert OLD_NOTICE_BYTES * 8 / (profiles()["podcast"].renditions[0].kbps * 1000) < 6


def test_a_host_that_gives_gpodder_whole_files_leaves_none_joined(
    gpodder: GPodder, site: Site
) -> None:
    cut(gpodder, site, EARLY)
    corrected = site.show(CORRECTED)
    site.preview.faults.add(Fault(path="/m/*", no_range=True, times=10_000))
    gpodder.update()
    notices, latest = corrected.withdrawn(), corrected.latest()
    assert saved(gpodder) == {*notices.values(), *latest.values()}


def test_a_replaced_sound_goes_on_behind_the_beginning_of_the_old_one(
    gpodder: GPodder, site: Site, states: dict[str, State]
) -> None:
    cut(gpodder, site, HALF)
    replaced = site.show(REPLACED)
    gpodder.update()
    # the same words; where the pauses differ, some may be missing or doubled at the joint
    assert saved(gpodder) == joined(first(states), replaced.latest(), HALF)
