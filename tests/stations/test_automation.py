"""One suite over every program that a station may name: files, names, tags and lists."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from programme.schedules import MinuteOfDay, Schedule, TimeSpan
from programme.stations import Automation, AutomationSettings
from programme.units import Dbtp, Lufs
from stations.automation.common_lists import safe
from stations.automation.program import shown
from stations.automation.programs import PROGRAMS
from stations.deliveries import DeliveryItem
from stations.delivery_plan import DeliveryPlan, plan_delivery
from stations.pack_plan import PackEdition
from tests.stations.folders import (
    AR,
    EN,
    ES,
    TODAY,
    WINDOWS,
    item,
    planned,
    request_for,
    six,
)

EACH = pytest.mark.parametrize("automation", list(Automation))
NAME = re.compile(r"[a-z0-9_.-]+")


@pytest.fixture
def items(edition_of: Callable[..., PackEdition]) -> list[DeliveryItem]:
    return six(edition_of)


def plan_for(automation: Automation, items: list[DeliveryItem]) -> DeliveryPlan:
    return plan_delivery(request_for(automation, items, plans=[planned(items)]))


def test_every_program_that_a_station_may_name_is_known() -> None:
    assert set(PROGRAMS) == set(Automation)
    assert len({one.title for one in PROGRAMS.values()}) == len(PROGRAMS)


@EACH
def test_names_are_plain_short_and_unique_over_all_languages(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    plan = plan_for(automation, items)
    media = [PurePosixPath(path) for path in plan.sounds if path.startswith("media/")]
    assert len(media) == 6
    assert len({path.stem for path in media}) == 6
    for path in map(PurePosixPath, plan.sounds):
        assert len(path.stem) <= 48
        assert all(NAME.fullmatch(part) for part in path.parts)
        str(path).encode("cp1252")
    assert all(re.search(r"_2026-11-20_v[0-9a-f]{6}$", path.stem) for path in media)
    lower = [path.lower() for path in [*plan.sounds, *plan.texts]]
    assert len(set(lower)) == len(lower)


@EACH
def test_every_list_names_only_files_that_are_there(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    plan = plan_for(automation, items)
    count = 0
    for path, data in plan.texts.items():
        for entry in entries_of(path, data):
            count += 1
            assert found_from(automation, path, entry) in plan.sounds, (path, entry)
    assert count or automation in {Automation.LIBRETIME, Automation.RIVENDELL}


def entries_of(path: str, data: bytes) -> list[str]:
    """Give what a list names, read as simply as a player does."""
    suffix = PurePosixPath(path).suffix
    if suffix == ".lst":
        lines = data.decode("cp1252").split("\r\n")[:-1]
        assert int(lines[0]) == len(lines) - 1
        cells = [line.split("\t") for line in lines[1:]]
        assert all(int(one[0]) == 2_040 for one in cells)
        return [one[1] for one in cells]
    if suffix in {".m3u", ".m3u8"}:
        found = [one for one in data.decode("utf-8").split("\r\n") if one[:1] not in {"", "#"}]
        return [one[one.rindex(":/") + 1 :] if one.startswith("annotate") else one for one in found]
    if suffix == ".pls":
        rows = [line.partition("=") for line in data.decode("utf-8").splitlines()]
        return [value for key, _, value in rows if key.startswith("File")]
    if suffix == ".csv":
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        return [name for row in table if (name := row.get("Filename") or row.get("file") or "")]
    return []


def found_from(automation: Automation, path: str, entry: str) -> str:
    """Give the path from the root of the folder that an entry means to its program."""
    for root in ("D:\\Altavoz", "/srv/altavoz"):
        if entry.startswith(root):
            rest = entry[len(root) + 1 :]
            return PureWindowsPath(rest).as_posix() if automation in WINDOWS else rest
    assert "\\" not in entry
    if path.endswith(".csv") or (automation is Automation.MPD and path.startswith("lists/")):
        return entry
    parts: list[str] = []
    for part in (*PurePosixPath(path).parent.parts, *PurePosixPath(entry).parts):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


@EACH
def test_a_list_is_in_the_letters_that_its_readers_take(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    for path, data in plan_for(automation, items).texts.items():
        if path.endswith((".m3u", ".m3u8", ".pls", ".lst", ".csv", ".txt")):
            assert b"\n" not in data.replace(b"\r\n", b""), path
        # VLC opens a BOM as a file; mAirList and spreadsheets need it.
        assert data.startswith(b"\xef\xbb\xbf") == path.endswith(".csv"), path


@EACH
def test_the_hour_that_is_planned_is_listed_in_its_order(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    names = {
        Automation.ZARARADIO: "lists/26112206.lst",
        Automation.RADIODJ: "lists/261122.06.m3u",
        Automation.MAIRLIST: "lists/26112206.csv",
    }
    texts = plan_for(automation, items).texts
    table = texts["lists/2026-11-22.csv"]
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert [row["time"] for row in rows] == [f"06:0{n}:00" for n in range(6)] + [
        "07:00:00",
        "07:00:03",
    ]
    assert rows[6]["text"] == "'=Buenos días."
    assert rows[6]["file"] == ""
    if automation in {Automation.LIBRETIME, Automation.RIVENDELL}:
        return
    path = names.get(automation, "lists/26112206.m3u")
    listed = [found_from(automation, path, one) for one in entries_of(path, texts[path])]
    assert [PurePosixPath(one).stem for one in listed] == [one.air.stem for one in items]


@EACH
def test_only_what_a_program_reads_is_shown_of_a_files_tags(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    reads = PROGRAMS[automation].reads
    tags = dict.fromkeys((*reads, "lyrics"), "x" * 600)
    seen = shown(reads, tags)
    assert set(seen) == set(reads)
    assert all(len(text) == (reads[name] or 600) for name, text in seen.items())
    page = json.loads(plan_for(automation, items).texts["delivery.json"])
    assert all(set(row["shown"]) <= set(row["tags"]) for row in page["sounds"])


@EACH
def test_the_manifest_lists_every_file_with_its_digest(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    plan = plan_for(automation, items)
    page = json.loads(plan.texts["delivery.json"])
    sounds = {path for row in page["sounds"] for path in (row["path"], *row["also"])}
    assert sounds == set(plan.sounds)
    for row in page["files"]:
        assert row["sha256"] == digest_bytes(plan.texts[row["path"]])
    assert {row["path"] for row in page["files"]} | {"delivery.json"} == set(plan.texts)
    for row, one in zip(page["sounds"], items, strict=True):
        assert row["sha256"] == one.rendition.digest
        assert (row["cue_in_ms"], row["cue_out_ms"]) == (0, 2_040)
    assert "station" not in page
    assert b"emisora-roble" not in plan.texts["delivery.json"]


@EACH
def test_the_readme_says_how_it_is_set_up(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    text = plan_for(automation, items).texts["README.txt"].decode("utf-8")
    assert PROGRAMS[automation].title in text
    assert "$" not in text.replace("$(date", "")
    assert "THIS IS AN EXAMPLE" in text
    assert "Emisora Roble" not in text
    assert "emisora-roble" not in text


@EACH
def test_the_same_request_gives_the_same_bytes(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    one = plan_for(automation, items)
    two = plan_for(automation, list(reversed(items)))
    again = plan_delivery(request_for(automation, items[::-1], plans=[planned(items)]))
    assert one.texts == again.texts
    assert one.sounds == two.sounds


@EACH
def test_a_folder_with_nothing_to_play_still_has_its_lists(automation: Automation) -> None:
    plan = plan_delivery(request_for(automation, []))
    assert not plan.sounds
    assert "Nothing may be played" in plan.texts["README.txt"].decode()
    assert all(not entries_of(path, data) for path, data in plan.texts.items())


@EACH
def test_what_is_past_its_date_is_refused_and_what_is_dated_later_is_not_listed_yet(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    first, second, *rest = items
    early = replace(first, air=replace(first.air, dated=TODAY + timedelta(days=1)))
    plan = plan_delivery(request_for(automation, [early, second, *rest], days=2))
    named = {
        found_from(automation, path, entry)
        for path, data in plan.texts.items()
        for entry in entries_of(path, data)
    }
    assert not any(early.air.stem in path for path in named)
    late = replace(first, air=replace(first.air, expires=TODAY - timedelta(days=1)))
    with pytest.raises(ProductionError, match="may not be played") as caught:
        plan_delivery(request_for(automation, [late]))
    assert caught.value.code is ExitCode.EXPIRED


@EACH
def test_a_file_that_the_program_does_not_play_is_refused(
    automation: Automation, items: list[DeliveryItem]
) -> None:
    odd = replace(items[0], air=replace(items[0].air, suffix=".amr"))
    with pytest.raises(ProductionError, match=r"takes no \.amr") as caught:
        plan_delivery(request_for(automation, [odd]))
    assert caught.value.where == "stations/emisora-roble.yml"


HOSTILE = [
    'D:\\Alta"voz',
    "/srv/a#{process.run(1)}",
    "/srv/../etc",
    "D:\\Altavoz\nNEXT",
    "relative/folder",
    "/srv/$HOME",
    "",
]


@pytest.mark.parametrize("path", HOSTILE)
@pytest.mark.parametrize("automation", [one for one in Automation if one.needs_drive_path])
def test_a_place_that_could_end_a_list_or_a_script_is_refused(
    automation: Automation, path: str, items: list[DeliveryItem]
) -> None:
    request = request_for(automation, items)
    bad = replace(request.station, settings=AutomationSettings(drive_path=path))
    with pytest.raises(ProductionError, match="folder") as caught:
        plan_delivery(replace(request, station=bad))
    assert caught.value.where == "stations/emisora-roble.yml"


def test_the_newest_edition_that_may_be_played_stands_under_the_name_that_stays(
    edition_of: Callable[..., PackEdition],
) -> None:
    made = [item(edition_of(ES, number)) for number in (1, 2)]
    old, new = made[0], made[1]
    ends = replace(new, air=replace(new.air, dated=TODAY, expires=TODAY + timedelta(days=1)))
    plan = plan_delivery(request_for(Automation.RADIODJ, [old, ends], days=4))
    days = {
        path.rpartition("/")[2]: one.air.episode
        for path, one in plan.sounds.items()
        if path.startswith("bydate/avisos_es-419/")
    }
    assert plan.sounds["latest/avisos_es-419.mp3"] == ends
    # On the third day the newer one is past its last day, and the older is heard again.
    assert days == {
        "2026-11-22.mp3": "aviso-2",
        "2026-11-23.mp3": "aviso-2",
        "2026-11-24.mp3": "aviso-1",
        "2026-11-25.mp3": "aviso-1",
    }


def test_rivendells_line_reader_takes_the_last_day_from_the_sidecar(
    items: list[DeliveryItem],
) -> None:
    plan = plan_for(Automation.RIVENDELL, items)
    sidecars = {path: data for path, data in plan.texts.items() if path.endswith(".xml")}
    assert {path.removesuffix(".xml") for path in sidecars} == {
        path.removesuffix(".mp3") for path in plan.sounds
    }
    for data in sidecars.values():
        assert rivendell_cut(data.decode("utf-8"))["endDatetime"] == "2026-12-06T23:59:59"


def rivendell_cut(text: str) -> dict[str, str]:
    """Read a cut as Rivendell does: line by line, one element on each."""
    found: dict[str, str] = {}
    inside = False
    for line in text.split("\n"):
        if line.strip() in {"<cut>", "</cut>"}:
            inside = line.strip() == "<cut>"
        elif inside:
            match = re.fullmatch(r"\s*<(\w+)>(.*)</\1>\s*", line)
            assert match, line
            found[match[1]] = match[2]
    return found


def test_rivendells_command_is_written_whole_with_the_stations_group(
    items: list[DeliveryItem],
) -> None:
    request = request_for(Automation.RIVENDELL, items, root="/srv/radio files")
    settings = replace(request.station.settings, group="MIGRATION", first_cart=500, last_cart=999)
    plan = plan_delivery(replace(request, station=replace(request.station, settings=settings)))
    text = plan.texts["README.txt"].decode()
    assert "--drop-box MIGRATION '/srv/radio files/media/*/*.mp3'" in text
    assert "000500 to 000999" in text


def test_mairlist_gets_cue_points_in_seconds(edition_of: Callable[..., PackEdition]) -> None:
    one = item(edition_of(AR, 1), cues=(121, 1_899))
    plan = plan_delivery(request_for(Automation.MAIRLIST, [one]))
    [row] = csv.DictReader(io.StringIO(plan.texts["altavoz.csv"].decode("utf-8-sig"), newline=""))
    assert (row["CueIn"], row["CueOut"], row["Duration"]) == ("0.121", "1.899", "2.040")
    assert row["Title"] == "طلب اللجوء مجاني"
    assert row["Comment"] == "valid until 2026-12-06"
    # -14.02 LUFS is above the -18 of replay gain.
    assert (row["Amplification"], row["LevelLoudness"]) == ("-3.98", "-14.02")


def test_a_day_begins_each_hour_as_playit_reads_it(items: list[DeliveryItem]) -> None:
    lines = plan_for(Automation.NONE, items).texts["lists/261122.m3u"].decode().split("\r\n")
    assert [line for line in lines if line.startswith("# ")] == ["# Hour: 06:00", "# Hour: 07:00"]
    assert lines.index("# Hour: 07:00") == 14


def test_gain_never_lifts_a_peak_over_full_scale(edition_of: Callable[..., PackEdition]) -> None:
    one = item(edition_of(EN, 1))
    loudness = replace(one.rendition.loudness, integrated=Lufs(-23.0), true_peak=Dbtp(-2.0))
    quiet = replace(one, rendition=replace(one.rendition, loudness=loudness))
    assert quiet.gain_db == pytest.approx(1.0)


def test_a_title_that_liquidsoap_would_run_is_written_harmless(
    edition_of: Callable[..., PackEdition],
) -> None:
    one = item(edition_of(EN, 1))
    title = "The \"#{process.run('id')}\" \\ line\nNEXT"
    odd = replace(one, air=replace(one.air, title=title))
    plan = plan_delivery(request_for(Automation.LIQUIDSOAP, [odd]))
    [line] = plan.texts["lists/liquidsoap.m3u"].decode().splitlines()
    assert 'title="The \\"# {process.run(\'id\')}\\" \\\\ line NEXT"' in line
    assert line.endswith(f":/srv/altavoz/media/en/{one.air.file_name}")


def test_quiet_hours_stand_in_the_script(items: list[DeliveryItem]) -> None:
    request = request_for(Automation.LIQUIDSOAP, items)
    spans = (
        TimeSpan(MinuteOfDay(22 * 60 + 30), MinuteOfDay(6 * 60)),
        TimeSpan(MinuteOfDay(13 * 60), MinuteOfDay(14 * 60)),
    )
    station = replace(request.station, schedule=Schedule(quiet=spans))
    text = plan_delivery(replace(request, station=station)).texts["altavoz.liq"].decode()
    assert "(22h30m-6h00m) or (13h00m-14h00m)" in text
    assert "/srv/altavoz/lists/liquidsoap.m3u" in text


def test_libretime_is_given_no_wav_of_which_it_would_read_no_title(
    items: list[DeliveryItem],
) -> None:
    wave = replace(items[0], air=replace(items[0].air, suffix=".wav"))
    with pytest.raises(ProductionError, match="reads no tags"):
        plan_delivery(request_for(Automation.LIBRETIME, [wave]))


def test_the_table_of_programs_says_who_keeps_copies() -> None:
    keep = {one for one, program in PROGRAMS.items() if program.keeps_copies}
    assert keep == {Automation.LIBRETIME, Automation.RIVENDELL}
    assert date(2026, 11, 22) == TODAY


def test_no_spreadsheet_runs_a_title_of_a_table_whatever_signs_it_begins_with() -> None:
    # OWASP, CSV Injection: a spreadsheet takes full-width signs for the plain ones
    assert [safe(title) for title in ("＝1+1", "=1", "Agua; @x", "Agua")] == [
        *("'＝1+1", "'=1", "Agua; '@x", "Agua")
    ]
