"""What may not be published, and what a target says that the ledger does not know."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from production.building import BuiltEdition
from production.releases.values import Change
from programme.digests import canonical_json, digest_text
from programme.errors import ExitCode, ProductionError
from programme.facts import FactStatus
from scripts.workspace import Workspace
from tests.production.published import (
    NOON,
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
from tests.production.running import tree

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(made_once(tmp_path_factory))


# --- What may not be published ----------------------------------------------------------------


def refused(root: Path, made: Made, **more: Any) -> ProductionError:
    with watched() as watch, pytest.raises(ProductionError) as caught:
        send(root, made, **more)
    assert watch.of("put", "put_new", "remove", "ledger") == []
    return caught.value


def test_an_expired_edition_is_refused_before_anything_is_sent(made: Made, tmp_path: Path) -> None:
    late = altered(of(made, "en"), tmp_path, expires=date(2026, 11, 21))
    error = refused(tmp_path, made, editions=swap(made, late))
    assert error.code is ExitCode.EXPIRED
    assert error.where == "corta corta-1 en"
    assert "2026-11-21" in error.problem


def test_the_operators_own_day_decides_what_is_past(made: Made, tmp_path: Path) -> None:
    # It is the evening of the 22nd in Costa Rica, and the 23rd in UTC.
    last = altered(of(made, "en"), tmp_path, expires=date(2026, 11, 22))
    evening = NOON + 14 * HOUR
    assert refused(tmp_path, made, editions=(last,), now=evening).code is ExitCode.EXPIRED
    send(tmp_path, made, (last,), now=evening, today=date(2026, 11, 22))
    assert titles(tmp_path) == [("live", "Water and help")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": FactStatus.WITHDRAWN}, "was withdrawn"),
        ({"expires": date(2026, 11, 21)}, "expired on 2026-11-21"),
    ],
)
def test_a_fact_that_ran_out_after_the_build_stops_the_publish(
    made: Made, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    # A target for rehearsals takes demo facts, but nothing that ran out either.
    error = refused(tmp_path, made, workspace=with_contact(made, **change))
    assert (error.code, error.where) == (ExitCode.EXPIRED, "target public")
    assert error.problem.splitlines()[1:] == [
        (
            f"  cr-911 (facts/cr-911.yml:1) {said}; owner: Verification desk; "
            "spoken in corta corta-1 (es-419, en)"
        )
    ]


def test_demo_facts_never_reach_a_real_target(made: Made, tmp_path: Path) -> None:
    error = refused(tmp_path, made, target="real")
    assert error.code is ExitCode.EXPIRED
    assert "cr-911 (facts/cr-911.yml:1) is a demo fact" in error.problem
    assert "[targets.real]" in error.remedy
    assert not (tmp_path / "real").exists()


def test_everything_unfit_is_named_at_once(made: Made, tmp_path: Path) -> None:
    workspace = with_contact(made, status=FactStatus.WITHDRAWN)
    late = replace(workspace.segments["agua"], expires=date(2026, 11, 20))
    workspace = replace(workspace, segments={**workspace.segments, "agua": late})
    error = refused(tmp_path, made, workspace=workspace, target="real")
    assert error.problem.splitlines()[1:] == [
        (
            "  agua (scripts/agua/segment.yml) is a segment that expired on 2026-11-20; "
            "spoken in corta corta-1 (es-419, en)"
        ),
        (
            "  cr-911 (facts/cr-911.yml:1) was withdrawn; owner: Verification desk; "
            "spoken in corta corta-1 (es-419, en)"
        ),
    ]


@pytest.mark.parametrize("old_ledger", [False, True])
def test_what_is_published_and_speaks_a_withdrawn_fact_stops_the_publish_of_the_rest(
    made: Made, tmp_path: Path, *, old_ledger: bool
) -> None:
    send(tmp_path, made)
    if old_ledger:
        forget_what_was_spoken(tmp_path)
    rest = (altered(of(made, "es-419"), tmp_path, facts=()),)
    workspace = with_contact(made, status=FactStatus.WITHDRAWN)
    error = refused(tmp_path, made, editions=rest, workspace=workspace, now=NOON + DAY)
    assert error.problem.splitlines()[1:] == [
        (
            "  cr-911 (facts/cr-911.yml:1) was withdrawn; owner: Verification desk; published, and "
            "not made anew without it now: corta corta-1 (en)"
        )
    ]
    # Made without it, the correction takes its place.
    mended = altered(of(made, "en"), tmp_path, words="x", facts=())
    report = send(tmp_path, made, (*rest, mended), workspace=workspace, now=NOON + DAY)
    assert [change for change, _ in report.changes] == [Change.CORRECT]


def forget_what_was_spoken(root: Path) -> None:
    """Write the ledger as versions wrote it that did not note segments and facts, nor heads."""
    (root / "public" / "publish.json").unlink()
    lines = []
    for line in (root / "releases.jsonl").read_text(encoding="utf-8").splitlines():
        facts = json.loads(line)
        for name in ("sha256", "segments", "facts"):
            facts.pop(name, None)
        lines.append(canonical_json({**facts, "sha256": digest_text(canonical_json(facts))}))
    (root / "releases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def with_contact(made: Made, **change: Any) -> Workspace:
    """Give the workspace with its one contact's validity changed after the build."""
    book = made.workspace.factbook
    contact = book.contacts["cr-911"]
    validity = replace(contact.validity, **change)
    contacts = {**book.contacts, "cr-911": replace(contact, validity=validity)}
    return replace(made.workspace, factbook=replace(book, contacts=contacts))


# --- Targets and lost ledgers ----------------------------------------------------------------


def active(made: Made) -> tuple[BuiltEdition, ...]:
    return tuple(replace(i, edition=replace(i.edition, demo=False)) for i in made.editions)


def test_each_target_has_a_history_of_its_own(made: Made, tmp_path: Path) -> None:
    editions = active(made)
    send(tmp_path, made, editions)
    new = altered(of(made, "en"), tmp_path, words="x", demo=False)
    send(tmp_path, made, (editions[0], new), now=NOON + DAY)
    verified = with_contact(made, status=FactStatus.ACTIVE)
    pair = (editions[0], new)
    send(tmp_path, made, pair, now=NOON + DAY, target="real", workspace=verified)
    assert [r.revision for r in history(tmp_path, "public")["en"]] == [1, 2]
    [release] = history(tmp_path, "real")["en"]
    assert (release.revision, release.change) == (1, Change.NEW)
    assert faults(tmp_path / "public") == faults(tmp_path / "real") == []


def test_a_lost_ledger_gives_the_same_guids_and_addresses_again(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    before = sounds(tmp_path)
    items = [text(i, "guid") for i in feed_items(tmp_path / "public", "corta/en.xml")]
    (tmp_path / "releases.jsonl").unlink()
    error = refused(tmp_path, made, now=NOON + DAY)
    assert error.problem.startswith("Tapachula office published there at 2026-11-22 12:00 UTC")
    assert "altavoz release rebuild public" in error.remedy
    # Older versions kept no ledger at a target.
    (tmp_path / "public" / "publish.json").unlink()
    report = send(tmp_path, made, now=NOON + DAY)
    assert sounds(tmp_path) == before
    assert [text(i, "guid") for i in feed_items(tmp_path / "public", "corta/en.xml")] == items
    assert [key for key in report.sent if key.startswith("m/")] == []


@pytest.mark.parametrize("lost", ["the ledger", "the correction", "the name"])
def test_a_feed_that_knows_more_than_the_ledger_is_not_written_over(
    made: Made, tmp_path: Path, lost: str
) -> None:
    ledger = tmp_path / "releases.jsonl"
    send(tmp_path, made)
    behind = ledger.read_bytes()
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    send(tmp_path, made, editions, now=NOON + HOUR)
    workspace = made.workspace
    if lost == "the ledger":
        ledger.unlink()
    elif lost == "the correction":
        ledger.write_bytes(behind)
    else:
        targets = {"public": replace(workspace.network.targets["public"], name="web")}
        workspace = replace(workspace, network=replace(workspace.network, targets=targets))
    before = tree(tmp_path)
    other = swap(made, altered(of(made, "en"), tmp_path.parent, words="y"))
    error = refused(tmp_path, made, editions=other, workspace=workspace, now=NOON + DAY)
    assert error.code is ExitCode.TARGET
    assert "releases.jsonl" in error.problem
    assert "git" in error.remedy
    assert tree(tmp_path) == before


def test_a_lost_ledger_does_not_hide_that_the_words_changed(made: Made, tmp_path: Path) -> None:
    # The guid would be the same, and players would keep the old sound.
    send(tmp_path, made)
    (tmp_path / "releases.jsonl").unlink()
    editions = swap(made, altered(of(made, "en"), tmp_path, words="x"))
    assert refused(tmp_path, made, editions=editions, now=NOON + DAY).code is ExitCode.TARGET


def test_a_strangers_feed_is_not_written_over(made: Made, tmp_path: Path) -> None:
    feed = tmp_path / "public" / "corta" / "en.xml"
    feed.parent.mkdir(parents=True)
    feed.write_text("<rss><channel><item><guid>theirs</guid></item></channel></rss>")
    assert "'theirs'" in refused(tmp_path, made).problem
