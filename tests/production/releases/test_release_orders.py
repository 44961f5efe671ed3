"""Fix-text, replace, correct, retract, expire: what each order tells the ledger and listeners."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from production.building import Workshop
from production.ledger.ledger import Ledger
from production.notices.notices import spoken_notices
from production.publish.publishing import PublishReport, publish
from production.releases.history import WITHDRAWN_DAYS, read_history
from production.releases.orders import Action, Order, find_editions, parse_reasons
from production.releases.values import Change, Withdrawing
from programme.digests import digest_bytes
from programme.editions import EditionKey
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag
from tests.production.published import (
    NOON,
    PUBLISHER,
    Made,
    Watch,
    altered,
    beside,
    faults,
    feed_items,
    fresh,
    history,
    made_once,
    make,
    of,
    send,
    sounds,
    swap,
    text,
    watched,
)
from tests.production.running import Quiet, tree

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EN: EditionKey = ("corta", "corta-1", LanguageTag("en"))
ES: EditionKey = ("corta", "corta-1", LanguageTag("es-419"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


def ordered(
    root: Path, made: Made, action: Action, *editions: EditionKey, **more: Any
) -> PublishReport:
    reasons = more.pop("reasons", {})
    order = Order(action=action, editions=editions, reasons=reasons)
    return send(root, made, order=order, **{"now": NOON + DAY, **more})


def feed(root: Path, tag: str = "en") -> list[tuple[str, str]]:
    """Give guid and title of every item, newest first."""
    items = feed_items(root / "public", f"corta/{tag}.xml")
    return [(text(i, "guid").removeprefix("small/corta/"), text(i, "title")) for i in items]


# --- Text and sound ---------------------------------------------------------------------------


def test_a_text_is_fixed_without_sending_sound_and_later_publishes_leave_it_so(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    before = sounds(tmp_path)
    # The title stands in the sound's tags: a build makes another file of it.
    new = altered(of(made, "en"), tmp_path, sound="tags", title="Water, and help")
    report = ordered(tmp_path, made, Action.FIX_TEXT, EN, editions=swap(made, new))
    assert [change for change, _ in report.changes] == [Change.TEXT]
    assert {name for name in sounds(tmp_path) if name.endswith((".mp3", ".opus"))} == {
        name for name in before if name.endswith((".mp3", ".opus"))
    }
    assert feed(tmp_path) == [("corta-1/en/1", "Water, and help")]
    again = send(tmp_path, made, swap(made, new), now=NOON + 2 * DAY)
    assert again.changes == []
    # Until the sound changes for another reason, or somebody asks for it.
    better = send(
        tmp_path, made, swap(made, altered(new, tmp_path, sound="better")), now=NOON + 3 * DAY
    )
    assert [change for change, _ in better.changes] == [Change.REPLACE]
    assert faults(tmp_path / "public") == []


@pytest.mark.parametrize("action", [Action.FIX_TEXT, Action.REPLACE])
def test_an_order_for_the_same_words_is_refused_for_other_words(
    made: Made, tmp_path: Path, action: Action
) -> None:
    send(tmp_path, made)
    before = tree(tmp_path)
    new = altered(of(made, "en"), tmp_path / "..", words="x")
    with pytest.raises(ProductionError, match="these say others") as caught:
        ordered(tmp_path, made, action, EN, editions=swap(made, new))
    assert "altavoz release correct corta/corta-1/en" in caught.value.remedy
    assert tree(tmp_path) == before


def test_an_order_leaves_alone_what_it_does_not_name(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    both = swap(made, *(altered(item, tmp_path, words="x") for item in made.editions))
    report = ordered(tmp_path, made, Action.CORRECT, EN, editions=both)
    assert [release.language for _, release in report.changes] == ["en"]
    assert [release.guid for release in report.stale] == ["small/corta/corta-1/es-419/1"]
    assert len(feed(tmp_path, "es-419")) == 1


# --- Correcting -------------------------------------------------------------------------------


def test_a_correction_by_order_says_why_in_the_new_item_and_in_the_old(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    new = altered(of(made, "en"), tmp_path, words="x")
    why = {LanguageTag("en"): "The number was wrong."}
    ordered(tmp_path, made, Action.CORRECT, EN, editions=swap(made, new), reasons=why)
    items = feed_items(tmp_path / "public", "corta/en.xml")
    assert ["Why: The number was wrong." in text(item, "description") for item in items] == [
        True,
        True,
    ]
    found = read_history(Ledger(tmp_path), "public").editions[EN]
    assert [one.release.reason for one in found] == ["", "The number was wrong."]
    assert found[0].withdrawal is not None
    assert found[0].withdrawal.kind is Withdrawing.CORRECT
    assert found[0].withdrawal.reason == "The number was wrong."


@pytest.mark.parametrize("what", ["title", "sound"])
def test_a_wrong_title_or_a_misread_number_can_be_corrected_though_the_words_are_the_same(
    made: Made, tmp_path: Path, what: str
) -> None:
    send(tmp_path, made)
    new = altered(of(made, "en"), tmp_path, sound="read anew")
    if what == "title":
        new = replace(of(made, "en"), edition=replace(of(made, "en").edition, title="Help"))
    report = ordered(tmp_path, made, Action.CORRECT, EN, editions=swap(made, new))
    assert [(change, r.revision) for change, r in report.changes] == [(Change.CORRECT, 2)]
    assert [guid for guid, _ in feed(tmp_path)] == ["corta-1/en/2", "corta-1/en/1"]
    assert faults(tmp_path / "public") == []


# --- Retracting -------------------------------------------------------------------------------


def test_a_retraction_withdraws_the_item_and_puts_a_notice_first(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    why = {LanguageTag("en"): "The office has closed."}
    report = ordered(tmp_path, made, Action.RETRACT, EN, ES, editions=(), reasons=why)
    assert [gone.language for gone in report.withdrawn] == ["en", "es-419"]
    assert feed(tmp_path) == [
        ("corta-1/en/1/notice", "NOTICE November 23, 2026: do not use “Water and help”"),
        ("corta-1/en/1", "WITHDRAWN – Water and help"),
    ]
    notice, old = feed_items(tmp_path / "public", "corta/en.xml")
    assert text(notice, "pubDate") == "Mon, 23 Nov 2026 12:00:00 +0000"
    assert text(old, "pubDate") == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert "The office has closed." in text(old, "description")
    assert "The office has closed." not in text(
        feed_items(tmp_path / "public", "corta/es-419.xml")[1], "description"
    )
    assert sounds(tmp_path) == set()


def test_feeds_change_before_retracted_sound_is_taken_away(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    with watched() as watch:
        ordered(tmp_path, made, Action.RETRACT, EN, editions=())
    verbs = [step for step in watch.steps if step[0] in {"put", "swap", "remove", "ledger"}]
    feeds = [n for n, (verb, key) in enumerate(verbs) if verb == "swap" and key.endswith("en.xml")]
    pages = [n for n, (verb, key) in enumerate(verbs) if verb == "put" and key.endswith(".html")]
    taken = [n for n, (verb, key) in enumerate(verbs) if verb == "remove" and key.startswith("m/")]
    assert verbs[:2] == [("swap", "publish.json"), ("ledger", "withdrawn+notice")]
    assert max(feeds) < min(pages) < max(pages) < min(taken)


def test_what_was_retracted_stays_out_until_somebody_corrects_it_by_order(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    ordered(tmp_path, made, Action.RETRACT, EN, editions=())
    new = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    for editions in (made.editions, new):
        report = send(tmp_path, made, editions, now=NOON + 2 * DAY)
        assert (report.changes, [r.guid for r in report.kept_out]) == (
            [],
            ["small/corta/corta-1/en/1"],
        )
    ordered(tmp_path, made, Action.CORRECT, EN, editions=new, now=NOON + 3 * DAY)
    assert feed(tmp_path)[0] == (
        "corta-1/en/2",
        "Water and help (CORRECTED November 25, 2026)",
    )
    assert faults(tmp_path / "public") == []


def test_a_retraction_waits_for_nothing_else(made: Made, tmp_path: Path) -> None:
    # The Spanish sound is gone from the target, which would stop a publish.
    send(tmp_path, made)
    for path in (tmp_path / "public" / "m").glob("*es-419*"):
        path.unlink()
    report = ordered(tmp_path, made, Action.RETRACT, EN, editions=())
    assert [gone.language for gone in report.withdrawn] == ["en"]


# --- Ending -----------------------------------------------------------------------------------


def test_a_transcript_that_is_not_there_is_told_and_holds_up_no_retraction(
    made: Made, tmp_path: Path
) -> None:
    # Words that no store has: those that it has need not be read at the target.
    there = of(made, "en")
    data = there.objects["words"].read_bytes() + b"\n"
    (tmp_path / "words").write_bytes(data)
    digests = {**there.digests, "words": digest_bytes(data)}
    own = replace(there, digests=digests, objects={**there.objects, "words": tmp_path / "words"})
    send(tmp_path, made, editions := swap(made, own))
    (release,) = history(tmp_path)["en"]
    (words,) = (thing.key for thing in release.media if thing.name == "words")
    public = tmp_path / "public"
    (public / words).unlink()
    (public / "site.json").unlink()  # every page is made anew
    report = ordered(tmp_path, made, Action.RETRACT, ES)
    assert report.wordless == [words]
    assert len(report.withdrawn) == 1
    (public / words).write_bytes(data)
    (public / "site.json").unlink()
    assert send(tmp_path, made, editions, now=NOON + 2 * DAY).wordless == []
    assert 'id="words"' in (public / "corta/en/corta-1.html").read_text(encoding="utf-8")


def test_what_is_ended_says_so_and_comes_back_as_a_new_item_once_it_is_valid_again(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    late = NOON + 60 * DAY  # valid until 2027-01-15
    ordered(tmp_path, made, Action.EXPIRE, EN, editions=(), now=late)
    assert feed(tmp_path) == [("corta-1/en/1", "EXPIRED – Water and help")]
    valid = altered(of(made, "en"), tmp_path, expires=date(2027, 9, 1), segments=(), facts=())
    report = send(tmp_path, made, (valid,), now=late + DAY)
    assert [(change, r.revision) for change, r in report.changes] == [(Change.RENEW, 2)]
    # Nothing in it was wrong.
    assert [title for _, title in feed(tmp_path)] == ["Water and help", "EXPIRED – Water and help"]


def test_what_was_told_to_end_before_its_day_does_not_come_back_by_itself(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    ordered(tmp_path, made, Action.EXPIRE, EN, editions=())
    report = send(tmp_path, made, now=NOON + 2 * DAY)
    assert [r.guid for r in report.kept_out] == ["small/corta/corta-1/en/1"]
    assert [title for _, title in feed(tmp_path)] == ["EXPIRED – Water and help"]


def test_a_withdrawn_item_and_its_notice_stay_ninety_days(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    ordered(tmp_path, made, Action.RETRACT, EN, editions=())
    rest = swap(made, altered(of(made, "es-419"), tmp_path, expires=date(2028, 1, 1), facts=()))
    rest = tuple(replace(i, edition=replace(i.edition, segments=())) for i in rest)[:1]
    for days, expected in ((WITHDRAWN_DAYS, 2), (WITHDRAWN_DAYS + 1, 0)):
        send(tmp_path, made, rest, now=NOON + (1 + days) * DAY)
        assert len(feed(tmp_path)) == expected


# --- Spoken notices ---------------------------------------------------------------------------


def test_notices_are_spoken_in_both_items_with_files_of_their_own(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    with Workshop(made.workspace.root).open() as built:
        announce = partial(spoken_notices, built, made.workspace, jobs=1, progress=Quiet())
        # Outside of send(), which opens the same workshop.
        order = Order(action=Action.RETRACT, editions=(EN, ES))
        settings = made.workspace.network.targets["public"]
        report = publish(
            beside(tmp_path, built),
            made.workspace,
            (),
            settings,
            publisher=PUBLISHER,
            now=NOON + DAY,
            order=order,
            announce=announce,
        )
    assert report.silent == []
    for tag in ("en", "es-419"):
        items = feed_items(tmp_path / "public", f"corta/{tag}.xml")
        urls = [item.find("enclosure").get("url") for item in items]  # type: ignore[union-attr]
        assert len(set(urls)) == 2
    assert faults(tmp_path / "public") == []
    heard = {name for name in sounds(tmp_path) if name.endswith((".mp3", ".opus"))}
    assert len(heard) == 8
    assert all("-1-withdrawn-" in name or "-1-notice-" in name for name in heard)
    # Nobody is told twice: the same order again writes nothing.
    before = (tmp_path / "releases.jsonl").read_bytes()
    again = ordered(tmp_path, made, Action.RETRACT, EN, ES, editions=(), now=NOON + 2 * DAY)
    assert (again.withdrawn, again.notices) == ([], [])
    assert (tmp_path / "releases.jsonl").read_bytes() == before


def test_a_retraction_goes_out_in_silence_where_the_voice_fails_and_is_spoken_later(
    made: Made, tmp_path: Path
) -> None:
    from production.releases.work import _unhindered

    def broken(_: object) -> Any:
        raise ProductionError("the voice program is gone", remedy="install it")

    send(tmp_path, made)
    told: list[ProductionError] = []
    silent = ordered(
        tmp_path, made, Action.RETRACT, EN, editions=(), announce=_unhindered(broken, told)
    )
    assert [gone.sound for gone in silent.silent] == [None]
    assert [error.problem for error in told] == ["the voice program is gone"]
    assert feed(tmp_path)[1] == ("corta-1/en/1", "WITHDRAWN – Water and help")


# --- Interrupted ------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [Action.RETRACT, Action.EXPIRE, Action.CORRECT])
def test_stopped_at_any_step_an_order_goes_on_when_it_is_run_again(
    made: Made, tmp_path: Path, action: Action
) -> None:
    before = fresh(tmp_path)
    send(before, made)
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    built = editions if action is Action.CORRECT else ()
    whole = fresh(tmp_path, before)
    with watched() as watch:
        ordered(whole, made, action, EN, editions=built)
    for step in range(1, len(watch.steps) + 1, 3):
        root = fresh(tmp_path, before)
        failing = Watch(fail_at=step, error=KeyboardInterrupt, done_first=step % 2 == 0)
        with watched(failing), pytest.raises(KeyboardInterrupt):
            ordered(root, made, action, EN, editions=built)
        assert faults(root / "public") == [], watch.steps[step - 1]
        ordered(root, made, action, EN, editions=built)
        assert tree(root) == tree(whole), watch.steps[step - 1]


def test_a_dry_run_tells_every_item_that_changes_and_touches_nothing(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    before = tree(tmp_path)
    report = ordered(tmp_path, made, Action.RETRACT, EN, editions=(), dry_run=True)
    assert tree(tmp_path) == before
    told = {
        str(diff.key): [(item.what, item.title) for item in diff.items] for diff in report.diffs
    }
    expected = [
        ("new notice, without sound", "NOTICE November 23, 2026: do not use “Water and help”"),
        ("withdrawn, without sound", "WITHDRAWN – Water and help"),
    ]
    assert told["corta/en.xml"] == told["all/en.xml"] == expected
    assert "corta/es-419.xml" not in told
    [diff] = [one for one in report.diffs if one.key == "corta/en.xml"]
    assert "+" in diff.unified
    assert "WITHDRAWN" in diff.unified


# --- Names and reasons ------------------------------------------------------------------------


def test_editions_are_named_by_episode_or_by_language_too(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    found = read_history(Ledger(tmp_path), "public")
    assert find_editions(found, ["corta/corta-1"]) == (ES, EN)
    assert find_editions(found, ["corta/corta-1/EN", "corta/corta-1"]) == (EN, ES)
    for name in ("corta", "corta/corta-9", "corta/corta-1/fr", "", "/"):
        with pytest.raises(ProductionError, match="nothing called") as caught:
            find_editions(found, [name])
        assert caught.value.code is ExitCode.USAGE
    assert set(history(tmp_path)) == {"en", "es-419"}


def test_a_reason_is_for_its_language_and_those_below_it() -> None:
    tags = [LanguageTag(tag) for tag in ("es-419", "es-MX", "en")]
    told = parse_reasons(["es=Cambió  el número.", "es-MX=Otra razón."], tags)
    assert told == {"es-419": "Cambió el número.", "es-MX": "Otra razón."}
    for wrong in ("fr=Non", "en", "en=", "en=" + "x" * 401, "en=a\u202eb"):
        with pytest.raises(ProductionError):
            parse_reasons([wrong], tags)
