"""Commands that use a shared store: how it is named, allowed and tried, and with which key."""

import json
import os
import pty
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from production.cluster.doctor import StoreTrial
from production.shared.places import parse_place
from production.store import Store
from production.targets.line import Line
from production.targets.s3_client import ask_once, make_client
from programme.errors import ExitCode
from programme.network import TargetSettings
from tests.cluster.builds import KEY, Site, listeners
from tests.cluster.dask_here import Dask, dask, other_version
from tests.production.running import (
    TINY,
    Done,
    command_line,
    environment,
    run_here,
    run_process,
)
from tests.production.small import FILES, write_small


def open_to_all(place: TargetSettings) -> None:
    """Let everybody read what is in a bucket, by its policy."""
    name = place.options["bucket"]
    rule = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [rule]})
    region = {**place.options, "region": "us-east-1"}
    client = make_client(replace(place, options=region), Line(), "")
    ask_once(client, "put_bucket_policy", {"Bucket": name, "Policy": policy}, dict)
    client.close()


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys"
    monkeypatch.setenv("ALTAVOZ_KEYS", str(folder))
    monkeypatch.delenv("ALTAVOZ_STORE_KEY", raising=False)
    return folder


def test_the_command_starts_warm_from_a_store(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny: dict[str, str]
) -> None:
    (tmp_path / "share").mkdir()
    one, two = (write_small(tmp_path / name, TINY) for name in ("one", "two"))
    store = ("--store", tmp_path / "share")
    refused = run_here("build", "-w", one, *store, capture=capsys)
    assert refused.code == ExitCode.USAGE
    assert "altavoz cluster key" in refused.err
    assert run_here("cluster", "key", capture=capsys).code == 0
    assert (keys / "store.key").stat().st_mode & 0o777 == 0o600
    done = run_here("build", "-w", one, *store, "-j1", capture=capsys)
    assert done.code == 0
    assert "5 given" in done.err
    warm = run_here("build", "-w", two, *store, "-j1", capture=capsys)
    assert "1 step taken" in warm.err
    assert "Nothing to do" in warm.out
    assert Site(root=two, place=parse_place("x", {})).built() == listeners(tiny)


def test_altavoz_toml_may_name_the_store_and_the_environment_the_key(
    keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del keys
    (tmp_path / "share").mkdir()
    table = f'\n[store]\npath = "{tmp_path / "share"}"\n'
    one, two = (write_small(tmp_path / name, TINY) for name in ("one", "two"))
    for root in (one, two):
        text = (root / "altavoz.toml").read_text(encoding="utf-8")
        (root / "altavoz.toml").write_text(text + table, encoding="utf-8")
    alone = run_here("build", "-w", one, "-j1", capture=capsys)
    assert "No key of the shared store is here" in alone.err
    assert not list((tmp_path / "share").iterdir())
    monkeypatch.setenv("ALTAVOZ_STORE_KEY", "7" * 64)
    shutil.rmtree(one / ".altavoz")
    for root in (one, two):
        allowed = run_here("cluster", "allow", tmp_path / "share", "-w", root, capture=capsys)
        assert allowed.code == 0
    assert "5 given" in run_here("build", "-w", one, "-j1", capture=capsys).err
    assert "1 step taken" in run_here("build", "-w", two, "-j1", capture=capsys).err


def names_store(root: Path, share: Path) -> Path:
    """Make a workspace whose altavoz.toml names a shared folder, which is made, too."""
    share.mkdir(exist_ok=True)
    write_small(root, TINY)
    text = (root / "altavoz.toml").read_text(encoding="utf-8").partition("\n[store]")[0]
    (root / "altavoz.toml").write_text(f'{text}\n[store]\npath = "{share}"\n', encoding="utf-8")
    return root


def on_terminal(answer: str, *arguments: str | Path, cwd: Path) -> Done:
    """Run the command where a person answers a question."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer.encode())
        done = subprocess.run(
            command_line(*arguments),
            cwd=cwd,
            env=environment(),
            stdin=theirs,
            capture_output=True,
            check=False,
            timeout=300,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return Done(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def test_a_store_that_the_workspace_names_gets_nothing_before_a_person_said_so(
    keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALTAVOZ_STORE_KEY", "7" * 64)
    share = tmp_path / "share"
    root = names_store(tmp_path / "one", share)
    refused = run_here("build", "-w", root, "-j1", capture=capsys)
    assert refused.code == ExitCode.USAGE
    assert "nobody has said on this machine" in refused.err
    command = f"altavoz cluster allow {share}"
    assert command in refused.err
    assert not list(share.iterdir())
    assert not (root / "build").exists()
    # What it names does it, and it is remembered beside the keys, for its owner alone.
    assert run_here(*command.split()[1:], "-w", root, capture=capsys).code == 0
    assert (keys / "stores.json").stat().st_mode & 0o777 == 0o600
    assert "5 given" in run_here("build", "-w", root, "-j1", capture=capsys).err
    # Another store in the same workspace, and the same store in another workspace, are asked for.
    shutil.rmtree(root / ".altavoz")
    names_store(root, tmp_path / "other")
    other = run_here("build", "-w", root, "-j1", capture=capsys)
    assert other.code == ExitCode.USAGE
    assert f"it was {share}: look who changed altavoz.toml" in other.err
    assert not list((tmp_path / "other").iterdir())
    second = names_store(tmp_path / "two", share)
    assert run_here("build", "-w", second, "-j1", capture=capsys).code == ExitCode.USAGE
    # And leave can be taken back.
    names_store(root, share)
    assert run_here("cluster", "allow", "--forget", "-w", root, capture=capsys).out == "Forgotten\n"
    assert run_here("build", "-w", root, "-j1", capture=capsys).code == ExitCode.USAGE


def test_who_names_the_store_on_the_command_line_is_not_asked(
    keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALTAVOZ_STORE_KEY", "7" * 64)
    root = names_store(tmp_path / "one", tmp_path / "share")
    store = ("--store", tmp_path / "share")
    assert "5 given" in run_here("build", "-w", root, *store, "-j1", capture=capsys).err
    assert not (keys / "stores.json").exists()  # it holds for that build alone


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(("answer", "code"), [("n\n", ExitCode.USAGE), ("y\n", 0)])
def test_at_a_terminal_a_build_asks_once(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
) -> None:
    monkeypatch.setenv("ALTAVOZ_STORE_KEY", "7" * 64)
    root = names_store(tmp_path / "one", tmp_path / "share")
    asked = on_terminal(answer, "build", "-w", root, "-j1", cwd=tmp_path)
    assert asked.code == code, asked.said
    assert "also what is not published yet" in asked.err
    assert "Is this your team's store?" in asked.err
    assert bool(list((tmp_path / "share").iterdir())) is (code == 0)
    shutil.rmtree(root / ".altavoz", ignore_errors=True)
    again = run_here("build", "-w", root, "-j1", capture=capsys)
    assert again.code == code
    assert "Is this your team's store?" not in again.said


def test_leave_for_one_store_is_no_leave_for_the_one_that_is_named(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = names_store(tmp_path / "one", tmp_path / "share")
    refused = run_here("cluster", "allow", tmp_path / "mine", "-w", root, capture=capsys)
    assert refused.code == ExitCode.USAGE
    assert f"altavoz.toml names another store: {tmp_path / 'share'}" in refused.err
    assert not (keys / "stores.json").exists()
    plain = write_small(tmp_path / "plain", TINY)
    none = run_here("cluster", "allow", tmp_path / "share", "-w", plain, capture=capsys)
    assert "altavoz.toml names no shared store" in none.err


def test_the_key_is_made_once_and_shown_only_when_asked_for(
    keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run_here("cluster", "key", capture=capsys)
    secret = (keys / "store.key").read_text(encoding="ascii").strip()
    assert secret not in first.said
    again = run_here("cluster", "key", "--show", capture=capsys)
    assert secret in again.out
    assert (keys / "store.key").read_text(encoding="ascii").strip() == secret
    (keys / "store.key").chmod(0o644)
    assert run_here("cluster", "key", capture=capsys).code != 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cluster", "tcp://10.1.2.3:8786"], "without encryption"),
        (["--cluster", "scheduler"], "is no address of a scheduler"),
        (["--cluster", "tcp://127.0.0.1:8786"], "a cluster needs a store"),
        (["--store", "ftp://x"], "no address of a shared store"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_built(
    keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    del keys
    root = write_small(tmp_path / "one", TINY)
    done = run_here("build", "-w", root, *options, capture=capsys)
    assert done.code == ExitCode.USAGE
    assert said in done.err
    assert not (root / "build").exists()


def test_words_of_people_at_risk_never_go_over_a_plain_line(
    keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del keys
    segment = FILES["scripts/agua/segment.yml"] + "sensitivity: protected\n"
    root = write_small(tmp_path / "one", {**TINY, "scripts/agua/segment.yml": segment})
    (tmp_path / "share").mkdir()
    done = run_here(
        *("build", "-w", root, "--store", tmp_path / "share"),
        *("--cluster", "tcp://10.1.2.3:8786", "--insecure"),
        capture=capsys,
    )
    assert done.code == ExitCode.USAGE
    assert "agua holds words of or about people at risk" in done.err


def test_the_doctor_tries_workers_and_the_store(
    cluster: Dask, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del keys
    root = names_store(tmp_path / "one", tmp_path / "share")
    options = ("-w", root, "--store", tmp_path / "share", "--json")
    done = run_here("cluster", "doctor", cluster.address, *options, capture=capsys)
    checks = {check["name"]: check for check in json.loads(done.out)}
    assert done.code == 0, done.said
    workers = [name for name in checks if name.startswith("worker ")]
    assert len(workers) == 2
    assert sum(name.startswith("store, from ") for name in checks) == 3
    assert "not encrypted, and within this machine" in checks["line"]["what"]
    assert not [path for path in (tmp_path / "share").rglob("*") if path.is_file()]
    assert "store, allowed here" not in checks  # it is named on the command line
    # The store that the workspace names is tried, too; whether a build may use it is told.
    for state in ("optional", "good"):
        told = run_here("cluster", "doctor", cluster.address, "-w", root, "--json", capture=capsys)
        assert told.code == 0, told.said
        (found,) = (one for one in json.loads(told.out) if one["name"] == "store, allowed here")
        assert found["state"] == state
        run_here("cluster", "allow", tmp_path / "share", "-w", root, capture=capsys)


@pytest.mark.slow
def test_the_doctor_names_what_is_wrong(keys: Path, tmp_path: Path) -> None:
    del keys
    root = write_small(tmp_path / "one", TINY)
    (tmp_path / "share").mkdir()
    with dask(tmp_path / "dask", workers=0) as made:
        made.begin_worker(env=other_version(tmp_path / "av", "av", "1.2.3"), wait=True)
        # This one sees another store under the same name.
        (tmp_path / "other").mkdir()
        made.begin_worker(env={"ALTAVOZ_STORE": str(tmp_path / "other")}, wait=True)
        options = ("-w", root, "--store", tmp_path / "share")
        done = run_process("cluster", "doctor", made.address, *options, "--json", cwd=tmp_path)
        assert done.code == ExitCode.TARGET
        found = {check["name"]: check for check in json.loads(done.out) if check["state"] == "bad"}
        assert any("av is 1.2.3 there" in check["what"] for check in found.values())
        assert any("another store" in check["what"] for check in found.values())
        away = run_process("cluster", "doctor", "tcp://127.0.0.1:9", *options, cwd=tmp_path)
        assert away.code == ExitCode.TARGET
        assert "cannot be reached" in away.said


@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
def test_the_doctor_tries_to_read_a_bucket_as_a_stranger(
    moto: str, bucket: str, tmp_path: Path, is_open: bool
) -> None:
    place = parse_place(f"s3://{bucket}/team", {"AWS_ENDPOINT_URL_S3": moto})
    if is_open:
        open_to_all(place)
    trial = StoreTrial(place=place, store=Store(tmp_path / "store"), chance="0123456789abcdef")
    trial.run(KEY, None, {})
    checks = {check.name: check for check in trial.checks}
    assert checks["store, from here"].state == "good"
    assert checks["store, for strangers"].state == ("bad" if is_open else "good")
    assert checks["key of the records"].what == f"id {KEY.id}"
