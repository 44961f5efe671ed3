"""A folder looked at before anything is published into it; and whose a place is."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from production.targets.head import HEAD_KEY, HEAD_TYPE, Head, Last, render_head
from production.targets.probed import Probes, Verdict, gravest
from production.targets.probing_place import file_system
from tests.targets.places import Place
from tests.targets.probed_places import names_there, not_ok, probe

MOUNTS = r"""proc /proc proc rw,nosuid 0 0
/dev/sda1 / ext4 rw,relatime 0 0
/dev/sdb1 /media/ana/RADIO\040UNO vfat rw,uid=1000 0 0
/dev/sdc1 /media/ana exfat rw 0 0
tmpfs /media/ana/RADIO tmpfs rw 0 0
short
"""


@pytest.fixture
def umask() -> Iterator[None]:
    usual = os.umask(0o022)
    yield
    os.umask(usual)


def test_the_file_system_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    told = {
        "/srv/www": "ext4",
        "/media/ana/RADIO UNO/altavoz": "vfat",
        "/media/ana/RADIO": "tmpfs",
        "/media/ana/RADIO2": "exfat",
        "/media/anabel": "ext4",
    }
    assert {path: file_system(Path(path), mounts) for path in told} == told
    assert file_system(Path("/srv"), tmp_path / "none") == ""


def test_a_folder_that_a_web_server_cannot_read_is_told(folder_place: Place) -> None:
    usual = os.umask(0o077)
    try:
        told = probe(folder_place)["rights"]
    finally:
        os.umask(usual)
    assert told.verdict is Verdict.WARNING
    assert "may not read" in told.found
    assert "umask 022" in told.remedy


@pytest.mark.usefixtures("umask")
def test_a_folder_that_everybody_may_write_to_is_told(folder_place: Place) -> None:
    base = folder_place.root / "out/public"
    base.mkdir(parents=True)
    base.chmod(0o777)
    told = probe(folder_place)["rights"]
    assert told.verdict is Verdict.WARNING
    assert f"chmod o-w {base}" in told.remedy
    base.chmod(0o1777)
    assert probe(folder_place)["rights"].verdict is Verdict.OK


@pytest.mark.usefixtures("umask")
def test_the_place_of_another_network_is_left_alone(folder_place: Place) -> None:
    def put(network: str) -> None:
        last = Last(by="Tapachula office", at=datetime(2026, 11, 22, tzinfo=UTC))
        head = Head(network=network, serial=1, claim=None, last=last, ledger=())
        target = folder_place.open()
        target.put(HEAD_KEY, render_head(head), media_type=HEAD_TYPE)
        target.close()

    put("another")
    found = probe(folder_place)
    assert list(found) == ["owner"]
    assert found["owner"].stops
    assert "belongs to the network another" in found["owner"].found
    assert names_there(folder_place) == [HEAD_KEY]
    put("camino")
    found = probe(folder_place)
    assert not_ok(found) == {}
    assert "2026-11-22: Tapachula office" in found["owner"].found


def test_the_gravest_verdict_counts() -> None:
    probes, worst = Probes(), [Verdict.OK]
    notes: list[Callable[[], None]] = [
        lambda: probes.skip("a", "not tried"),
        lambda: probes.ok("b", "good"),
        lambda: probes.warn("c", "odd", means="little", remedy="look"),
        lambda: probes.fail("d", "bad", means="much", remedy="mend"),
        lambda: probes.ok("e", "good"),
    ]
    for note in notes:
        note()
        worst.append(probes.worst)
    assert worst == ["ok", "ok", "ok", "warning", "failed", "failed"]
    assert gravest([]) is Verdict.OK
