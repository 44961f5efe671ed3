"""New, replaced, corrected, expired: what each publish tells the ledger, feeds and listeners."""

from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from production.publish.publishing import PublishReport
from production.releases.history import WITHDRAWN_DAYS
from programme.errors import ProductionError
from tests.production.published import (
    NOON,
    PODCAST,
    Made,
    altered,
    faults,
    feed_items,
    history,
    made_once,
    make,
    of,
    send,
    sounds,
    swap,
    text,
    titles,
    watched,
)
from tests.production.running import copy_of, edit, tree
from tests.production.small import write_tone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


def media_of(keys: list[str]) -> set[str]:
    """Give the names of files among keys, without those of the ledger."""
    return {key.removeprefix("m/") for key in keys if key.startswith("m/")}


def rebuilt(factory: pytest.TempPathFactory, name: str, file: str, old: str, new: str) -> Made:
    root = copy_of(made_once(factory), factory.mktemp(name) / "workspace")
    edit(root / file, old, new)
    return make(root)


@pytest.fixture(scope="module")
def other_words(tmp_path_factory: pytest.TempPathFactory) -> Made:
    file = "scripts/aviso/es-419.md"
    return rebuilt(tmp_path_factory, "words", file, "Esto es un ejemplo.", "Es un ejemplo.")


@pytest.fixture(scope="module")
def other_bed(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("bed")
    root = copy_of(made_once(tmp_path_factory), folder / "workspace")
    write_tone(root / "sounds" / "cama.wav", seconds=3.0, pitch_hz=165.0)
    return make(root)


def changes(report: PublishReport) -> list[tuple[str, str]]:
    return [(change.value, release.language) for change, release in report.changes]


def test_the_first_publish_is_new_and_the_second_sends_nothing(made: Made, tmp_path: Path) -> None:
    assert changes(send(tmp_path, made)) == [("new", "es-419"), ("new", "en")]
    ledger = (tmp_path / "releases.jsonl").read_bytes()
    again = send(tmp_path, made, now=NOON + DAY)
    assert (changes(again), again.sent, again.removed) == ([], [], [])
    assert (tmp_path / "releases.jsonl").read_bytes() == ledger


def test_another_bed_replaces_the_sound_and_keeps_the_item(
    made: Made, other_bed: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    old = sounds(tmp_path)
    report = send(tmp_path, other_bed, now=NOON + DAY)
    assert changes(report) == [("replace", "es-419"), ("replace", "en")]
    for tag, [release] in history(tmp_path).items():
        assert release.guid == f"small/corta/corta-1/{tag}/1"
        assert (release.published_at, release.changed_at) == (NOON, NOON + DAY)
    [item] = feed_items(tmp_path / "public", "corta/en.xml")
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("url", "").rpartition("/")[2] not in old
    # Nothing in it was false: whoever still holds the old feed may load the old sound.
    assert old < sounds(tmp_path)
    assert report.removed == []
    assert faults(tmp_path / "public") == []


def test_another_title_keeps_guid_and_date(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    # The title stands in the sound file's tags, so that the file changes with it.
    new = altered(of(made, "en"), tmp_path, sound="tags", title="Water, and help")
    assert changes(send(tmp_path, made, swap(made, new), now=NOON + DAY)) == [("replace", "en")]
    [release] = history(tmp_path)["en"]
    assert (release.guid, release.published_at) == ("small/corta/corta-1/en/1", NOON)
    assert titles(tmp_path) == [("live", "Water, and help")]


def test_other_text_in_the_feed_alone_sends_no_sound(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    new = altered(of(made, "en"), tmp_path, description="Said better.")
    report = send(tmp_path, made, swap(made, new), now=NOON + DAY)
    assert changes(report) == [("text", "en")]
    feeds = [key for key in report.sent if "/en." in key]
    assert not [key for key in report.sent if key.startswith("m/")]
    assert [key for key in feeds if "topic" not in key] == [
        "corta/en.xml",
        "corta/en.json",
        "all/en.xml",
        "all/en.json",
    ]
    [item] = feed_items(tmp_path / "public", "corta/en.xml")
    assert (text(item, "guid"), text(item, "description")) == (
        "small/corta/corta-1/en/1",
        "Said better.",
    )


def test_two_changes_in_the_same_second_are_both_told(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    one = swap(made, altered(of(made, "en"), tmp_path, description="One."))
    two = swap(made, altered(of(made, "en"), tmp_path, description="Two."))
    for editions in (one, two, one):
        assert changes(send(tmp_path, made, editions)) == [("text", "en")]
    assert history(tmp_path)["en"][-1].description == "One."


def test_other_words_correct_with_a_new_item_and_withdraw_the_old(
    made: Made, other_words: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    before = sounds(tmp_path)
    report = send(tmp_path, other_words, now=NOON + DAY)
    # The English translation of the notice went stale with its source; the notice is required.
    assert changes(report) == [("correct", "es-419")]
    new, old = feed_items(tmp_path / "public", "corta/es-419.xml")
    assert text(new, "guid") == "small/corta/corta-1/es-419/2"
    assert text(new, "title") == "Agua y ayuda (CORREGIDO 23 de noviembre de 2026)"
    assert text(new, "pubDate") == "Mon, 23 Nov 2026 12:00:00 +0000"
    assert text(old, "guid") == "small/corta/corta-1/es-419/1"
    assert text(old, "title") == "RETIRADO – Agua y ayuda"
    assert "No use su información" in text(old, "description")
    assert text(old, "pubDate") == "Sun, 22 Nov 2026 12:00:00 +0000"
    for name in ("enclosure", f"{PODCAST}alternateEnclosure", f"{PODCAST}transcript"):
        assert old.find(name) is None
        assert new.find(name) is not None
    gone = {name for name in before if "es-419" in name}
    assert media_of(report.removed) == gone
    assert sounds(tmp_path).isdisjoint(gone)
    assert faults(tmp_path / "public") == []


def test_what_cannot_be_made_today_stays_as_it_was_and_is_told(
    made: Made, other_words: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    before = (tmp_path / "public" / "corta" / "en.xml").read_bytes()
    report = send(tmp_path, other_words, now=NOON + DAY)
    assert [release.guid for release in report.stale] == ["small/corta/corta-1/en/1"]
    assert (tmp_path / "public" / "corta" / "en.xml").read_bytes() == before
    # Once it is past its date it is nobody's worry any more.
    other = altered(
        of(other_words, "es-419"), tmp_path, expires=date(2028, 1, 1), segments=(), facts=()
    )
    assert not send(tmp_path, other_words, (other,), now=NOON + 80 * DAY).stale


def test_what_cannot_be_made_and_is_not_there_stops_the_publish(made: Made, tmp_path: Path) -> None:
    other = altered(of(made, "en"), tmp_path, words="x")  # which no store has
    send(tmp_path, made, swap(made, other))
    victim = next((tmp_path / "public" / "m").glob("*-en-*.opus"))
    victim.unlink()
    es = (of(made, "es-419"),)
    with watched() as watch, pytest.raises(ProductionError, match="not there whole") as caught:
        send(tmp_path, made, es, now=NOON + DAY)
    assert caught.value.where.endswith(f"m/{victim.name}")
    assert watch.of("put", "put_new", "swap", "remove", "ledger") == []
    # What can be made is simply sent again.
    report = send(tmp_path, made, swap(made, other), now=NOON + DAY)
    assert report.sent == [f"m/{victim.name}", "publish.json"]
    assert report.deeds.healed == [f"m/{victim.name}"]


def test_what_cannot_be_made_and_is_not_there_is_sent_again_from_the_store(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    before = tree(tmp_path / "public")
    for victim in (tmp_path / "public" / "m").glob("*-en-*"):
        victim.unlink()
    report = send(tmp_path, made, (of(made, "es-419"),), now=NOON + DAY)
    assert len(report.deeds.healed) == 10  # pictures among them
    assert report.sent == [*report.deeds.healed, "publish.json"]
    head = {"publish.json": ""}
    assert tree(tmp_path / "public") | head == before | head


def test_sound_that_was_replaced_is_taken_away_too_once_its_words_are_corrected(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    replaced = altered(of(made, "en"), tmp_path, sound="better")
    send(tmp_path, made, swap(made, replaced), now=NOON + HOUR)
    wrong = {name for name in sounds(tmp_path) if "-en-" in name}
    assert len(wrong) == 10
    report = send(
        tmp_path, made, swap(made, altered(replaced, tmp_path, words="x")), now=NOON + DAY
    )
    assert media_of(report.removed) == wrong
    assert sounds(tmp_path).isdisjoint(wrong)


def test_a_second_correction_on_the_same_day_has_a_title_of_its_own(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    for hours, words in ((1, "x"), (2, "y"), (3, "z")):
        editions = swap(made, altered(of(made, "en"), tmp_path, words=words))
        assert changes(send(tmp_path, made, editions, now=NOON + hours * HOUR)) == [
            ("correct", "en")
        ]
        assert faults(tmp_path / "public") == []
    day = "November 22, 2026"
    assert titles(tmp_path) == [
        ("live", f"Water and help (CORRECTED {day}, 3)"),
        ("withdrawn", f"WITHDRAWN – Water and help (CORRECTED {day}, 2)"),
        ("withdrawn", f"WITHDRAWN – Water and help (CORRECTED {day})"),
        ("withdrawn", "WITHDRAWN – Water and help"),
    ]


def test_words_that_return_get_a_new_address(made: Made, tmp_path: Path) -> None:
    # newsboat and podget take a known address for a known file, whatever the guid
    send(tmp_path, made)
    first = sounds(tmp_path)
    send(tmp_path, made, swap(made, altered(of(made, "en"), tmp_path, words="x")), now=NOON + HOUR)
    assert changes(send(tmp_path, made, now=NOON + 2 * HOUR)) == [("correct", "en")]
    assert not {name for name in sounds(tmp_path) if "-en-" in name} & first
    assert [release.revision for release in history(tmp_path)["en"]] == [1, 2, 3]
    assert faults(tmp_path / "public") == []


def test_a_correction_after_the_clock_went_back_a_little_is_still_the_newest(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    other = altered(of(made, "en"), tmp_path, words="o", episode="corta-2", number=2, title="Two")
    send(tmp_path, made, (*made.editions, other), now=NOON + HOUR)
    fixed = (*swap(made, altered(of(made, "en"), tmp_path, words="x")), other)
    send(tmp_path, made, fixed, now=NOON + HOUR - timedelta(minutes=5))
    assert faults(tmp_path / "public") == []
    items = feed_items(tmp_path / "public", "corta/en.xml")
    dates = {text(i, "guid"): parsedate_to_datetime(text(i, "pubDate")) for i in items}
    assert list(dates.values()) == sorted(dates.values(), reverse=True)
    # LibreTime and AntennaPod take what is not older than the newest that they know.
    assert dates["small/corta/corta-1/en/2"] == dates["small/corta/corta-2/en/1"] == NOON + HOUR


def test_a_clock_far_behind_the_ledger_stops_the_publish(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    before = tree(tmp_path)
    with pytest.raises(ProductionError, match="the clock says 2026-11-21") as caught:
        send(tmp_path, made, editions, now=NOON - DAY)
    assert "set the clock" in caught.value.remedy
    assert tree(tmp_path) == before


def test_an_edition_past_its_date_leaves_the_feed_and_the_feed_says_when(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    # Valid until 2027-01-15; on the day after only another episode can still be made.
    other = altered(
        of(made, "en"),
        tmp_path,
        words="o",
        episode="corta-2",
        number=2,
        title="Two",
        expires=date(2027, 2, 1),
        segments=(),
    )
    last = NOON.replace(year=2027, month=1, day=15)
    send(tmp_path, made, (*made.editions, other), now=last)
    assert [title for _, title in titles(tmp_path)] == ["Two", "Water and help"]
    report = send(tmp_path, made, (other,), now=last + DAY)
    assert [title for _, title in titles(tmp_path)] == ["Two"]
    # Nobody who has them is told, unless the operator orders it; so the operator is.
    assert {one.guid for one in report.ran_out} == {
        "small/corta/corta-1/en/1",
        "small/corta/corta-1/es-419/1",
    }
    assert (report.withdrawn, report.notices) == ([], [])
    feed = (tmp_path / "public" / "corta" / "en.xml").read_text(encoding="utf-8")
    assert "<lastBuildDate>Sat, 16 Jan 2027 00:00:00 +0000<" in feed
    assert titles(tmp_path, "es-419") == []


def test_a_withdrawn_item_outlives_its_date_so_that_listeners_meet_it(
    made: Made, tmp_path: Path
) -> None:
    soon = altered(of(made, "en"), tmp_path, expires=date(2026, 11, 24))
    send(tmp_path, made, swap(made, soon))
    long = altered(soon, tmp_path, words="x", expires=date(2028, 1, 1), segments=(), facts=())
    corrected = NOON + DAY
    send(tmp_path, made, (long,), now=corrected)
    for days, kinds in (
        (WITHDRAWN_DAYS, ["live", "withdrawn"]),
        (WITHDRAWN_DAYS + 1, ["live"]),
    ):
        send(tmp_path, made, (long,), now=corrected + days * DAY)
        assert [kind for kind, _ in titles(tmp_path)] == kinds


def test_a_title_of_full_length_can_still_be_corrected_and_withdrawn(
    made: Made, tmp_path: Path
) -> None:
    long = altered(of(made, "en"), tmp_path, title="w" * 255)
    send(tmp_path, made, (long,))
    send(tmp_path, made, (altered(long, tmp_path, words="x"),), now=NOON + DAY)
    (_, new), (_, old) = titles(tmp_path)
    assert new.endswith("w… (CORRECTED November 23, 2026)")
    assert old.startswith("WITHDRAWN – www")
    assert len(new) == len(old) == 255
