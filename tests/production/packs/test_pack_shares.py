"""Packs of stations that pass messages on: small files with a text, and what is new."""

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.building import Workshop
from production.packs.packing import BuiltPack, PackOrder, build_packs
from tests.production.running import TINY, TODAY, Quiet, edit, read
from tests.production.small import FILES, write_small
from tests.strict import ToolFinder

LATER = date(2026, 11, 24)
STATION = """
name: "Shelter"
kind: shelter
languages: [es-419]
series: [corta]
profile: loudspeaker
delivery: pack
share: yes
country: CR
overrides: []
"""
SERIES = str(TINY["series/corta.yml"])
STEM = "data/share_corta_es-419_001"


def pack(root: Path, day: date = TODAY) -> BuiltPack:
    workspace = read(root, day)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=day)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        assert not report.failures
        order = PackOrder(today=day, rehearsal=True)
        [made] = build_packs(shop, workspace, report, names=("shelter",), order=order)
    return made


def files(made: BuiltPack) -> dict[str, bytes]:
    with ZipFile(made.path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def page(made: BuiltPack) -> dict[str, object]:
    """Give the signed words of the page."""
    text = files(made)["index.html"].decode("utf-8")
    found = re.search(r'id="document">([^<]*)<', text)
    assert found is not None
    told: dict[str, object] = json.loads(found[1])
    return told


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shares") / "workspace"
    changes = {
        **TINY,
        "stations/shelter.yml": STATION.replace("overrides: []\n", ""),
        "series/corta.yml": SERIES + "max_s: 240\n",
    }
    return write_small(root, changes)


@pytest.mark.tools
def test_each_message_is_there_as_a_voice_message_with_a_text_beside_it(
    root: Path, tmp_path: Path, tool: ToolFinder
) -> None:
    made = pack(root)
    found = files(made)
    assert sorted(name for name in found if "share" in name) == [f"{STEM}.ogg", f"{STEM}.txt"]
    sound = tmp_path / "voice.ogg"
    sound.write_bytes(found[f"{STEM}.ogg"])
    # WhatsApp shows a play button up to here
    assert 0 < sound.stat().st_size <= 524_288
    shown = subprocess.run(
        [tool("opusinfo"), str(sound)], capture_output=True, text=True, check=True
    ).stdout
    assert "Channels: 1" in shown
    text = found[f"{STEM}.txt"].decode("utf-8")
    assert text.startswith("Agua y ayuda\r\n")
    assert "Lleve agua con usted." in text
    assert "Válido hasta el 15 de enero de 2027" in text
    assert "EJEMPLO" in text
    assert "https://radio.example.org/" in text
    # nothing of it is in the build folder, which feeds are made of
    assert not list((root / "build").rglob("*.ogg"))
    told = page(made)
    assert told["shares"] == "data/share_…"
    listed = told["files"]
    assert isinstance(listed, list)
    assert {f"{STEM}.ogg", f"{STEM}.txt"} <= {one["path"] for one in listed}
    assert told["news"] is None


def test_a_later_pack_says_what_is_new_and_says_it_again_when_it_is_made_again(root: Path) -> None:
    first = pack(root)
    edit(root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba despacio.")
    second = pack(root, LATER)
    assert (first.serial, second.serial) == (1, 2)
    told = page(second)
    assert told["news"] == {"serial": 1, "issued": "2026-11-22", "gone": []}
    items = told["items"]
    assert isinstance(items, list)
    assert [one["fresh"] for one in items if one["series"]] == ["changed"]
    before = second.path.read_bytes()
    second.path.unlink()
    assert pack(root, date(2026, 11, 26)).path.read_bytes() == before
    # a series whose episodes may be too long for a voice message gets none
    (root / "series/corta.yml").write_text(SERIES.lstrip("\n"), encoding="utf-8")
    assert not [name for name in files(pack(root, LATER)) if "share" in name]
    assert "stations/shelter.yml" not in FILES
