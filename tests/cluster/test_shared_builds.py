"""Builds that share what they made: the next machine takes it, and nothing forged or damaged."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from production.cluster_doctor import StoreTrial
from production.journal import Journal, Result
from production.shared_records import RecordKey, record_name, render_record
from production.shared_store_places import parse_place
from production.store import Store
from production.targets.line import Line
from production.targets.s3_client import ask_once, make_client
from programme.errors import ExitCode
from programme.network import TargetSettings
from programme.units import Fingerprint
from tests.cluster.builds import KEY, Site, listeners
from tests.cluster.dask_here import Dask, dask, other_version
from tests.production.running import TINY, edit, flip, ran, run_here, run_process
from tests.production.small import FILES, write_small
from tests.targets.careless import careless_before
from tests.targets.faults import FOR_EVER, Refuses


def share_of(site: Site) -> Path:
    return Path(site.place.options["path"])


def slots_made(site: Site) -> list[tuple[Fingerprint, Result]]:
    journal = Journal(site.root / ".altavoz" / "journal.sqlite")
    try:
        found = [
            (key, journal.result(key)) for key, label, _ in journal.results() if "slot" in label
        ]
        return [(key, result) for key, result in found if result is not None]
    finally:
        journal.close()


def test_what_one_machine_made_the_next_one_takes(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    first = site("one").build()
    assert ran(first.report)[1:] == (4, 1)
    assert (first.counts.taken, first.counts.given) == (0, 5)
    second = site("two")
    built = second.build()
    assert not built.report.run.total
    assert built.counts.taken == 1  # the edition; of its slots nobody asks then
    assert second.built() == listeners(tiny)


def test_a_change_costs_what_it_changed_on_a_machine_that_has_made_nothing(
    site: Callable[..., Site],
) -> None:
    one, two = site("one"), site("two")
    one.build()
    for place in (one, two):
        edit(place.root / "scripts/agua/es-419.md", "Beba poco a poco.", "Beba despacio.")
    built = two.build()
    assert ran(built.report)[1:] == (1, 1)
    assert built.counts.taken == 3
    here = one.build()
    assert here.counts.taken == 1
    assert one.built() == two.built()


def test_a_forged_record_puts_no_other_words_into_an_episode(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    one, two = site("one"), site("two")
    one.build()
    (first, said), (other, said_else) = slots_made(one)[:2]
    # Somebody who may write there, and has no key: each slot says the other's words.
    stranger = RecordKey(secret=bytes(32))
    for key, lie in ((first, said_else), (other, said)):
        path = share_of(one) / record_name(KEY, key)
        path.write_bytes(render_record(stranger, key, lie))
    # Or puts whole, sealed records in each other's places.
    edition = next(
        path
        for path in (share_of(one) / "records").rglob("*")
        if path.is_file() and b'"edition"' in path.read_bytes()
    )
    edition.write_bytes((share_of(one) / record_name(KEY, slots_made(one)[2][0])).read_bytes())
    built = two.build()
    assert built.counts.refused == 3
    assert ran(built.report)[1:] == (2, 1)
    assert two.built() == listeners(tiny)


def test_damaged_objects_are_made_again(site: Callable[..., Site], tiny: dict[str, str]) -> None:
    site("one").build()
    two = site("two")
    for path in sorted((share_of(two) / "objects").rglob("*")):
        if path.is_file():
            flip(path, 100)
    built = two.build()
    assert built.counts.damaged
    assert two.built() == listeners(tiny)
    three = site("three")
    assert three.build().counts.taken == 1
    assert three.built() == listeners(tiny)


def test_without_the_key_nothing_is_believed_and_nothing_given(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    site("one").build()
    two = site("two")
    built = two.build(key=None)
    assert (built.counts.taken, built.counts.given) == (0, 0)
    assert ran(built.report)[1:] == (4, 1)
    assert two.built() == listeners(tiny)


def test_a_store_that_is_not_there_costs_nothing_but_time(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()
    shutil.rmtree(share_of(place))
    built = place.build()
    (line,) = built.said
    assert line.startswith("The shared store is left aside: the folder of the shared store")
    assert place.built() == listeners(tiny)
    assert not share_of(place).exists()


def test_a_store_that_goes_while_a_build_works_costs_nothing_but_time(
    site: Callable[..., Site], tiny: dict[str, str]
) -> None:
    place = site()

    def unmount(kind: str) -> None:
        del kind
        shutil.rmtree(share_of(place), ignore_errors=True)

    built = place.build(heard=unmount)
    assert place.built() == listeners(tiny)
    assert not built.report.failures


def test_a_bucket_that_answers_500_costs_nothing_but_time(
    moto: str, bucket: str, tmp_path: Path, tiny: dict[str, str]
) -> None:
    with careless_before(moto) as careless:
        settings = parse_place(f"s3://{bucket}", {"AWS_ENDPOINT_URL_S3": careless.address})
        one, two = (
            Site(root=write_small(tmp_path / name, TINY), place=settings) for name in ("one", "two")
        )
        assert one.build().counts.given == 5
        careless.choose(Refuses(status=500, code="InternalError", first=1))
        assert two.build().counts.taken == 1
        careless.choose(Refuses(status=500, code="InternalError", first=FOR_EVER))
        three = Site(root=write_small(tmp_path / "three", TINY), place=settings)
        built = three.build()
    assert any("left aside: the server is in trouble" in line for line in built.said)
    assert two.built() == three.built() == listeners(tiny)


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


# --- The command ------------------------------------------------------------------------


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
    assert "5 given" in run_here("build", "-w", one, "-j1", capture=capsys).err
    assert "1 step taken" in run_here("build", "-w", two, "-j1", capture=capsys).err


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
    root = write_small(tmp_path / "one", TINY)
    (tmp_path / "share").mkdir()
    options = ("-w", root, "--store", tmp_path / "share", "--json")
    done = run_here("cluster", "doctor", cluster.address, *options, capture=capsys)
    checks = {check["name"]: check for check in json.loads(done.out)}
    assert done.code == 0, done.said
    workers = [name for name in checks if name.startswith("worker ")]
    assert len(workers) == 2
    assert sum(name.startswith("store, from ") for name in checks) == 3
    assert "not encrypted, and within this machine" in checks["line"]["what"]
    assert not [path for path in (tmp_path / "share").rglob("*") if path.is_file()]


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
