"""The log tells an episode's story as it happened, to a person and to a program."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from cli import altavoz
from production.ledger.ledger import Ledger
from production.releases.log import Story, tell_stories
from production.releases.log_words import _tables, story_lines, story_plain
from production.releases.values import Change, Withdrawing
from programme.digests import Plain, digest_text
from programme.errors import ProductionError
from tests.production.ledger.ledger_lines import (
    NOON,
    open_ledger,
    released,
    thing,
    withdrawn,
    write_all,
)
from tests.production.small import write_small

BASE = "https://radio.example.org/"
DAY = date(2026, 11, 30)
FIRST = released()
MENDED = replace(
    FIRST, changed_at=NOON + timedelta(minutes=5), change=Change.TEXT, title="Water", held=()
)
SECOND = released(
    2,
    minutes=60,
    title="Water",
    reason="The number changed.",
    fact_values={"cr-911": digest_text("other")},
    segments=("agua", "ayuda", "aviso"),
)
PACK: dict[str, Plain] = {
    "pack": "small_terminal",
    "serial": 3,
    "issued": "2026-11-22",
    "valid_until": "2026-12-20",
    "content": "x",
    "segments": ["agua"],
    "facts": [],
    "items": [
        {
            "series": "corta",
            "episode": "corta-1",
            "language": "en",
            "number": 1,
            "title": "Water",
            "dated": "2026-11-22",
            "expires": "2026-12-20",
            "words": FIRST.words_digest,
            "path": "01.mp3",
            "sha256": "0" * 64,
            "own": False,
            "segments": ["agua"],
            "facts": [],
        }
    ],
}


def local(moment: datetime) -> datetime:
    return moment.astimezone(timezone(timedelta(hours=-6)))


def a_life(folder: Path) -> Ledger:
    """Give a ledger: published, mended, packed and shipped, corrected, then taken back."""
    ledger = open_ledger(folder, FIRST, MENDED)
    ledger.append("pack", PACK)
    held: dict[str, Plain] = {"pack": "small_terminal", "serial": 3, "on": "2026-11-22"}
    ledger.append("packed", {**held, "station": "terminal"})
    ledger.append("shipped", {**held, "on": "2026-11-23", "carrier": "usb"})
    write_all(ledger, SECOND, withdrawn(FIRST, minutes=60, sound=True))
    ledger.append("removed", {"target": "public", "keys": [one.key for one in FIRST.media]})
    ledger.append("ended", {**held, "on": "2026-11-25", "how": "deleted", "station": "terminal"})
    write_all(ledger, withdrawn(SECOND, Withdrawing.RETRACT, minutes=7 * 1440))
    return ledger


def story_of(ledger: Ledger, **more: str) -> Story:
    (story,) = tell_stories(ledger, ["corta/corta-1/EN"], base_url=BASE, today=DAY, **more)
    return story


def test_everything_that_happened_to_an_edition_is_told_once_and_in_time(tmp_path: Path) -> None:
    story = story_of(a_life(tmp_path))
    assert [(one.what, one.revision) for one in story.entries] == [
        ("new", 1),
        ("text", 1),
        ("corrected", 1),
        ("correct", 2),
        ("packed", 1),
        ("shipped", 1),
        ("ended", 1),
        ("withdrawn", 2),
    ]
    assert story.now == {"public": (2, "withdrawn")}
    text, gone, better, packed, shipped = story.entries[1:6]
    assert text.changed == ("title",)
    assert better.changed == ("fact cr-911", "segment +aviso", "words")
    assert better.reason == "The number changed."
    assert (gone.aloud, gone.removed) == (True, 2)
    assert (packed.stations, shipped.stations, shipped.how) == (("terminal",), ("",), "usb")
    assert better.addresses == (
        f"{BASE}corta/en/corta-1.html",
        BASE + SECOND.media[0].key,
    )


def test_the_story_in_words_has_both_times_the_reason_and_what_changed(tmp_path: Path) -> None:
    lines = list(story_lines(story_of(a_life(tmp_path)), reader="en", local=local))
    assert lines[0] == "corta/corta-1/en"
    assert lines[1] == "  2026-11-22 06:00 -06:00 (2026-11-22 12:00 UTC)  public"
    whole = "\n".join(lines)
    assert "Corrected: revision 2 takes the place of revision 1." in whole
    assert "What changed: what cr-911 says, aviso is new, the words." in whole
    assert "Why: The number changed." in whole
    assert "Pack small_terminal, number 3, was handed out: USB stick." in whole
    assert "For: a station that is not named" in whole
    assert "No reason was given to listeners." in whole
    assert lines[-1] == "  Now at public: revision 2, withdrawn."


@pytest.mark.parametrize("reader", ["es", "fr", "pt"])
def test_every_language_of_the_log_tells_the_same_with_words_of_its_own(
    reader: str, tmp_path: Path
) -> None:
    english, own = _tables()["en"], _tables()[reader]
    assert own.keys() == english.keys()
    for name, text in english.items():
        braces = sorted(part.partition("}")[0] for part in text.split("{")[1:])
        assert sorted(part.partition("}")[0] for part in own[name].split("{")[1:]) == braces
    story = story_of(a_life(tmp_path))
    here = list(story_lines(story, reader=reader, local=local))
    there = list(story_lines(story, reader="en", local=local))
    assert len(here) == len(there)
    assert sum(one != other for one, other in zip(here, there, strict=True)) >= 20


def test_words_that_only_a_pack_ever_held_are_told_as_never_published(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, released(words="others"))
    ledger.append("pack", PACK)
    lines = "\n".join(story_lines(story_of(ledger), reader="en", local=local))
    assert "never published, in the pack small_terminal, number 3" in lines


def test_a_target_can_be_asked_for_alone_and_a_wrong_name_is_answered_with_right_ones(
    tmp_path: Path,
) -> None:
    ledger = open_ledger(tmp_path, FIRST, released(target="real"), released(episode="corta-2"))
    assert story_of(ledger).now.keys() == {"public", "real"}
    assert [one.target for one in story_of(ledger, target="real").entries] == ["real"]
    everything = tell_stories(ledger, [], base_url=BASE, today=DAY)
    assert [one.edition[1] for one in everything] == ["corta-1", "corta-2"]
    with pytest.raises(ProductionError, match="nothing of 'corta/corta-3'") as error:
        tell_stories(ledger, ["corta/corta-3"], base_url=BASE, today=DAY)
    assert "corta/corta-1, corta/corta-2" in error.value.remedy


def test_lines_of_an_older_version_are_told_without_what_they_do_not_say(tmp_path: Path) -> None:
    old = replace(FIRST, fact_values=None, segments=(), facts=(), topics=(), title="Water")
    ledger = open_ledger(tmp_path, old, SECOND)
    assert story_of(ledger).entries[-1].changed == ("words",)


def test_for_a_program_nothing_empty_is_told_and_every_moment_has_its_zone(tmp_path: Path) -> None:
    plain = json.loads(json.dumps(story_plain(story_of(a_life(tmp_path)), local)))
    first, *_, last = plain["entries"]
    assert first["at"] == "2026-11-22T12:00:00+00:00"
    assert first["local"] == "2026-11-22T06:00:00-06:00"
    assert "pack" not in first
    assert last["aloud"] is False
    assert plain["now"] == {"public": {"revision": 2, "state": "withdrawn"}}


def test_the_command_tells_the_story_and_what_a_merge_left_to_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_small(tmp_path / "small")
    other = replace(
        SECOND,
        words_digest=digest_text("x"),
        media=(thing("mp3", "x", kbps=64),),
        published_at=NOON + timedelta(minutes=61),
    )
    write_all(Ledger(root), FIRST, SECOND, withdrawn(FIRST, minutes=60), other)

    def run(*words: str) -> tuple[str, str]:
        altavoz.main(["release", "log", *words], standalone_mode=False)
        told = capsys.readouterr()
        return told.out, told.err

    story, problems = run("-w", str(root), "corta/corta-1")
    assert "Published for the first time." in story
    assert "two different messages went out as revision 2" in problems
    found = json.loads(run("-w", str(root), "--json")[0])
    assert [one["what"] for one in found["stories"][0]["entries"]][:2] == ["new", "corrected"]
    assert found["problems"][0]["about"] == "corta/corta-1/en"
    empty = write_small(tmp_path / "empty")
    assert run("-w", str(empty), "--lang", "es-419")[0] == "Todavía no se publicó nada.\n"
