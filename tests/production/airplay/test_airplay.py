"""Plans kept, logs taken in, and what is said of both; on the small workspace, with no sound."""

import base64
import csv
import importlib.resources
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production.airplay.kept_plans import (
    keep_plans,
    kept_days,
    parse_kept,
    parse_summary,
    render_kept,
)
from production.airplay.pages import render_report_page, report_csv
from production.airplay.plots import bar_plot
from production.airplay.report import AirplayReport, Span, airplay_report
from production.airplay.store import add_airplay, plays_by_day, read_airplay, write_airplay
from production.delivery.log_pages import render_log_page
from production.delivery.scheduling import plan_days
from production.ledger.ledger import Ledger
from production.releases.values import Change, Release, Withdrawal, Withdrawing, ledger_line
from programme.errors import ExitCode, ProductionError
from programme.schedules import MinuteOfDay, Schedule, SpotRule, TimeSpan
from programme.series import SeriesKind
from programme.stations import Delivery, Station, StationKind
from programme.units import Digest, DurationMs, LanguageTag
from stations.airing import AirItem
from stations.airplay import PlayedLine
from stations.log_sheet import log_sheet, render_text
from stations.play_history import keep_day, summary_of
from tests.production.chromium import Browser, browser
from tests.production.running import Done, run_here
from tests.production.small import write_small

DAY = date(2026, 11, 23)
SCHEDULE = """
rotation:
  corta: {plays_per_day: 3, minutes_apart: 60}
quiet_hours: 22:00-06:00
"""
AXE = "axe.run(document, {preload: false}).then((r) => r.violations.map((v) => v.id))"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    root = write_small(tmp_path / "small")
    station = next(iter(sorted((root / "stations").glob("*.yml"))))
    for path in sorted((root / "stations").glob("*.yml")):
        if "corta" in path.read_text(encoding="utf-8") and "kind: radio" in path.read_text(
            encoding="utf-8"
        ):
            station = path
    station.write_text(station.read_text(encoding="utf-8") + SCHEDULE, encoding="utf-8")
    station.rename(root / "stations/radio.yml")
    return root


@pytest.fixture
def run(small: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    def command(*arguments: str | Path) -> Done:
        words = [str(one) for one in arguments]
        cut = 2 if words[0] == "airplay" else 1
        return run_here(*words[:cut], "-w", str(small), *words[cut:], capture=capsys)

    return command


def item(number: int, tag: str = "es-419", *, expires: date = date(2026, 12, 6)) -> AirItem:
    return AirItem(
        series="corta",
        episode=f"corta-{number}",
        number=number,
        language=LanguageTag(tag),
        version=f"{number:016x}",
        title=f"Agua y ayuda {number} ({tag})",
        artist="Small",
        kind=SeriesKind.SPOTS,
        topics=("health", "=HYPERLINK()")[: number % 2 + 1],
        duration_ms=DurationMs(30_000),
        dated=date(2026, 11, 1),
        expires=expires,
        stem=f"corta_{tag}_{number:03d}",
        first_words="Lleve agua",
        last_words="poco a poco",
    )


def radio(*, name: str = "radio") -> Station:
    return Station(
        id=name,
        name="Radio <b>uno</b>",
        kind=StationKind.RADIO,
        languages=(LanguageTag("es-419"), LanguageTag("ht"), LanguageTag("ar")),
        series=("corta",),
        profile="broadcast",
        delivery=Delivery.FOLDER,
        schedule=Schedule(
            quiet=(TimeSpan(MinuteOfDay(22 * 60), MinuteOfDay(6 * 60)),),
            rotation=(SpotRule(series="corta", plays_per_day=3, minutes_apart=60, line=1),),
        ),
        file="stations/radio.yml",
    )


def report_of(root: Path, **span: date) -> AirplayReport:
    return airplay_report(root, ["radio"], {"radio": radio()}, Span(**span))


def as_played(root: Path, *moments: tuple[str, str, str]) -> None:
    """Write canonical lines: moment, episode, language."""
    path = root / "private/airplay/played/radio.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = [{"day": DAY.isoformat()}]
    for at, episode, language in moments:
        number = int(episode.rpartition("-")[2])
        rows.append(
            {
                "at": at,
                "series": "corta",
                "episode": episode,
                "language": language,
                "version": f"{number:016x}",
                "title": f"Agua y ayuda {number}",
                "expires": "2026-12-06",
                "topics": ["health"],
            }
        )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@given(st.lists(st.integers(1, 6), unique=True), st.sampled_from(["es-419", "ht"]))
def test_a_kept_plan_reads_back_as_it_was(numbers: list[int], tag: str) -> None:
    plan = plan_days(Path("nowhere"), radio(), [item(n, tag) for n in numbers], DAY, 1)[0]
    kept = keep_day(plan)
    assert parse_kept(render_kept(kept)) == kept
    assert parse_summary(render_kept(kept)) == summary_of(kept)


def test_plans_are_kept_for_the_owner_alone_and_known_the_next_day(tmp_path: Path) -> None:
    plans = plan_days(tmp_path, radio(), [item(1)], DAY, 2)
    keep_plans(tmp_path, plans)
    (first, second) = sorted((tmp_path / "private/airplay/plans/radio").iterdir())
    assert [first.name, second.name] == ["2026-11-23.json", "2026-11-24.json"]
    assert first.stat().st_mode & 0o077 == 0
    assert [day.day for day in kept_days(tmp_path, "radio", first=DAY, last=DAY)] == [DAY]
    assert list(kept_days(tmp_path, "other")) == []


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format":1}', b"\xff", b"[" * 100_000])
def test_a_damaged_plan_is_named_and_nothing_is_planned_on_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "private/airplay/plans/radio/2026-11-22.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    with pytest.raises(ProductionError, match="damaged") as told:
        plan_days(tmp_path, radio(), [item(1)], DAY, 1)
    assert told.value.code == ExitCode.STORAGE


def test_the_report_compares_days_of_which_a_log_tells_and_counts_the_others(
    tmp_path: Path,
) -> None:
    keep_plans(tmp_path, plan_days(tmp_path, radio(), [item(1), item(2, "ht")], DAY, 2))
    as_played(tmp_path, ("2026-11-23T06:00:03", "corta-1", "es-419"))
    found = report_of(tmp_path)
    assert [(one.name, one.planned, one.played) for one in found.languages] == [
        ("es-419", 3, 1),
        ("ht", 3, 0),
    ]
    assert [(one.name, one.planned, one.played) for one in found.stations] == [("radio", 6, 1)]
    assert found.silent == (("radio", "ht"), ("radio", "ar"))
    assert [(one.edition[1], one.planned, one.played) for one in found.missing] == [
        ("corta-1", 3, 1),
        ("corta-2", 3, 0),
    ]
    assert found.unknown == (("radio", 1),)
    assert report_of(tmp_path, first=DAY + timedelta(days=1)).languages == ()


def test_what_was_played_too_late_or_though_withdrawn_is_named_with_its_moment(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    release = Release(
        target="public", series="corta", episode="corta-1", number=1,
        language=LanguageTag("es-419"), revision=1, guid="g", published_at=noon, changed_at=noon,
        change=Change.NEW, title="Agua", description="", duration_ms=1,
        words_digest=Digest(f"{1:016x}" + "0" * 48), expires=date(2026, 12, 6),
        synthetic_voice=False, media=(),
    )  # fmt: skip
    taken = Withdrawal(
        target="public", series="corta", episode="corta-1", language=LanguageTag("es-419"),
        revision=1, guid="g", kind=Withdrawing.RETRACT, reason="wrong number",
        at=noon + timedelta(days=1), sound=None,
    )  # fmt: skip
    for one in (release, taken):
        ledger.append(*ledger_line(one))
    as_played(
        tmp_path,
        ("2026-11-21T06:00:00", "corta-1", "es-419"),  # the day itself: nobody is accused
        ("2026-11-23T06:00:00", "corta-1", "es-419"),
        ("2026-12-07T06:00:00", "corta-2", "ht"),
    )
    found = report_of(tmp_path)
    assert [(one.line.at.isoformat(), one.reason) for one in found.withdrawn] == [
        ("2026-11-23T06:00:00", "wrong number")
    ]
    assert [(one.line.episode, one.since) for one in found.late] == [("corta-2", date(2026, 12, 6))]


def test_a_damaged_line_is_named_with_its_number(tmp_path: Path) -> None:
    as_played(tmp_path, ("2026-11-23T06:00:00", "corta-1", "es-419"))
    path = tmp_path / "private/airplay/played/radio.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + '{"at": 5}\n', encoding="utf-8")
    with pytest.raises(ProductionError, match="damaged") as told:
        read_airplay(tmp_path, "radio")
    assert told.value.where == "private/airplay/played/radio.jsonl:3"


def test_the_report_as_csv_runs_in_no_spreadsheet(tmp_path: Path) -> None:
    keep_plans(tmp_path, plan_days(tmp_path, radio(), [item(1)], DAY, 1))
    as_played(tmp_path, ("2026-11-23T06:00:03", "corta-1", "es-419"))
    rows = list(csv.reader(io.StringIO(report_csv(report_of(tmp_path)).decode("utf-8-sig"))))
    cells = {cell for row in rows for cell in row}
    assert "'=HYPERLINK()" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    assert [c for c in rows[4] if c and c != "radio"] == ["By station", "3", "1", "2"]


def test_a_plot_holds_no_script_no_date_and_no_address() -> None:
    names, rows = ["es-419", "ht"], [("planned", [3, 2]), ("played", [1, 0])]
    drawn = bar_plot("By language", names, rows)
    assert drawn == bar_plot("By language", names, rows)
    addresses = set(re.findall(r"https?://[^\"'<> ]+", drawn))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for word in ("<script", "<!--", "@import", "url(", "2026", "onclick"):
        assert word not in drawn
    with pytest.raises(ValueError, match="do not match"):
        bar_plot("x", ["a"], [("planned", [1, 2])])


def test_a_hostile_name_is_only_a_name_on_every_page(tmp_path: Path) -> None:
    plan = plan_days(tmp_path, radio(), [item(1)], DAY, 1)[0]
    sheet = log_sheet(plan, languages=radio().languages, network="N<script>", station=radio().name)
    page = render_log_page([sheet]).decode()
    assert "<script" not in page
    assert "&lt;b&gt;uno" in page
    assert "Lleve agua" in page
    assert "N&lt;script&gt;" in page
    keep_plans(tmp_path, [plan])
    as_played(tmp_path)
    report = render_report_page(report_of(tmp_path), network="<script>").decode()
    assert "<script" not in report
    drawings = re.findall(r"base64,([A-Za-z0-9+/=]+)\"", report)
    assert len(drawings) == 3
    assert all(b"<script" not in base64.b64decode(one) for one in drawings)


@pytest.mark.parametrize("tag", ["es", "en", "fr", "pt", "ar", "ht"])
def test_a_sheet_in_any_language_says_what_when_and_until_when(tag: str, tmp_path: Path) -> None:
    plan = plan_days(tmp_path, radio(), [item(1), item(2, "ar")], DAY, 1)[0]
    sheet = log_sheet(plan, languages=(LanguageTag(tag),), network="Red")
    assert sheet.words.language == tag
    assert "2026" in sheet.valid_until
    text = render_text(sheet).decode()
    assert text.count("[ ]") == 6
    assert "corta_ar_002.mp3" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    # Spanish words run from the left in a line of Arabic, with their own punctuation.
    begins = [one for part in sheet.parts for line in part.lines for one in line.notes]
    assert any("\u2066Lleve agua" in one for one in begins) == (tag == "ar")


@pytest.fixture
def page(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Browser]:
    with browser(tool("chromium"), tmp_path / "profile") as opened:
        yield opened


@pytest.mark.tools
def test_pages_are_readable_by_everybody_and_ask_for_nothing(page: Browser, tmp_path: Path) -> None:
    axe = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
    plan = plan_days(tmp_path, radio(), [item(1), item(2, "ar")], DAY, 1)[0]
    keep_plans(tmp_path, [plan])
    as_played(tmp_path, ("2026-11-23T06:00:03", "corta-1", "es-419"))
    pages = {
        "report.html": render_report_page(report_of(tmp_path), network="Red"),
        **{
            f"sheet_{tag}.html": render_log_page(
                [log_sheet(plan, languages=(LanguageTag(tag),), network="Red")]
            )
            for tag in ("es", "ar")
        },
    }
    for name, data in pages.items():
        (tmp_path / name).write_bytes(data)
        page.open(tmp_path / name)
        page.ask("Runtime.evaluate", {"expression": axe})
        assert (name, page.run(AXE)) == (name, [])
        asked = [e for e in page.events if e.get("method") == "Network.requestWillBeSent"]
        outside = [e["params"]["request"]["url"] for e in asked]
        assert all(one.startswith(("file:", "data:")) for one in outside)
    page.open(tmp_path / "report.html")
    widths = page.run("Array.from(document.images).map((one) => one.naturalWidth)")
    assert widths == [900, 900, 900]


def test_a_day_is_planned_ticked_given_back_and_reported(
    run: Callable[..., Done], small: Path, tmp_path: Path
) -> None:
    done = run("schedule", "radio", "--date", "2026-11-23", "--csv", "--text", tmp_path / "s.txt")
    assert done.code == 0, done.said
    rows = list(csv.reader(io.StringIO(done.out.removeprefix("\ufeff"))))
    assert len(rows) > 3
    assert "Agua y ayuda" in (tmp_path / "s.txt").read_text(encoding="utf-8")
    unticked = run("airplay", "import", "radio", _write(tmp_path, rows))
    assert unticked.code == ExitCode.INPUT
    assert "add a column played" in unticked.err
    ticked = [[*rows[0], "played"], [*rows[1], "x"], *([*row, ""] for row in rows[2:])]
    for new in (1, 0):
        done = run("airplay", "import", "radio", _write(tmp_path, ticked), "--json")
        assert done.code == 0, done.said
        found = json.loads(done.out)
        assert (found["found"], found["new"], found["not_understood"]) == (1, new, [])
        assert found["unticked"] == len(rows) - 2
    assert [*small.glob("private/airplay/played/*")] == [
        small / "private/airplay/played/radio.jsonl"
    ]
    done = run("airplay", "report", "--json", "--html", tmp_path / "r.html", "--png", tmp_path)
    told = json.loads(done.out)
    assert told["stations"] == [{"name": "radio", "planned": len(rows) - 1, "played": 1}]
    assert (tmp_path / "airplay_language.png").read_bytes().startswith(b"\x89PNG")
    shown = run("airplay", "report", "--station", "radio")
    assert "missing" in shown.out
    tomorrow = run("schedule", "radio", "--date", "2026-11-24", "--json", "--dry-run")
    assert json.loads(tomorrow.out)[0]["day"] == "2026-11-24"
    assert not (small / "private/airplay/plans/radio/2026-11-24.json").exists()


def _write(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_station_that_is_not_there_or_plans_by_itself_is_named(run: Callable[..., Done]) -> None:
    done = run("schedule", "nobody")
    assert (done.code, "there is no station nobody" in done.err) == (ExitCode.USAGE, True)
    assert run("airplay", "report", "--station", "nobody").code == ExitCode.USAGE


def test_only_the_last_days_of_a_long_log_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("production.airplay.store._TAIL_BYTES", 300)
    hours = [
        (f"2026-11-{day:02d}T{hour:02d}:00:00", "corta-1", "es-419")
        for day in range(1, 24)
        for hour in range(6, 10)
    ]
    as_played(tmp_path)
    found = [
        PlayedLine(
            at=datetime.fromisoformat(at), series="corta", episode=episode,
            language=LanguageTag(tag), version="", title="Agua", expires=DAY, topics=(),
        )
        for at, episode, tag in hours
    ]  # fmt: skip
    new, rows, path = add_airplay(tmp_path, "radio", found, {DAY - timedelta(days=2)})
    write_airplay(tmp_path, path, rows)
    assert new == len(hours)
    for back in (0, 1, 5, 30):
        first = DAY - timedelta(days=back)
        counts = plays_by_day(tmp_path, "radio", first=first)
        assert sorted(counts) == [DAY - timedelta(days=d) for d in range(min(back, 22), -1, -1)]
        assert {sum(heard.values()) for heard in counts.values()} == {4}


def test_a_plan_of_a_day_that_is_over_is_not_written_anew(
    run: Callable[..., Done], small: Path
) -> None:
    assert run("schedule", "radio", "--date", "2026-11-21", "--days", "2").code == 0
    kept = sorted(one.name for one in small.glob("private/airplay/plans/radio/*"))
    assert kept == ["2026-11-22.json"]
