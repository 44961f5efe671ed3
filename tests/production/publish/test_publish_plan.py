"""What a dry run promises is what a run then does, object by object and byte by byte."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from production.publish.deeds import Doing
from production.publish.publishing import PublishReport
from production.releases.orders import Action, Order
from production.reports import publish_report
from production.targets.claims import Publisher
from programme.errors import ExitCode, ProductionError
from programme.units import LanguageTag, Url
from tests.production.published import (
    NOON,
    PUBLISHER,
    Made,
    Stop,
    Watch,
    altered,
    faults,
    made_once,
    make,
    of,
    send,
    swap,
    watched,
)
from tests.production.running import tree

LATER = NOON + timedelta(hours=2)
EN = ("corta", "corta-1", LanguageTag("en"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


Scenario = Callable[[Made, Path], dict[str, Any]]
"""Prepares a folder, and gives what is published then."""


def first(made: Made, root: Path) -> dict[str, Any]:
    del made, root
    return {}


def correction(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    return {"editions": swap(made, altered(of(made, "en"), root, words="x")), "now": LATER}


def other_sound(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    return {"editions": swap(made, altered(of(made, "en"), root, sound="x")), "now": LATER}


def retraction(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    order = Order(action=Action.RETRACT, editions=(EN,))
    return {"editions": (), "order": order, "now": LATER}


def a_day_that_is_over(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    return {"editions": (), "now": NOON + timedelta(days=60)}


def another_address(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    network = replace(made.workspace.network, base_url=Url("https://new.example.net/radio/"))
    return {"workspace": replace(made.workspace, network=network), "now": LATER}


def lost_and_altered(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    public = root / "public"
    next((public / "m").glob("*-en-*.opus")).unlink()
    (public / "corta" / "en" / "corta-1.html").unlink()
    (public / "index.html").write_text("somebody was here", encoding="utf-8")
    (public / "corta" / "en.xml").write_bytes(
        (public / "corta" / "en.xml").read_bytes().replace(b"Water and help", b"Water, help")
    )
    return {"now": LATER}


def a_lost_part_of_the_ledger(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    (part,) = (root / "public" / "ledger").iterdir()
    part.unlink()
    return {"now": LATER}


def nothing(made: Made, root: Path) -> dict[str, Any]:
    send(root, made)
    return {"now": LATER}


SCENARIOS = [
    first,
    correction,
    other_sound,
    retraction,
    a_day_that_is_over,
    another_address,
    lost_and_altered,
    a_lost_part_of_the_ledger,
    nothing,
]


def sent_anything(report: PublishReport) -> bool:
    return bool(report.sent or report.removed)


def planned(report: PublishReport) -> list[tuple[str, str, str, int]]:
    return [(d.key, d.doing.value, d.why, d.length_bytes) for d in report.deeds]


EVERY_DAY = (first, correction, retraction, nothing)


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(one, marks=() if one in EVERY_DAY else pytest.mark.slow, id=one.__name__)
        for one in SCENARIOS
    ],
)
def test_a_run_sends_and_takes_away_exactly_what_a_dry_run_told(
    made: Made, tmp_path: Path, scenario: Scenario
) -> None:
    given = scenario(made, tmp_path)
    before = tree(tmp_path / "public")
    whole = tree(tmp_path)
    promised = send(tmp_path, made, dry_run=True, **given)
    assert tree(tmp_path) == whole
    done = send(tmp_path, made, **given)
    after = tree(tmp_path / "public")
    assert planned(done) == planned(promised)
    # What stands there tells what was done.
    told = {doing: {d.key for d in promised.deeds.of(doing)} for doing in Doing}
    assert told[Doing.SEND] == after.keys() - before.keys()
    assert told[Doing.REMOVE] == before.keys() - after.keys()
    changed = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert told[Doing.REPLACE] == changed
    assert told[Doing.KEEP] <= before.keys() & after.keys() - changed
    if not sent_anything(promised):
        assert told[Doing.KEEP] == after.keys()
    public = tmp_path / "public"
    sizes = {d.key: d.length_bytes for d in promised.deeds if d.doing is not Doing.REMOVE}
    assert sizes == {key: (public / key).stat().st_size for key in sizes}
    sent = told[Doing.SEND] | told[Doing.REPLACE]
    assert promised.deeds.sent_bytes == sum(sizes[key] for key in sent)
    assert set(done.sent) == set(promised.sent) == sent
    assert sorted(done.removed) == sorted(promised.removed) == sorted(told[Doing.REMOVE])
    assert done.kept == promised.kept == len(told[Doing.KEEP])
    assert (
        publish_report(done, tmp_path)["objects"] == publish_report(promised, tmp_path)["objects"]
    )


def why(report: PublishReport) -> dict[str, str]:
    return {deed.key: f"{deed.doing} {deed.why}" for deed in report.deeds}


def test_each_object_says_why(made: Made, tmp_path: Path) -> None:
    whys = why(send(tmp_path, made))
    sound = next(key for key in whys if key.endswith(".mp3"))
    picture = next(key for key in whys if key.endswith(".png"))
    assert whys[sound] == "send new episode"
    assert whys[picture] == "send artwork"
    assert whys["corta/en.xml"] == "send new"
    assert whys["index.html"] == "send new page"
    assert whys["publish.json"] == "send publish number 1"
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    report = send(tmp_path, made, editions, now=LATER)
    whys = why(report)
    assert whys["corta/en.xml"].startswith("replace shows: ")
    assert "correction" in whys["corta/en.xml"]
    assert whys["corta/en/corta-1.html"] == "replace what it shows changed"
    assert whys["publish.json"] == "replace publish number 2"
    gone = [deed for deed in report.deeds.of(Doing.REMOVE) if deed.key.startswith("m/")]
    assert len(gone) == 8
    assert {deed.why for deed in gone} == {"withdrawn or past its days: no feed names it any more"}
    (tmp_path / "public" / "corta" / "en.xml").write_bytes(b"<rss/>")
    report = send(tmp_path, made, editions, now=LATER)
    assert why(report)["corta/en.xml"] == "replace somebody altered it at the target"


def test_a_correction_names_the_fact_that_says_something_else(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    book = made.workspace.factbook
    contact = book.contacts["cr-911"]
    phone = replace(contact.phones[0], groups=("1", "1", "2"))
    changed = {**book.contacts, "cr-911": replace(contact, phones=(phone,))}
    workspace = replace(made.workspace, factbook=replace(book, contacts=changed))
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    report = send(tmp_path, made, editions, workspace=workspace, now=LATER, dry_run=True)
    said = {deed.why for deed in report.deeds if "-en-2-" in deed.key}
    assert said == {"correction: cr-911 says something else"}


def test_a_file_that_somebody_altered_is_never_published_over(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    victim = next((tmp_path / "public" / "m").glob("*-en-*.mp3"))
    data = bytearray(victim.read_bytes())
    data[100] ^= 1
    victim.write_bytes(bytes(data))
    editions = swap(made, altered(of(made, "es-419"), tmp_path, words="x"))
    with watched() as watch, pytest.raises(ProductionError, match="never change") as caught:
        send(tmp_path, made, editions, now=LATER)
    assert caught.value.where.endswith(f"m/{victim.name}")
    assert watch.of("put", "put_new", "swap", "remove", "ledger") == []


def test_what_reads_back_as_other_bytes_does_not_stand_in_the_way_of_the_next_run(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from production.targets.folder import FolderTarget

    put_new = FolderTarget.put_new

    def cut(self: FolderTarget, key: Any, source: Path, **more: Any) -> bool:
        # As a store that says yes and keeps half of it.
        sent = put_new(self, key, source, **more)
        (self.base / key).write_bytes(source.read_bytes()[:10])
        return sent

    with monkeypatch.context() as patch:
        patch.setattr(FolderTarget, "put_new", cut)
        with pytest.raises(ProductionError, match="reads back as other bytes"):
            send(tmp_path, made)
    send(tmp_path, made)
    assert faults(tmp_path / "public") == []


# --- Who publishes ----------------------------------------------------------------------------

RADIO = Publisher(by="Radio Progreso", run="bbbbbbbb00000001")


def test_an_interrupted_publish_holds_others_off_and_is_gone_on_with_by_its_own(
    made: Made, tmp_path: Path
) -> None:
    with watched(Watch(fail_at=12)), pytest.raises(Stop):
        send(tmp_path, made)
    before = tree(tmp_path)
    with pytest.raises(ProductionError, match="Tapachula office publishes here") as caught:
        send(tmp_path, made, publisher=RADIO, now=LATER - timedelta(minutes=90))
    assert caught.value.code is ExitCode.TARGET
    assert tree(tmp_path) == before
    own = Publisher(by=PUBLISHER.by, run=PUBLISHER.run[:8] + "ffffffff")
    report = send(tmp_path, made, publisher=own)
    assert report.serial == 1
    assert "was stopped" in report.taken_over
    assert faults(tmp_path / "public") == []


def test_another_may_take_over_and_is_named_then(made: Made, tmp_path: Path) -> None:
    with watched(Watch(fail_at=12)), pytest.raises(Stop):
        send(tmp_path, made)
    report = send(tmp_path, made, publisher=RADIO, take_over=True)
    assert "taking over from Tapachula office" in report.taken_over
    assert b'"by":"Radio Progreso"' in (tmp_path / "public" / "publish.json").read_bytes()


def test_even_with_nothing_to_send_another_publisher_is_not_passed_by(
    made: Made, tmp_path: Path
) -> None:
    from production.targets.claims import Hold, look_at_place

    send(tmp_path, made)
    target = folder_target(made, tmp_path)
    hold = Hold(target, look_at_place(target, "small"), RADIO, NOON)
    with pytest.raises(ProductionError, match="Radio Progreso publishes here"):
        send(tmp_path, made, now=NOON + timedelta(minutes=1))
    hold.give_back()
    assert send(tmp_path, made, now=NOON + timedelta(minutes=1)).sent == []


def folder_target(made: Made, root: Path) -> Any:
    from production.targets import open_target

    return open_target(made.workspace.network.targets["public"], root)


def test_who_publishes_while_we_plan_stops_us_before_anything_is_sent(
    made: Made, tmp_path: Path
) -> None:
    from production.targets.claims import Hold, look_at_place

    class Meanwhile(Watch):
        def __call__(self, verb: str, key: str, call: Callable[[], Any]) -> Any:
            if verb == "listing" and not self.steps.count(("listing", "")):
                target = folder_target(made, tmp_path)
                Hold(target, look_at_place(target, "small"), RADIO, NOON).finish((), NOON)
            return super().__call__(verb, key, call)

    same_moment = pytest.raises(ProductionError, match="Radio Progreso published here at the same")
    with watched(Meanwhile()) as watch, same_moment:
        send(tmp_path, made)
    assert watch.of("put", "put_new", "remove", "ledger") == []


def test_a_place_of_another_network_is_left_alone(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    before = tree(tmp_path)
    network = replace(made.workspace.network, id="other")
    workspace = replace(made.workspace, network=network)
    with pytest.raises(ProductionError, match="belongs to the network small"):
        send(tmp_path, made, workspace=workspace, now=LATER)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("key", ["index.html", "sw.js", "feeds.opml", "en/index.html"])
def test_another_programs_file_under_a_name_of_ours_is_not_written_over(
    made: Made, tmp_path: Path, key: str
) -> None:
    path = tmp_path / "public" / key
    path.parent.mkdir(parents=True)
    path.write_text("It works!", encoding="utf-8")
    before = tree(tmp_path)
    for dry_run in (True, False):
        with pytest.raises(ProductionError, match="Altavoz did not put it there") as caught:
            send(tmp_path, made, dry_run=dry_run)
        assert key in caught.value.problem
    assert tree(tmp_path) == before


def test_other_peoples_files_beside_ours_stay_as_they_are(made: Made, tmp_path: Path) -> None:
    public = tmp_path / "public"
    (public / "photos").mkdir(parents=True)
    (public / "photos" / "one.jpg").write_bytes(b"theirs")
    (public / "robots.txt").write_bytes(b"User-agent: *")
    send(tmp_path, made)
    send(tmp_path, made, swap(made, altered(of(made, "en"), tmp_path, words="x")), now=LATER)
    assert (public / "photos" / "one.jpg").read_bytes() == b"theirs"
    assert (public / "robots.txt").read_bytes() == b"User-agent: *"


def test_a_head_that_somebody_spoilt_stops_the_publish_in_words(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    (tmp_path / "public" / "publish.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ProductionError, match="not the head") as caught:
        send(tmp_path, made, now=LATER)
    assert caught.value.where.endswith("publish.json")
