"""The ready files, applied to real servers: buckets on moto, web servers from Debian."""

import json
import os
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
from lxml import etree

from production.targets import serving
from production.targets.consoles import AMAZON, CLOUDFLARE, OTHER, console_of
from production.targets.policies import bucket_files, lifecycle_rules
from production.targets.policy_writing import policy_files, write_policies
from production.targets.web_roots import NOTICES, nginx, types_by_ending, web_files
from programme.errors import ProductionError
from programme.network import TargetSettings
from programme.units import Key
from tests.targets.places import Place
from tests.targets.probed_places import network, not_ok, probe
from tests.targets.web_servers import apache_command, free_port, nginx_command, running_web_server

CORRECTIONS = Path(__file__).parents[2] / "docs" / "corrections.md"


@pytest.fixture(scope="module")
def client(moto: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=moto,
        region_name="us-east-1",
        aws_access_key_id="owner",
        aws_secret_access_key="owner",  # noqa: S106  # moto takes any
    )


def status(url: str, method: str = "GET", **headers: str) -> int:
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_bucket_policy_lets_strangers_read_below_the_prefix_and_nothing_else(
    moto_place: Place, moto: str, client: Any
) -> None:
    bucket = moto_place.settings.options["bucket"]
    target = moto_place.open()
    target.put(Key("feeds/es.xml"), b"<rss/>", media_type="text/xml")
    client.put_object(Bucket=bucket, Key="private/list.txt", Body=b"not ours")
    assert status(f"{moto}/{bucket}/camino/feeds/es.xml") == 403
    files = bucket_files(moto_place.settings, OTHER)
    client.put_bucket_policy(Bucket=bucket, Policy=files["bucket-policy.json"].decode())
    assert status(f"{moto}/{bucket}/camino/feeds/es.xml") == 200
    assert status(f"{moto}/{bucket}/private/list.txt") == 403
    (statement,) = json.loads(files["bucket-policy.json"])["Statement"]
    assert statement["Action"] == "s3:GetObject"
    target.close()


def test_the_three_forms_of_the_rule_for_other_sites_are_one_and_are_taken(
    moto_place: Place, client: Any
) -> None:
    bucket = moto_place.settings.options["bucket"]
    files = bucket_files(moto_place.settings, AMAZON)
    rules = json.loads(files["cors.json"])
    assert rules["CORSRules"] == json.loads(files["cors-console.json"])
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration=rules)
    (kept,) = client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert kept["AllowedMethods"] == ["GET", "HEAD"]
    assert kept["AllowedHeaders"] == ["Range"]
    space = "{http://s3.amazonaws.com/doc/2006-03-01/}"
    (rule,) = etree.fromstring(files["cors.xml"]).findall(f"{space}CORSRule")
    assert [one.text for one in rule.findall(f"{space}AllowedMethod")] == ["GET", "HEAD"]
    assert [one.text for one in rule.findall(f"{space}ExposeHeader")] == kept["ExposeHeaders"]
    assert rule.findtext(f"{space}AllowedOrigin") == "*"


def test_the_cleaning_rules_are_taken_and_never_touch_what_is_published(
    moto_place: Place, client: Any
) -> None:
    bucket = moto_place.settings.options["bucket"]
    files = bucket_files(moto_place.settings, AMAZON)
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration=json.loads(files["lifecycle.json"])
    )
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [one["ID"] for one in rules] == ["BrokenUploads", "OldVersions", "LeftByTests"]
    ends = [one["Filter"]["Prefix"] for one in rules if "Expiration" in one]
    assert ends == ["camino/altavoz-test/"]
    assert lifecycle_rules("")[0]["Filter"] == {"Prefix": ""}
    found = probe(moto_place)
    assert found["lifecycle"].verdict == "ok"


def test_a_publisher_with_these_rights_can_do_all_that_a_publish_does_and_no_more(
    moto: str, moto_place: Place
) -> None:
    """Moto's IAM judges, for a user who has this policy and nothing else."""
    bucket = moto_place.settings.options["bucket"]
    files = bucket_files(moto_place.settings, AMAZON)
    iam: Any = boto3.client(
        "iam",
        region_name="us-east-1",
        endpoint_url=moto,
        aws_access_key_id="owner",
        aws_secret_access_key="owner",  # noqa: S106  # moto takes any
    )
    iam.create_user(UserName="publisher")
    iam.put_user_policy(
        UserName="publisher",
        PolicyName="publish",
        PolicyDocument=files["publisher-iam.json"].decode(),
    )
    key = iam.create_access_key(UserName="publisher")["AccessKey"]
    publisher: Any = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=moto,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    set_strict(moto, strict=True)
    try:
        publisher.put_object(Bucket=bucket, Key="camino/a", Body=b"x")
        assert publisher.get_object(Bucket=bucket, Key="camino/a")["Body"].read() == b"x"
        assert publisher.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
        begun = publisher.create_multipart_upload(Bucket=bucket, Key="camino/b")
        publisher.abort_multipart_upload(Bucket=bucket, Key="camino/b", UploadId=begun["UploadId"])
        publisher.get_bucket_acl(Bucket=bucket)
        publisher.delete_object(Bucket=bucket, Key="camino/a")
        refused: list[Callable[[], object]] = [
            lambda: publisher.put_object(Bucket=bucket, Key="other/a", Body=b"x"),
            lambda: publisher.delete_object(Bucket=bucket, Key="other/a"),
            lambda: publisher.delete_bucket(Bucket=bucket),
            lambda: publisher.put_bucket_acl(Bucket=bucket, ACL="public-read"),
            lambda: publisher.put_bucket_policy(Bucket=bucket, Policy="{}"),
            publisher.list_buckets,
        ]
        for one in refused:
            with pytest.raises(publisher.exceptions.ClientError, match="AccessDenied"):
                one()
    finally:
        set_strict(moto, strict=False)


def set_strict(moto: str, *, strict: bool) -> None:
    """Let moto look at policies from now on, or at nothing again."""
    data = b"0" if strict else b"inf"
    request = urllib.request.Request(  # noqa: S310
        f"{moto}/moto-api/reset-auth",
        data=data,
        headers={"Content-Type": "text/plain"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def test_each_store_is_told_by_its_host_in_its_own_words() -> None:
    known = {
        "https://s3.eu-central-1.amazonaws.com": "Amazon S3",
        "https://abc.r2.cloudflarestorage.com": "Cloudflare R2",
        "https://s3.us-west-004.backblazeb2.com": "Backblaze B2",
        "https://nyc3.digitaloceanspaces.com": "DigitalOcean Spaces",
        "https://fsn1.your-objectstorage.com": "Hetzner Object Storage",
        "https://minio.example.org": "the store",
        "https://amazonaws.com.example.org": "the store",
    }
    assert {url: console_of(url).name for url in known} == known
    settings = TargetSettings(name="c", kind="s3", options={"bucket": "radio"})
    words = bucket_files(settings, CLOUDFLARE)["README.txt"].decode()
    assert "Custom Domains" in words
    assert "arn:aws:s3:::radio/*" in bucket_files(settings, AMAZON)["bucket-policy.json"].decode()


def test_files_of_others_are_never_written_over(tmp_path: Path) -> None:
    settings = TargetSettings(name="web", kind="folder", options={"path": "public"})
    files = policy_files(settings, network("https://radio.example.org/"), tmp_path)
    assert write_policies(tmp_path / "to", files) == write_policies(tmp_path / "to", files)
    (tmp_path / "to/nginx.conf").write_bytes(b"mine")
    (tmp_path / "to/Caddyfile").unlink()
    with pytest.raises(ProductionError, match="there already"):
        write_policies(tmp_path / "to", files)
    assert not (tmp_path / "to/Caddyfile").exists()


# --- Web servers --------------------------------------------------------------------------


def test_every_ending_that_is_published_has_a_type() -> None:
    known = set(serving._types())
    assert known == set(types_by_ending())
    text = nginx("radio.example.org", "", "/srv/altavoz")
    for end, type_ in types_by_ending().items():
        assert type_.partition(";")[0] in text, end


def test_the_lines_for_gpodder_are_those_of_the_page_on_corrections() -> None:
    page = CORRECTIONS.read_text(encoding="utf-8")
    files = web_files(
        TargetSettings(name="web", kind="folder"),
        network("https://radio.example.org/"),
        "/srv/altavoz",
    )
    for server, name in (("nginx", "nginx.conf"), ("apache", "apache.htaccess")):
        (block,) = re.findall(f"(?s)```{server}\n(.*?)```", page)
        ours = words_of(files[name].decode())
        for line in words_of(block):
            assert line in ours, (server, line)
    assert NOTICES in files["Caddyfile"].decode()


def words_of(text: str) -> set[str]:
    """Give the lines of settings, without what only lays them out."""
    return {re.sub(r"[\s\";]+", " ", line).strip() for line in text.splitlines() if line.strip()}


@pytest.fixture(params=["nginx", "nginx /radio", "apache2", "caddy"])
def server(
    request: pytest.FixtureRequest, tool: Callable[[str], str], served_folder: Place
) -> Iterator[str]:
    """Serve a folder by a real server that is set up by the ready file; gives the base address."""
    kind, _, path = request.param.partition(" ")
    program = tool(kind)
    port = free_port()
    home, site = served_folder.root, served_folder.root / "public"
    base = f"http://127.0.0.1:{port}{path}/"
    files = {
        name: data.decode()
        for name, data in web_files(
            served_folder.settings, network(f"https://127.0.0.1{path}/"), str(site)
        ).items()
    }
    command: Sequence[str | Path]
    if kind == "nginx":
        command = nginx_command(program, home, port=port, site=files["nginx.conf"])
    elif kind == "caddy":
        lines = files["Caddyfile"].replace("127.0.0.1 {", f"http://127.0.0.1:{port} {{")
        (home / "Caddyfile").write_text("{\n    admin off\n}\n" + lines)
        command = [program, "run", "--config", home / "Caddyfile", "--adapter", "caddyfile"]
    else:
        told = files["apache.htaccess"]
        command = apache_command(program, home, port=port, site=site, htaccess=told)
    with running_web_server(command, home, port=port):
        yield base


@pytest.fixture
def served_folder() -> Iterator[Place]:
    """Give a folder that every user may read: pytest's own is closed to others."""
    usual = os.umask(0o022)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "public").mkdir(mode=0o755)
        settings = TargetSettings(name="web", kind="folder", options={"path": "public"})
        yield Place(settings=settings, root=home)
    os.umask(usual)


NOTICE = Key("m/corta-1-en-1-corrected-0123456789ab.mp3")


@pytest.mark.tools
def test_a_web_server_that_is_set_up_by_the_ready_file_passes_everything(
    server: str, served_folder: Place
) -> None:
    assert not_ok(probe(served_folder, server)) == {}
    target = served_folder.open()
    objects = [f"feeds/x{end}" for end in types_by_ending()] + [
        *("m/x.mp3", "m/x.chapters.json", "m/x.words.json", "m/x.json", "site.json", NOTICE),
        *("camino/episodes.json", "publish.json", "ledger/0123.jsonl", "packs/x.zip"),
    ]
    for key in objects:
        target.put(Key(key), SOUND, media_type="")
    for key in objects:
        wanted = serving.served(key)
        with urllib.request.urlopen(server + key, timeout=10) as answer:  # noqa: S310
            told = dict(answer.headers)
        assert told["Content-Type"].partition(";")[0] == wanted.media_type.partition(";")[0], key
        assert ("utf-8" in told["Content-Type"]) == ("utf-8" in wanted.media_type), key
        assert told["Cache-Control"] == wanted.cache_control, key
        assert ("Content-Disposition" in told) == bool(wanted.disposition), key
    target.close()
    agents = {"User-Agent": "gPodder/3.11 Linux", "Range": "bytes=100-"}
    assert status(server + NOTICE, **agents) == 200
    assert status(server + "m/x.mp3", **agents) == 206
    assert status(server + NOTICE, Range="bytes=100-") == 206
    for hidden in (".altavoz.lock", "m/.x.1.tmp", ".htaccess"):
        (served_folder.root / "public" / hidden).touch()
        assert status(server + hidden) in {403, 404}
    assert status(server + "m/") in {403, 404}
    for method in ("PUT", "DELETE"):
        assert status(server + "m/x.mp3", method) in {403, 404, 405}


SOUND = bytes(range(256))
