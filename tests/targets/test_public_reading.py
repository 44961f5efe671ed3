"""A target is read at its public address: what listeners get is what was published."""

from datetime import timedelta
from pathlib import Path

import pytest

from production.targets.line import Line
from production.targets.public_reading import read_in_public
from production.targets.verdicts import TargetReport
from production.targets.verifying import ALL, Reading, verify_target
from programme.errors import ExitCode
from programme.units import Key
from tests.production.published import NOON, Made, altered, of, send, swap
from tests.targets.public_site import PublicSite, public_site
from tests.targets.reading_back import one, opened, verdicts


@pytest.fixture
def root(made: Made, tmp_path: Path) -> Path:
    """Give a folder to which an edition was published, and then corrected."""
    send(tmp_path, made)
    old = one(tmp_path, "m/*-en-*.mp3")
    (tmp_path / "kept.mp3").write_bytes(old.read_bytes())
    (tmp_path / "name").write_text(f"m/{old.name}")
    new = altered(of(made, "en"), tmp_path, words="x")
    send(tmp_path, made, swap(made, new), now=NOON + timedelta(hours=1))
    return tmp_path


def listen(root: Path, made: Made, site: PublicSite, reading: Reading) -> TargetReport:
    with opened(root, made, now=NOON + timedelta(hours=2)) as (view, target):
        report = verify_target(view, target, reading)
        assert report.code == ExitCode.OK
        read_in_public(view, target, report, line=Line(seconds=60), base_url=site.base)
    return report


def at(root: Path, path: str) -> bytes | None:
    file = root / "public" / path
    return file.read_bytes() if file.is_file() else None


def test_where_listeners_get_what_stands_there_all_is_well(made: Made, root: Path) -> None:
    with public_site(lambda path: at(root, path), below="camino/") as site:
        report = listen(root, made, site, Reading(sample=ALL))
        asked = [line for line in site.seen if line.startswith("GET")]
    assert (report.code, verdicts(report)) == (ExitCode.OK, {})
    assert len(asked) == len(report.objects)
    gone = (root / "name").read_text()
    assert f"HEAD /camino/{gone}" in site.seen


def test_what_a_cache_holds_too_long_is_told(made: Made, root: Path) -> None:
    gone = (root / "name").read_text()
    feed = (root / "public/corta/en.xml").read_bytes()

    def stale(path: str) -> bytes | None:
        if path == gone:
            return (root / "kept.mp3").read_bytes()
        if path == "corta/en.xml":
            return feed.replace(b"CORRECTED", b"")
        return at(root, path)

    with public_site(stale, below="camino/") as site:
        report = listen(root, made, site, Reading())
    assert verdicts(report) == {gone: "unserved", "corta/en.xml": "unserved"}
    problems = {one.key: one.problem for one in report.told()}
    assert "still gives it" in problems[gone]
    assert "other bytes" in problems["corta/en.xml"]
    assert report.code == ExitCode.TARGET


def test_an_address_where_nothing_answers_is_told_once(made: Made, root: Path) -> None:
    with public_site(lambda path: at(root, path), below="camino/") as site:
        pass
    report = listen(root, made, site, Reading())
    assert list(verdicts(report).values()) == ["unserved"]
    assert "no web server answers" in report.told()[0].problem


def test_a_server_that_gives_something_else_for_everything_is_told_for_each(
    made: Made, root: Path
) -> None:
    with public_site(lambda path: at(root, path), below="elsewhere/") as site:
        wrong = PublicSite(read=site.read, address=site.address, below="camino/")
        report = listen(root, made, wrong, Reading())
    assert set(verdicts(report).values()) == {"unserved"}
    assert {one.problem for one in report.told()} == {"the public address answers HTTP 404"}
    assert Key("corta/en.xml") in verdicts(report)
