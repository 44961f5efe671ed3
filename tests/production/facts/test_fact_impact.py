"""Change a number once: what impact says beforehand is what the build does, and nothing else."""

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from production.building import BuildReport
from production.facts.card import fact_card
from production.facts.impact import Impact, Standing, fact_impact
from production.facts.report import list_due, list_facts, parse_until
from programme.errors import ExitCode, ProductionError
from programme.facts import FactStatus
from programme.units import LanguageTag
from tests.production.running import (
    TODAY,
    build,
    built_once,
    copy_of,
    edit,
    read,
    run_here,
    stamps,
    tree,
)
from tests.production.small import write_small
from tests.production.test_recorded import record

ES, EN = LanguageTag("es-419"), LanguageTag("en")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "known", known=True)


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path / "small")


def new_number(root: Path) -> None:
    """Change the number in the one file that holds it."""
    edit(root / "facts/cr-911.yml", '["9", "1", "1"]', '["8", "2", "2"]')


def rebuilt(report: BuildReport, kind: str) -> list[str]:
    """Give the labels of the steps of one kind that a build ran, by what its journal noted."""
    return sorted(label for label, _ in report.run.reasons if label.startswith(f"{kind} "))


def editions(impact: Impact) -> list[str]:
    return sorted(
        f"edition {one.series} {one.episode} {one.language} {one.profile}"
        for one in impact.editions
    )


def test_impact_lists_exactly_what_is_built_anew_when_the_number_changes(root: Path) -> None:
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    new_number(root)
    report = build(root)
    assert sorted(impact.takes) == rebuilt(report, "take") != []
    assert sorted(impact.slots) == rebuilt(report, "slot") != []
    assert editions(impact) == rebuilt(report, "edition") != []
    assert fact_impact(read(root), "cr-911", today=TODAY).slots == impact.slots


def test_impact_names_every_line_edition_feed_and_station(root: Path) -> None:
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    assert [(at.language, at.place) for at in impact.spoken] == [
        (ES, "scripts/ayuda/es-419.md:3"),
        (ES, "scripts/ayuda/es-419.md:4"),
        (EN, "scripts/ayuda/en.md:3"),
        (EN, "scripts/ayuda/en.md:4"),
    ]
    assert editions(impact) == [
        f"edition corta corta-1 {tag} {profile}"
        for tag in ("en", "es-419")
        for profile in ("broadcast", "podcast")
    ]
    assert [feed.url for feed in impact.feeds] == [
        "https://radio.example.org/corta/es-419.xml",
        "https://radio.example.org/corta/en.xml",
    ]
    # The loop does not speak it, so the terminal is not concerned.
    assert [(one.id, one.delivery.value, one.languages) for one in impact.stations] == [
        ("feed", "feed", (ES,)),
        ("packs", "pack", (ES, EN)),
    ]
    assert impact.published == ()
    assert impact.packs == ()


def test_impact_reads_no_sound_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "small")
    for sound in (root / "sounds").iterdir():
        sound.write_bytes(b"not a sound")
    before = (tree(root), stamps(root))
    done = run_here("facts", "impact", "cr-911", "-w", root, capture=capsys)
    assert done.code == ExitCode.OK
    assert "scripts/ayuda/en.md:3, 4" in done.out
    assert "altavoz build --explain --dry-run" in done.out
    assert (tree(root), stamps(root)) == before


def test_a_recording_that_says_it_will_be_stale(root: Path) -> None:
    script = read(root).translations["ayuda", EN].script
    assert script is not None
    record(root / "recordings/ayuda/en/a.wav", "Call")
    take = f'script: "{script.words_digest}"\nfiles: [a.wav]\n'
    (root / "recordings/ayuda/en/take.yml").write_text(take, encoding="utf-8")
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    (recording,) = impact.recordings
    assert (recording.segment, recording.language, recording.stale) == ("ayuda", EN, False)
    assert "altavoz takes kit --lang en --segment ayuda" in impact.next
    # A person speaks, so no voice does it again, and the segment is left out once it changed.
    assert not any(" en " in label for label in (*impact.takes, *impact.slots))
    new_number(root)
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    assert [one.stale for one in impact.recordings] == [True]
    assert {(one.segment, one.language) for one in impact.left_out} == {("ayuda", EN)}


def test_what_was_published_and_packed_with_it_is_told_until_it_is_corrected(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["publish", "public"], ["pack", "--rehearsal"]):
        assert run_here(*command, "-j1", "-w", root, capture=capsys).code == ExitCode.OK
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    assert [
        (p.target, p.language, p.revision, p.published_on, p.standing) for p in impact.published
    ] == [
        ("public", ES, 1, TODAY, Standing.LIVE),
        ("public", EN, 1, TODAY, Standing.LIVE),
    ]
    assert [(one.station, one.serial, one.on) for one in impact.packs] == [("packs", 1, TODAY)]
    correct = "altavoz release correct --fact cr-911 --target public"
    assert impact.next[-2:] == (correct, "altavoz pack packs")
    new_number(root)
    for command in (["publish", "public"], ["pack", "--rehearsal"]):
        assert run_here(*command, "-j1", "-w", root, capture=capsys).code == ExitCode.OK
    impact = fact_impact(read(root), "cr-911", today=TODAY)
    assert sorted((p.language, p.revision, p.standing) for p in impact.published) == [
        (EN, 1, Standing.CORRECTED),
        (EN, 2, Standing.LIVE),
        (ES, 1, Standing.CORRECTED),
        (ES, 2, Standing.LIVE),
    ]
    assert [one.serial for one in impact.packs] == [1, 2]
    assert_said_nowhere("9 1 1", root / "public", root / "build")
    assert_said_nowhere("nueve uno uno", root / "public", root / "build")


def assert_said_nowhere(words: str, *folders: Path) -> None:
    """Look into every file, every member of every pack, and every tag of every sound."""
    looked = 0
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            looked += 1
            assert words.encode() not in path.read_bytes(), path
            if path.suffix == ".zip":
                with ZipFile(path) as archive:
                    for name in archive.namelist():
                        assert words.encode() not in archive.read(name), (path, name)
    assert looked > 10


def test_the_list_shows_source_dates_owner_and_how_many_segments_speak_it(root: Path) -> None:
    (row,) = list_facts(read(root))
    assert (row.id, row.kind, row.value, row.sources) == ("cr-911", "hotline", "9 1 1", ("PANI",))
    assert (row.owner, row.status, row.segments) == ("Verification desk", FactStatus.DEMO, 1)
    assert (row.place, row.country) == ("facts/cr-911.yml:1", "CR")
    assert list_facts(read(root), country="cr") == list_facts(read(root), status="demo") == [row]
    assert list_facts(read(root), owner="verification DESK") == [row]
    assert list_facts(read(root), country="MX") == list_facts(read(root), status="active") == []


def test_what_is_due_comes_by_day_with_what_is_overdue_first(root: Path) -> None:
    edit(root / "scripts/agua/segment.yml", '"2026-12-20"', '"2026-11-20"')
    due = list_due(read(root), today=TODAY, until=date(2027, 1, 20))
    assert [(row.day.isoformat(), row.id, row.why) for row in due] == [
        ("2026-11-20", "agua", "verify again"),
        ("2026-12-20", "ayuda", "verify again"),
        ("2026-12-22", "cr-911", "verify again"),
        ("2027-01-15", "agua", "expires"),
        ("2027-01-15", "ayuda", "expires"),
    ]
    late = list_due(read(root), today=date(2027, 2, 1), until=date(2027, 2, 1))
    assert [(row.id, row.why) for row in late] == [
        ("agua", "expired"),
        ("ayuda", "expired"),
        ("cr-911", "expired"),
    ]
    edit(root / "facts/cr-911.yml", "status: demo", "status: withdrawn")
    assert all(row.id != "cr-911" for row in list_due(read(root), today=TODAY, until=date.max))


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("30d", date(2026, 12, 22)),
        ("0d", TODAY),
        ("6w", date(2027, 1, 3)),
        ("2m", date(2027, 1, 22)),
        ("2026-12-31", date(2026, 12, 31)),
    ],
)
def test_a_period_may_be_days_weeks_months_or_a_day(text: str, until: date) -> None:
    assert parse_until(text, TODAY) == until


@pytest.mark.parametrize("text", ["", "30", "d", "-3d", "3y", "2026-02-30", "1.5m", "99999d", "٣d"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        parse_until(text, TODAY)


def test_a_month_ends_on_a_day_that_there_is() -> None:
    assert parse_until("1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_until("13m", date(2026, 12, 31)) == date(2028, 1, 31)


def test_the_card_shows_how_every_language_prints_and_says_it(root: Path) -> None:
    card = fact_card(read(root), "cr-911")
    forms = {(form.language, form.placeholder): form for form in card.forms}
    said = forms[EN, "{{phone:cr-911}}"]
    assert (said.printed, said.spoken) == ("9 1 1", "nine, one, one")
    assert forms[ES, "{{org:cr-911}}"].printed == "Emergencias de Costa Rica"
    assert "noviembre" in forms[ES, "{{verified:cr-911}}"].spoken
    assert [at.place for at in card.spoken][:1] == ["scripts/ayuda/es-419.md:3"]
    assert ("owner", "Verification desk") in card.about


@pytest.mark.parametrize("command", ["show", "impact"])
def test_a_fact_that_is_not_there_is_told_with_the_nearest(
    command: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("facts", command, "cr-119", "-w", root, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert "there is no fact or contact cr-119" in done.err
    assert "did you mean cr-911?" in done.err


def test_a_fact_with_errors_is_told_as_such(root: Path) -> None:
    edit(root / "facts/cr-911.yml", "expires:", "# expires:")
    from scripts.workspace import read_workspace

    workspace, _ = read_workspace(root, today=TODAY)
    assert workspace is not None
    with pytest.raises(ProductionError, match="has errors") as caught:
        fact_card(workspace, "cr-911")
    assert caught.value.where == "facts/cr-911.yml:1"


@pytest.mark.parametrize(
    "arguments",
    [
        ("facts",),
        ("facts", "list"),
        ("facts", "--due", "6w"),
        ("facts", "list", "--due", "2026-12-31"),
        ("facts", "show", "cr-911"),
        ("facts", "impact", "cr-911"),
    ],
)
def test_every_list_has_a_form_for_people_and_one_for_programs(
    arguments: tuple[str, ...], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here(*arguments, "-w", root, capture=capsys)
    assert done.code == ExitCode.OK
    assert "cr-911" in done.out
    done = run_here(*arguments, "--json", "-w", root, capture=capsys)
    assert done.code == ExitCode.OK
    assert "cr-911" in json.dumps(json.loads(done.out))


def test_options_before_a_subcommand_are_not_swallowed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here("facts", "-w", root, "show", "cr-911", capture=capsys)
    assert done.code == ExitCode.USAGE
    assert "write the options after show" in done.err
    done = run_here("facts", "--due", "soon", "-w", root, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert "30d" in done.err
