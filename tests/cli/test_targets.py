"""The command targets, as it is typed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from programme.errors import ExitCode
from tests.production.running import Done, run_here
from tests.production.small import write_small

Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def here(*arguments: str | Path) -> Done:
        return run_here(*arguments, capture=capsys)

    return here


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small(tmp_path / "small")


def test_a_folder_is_added_tried_out_listed_and_known_to_the_doctor(
    run: Run, root: Path, tmp_path: Path
) -> None:
    place = tmp_path / "www"
    done = run("targets", "add", "web", "--path", str(place), "--no-address", "-w", root)
    assert done.code == 0, done
    assert "Written into altavoz.toml: [targets.web]" in done.out
    assert "ok       write: objects can be written" in done.out
    assert "web is fit to publish to." in done.out
    assert list(place.iterdir()) == []
    listed = json.loads(run("targets", "list", "--json", "-w", root).out)["targets"]
    told = {one["name"]: one["verdict"] for one in listed}
    assert told == {"public": None, "real": None, "web": "ok"}
    assert "never" in run("targets", "list", "-w", root).out
    checks = json.loads(run("doctor", "--json", "-w", root).out)
    (check,) = [one for one in checks if one["name"] == "target web"]
    assert check["state"] == "good"
    text = (root / "altavoz.toml").read_text()
    (root / "altavoz.toml").write_text(text.replace(str(place), f"{place}2"))
    checks = json.loads(run("doctor", "--json", "-w", root).out)
    (check,) = [one for one in checks if one["name"] == "target web"]
    assert "never tested as it is now" in check["what"]


def test_a_test_that_fails_ends_with_an_error_and_is_told_for_programs(
    run: Run, root: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    add = ("targets", "add", "web", "--path", str(tmp_path / "file"), "--no-test", "-w", root)
    assert run(*add).code == 0
    done = run("targets", "test", "web", "--json", "-w", root)
    assert done.code == ExitCode.TARGET
    told = json.loads(done.out)
    assert told["verdict"] == "failed"
    (probe,) = [one for one in told["probes"] if one["about"] == "write"]
    assert set(probe) == {"about", "verdict", "found", "means", "remedy", "stops"}
    assert probe["remedy"]
    done = run("targets", "test", "web", "-w", root)
    assert "FAILED   write: " in done.out
    assert "This means: " in done.out
    assert "To do: " in done.out


def test_a_dry_run_writes_nothing_and_shows_what_it_would(run: Run, root: Path) -> None:
    before = (root / "altavoz.toml").read_bytes()
    add = ("targets", "add", "cloud", "--bucket", "s3://my-radio/camino", "--dry-run", "-w", root)
    done = run(*add)
    assert '[targets.cloud]\nkind = "s3"' in done.out
    assert 'prefix = "camino"' in done.out
    told = json.loads(run(*add, "--json").out)
    assert told["written"] is False
    assert (root / "altavoz.toml").read_bytes() == before
    assert not (root / ".altavoz" / "tested").exists()


def test_files_for_the_console_are_written_once(run: Run, root: Path, tmp_path: Path) -> None:
    add = ("targets", "add", "cloud", "--bucket", "my-radio", "--prefix", "camino", "--no-test")
    assert run(*add, "-w", root).code == 0
    to = tmp_path / "console"
    asked = ("targets", "policy", "cloud", "--to", to, "-w", root)
    assert run(*asked).code == 0
    done = run(*asked)
    assert done.code == 0, done
    assert str(to / "bucket-policy.json") in done.out
    policy = json.loads((to / "bucket-policy.json").read_bytes())
    assert policy["Statement"][0]["Resource"] == "arn:aws:s3:::my-radio/camino/*"
    web = run("targets", "policy", "public", "--to", tmp_path / "web", "-w", root)
    assert sorted(path.name for path in (tmp_path / "web").iterdir()) == [
        *("Caddyfile", "README.txt", "apache.htaccess", "nginx.conf")
    ]
    assert web.code == 0


@pytest.mark.parametrize("verb", ["test", "policy"])
def test_a_target_that_is_not_there_is_told_with_those_that_are(
    run: Run, root: Path, verb: str
) -> None:
    done = run("targets", verb, "nowhere", "-w", root)
    assert done.code == ExitCode.USAGE
    assert "known: public" in done.err


def test_an_option_without_a_value_is_told(run: Run, root: Path) -> None:
    done = run("targets", "add", "x", "--set", "path", "-w", root)
    assert done.code == ExitCode.USAGE
    assert "KEY=VALUE" in done.err


def test_without_a_name_the_target_that_publish_takes_is_tried_out(run: Run, root: Path) -> None:
    done = run("targets", "test", "--no-address", "-w", root)
    assert done.code == 0, done
    assert "public is fit to publish to." in done.out
    path = root / "altavoz.toml"
    path.write_text(path.read_text().partition("[targets.")[0])
    done = run("targets", "test", "-w", root)
    assert done.code == ExitCode.TARGET
    assert "no target to publish to" in done.err
    assert "altavoz targets add public" in done.err
