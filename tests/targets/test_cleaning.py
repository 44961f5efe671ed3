"""A target is cleaned: what nothing needs goes after its time, and nothing else ever."""

import os
import signal
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from production.targets.cleaning import clean_target, plan_cleaning
from production.targets.head import HEAD_KEY, parse_head
from programme.digests import digest_bytes
from programme.errors import ExitCode, ProductionError
from tests.production.published import (
    NOON,
    Made,
    altered,
    faults,
    of,
    send,
    swap,
)
from tests.production.running import read, tree
from tests.targets.reading_back import CLEANER, look, old, one, opened, plan, sweep

NO_TIME = timedelta()


def orphan(root: Path, data: bytes, suffix: str = ".mp3", slug: str = "corta-corta-9-en") -> Path:
    """Put there what a publish leaves that was killed before its ledger line."""
    path = root / "public/m" / f"{slug}-{digest_bytes(data)[:12]}{suffix}"
    path.write_bytes(data)
    return path


def test_what_was_just_published_is_all_needed_whatever_its_age(made: Made, root: Path) -> None:
    for path in (root / "public").rglob("*"):
        old(path)
    before = tree(root / "public")
    assert sweep(root, made, grace=NO_TIME) == []
    after = tree(root / "public")
    assert {name for name in before if before[name] != after.get(name)} <= {HEAD_KEY}


def test_orphans_go_when_their_time_is_over_and_strangers_never(made: Made, root: Path) -> None:
    first, second = old(orphan(root, b"left over")), orphan(root, b"just sent")
    strange = root / "public/m/corta-corta-9-en-000000000000.mp3"
    for name in ("robots.txt", "corta/mine.html", "m/holiday.jpg", "m/holiday-12.jpg"):
        (root / "public" / name).write_bytes(b"mine")
        old(root / "public" / name)
    strange.write_bytes(b"not what its name tells")
    old(strange)
    planned = plan(root, made)
    assert [one.key for one in planned.doomed] == [f"m/{first.name}"]
    assert [one.key for one in planned.waiting] == [f"m/{second.name}"]
    assert [one.key for one in planned.not_ours] == [f"m/{strange.name}"]
    assert first.exists(), "a plan touches nothing"
    before = tree(root / "public")
    assert sweep(root, made) == [f"m/{first.name}"]
    gone = before.keys() - tree(root / "public").keys()
    assert gone == {f"m/{first.name}"}


def test_sound_that_was_mixed_anew_stays_for_those_with_an_older_feed(
    made: Made, tmp_path: Path
) -> None:
    send(tmp_path, made)
    sound = one(tmp_path, "m/*-en-*.mp3")
    old(sound)
    send(
        tmp_path,
        made,
        swap(made, altered(of(made, "en"), tmp_path, sound="louder")),
        now=NOON + timedelta(hours=1),
    )
    assert sound.exists()
    assert sweep(tmp_path, made, now=NOON + timedelta(days=29)) == []
    went = sweep(tmp_path, made, now=NOON + timedelta(days=31))
    assert f"m/{sound.name}" in went
    assert all("-en-" in name for name in went)
    assert faults(tmp_path / "public") == []


def test_what_was_withdrawn_and_came_back_goes_at_once(made: Made, tmp_path: Path) -> None:
    send(tmp_path, made)
    sound = one(tmp_path, "m/*-en-*.mp3")
    kept = sound.read_bytes()
    new = altered(of(made, "en"), tmp_path, words="x")
    send(tmp_path, made, swap(made, new), now=NOON + timedelta(hours=1))
    sound.write_bytes(kept)
    assert sweep(tmp_path, made, now=NOON + timedelta(hours=2)) == [f"m/{sound.name}"]


def test_pages_and_parts_of_a_broken_publish_go_when_nothing_links_to_them(
    made: Made, root: Path
) -> None:
    data = b"{}\n"
    part = root / f"public/ledger/{digest_bytes(data)[:32]}.jsonl"
    part.write_bytes(data)
    page = root / "public/corta/en-p0001.html"
    page.write_bytes(b"<p>of long ago</p>")
    linked = root / "public/corta/es-419-p0001.html"
    linked.write_bytes(b"<p>of long ago</p>")
    stranger = root / "public/about.html"
    stranger.write_bytes(b'<a href="corta/es-419-p0001.html">older</a>')
    emptied = root / "public/corta/en-p0001.xml"
    emptied.write_bytes(b"<rss><!-- everything on it is past its day --></rss>")
    for path in (root / "public").rglob("*"):
        old(path)
    assert sweep(root, made) == [
        "corta/en-p0001.html",
        "corta/en-p0001.xml",
        f"ledger/{part.name}",
    ]
    assert linked.exists()
    assert stranger.exists()


def test_an_old_picture_stays_while_anything_mentions_it(made: Made, root: Path) -> None:
    picture = orphan(root, b"a picture", ".png", "corta-en")
    other = orphan(root, b"a style", ".css", "site")
    page = root / "public/shared.html"
    page.write_bytes(f'<script>const art = "{picture.name}";</script>'.encode())
    for path in (root / "public").rglob("*"):
        old(path)
    planned = plan(root, made)
    assert [one.key for one in planned.doomed] == [f"m/{other.name}"]
    assert [(one.key, by) for one, by in planned.mentioned] == [
        (f"m/{picture.name}", "shared.html")
    ]


def test_a_style_that_feeds_may_have_named_yesterday_waits_from_the_day_it_is_first_noted(
    made: Made, root: Path
) -> None:
    style = old(orphan(root, b"a style", ".css", "site"))
    # Every page was changed just now: it may have been named until then.
    assert sweep(root, made) == []
    for path in (root / "public").rglob("*.html"):
        path.touch()
    assert sweep(root, made, now=NOON + timedelta(days=29)) == []
    assert style.exists()
    assert sweep(root, made, now=NOON + timedelta(days=31)) == [f"m/{style.name}"]


def test_a_cleaning_holds_off_publishers_and_gives_the_place_back(made: Made, root: Path) -> None:
    old(orphan(root, b"left over"))
    head = parse_head((root / "public" / HEAD_KEY).read_bytes(), where="")
    seen = []
    with opened(root, made) as (view, target):
        planned = plan_cleaning(view, target)

        def tell(gone: object) -> None:
            del gone
            now = parse_head(target.read(HEAD_KEY), where="")
            seen.append(now and now.claim and now.claim.by)

        clean_target(view, target, planned, CLEANER, tell=tell)
    assert seen == ["the night watch"]
    assert parse_head((root / "public" / HEAD_KEY).read_bytes(), where="") == head
    assert look(root, made).code == ExitCode.OK


def test_while_somebody_publishes_nothing_is_removed(made: Made, root: Path) -> None:
    left = old(orphan(root, b"left over"))
    path = root / "public" / HEAD_KEY
    claim = (
        b'"claim":{"by":"Tapachula office","since":"2026-11-22T11:50:00Z",'
        b'"alive":"2026-11-22T11:50:00Z","run":"0123456789abcdef"}'
    )
    path.write_bytes(path.read_bytes().replace(b'"claim":null', claim))
    with pytest.raises(ProductionError, match="Tapachula office publishes here"):
        sweep(root, made)
    assert left.exists()
    assert sweep(root, made, now=NOON + timedelta(hours=2)) == [f"m/{left.name}"]


def test_what_becomes_needed_between_the_list_and_the_removal_stays(made: Made, root: Path) -> None:
    first, second = old(orphan(root, b"first")), old(orphan(root, b"second"))
    with opened(root, made) as (view, target):
        planned = plan_cleaning(view, target)
        assert len(planned.doomed) == 2
        (root / "public/mention.html").write_bytes(f'<a href="m/{first.name}">'.encode())
        done = clean_target(view, target, planned, CLEANER)
    assert [one.key for one in done.doomed] == [f"m/{second.name}"]
    assert first.exists()


def test_without_a_head_or_a_list_of_pages_nothing_is_cleaned(made: Made, root: Path) -> None:
    left = old(orphan(root, b"left over"))
    site = root / "public/site.json"
    kept = site.read_bytes()
    site.unlink()
    with pytest.raises(ProductionError, match="list of pages"):
        sweep(root, made)
    site.write_bytes(kept)
    (root / "public" / HEAD_KEY).unlink()
    with pytest.raises(ProductionError, match="nothing was finished there"):
        sweep(root, made)
    assert left.exists()


def _clean_until_killed(root: Path, built: Path) -> None:
    def killed(gone: object) -> None:
        del gone
        os.kill(os.getpid(), signal.SIGKILL)

    with opened(root, Made(workspace=read(built), editions=())) as (view, target):
        planned = plan_cleaning(view, target)
        clean_target(view, target, planned, CLEANER, tell=killed)


def test_a_cleaning_that_is_killed_has_lost_nothing_and_goes_on_when_run_again(
    made: Made, root: Path
) -> None:
    names = {f"m/{old(orphan(root, data)).name}" for data in (b"one", b"two", b"three")}
    needed = tree(root / "public").keys() - names
    cleaning = get_context("spawn").Process(
        target=_clean_until_killed, args=(root, made.workspace.root)
    )
    cleaning.start()
    cleaning.join()
    assert cleaning.exitcode == -signal.SIGKILL
    left = names & tree(root / "public").keys()
    assert len(left) == 2
    head = parse_head((root / "public" / HEAD_KEY).read_bytes(), where="")
    assert head is not None
    assert head.claim is not None, "others see that somebody was stopped here"
    assert faults(root / "public") == []
    assert set(sweep(root, made)) == left
    assert tree(root / "public").keys() == needed
    assert look(root, made).code == ExitCode.OK


def test_where_another_office_published_more_than_this_ledger_knows_nothing_is_cleaned(
    made: Made, root: Path
) -> None:
    for path in (root / "public/m").iterdir():
        old(path)
    (root / "public/corta/en.xml").unlink()
    ledger = root / "releases.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(line for line in lines if b'"language":"en"' not in line))
    before = tree(root / "public")
    with pytest.raises(ProductionError, match="does not know"):
        sweep(root, made)
    assert tree(root / "public") == before


def test_a_cleaning_that_fails_on_the_way_goes_on_next_time(
    made: Made, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from production.targets.folder import FolderTarget

    names = sorted(f"m/{old(orphan(root, data)).name}" for data in (b"one", b"two", b"three"))
    remove = FolderTarget.remove
    gone: list[str] = []

    def failing(self: FolderTarget, key: str) -> bool:
        if len(gone) == 1:
            raise ProductionError("the disk refuses", remedy="wait", code=ExitCode.STORAGE)
        gone.append(key)
        return remove(self, key)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(FolderTarget, "remove", failing)
        with pytest.raises(ProductionError, match="the disk refuses"):
            sweep(root, made)
    head = parse_head((root / "public" / HEAD_KEY).read_bytes(), where="")
    assert head is not None
    assert head.claim is None
    assert sorted([*gone, *sweep(root, made)]) == names
    assert look(root, made).code == ExitCode.OK
