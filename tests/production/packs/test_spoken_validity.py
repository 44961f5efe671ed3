"""Until when a pack may be played: said in six languages, last in its folder, changed alone."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from production.announced import Remark
from production.building import Workshop
from production.notices.view import with_notices
from production.notices.words import validity_script
from production.packs.packing import BuiltPack, PackOrder, build_packs
from production.packs.spoken_validity import cast_validity
from programme.findings import Findings
from programme.languages import language
from programme.segments import Segment, SegmentKind
from programme.units import LanguageTag
from scripts.rules import check_script
from scripts.workspace import Workspace
from tests.audio.slot_material import decoded, ebur128
from tests.production.notices.notice_cases import TITLES, six
from tests.production.running import TODAY, Quiet, built_once, copy_of, edit, read

DAY = date(2026, 12, 6)
SAID = {
    "es-419": "Vale hasta el seis de diciembre de dos mil veintiséis.",
    "en": "Valid until December sixth, two thousand twenty-six.",
    "fr": "Valable jusqu’au six décembre deux mille vingt-six.",
    "pt-BR": "Vale até seis de dezembro de dois mil e vinte e seis.",
    "ar": "صالح حتى السادس من ديسمبر عام ألفين وستة وعشرين.",
    "ht": "Li bon jiska sis desanm de mil vennsis.",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return read(six(tmp_path_factory.mktemp("six") / "workspace"))


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    return copy_of(built_once(tmp_path_factory, "small"), tmp_path / "small")


def pack(root: Path, *, day: date = TODAY) -> dict[str, BuiltPack]:
    workspace = read(root, day)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=day)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        order = PackOrder(today=day, rehearsal=True)
        packs = build_packs(shop, workspace, report, names=[], order=order)
    return {one.station: one for one in packs}


def sounds(pack: BuiltPack) -> Mapping[str, bytes]:
    with ZipFile(pack.path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".mp3")}


@pytest.mark.parametrize("tag", TITLES)
def test_each_language_says_the_day_in_words_and_what_to_do_after_it(
    workspace: Workspace, tag: str
) -> None:
    script = validity_script(workspace, LanguageTag(tag), DAY)
    assert script is not None
    who, until, *after = (sentence.spoken for sentence in script.sentences)
    assert who == "Small."
    assert until == SAID[tag]
    assert len(after) == 2
    assert "2026" in script.sentences[1].text
    brief = validity_script(workspace, LanguageTag(tag), DAY, brief=True)
    assert brief is not None
    assert [sentence.spoken for sentence in brief.sentences] == [who, until]


@pytest.mark.parametrize("tag", TITLES)
def test_our_own_rules_find_nothing(workspace: Workspace, tag: str) -> None:
    script = validity_script(workspace, LanguageTag(tag), DAY)
    assert script is not None
    findings = Findings()
    check_script(
        script,
        Segment(id="pack-validity", kind=SegmentKind.DISCLAIMER, key_message="x", file=""),
        book=workspace.factbook,
        style=workspace.style,
        findings=findings,
        is_source=tag == "es-419",
    )
    assert [(one.rule, one.problem) for one in findings] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(2026, 1, 1), date(2099, 12, 30)), tag=st.sampled_from(list(TITLES)))
def test_any_day_is_said_without_a_figure(workspace: Workspace, day: date, tag: str) -> None:
    script = validity_script(workspace, LanguageTag(tag), day)
    assert script is not None
    assert not any(one.isdigit() for sentence in script.sentences for one in sentence.spoken)
    assert str(day.year) in script.sentences[1].text


def test_a_language_without_words_or_voice_has_none_and_says_where_it_is_read(
    workspace: Workspace,
) -> None:
    for tag in ("ht", "quc"):
        found = cast_validity(workspace, LanguageTag(tag), DAY)
        assert isinstance(found, Remark)
        assert language(tag).english in found.problem
        assert "page" in found.remedy
    # Nobody is asked to record a day.
    assert not any("validity" in name for name in with_notices(workspace).segments)


def test_it_is_last_in_each_folder_and_as_loud_as_the_rest(root: Path, tmp_path: Path) -> None:
    packs = pack(root)
    radio, terminal = sounds(packs["packs"]), sounds(packs["terminal"])
    assert list(radio) == [
        "01_ES/corta_es-419_001.mp3",
        "01_ES/zz_valid_es-419.mp3",
        "02_EN/corta_en_001.mp3",
        "02_EN/zz_valid_en.mp3",
    ]
    assert list(terminal) == [
        "01_EN/001_water.mp3",
        "01_EN/002_valid-until.mp3",
        "02_ES/001_agua.mp3",
        "02_ES/002_hasta-cuando-vale.mp3",
    ]
    for data, wanted in (
        (radio["02_EN/zz_valid_en.mp3"], -23.0 - 3.01),
        (terminal["01_EN/002_valid-until.mp3"], -14.0),
    ):
        file = tmp_path / "track.mp3"
        file.write_bytes(data)
        sound, rate_hz = decoded(file)
        assert ebur128(sound, rate_hz).integrated == pytest.approx(wanted, abs=1.0)
        assert 6 < len(sound) / rate_hz < 18


def test_another_day_changes_that_track_alone(root: Path) -> None:
    before = sounds(pack(root)["packs"])
    # The day is also in the tags of what speaks the fact; their sound stays, byte for byte.
    edit(root / "facts/cr-911.yml", 'expires: "2027-01-31"', 'expires: "2027-01-08"')
    after = sounds(pack(root)["packs"])
    assert list(after) == list(before)
    for name, data in after.items():
        same = data[_begin(data) : -128] == before[name][_begin(before[name]) : -128]
        assert same == ("valid" not in name)


def _begin(data: bytes) -> int:
    """Give where the sound begins: behind the tag, whose length is syncsafe (id3.org, 3.1)."""
    size = int.from_bytes(data[6:10], "big")
    return 10 + sum((size >> 8 * n & 0x7F) << 7 * n for n in range(4))


def test_a_pack_that_is_made_again_on_another_day_stays_as_it_is(root: Path) -> None:
    first = pack(root)
    again = pack(root, day=date(2026, 11, 25))
    assert all(one.unchanged for one in again.values())
    assert {n: one.digest for n, one in again.items()} == {
        n: one.digest for n, one in first.items()
    }
