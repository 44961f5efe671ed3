"""A bucket tried out on moto and Swift: rights, clock, conditions, parts, strangers, rules."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any, cast

import boto3
import pytest

from production.targets import probing_s3
from production.targets.exposure import refuse_open
from production.targets.probed import Probed, Verdict
from production.targets.probing import Trial, clear, probe_rights
from production.targets.probing_all import try_target
from production.targets.probing_keeping import probe_lifecycle, probe_versions
from production.targets.probing_s3 import probe_clock, probe_conditions, probe_multipart
from production.targets.probing_strangers import probe_strangers
from production.targets.s3 import S3Target
from programme.errors import ExitCode, ProductionError
from programme.units import Key
from tests.targets import faults
from tests.targets.careless import Careless, Fault
from tests.targets.faults import (
    ALL,
    Drops,
    IgnoresConditions,
    KnowsNoConditions,
    LosesAnswers,
    WeakensTags,
)
from tests.targets.places import Place
from tests.targets.probed_places import (
    CHANCE,
    by_name,
    clock,
    names_there,
    network,
    not_ok,
    probe,
    trial_of,
)
from tests.targets.public_site import Door, Refuses, public_site

RULE: dict[str, Any] = {
    "ID": "broken",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


@pytest.fixture
def bucket(careless_place: Place, careless: Careless) -> Iterator[Place]:
    """Give a bucket behind a door; whatever a test did, nothing of it may stay there."""
    careless.choose(Door())
    yield careless_place
    careless.choose(Fault())
    assert names_there(careless_place) == []


@pytest.fixture
def target(bucket: Place) -> Iterator[S3Target]:
    opened = cast("S3Target", bucket.open())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(moto: str) -> Any:
    """Give whoever owns the buckets."""
    return boto3.client(
        "s3",
        endpoint_url=moto,
        region_name="us-east-1",
        aws_access_key_id="owner",
        aws_secret_access_key="owner",  # noqa: S106  # moto takes any
    )


@pytest.fixture
def tell(bucket: Place, target: S3Target) -> Callable[..., dict[str, Probed]]:
    """Run some probes of a bucket alone, and take away what they wrote."""

    def run(*probes: Callable[[Trial, S3Target], object]) -> dict[str, Probed]:
        trial = trial_of(bucket, target)
        for one in probes:
            one(trial, target)
        told = by_name(trial.probes.told)
        clear(trial)
        return told

    return run


Tell = Callable[..., dict[str, Probed]]


def strangers(trial: Trial, target: S3Target) -> None:
    probe_strangers(trial, target, "")


def test_a_bucket_that_is_right_passes_and_nothing_of_the_test_stays(
    bucket: Place, target: S3Target, client: Any
) -> None:
    name = target.bucket
    client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [RULE]})
    theirs = ["altavoz-test/fedcba9876543210/sound.mp3", "altavoz-test/readme", "index.html"]
    for one in theirs:
        target.put(Key(one), b"theirs", media_type="text/plain")
    with public_site(lambda path: target.read(Key(path)), below="camino/") as site:
        found = probe(bucket, site.base)
    assert not_ok(found) == {}
    assert list(found) == [
        *(
            "owner",
            "write",
            "read",
            "list",
            "replace",
            "clock",
            "conditions",
            "multipart",
            "address",
        ),
        *("range", "head", "types", "cache", "unchanged", "cors"),
        *("strangers-write", "strangers-list", "versions", "lifecycle", "delete", "withdrawal"),
    ]
    assert "Uploads" not in client.list_multipart_uploads(Bucket=name)
    assert names_there(bucket) == theirs
    for one in theirs:
        assert target.read(Key(one)) == b"theirs"
        target.remove(Key(one))


def test_a_store_that_takes_what_strangers_write_fails_and_one_that_lists_for_them(
    tell: Tell, careless: Careless
) -> None:
    careless.choose(Door(writing=True))
    told = tell(strangers)
    assert (told["strangers-write"].verdict, told["strangers-write"].stops) == ("failed", True)
    assert "without credentials has just written" in told["strangers-write"].found
    assert told["strangers-list"].verdict is Verdict.OK
    careless.choose(Door(listing=True))
    told = tell(strangers)
    assert told["strangers-write"].verdict is Verdict.OK
    assert "without credentials has just listed" in told["strangers-list"].found


def test_an_access_list_or_a_policy_that_lets_strangers_write_stops_publishing(
    target: S3Target, tell: Tell, client: Any
) -> None:
    name = target.bucket
    refuse_open(target, "cloud")
    everybody = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
    owner = client.get_bucket_acl(Bucket=name)["Owner"]
    grants = [{"Grantee": everybody, "Permission": right} for right in ("READ", "WRITE")]
    client.put_bucket_acl(
        Bucket=name, AccessControlPolicy={"Grants": grants, "Owner": {"ID": owner["ID"]}}
    )
    told = tell(strangers)
    assert told["strangers-write"].stops
    assert "everybody" in told["strangers-write"].found
    assert told["strangers-list"].verdict is Verdict.FAILED
    with pytest.raises(ProductionError, match="strangers may change") as caught:
        refuse_open(target, "cloud")
    assert caught.value.code is ExitCode.TARGET
    client.put_bucket_acl(Bucket=name, ACL="private")
    refuse_open(target, "cloud")
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
        f'"Action":"s3:Put*","Resource":"arn:aws:s3:::{name}/*"}}]}}'
    )
    client.put_bucket_policy(Bucket=name, Policy=policy)
    with pytest.raises(ProductionError, match="s3:PutObject"):
        refuse_open(target, "cloud")


def test_what_a_store_does_not_tell_of_itself_is_not_held_against_it(
    target: S3Target, careless: Careless
) -> None:
    for status in (403, 404, 501):
        careless.choose(Refuses(steps=ALL, status=status, code="NotImplemented"))
        refuse_open(target, "cloud")
    refuse_open(object(), "a folder has no strangers")


CREDENTIALS = [
    ("InvalidAccessKeyId", "access key"),
    ("SignatureDoesNotMatch", "secret key"),
    ("ExpiredToken", "expired"),
    ("NoSuchBucket", "does not exist"),
    ("AccessDenied", "does not let"),
]


@pytest.mark.parametrize(("code", "said"), CREDENTIALS)
def test_credentials_that_are_refused_are_told_and_nothing_else_is_tried(
    bucket: Place, careless: Careless, code: str, said: str
) -> None:
    careless.choose(Door(then=Refuses(steps=ALL, code=code)))
    found = probe(bucket)
    assert set(found) == {"write", "clock", "delete"}
    assert found["write"].verdict is Verdict.FAILED
    assert said in found["write"].found
    assert found["clock"].verdict is Verdict.OK


@pytest.mark.usefixtures("bucket")
def test_without_credentials_nothing_is_sent(
    bucket: Place, careless: Careless, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    found = probe(bucket)
    monkeypatch.undo()
    assert set(found) == {"open"}
    assert "credentials" in found["open"].found
    assert not careless.seen
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.mark.parametrize(
    ("off", "verdict", "said"),
    [
        (timedelta(minutes=3), "warning", "3 minutes ahead of"),
        (timedelta(hours=-5), "failed", "5 hours behind"),
        (timedelta(days=400), "failed", "400 days ahead of"),
        (timedelta(seconds=20), "ok", "agrees"),
    ],
)
def test_a_clock_that_is_wrong_is_told_also_where_the_store_refuses_all_for_it(  # noqa: PLR0917
    bucket: Place, target: S3Target, careless: Careless, off: timedelta, verdict: str, said: str
) -> None:
    careless.choose(Door(then=Refuses(steps=ALL, code="RequestTimeTooSkewed")))
    trial = trial_of(bucket, target)
    trial.clock = partial(clock, off)
    assert not probe_rights(trial)
    probe_clock(trial, target)
    careless.choose(Door())
    clear(trial)
    found = by_name(trial.probes.told)
    assert (found["clock"].verdict.value, said in found["clock"].found) == (verdict, True)
    assert "clock" in found["write"].found


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (IgnoresConditions(), "creating is ignored, replacing is ignored"),
        (KnowsNoConditions(), "501"),
        (KnowsNoConditions(only="if-match"), "creates only what is not there"),
    ],
)
def test_a_store_without_conditions_is_told_with_what_that_means(
    tell: Tell, careless: Careless, fault: Fault, said: str
) -> None:
    careless.choose(Door(then=fault))
    told = tell(probe_conditions)["conditions"]
    assert told.verdict is Verdict.WARNING
    assert said in told.found
    assert "claim" in told.means


def test_a_store_that_takes_no_parts_is_told(tell: Tell, careless: Careless) -> None:
    careless.choose(Door(then=Refuses(steps=frozenset({"begin"}))))
    told = tell(probe_multipart)["multipart"]
    assert told.verdict is Verdict.FAILED
    assert "AccessDenied" in told.found
    careless.choose(Door(then=Refuses(steps=frozenset({"parts"}))))
    assert tell(probe_multipart)["multipart"].verdict is Verdict.WARNING


def test_versions_and_rules_that_take_media_away_are_told(
    target: S3Target, tell: Tell, client: Any
) -> None:
    def told_of(*rules: dict[str, Any]) -> Probed:
        client.put_bucket_lifecycle_configuration(
            Bucket=target.bucket, LifecycleConfiguration={"Rules": list(rules)}
        )
        return tell(probe_lifecycle)["lifecycle"]

    assert tell(probe_lifecycle)["lifecycle"].verdict is Verdict.WARNING
    old = {"ID": "old", "Status": "Enabled", "Expiration": {"Days": 30}}
    found = told_of(RULE, old | {"Filter": {"Prefix": "camino/m/"}})
    assert found.verdict is Verdict.FAILED
    assert "after 30 days" in found.found
    cold = {"ID": "x", "Status": "Enabled", "Transitions": [{"Days": 9, "StorageClass": "GLACIER"}]}
    assert "GLACIER" in told_of(RULE, cold | {"Filter": {"Prefix": ""}}).found
    for harmless in (
        old | {"Filter": {"Prefix": "other/"}},
        old | {"Filter": {"Prefix": "camino/altavoz-test/"}},
        old | {"Filter": {"Prefix": "camino/"}, "Status": "Disabled"},
        old | {"Filter": {"Tag": {"Key": "a", "Value": "b"}}},
    ):
        assert told_of(RULE, harmless).verdict is Verdict.OK
    assert tell(probe_versions)["versions"].verdict is Verdict.OK
    client.put_bucket_versioning(
        Bucket=target.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    assert tell(probe_versions)["versions"].verdict is Verdict.WARNING


def test_a_lock_that_keeps_everything_is_told(bucket: Place, client: Any) -> None:
    name = f"{bucket.settings.options['bucket']}-locked"
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    kept = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
    client.put_object_lock_configuration(
        Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": kept}
    )
    options = dict(bucket.settings.options) | {"bucket": name}
    place = Place(
        settings=type(bucket.settings)(name="cloud", kind="s3", options=options), root=bucket.root
    )
    target = cast("S3Target", place.open())
    trial = trial_of(place, target)
    probe_versions(trial, target)
    target.close()
    (told,) = trial.probes
    assert told.verdict is Verdict.FAILED
    assert "COMPLIANCE, 30 days" in told.found


@pytest.mark.parametrize(
    "fault", [LosesAnswers(), Drops(), faults.Refuses(status=503, code="SlowDown"), WeakensTags()]
)
def test_a_store_that_is_in_trouble_for_a_moment_is_asked_again(
    tell: Tell, careless: Careless, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(probing_s3, "PAUSES_S", (0.01, 0.01, 0.01))
    careless.choose(Door(then=fault))
    assert tell(probe_multipart)["multipart"].verdict is Verdict.OK


@pytest.mark.parametrize("step", ["list", "begin"])
def test_what_the_test_wrote_is_taken_away_also_where_it_breaks_off(
    bucket: Place, careless: Careless, step: str
) -> None:
    careless.choose(Door(then=Refuses(steps=frozenset({step}), status=400, code="Odd")))
    found = probe(bucket)
    assert any(one.verdict is Verdict.FAILED for one in found.values())
    assert found["delete"].verdict is Verdict.OK, found["delete"]
    # the fixture sees that nothing stays


def test_what_cannot_be_taken_away_is_told(bucket: Place, careless: Careless) -> None:
    careless.choose(Door(then=Refuses(steps=frozenset({"delete"}))))
    told = probe(bucket)["delete"]
    assert told.verdict is Verdict.FAILED
    assert "could not be taken away" in told.found
    careless.choose(Door())
    left = names_there(bucket)
    assert left
    assert all(name.startswith(f"altavoz-test/{CHANCE}/") for name in left)
    target = bucket.open()
    for name in left:
        target.remove(Key(name))
    target.close()


def test_openstack_swift_passes_but_for_what_it_does_not_know(swift_place: Place) -> None:
    target = cast("S3Target", swift_place.open())
    trial = trial_of(swift_place, target)
    for one in (probe_conditions, probe_multipart, strangers, probe_versions, probe_lifecycle):
        one(trial, target)
    clear(trial)
    found = by_name(trial.probes.told)
    assert found["conditions"].verdict is Verdict.WARNING
    assert "creates only what is not there" in found["conditions"].found
    for about in ("multipart", "strangers-write", "strangers-list", "delete"):
        assert found[about].verdict is Verdict.OK
    assert list(target.listing()) == []
    target.close()


@pytest.mark.tools
def test_a_folder_over_ssh_passes(sftp_place: Place) -> None:
    found = probe(sftp_place)
    assert set(found) == {"owner", "write", "read", "list", "replace", "delete"}
    assert not_ok(found) == {}
    assert names_there(sftp_place) == []


def test_a_target_that_cannot_be_opened_is_told(folder_place: Place) -> None:
    settings = type(folder_place.settings)(name="x", kind="s3", options={"bucket": "b", "pre": "x"})
    probes = try_target(
        settings, network("https://x.example.org/"), folder_place.root, chance=CHANCE, clock=clock
    )
    (told,) = probes
    assert (told.about, told.verdict) == ("open", Verdict.FAILED)
