"""Packs of the example: nothing withdrawn goes in, and papers and voice tell what to delete."""

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from mutagen.id3 import ID3

from production.building import BuildReport, BuiltEdition, Workshop
from production.ledger.ledger import Ledger
from production.packs.packing import BuiltPack, PackOrder, build_packs
from production.releases.values import (
    Change,
    News,
    Release,
    Withdrawal,
    Withdrawing,
    ledger_line,
)
from programme.digests import digest_bytes
from programme.notices import NoticeKind
from tests.production.running import TODAY, Quiet, copy_of, edit, read, run_here
from tests.strict import ToolFinder

EXAMPLE = Path(__file__).parents[3] / "examples" / "camino"
STATION = "radio-pack"
TAGS = ("es-419", "en")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def pack(root: Path, day: date = TODAY) -> tuple[BuiltPack, BuildReport]:
    """Build two short messages, and pack them for the radio."""
    workspace = read(root, day)
    only = frozenset(episode.id for episode in workspace.episodes)
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=day, only=only)
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=True)
        assert not report.failures
        (made,) = build_packs(
            shop, workspace, report, names=[STATION], order=PackOrder(today=day, rehearsal=True)
        )
    return made, report


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the example, cut to two messages in two languages; its first pack was handed out."""
    root = copy_of(EXAMPLE, tmp_path_factory.mktemp("recall") / "camino")
    for name in ("camino-seguro", "camino-altavoz"):
        (root / "series" / f"{name}.yml").unlink()
    for path in sorted((root / "episodes").iterdir()):
        if path.stem not in {"camino-breves-001", "camino-breves-002"}:
            path.unlink()
    every = "[es-419, en, fr, pt-BR, ar, ht, quc]"
    edit(root / "series/camino-breves.yml", f"languages: {every}", "languages: [es-419, en]")
    for path in sorted((root / "stations").iterdir()):
        if path.stem != STATION:
            path.unlink()
    edit(root / f"stations/{STATION}.yml", "[camino-seguro, camino-breves]", "[camino-breves]")
    edit(root / f"stations/{STATION}.yml", "[es-419, quc, en]", "[es-419, en]")
    made, report = pack(root)
    assert (made.serial, made.editions, made.recalls, made.notices) == (1, 4, (), 0)
    write(root, *(released(one) for one in report.editions if one.edition.profile == "podcast"))
    return root


@pytest.fixture
def root(handed_out: Path, tmp_path: Path) -> Path:
    return copy_of(handed_out, tmp_path / "camino")


def released(built: BuiltEdition) -> Release:
    """Give an edition as it was published."""
    edition = built.edition
    return Release(
        target="public",
        series=edition.series,
        episode=edition.episode,
        number=edition.number,
        language=edition.language,
        revision=1,
        guid=f"camino/{edition.series}/{edition.episode}/{edition.language}/1",
        published_at=NOON,
        changed_at=NOON,
        change=Change.NEW,
        title=edition.title,
        description=edition.description,
        duration_ms=edition.duration_ms,
        words_digest=edition.words_digest,
        expires=edition.expires,
        synthetic_voice=True,
        media=(),
        segments=edition.segments,
    )


def withdrawn(
    language: str, kind: Withdrawing = Withdrawing.RETRACT, *, on: date, reason: str = ""
) -> Withdrawal:
    return Withdrawal(
        target="public",
        series="camino-breves",
        episode="camino-breves-001",
        language=language,  # type: ignore[arg-type]
        revision=1,
        guid=f"camino/camino-breves/camino-breves-001/{language}/1",
        kind=kind,
        reason=reason,
        at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
        sound=None,
    )


def write(root: Path, *news: News) -> None:
    ledger = Ledger(root)
    for one in news:
        ledger.append(*ledger_line(one))


def names(made: BuiltPack) -> list[str]:
    with ZipFile(made.path) as archive:
        return archive.namelist()


def manifest(made: BuiltPack) -> Mapping[str, Any]:
    with ZipFile(made.path) as archive:
        found: dict[str, Any] = json.loads(archive.read("pack.json"))
    return found


def text(made: BuiltPack, name: str) -> str:
    """Give a text without line breaks: papers wrap their lines."""
    with ZipFile(made.path) as archive:
        return " ".join(archive.read(name).decode("utf-8").split())


def sounds(root: Path) -> dict[str, str]:
    """Give the SHA-256 of every sound of the station's pack, by its path."""
    (path,) = (root / "build/packs" / STATION).glob("*.zip")
    with ZipFile(path) as archive:
        return {
            name: digest_bytes(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".mp3")
        }


def test_a_retracted_message_leaves_the_pack_and_is_told_in_papers_and_aloud(root: Path) -> None:
    before = sounds(root)
    old = "01_ES/camino-breves_es-419_001.mp3"
    assert old in before
    write(root, withdrawn("es-419", on=days(1), reason="El número cambió."))
    made, _ = pack(root, days(2))
    assert (made.serial, made.editions, made.notices) == (2, 3, 1)
    after = sounds(root)
    # None of the withdrawn sound is in it, under whatever name.
    assert before[old] not in after.values()
    assert old not in after
    # The notice comes first: in the folder, in the ZIP and in the playlist.
    notice = "01_ES/000_notice_es_01.mp3"
    assert min(name for name in names(made) if name.startswith("01_ES/")) == notice
    assert names(made)[0] == notice
    assert text(made, "playlist.m3u8").index(notice) < text(made, "playlist.m3u8").index("_002")

    (recall,) = manifest(made)["retracts"]
    assert recall["episode"] == "camino-breves-001"
    assert (recall["language"], recall["kind"]) == ("es-419", "retracted")
    assert (recall["since"], recall["reason"]) == ("2026-11-23", "El número cambió.")
    (file,) = recall["files"]
    assert (file["path"], file["sha256"]) == (old, before[old])
    assert (file["packs"], file["replaced"]) == ([f"{manifest(made)['pack']}/1"], False)
    told = {item["path"]: item.get("notice") for item in manifest(made)["items"]}
    assert told.pop(notice) == "retracted"
    assert set(told.values()) == {None}

    readme = text(made, "README.txt")
    assert "BORRE ESTOS ARCHIVOS" in readme
    assert "Lo retiramos. Desde el 23 de noviembre de 2026." in readme
    assert f"Archivo: {old}" in readme
    assert "Motivo: El número cambió." in readme
    assert "DELETE THESE FILES" in readme
    assert "We have withdrawn it. Since 23 November 2026." in readme
    # The printed page of the language says it too, and only that one.
    assert old in text(made, "data/script_es-419.html")
    assert old in text(made, "data/script_es-419.txt")
    assert old not in text(made, "data/script_en.html")
    assert "2099" not in readme + text(made, "data/script_es-419.html")

    with ZipFile(made.path) as archive, archive.open(notice) as sound:
        tags = ID3(sound)
    assert "Pedir refugio no cuesta" in str(tags["TIT2"])
    assert "Retiramos un mensaje anterior." in str(tags.getall("USLT")[0])


def test_the_finished_pack_checks_out_and_says_the_same_twice(
    root: Path, tool: ToolFinder, tmp_path: Path
) -> None:
    write(root, withdrawn("es-419", on=days(1)), withdrawn("en", on=days(1)))
    made, _ = pack(root, days(1))
    assert (made.editions, made.notices) == (2, 2)
    bytes_before = made.path.read_bytes()
    made.path.unlink()
    again, _ = pack(root, days(3))
    assert (again.serial, again.path.read_bytes()) == (2, bytes_before)
    third, _ = pack(root, days(4))
    assert third.unchanged
    with ZipFile(made.path) as archive:
        archive.extractall(tmp_path / "stick")
    subprocess.run(
        [tool("sha256sum"), "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path / "stick", check=True
    )


def test_a_correction_recalls_the_old_words_and_keeps_the_new_file_of_that_name(
    root: Path,
) -> None:
    before = sounds(root)
    old = "01_ES/camino-breves_es-419_001.mp3"
    edit(
        root / "scripts/breve-asilo/es-419.md",
        "# ",
        "# Otra vez: ",
    )
    script = root / "scripts/breve-asilo/es-419.md"
    script.write_text(script.read_text("utf-8") + "\nEsto se lo recordamos.\n", encoding="utf-8")
    made, _ = pack(root, days(1))
    (recall, *others) = made.recalls
    assert (recall.kind, recall.since, recall.language) == (NoticeKind.CORRECTED, days(1), "es-419")
    (file,) = recall.files
    assert (file.path, file.digest) == (old, before[old])
    assert manifest(made)["retracts"][0]["files"][0]["replaced"] is True
    # A person must not delete the new file because the old one had its name.
    assert "que sí puede emitir" in text(made, "README.txt")
    assert sounds(root)[old] != before[old]
    # English went stale with its source: it is told of in writing, nobody said it was wrong.
    assert [(one.kind, one.language) for one in others] == [(NoticeKind.WITHDRAWN, "en")]
    assert made.notices == 1
    # The day is that of the pack that first said otherwise, so that nothing changes tomorrow.
    again, _ = pack(root, days(2))
    assert again.unchanged
    assert again.serial == made.serial


def test_a_message_that_was_never_in_a_pack_is_not_spoken_of(root: Path) -> None:
    ledger = (root / "releases.jsonl").read_text("utf-8")
    kept = [line for line in ledger.splitlines() if '"event":"pack"' not in line]
    (root / "releases.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    private = root / "private" / "releases.jsonl"
    private.unlink()
    write(root, withdrawn("es-419", on=days(1)))
    made, _ = pack(root, days(2))
    assert (made.editions, made.recalls, made.notices) == (3, (), 0)
    assert "BORRE" not in text(made, "README.txt")


def test_lines_of_older_versions_recall_by_title(root: Path) -> None:
    # They note the segments of a pack, and no files.
    path = root / "releases.jsonl"
    events = list(Ledger(root).events("pack"))
    kept = [line for line in path.read_text("utf-8").splitlines() if '"event":"pack"' not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    for event in events:
        facts = {n: v for n, v in event.facts.items() if n not in {"items", "event"}}
        Ledger(root).append("pack", facts)
    write(root, withdrawn("es-419", on=days(1)))
    made, _ = pack(root, days(2))
    (recall,) = made.recalls
    assert (recall.language, recall.title) == ("es-419", "Pedir refugio no cuesta")
    assert [file.path for file in recall.files] == [""]
    assert "busque el título" in text(made, "README.txt")
    assert made.notices == 1


def test_a_recall_ends_when_no_pack_that_held_it_may_be_played_and_ninety_days_are_over(
    root: Path,
) -> None:
    write(root, withdrawn("es-419", on=days(1)))
    first, _ = pack(root, days(2))
    assert first.recalls
    facts = root / "facts"
    scripts = root / "scripts"
    # Everything is verified anew, so that packs are made next year too.
    for path in [*facts.glob("*.yml"), *scripts.glob("*/segment.yml")]:
        words = path.read_text("utf-8")
        for year in ("2026", "2027"):
            words = words.replace(f'expires: "{year}', 'expires: "2029')
            words = words.replace(f'review_by: "{year}', 'review_by: "2029')
        path.write_text(words, encoding="utf-8")
    last = max(days(1 + 90), first.valid_until)
    assert pack(root, last)[0].recalls
    later, _ = pack(root, last + timedelta(days=1))
    assert later.recalls == ()
    assert later.notices == 0
    # And the withdrawn message stays out.
    assert later.editions == 3


def test_what_is_valid_again_goes_back_in(root: Path) -> None:
    write(root, withdrawn("es-419", Withdrawing.EXPIRE, on=days(1)))
    gone, report = pack(root, days(2))
    assert gone.editions == 3
    assert [one.kind for one in gone.recalls] == [NoticeKind.EXPIRED]
    # Published again with the words that it had.
    old = next(
        event
        for event in Ledger(root).events("released")
        if (event.facts["episode"], event.facts["language"]) == ("camino-breves-001", "es-419")
    )
    facts = {n: v for n, v in old.facts.items() if n != "event"}
    facts |= {"revision": 2, "guid": f"{facts['guid']}2", "change": "renew"}
    Ledger(root).append("released", facts)
    back, _ = pack(root, days(3))
    assert (back.editions, back.recalls, back.notices) == (4, (), 0)
    assert back.serial == 3
    del report


def test_a_message_of_a_language_without_a_voice_is_recalled_in_writing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, withdrawn("en", on=days(1)))
    toml = root / "altavoz.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[voices.en]\nengine = "none"\n', encoding="utf-8")
    made, _ = pack(root, days(1))
    assert made.notices == 0
    assert [(one.language, one.kind) for one in made.unspoken] == [("en", NoticeKind.RETRACTED)]
    assert "DELETE THESE FILES" in text(made, "README.txt")
    done = run_here("pack", "-w", root, STATION, day=days(1), capture=capsys)
    assert done.code == 0, done.said
    said = " ".join(done.said.split())
    assert "to be deleted of earlier packs: camino-breves-001 (en)" in said
    assert "altavoz takes kit --lang en --segment notice-retracted" in said


def test_a_pack_of_which_everything_was_withdrawn_holds_the_notices_alone(root: Path) -> None:
    for path in (root / "episodes").glob("*002.yml"):
        path.unlink()
    write(root, withdrawn("es-419", on=days(1)), withdrawn("en", on=days(1)))
    made, _ = pack(root, days(1))
    assert (made.editions, made.notices) == (0, 2)
    assert made.valid_until == days(1 + 90)
    assert [name for name in names(made) if name.endswith(".mp3")] == [
        "01_ES/000_notice_es_01.mp3",
        "02_EN/000_notice_en_02.mp3",
    ]


def test_private_stations_that_take_the_same_share_the_recall_too(root: Path) -> None:
    twin = root / "stations" / "twin.yml"
    twin.write_text((root / f"stations/{STATION}.yml").read_text("utf-8"), encoding="utf-8")
    write(root, withdrawn("en", on=days(1)))
    workspace = read(root, days(1))
    with Workshop(root).open() as shop:
        plan = shop.plan(workspace, today=days(1))
        report = shop.build(workspace, plan, jobs=1, progress=Quiet(), partial=False)
        made = build_packs(
            shop, workspace, report, names=(), order=PackOrder(today=days(1), rehearsal=True)
        )
    one, two = made
    # The second was never given the first pack, but whoever holds this one may have had it.
    assert [len(pack.recalls) for pack in made] == [1, 1]
    assert one.path.name == two.path.name
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.serial == two.serial == 2


def test_a_station_s_own_words_fall_with_everybody_s(root: Path) -> None:
    # It says another date of asylum's fact; nobody released these words, but the message is gone.
    station = root / f"stations/{STATION}.yml"
    fact = next(
        name
        for event in Ledger(root).events("pack")
        for name in event.facts["facts"]
        if (root / f"facts/{name}.yml").is_file()
    )
    own = (root / f"facts/{fact}.yml").read_text("utf-8")
    assert "statement" in own
    body = "".join(f"    {line}\n" for line in own.splitlines() if not line.startswith("id:"))
    body = body.replace("asilo", "refugio").replace("asylum", "refuge")
    with station.open("a", encoding="utf-8") as file:
        file.write(f'overrides:\n  {fact}:\n    reason: "Here it is so."\n{body}')
    first, report = pack(root)
    assert any(one.station for one in report.editions)
    assert first.editions == 4
    write(root, withdrawn("es-419", on=days(1)), withdrawn("en", on=days(1)))
    second, _ = pack(root, days(2))
    assert second.editions < first.editions
    assert {one.episode for one in second.recalls} == {"camino-breves-001"}
    assert not any("breves_es-419_001" in name or "breves_en_001" in name for name in names(second))
