"""Large files in parts: gone on with by another process, never half, nothing left lying about."""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from production.targets import Line, s3, s3_multipart, s3_store
from production.targets.s3_multipart import in_parts, part_bytes
from programme.digests import digest_bytes
from programme.units import Key
from tests.targets.careless import Answer, Careless, Fault, Request
from tests.targets.faults import LosesAnswers, error
from tests.targets.places import Place, quick_line

MB = 1 << 20
KEY = Key("m/long-0123456789ab.mp3")
LONG = bytes(range(251)) * (12 * MB // 251)
"""Three parts of 5 MB, no two alike; two of 8."""

UPLOAD = """
import pathlib, sys
from production.targets import Line, open_target
from programme.digests import digest_file
from programme.network import TargetSettings
from programme.units import Key

key, source, bucket, endpoint = sys.argv[1:]
sent = 0

def tell(more, received):
    global sent
    sent += more
    if sent > 6 << 20:
        print("enough", flush=True)
        sys.stdin.read()

options = {"bucket": bucket, "endpoint": endpoint, "region": "us-east-1", "prefix": "camino"}
settings = TargetSettings(name="cloud", kind="s3", options=options)
# A cap that never bites within this test, and has the parts be of 5 MB.
line = Line(tell=tell, bytes_per_second=200_000, wait=lambda seconds: None)
target = open_target(settings, pathlib.Path("unused"), line=line)
path = pathlib.Path(source)
target.put_new(Key(key), path, media_type="audio/mpeg", digest=digest_file(path))
"""


def raw(place: Place) -> Any:
    address = place.settings.options["endpoint"]
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1")


def bucket(place: Place) -> str:
    return str(place.settings.options["bucket"])


def send(place: Place, source: Path, line: Line | None = None) -> bool:
    source.write_bytes(LONG)
    target = place.open(line)
    return target.put_new(KEY, source, media_type="audio/mpeg", digest=digest_bytes(LONG))


def under_way(place: Place) -> list[str]:
    found = raw(place).list_multipart_uploads(Bucket=bucket(place)).get("Uploads", ())
    return [str(one["Key"]) for one in found]


def begin(place: Place, *parts: bytes, key: str = f"camino/{KEY}", noted: str = "") -> str:
    """Leave an upload as a run that was killed would, which noted a digest or nothing."""
    client = raw(place)
    notes = {"sha256": noted} if noted else {}
    begun = client.create_multipart_upload(Bucket=bucket(place), Key=key, Metadata=notes)
    upload = str(begun["UploadId"])
    for number, part in enumerate(parts, 1):
        client.upload_part(
            Bucket=bucket(place), Key=key, UploadId=upload, PartNumber=number, Body=part
        )
    return upload


def test_a_file_in_parts_is_an_object_like_any_other(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    assert send(careless_place, tmp_path / "a")
    assert careless.seen == {
        "head": 2,
        "get": 1,  # whether the bucket exists, as a head does not tell
        "uploads": 1,
        "begin": 1,
        "part": 2,
        "complete": 1,
    }
    head = raw(moto_place).head_object(Bucket=bucket(moto_place), Key=f"camino/{KEY}")
    assert head["ContentType"] == "audio/mpeg"
    assert head["CacheControl"] == "public, max-age=86400"
    assert head["Metadata"] == {"sha256": digest_bytes(LONG)}
    assert moto_place.open().verify(KEY, digest_bytes(LONG))
    careless.choose(Fault())
    assert not send(careless_place, tmp_path / "a")
    assert careless.seen == {"head": 1}


def test_another_process_goes_on_where_one_was_killed(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    source = tmp_path / "a"
    source.write_bytes(LONG)
    arguments = [KEY, str(source), bucket(moto_place), careless_place.settings.options["endpoint"]]
    killed = subprocess.Popen(
        [sys.executable, "-c", UPLOAD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
    )
    with killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"enough\n"
        killed.send_signal(signal.SIGKILL)
    assert moto_place.open().read(KEY) is None
    assert under_way(moto_place) == [f"camino/{KEY}"]
    careless.choose(Fault())
    assert send(careless_place, source)
    assert careless.seen["begin"] == 0
    assert careless.seen["part"] == 2, "the first part had arrived"
    assert moto_place.open().verify(KEY, digest_bytes(LONG))
    assert under_way(moto_place) == []


def test_parts_of_other_bytes_are_sent_over(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    size = 5 * MB
    begin(moto_place, LONG[:size], LONG[:size][::-1], LONG[2 * size :])
    assert send(careless_place, tmp_path / "a")
    assert careless.seen["part"] == 1
    assert moto_place.open().verify(KEY, digest_bytes(LONG))


def test_a_file_that_went_on_with_the_upload_of_another_is_noted_as_itself(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    begin(moto_place, LONG[: 8 * MB], noted=digest_bytes(b"another that begins so, too"))
    assert send(careless_place, tmp_path / "a")
    assert careless.seen["begin"] == 1
    head = raw(moto_place).head_object(Bucket=bucket(moto_place), Key=f"camino/{KEY}")
    assert head["Metadata"] == {"sha256": digest_bytes(LONG)}
    assert moto_place.open().verify(KEY, digest_bytes(LONG))
    assert under_way(moto_place) == []


@pytest.mark.parametrize(
    "parts",
    [(), (b"small",), (LONG[: 5 * MB], LONG[5 * MB : 10 * MB], b"x", b"y")],
    ids=["none", "too small", "too many"],
)
def test_uploads_that_are_none_of_ours_to_go_on_with_are_ended_after_ours(
    careless_place: Place,
    moto_place: Place,
    careless: Careless,
    tmp_path: Path,
    parts: tuple[bytes, ...],
) -> None:
    begin(moto_place, *parts)
    begin(moto_place, b"theirs", key=f"camino/{KEY}-of-another-key")
    assert send(careless_place, tmp_path / "a")
    assert (careless.seen["begin"], careless.seen["abort"]) == (1, 1)
    assert moto_place.open().verify(KEY, digest_bytes(LONG))
    assert under_way(moto_place) == [f"camino/{KEY}-of-another-key"]


def test_an_upload_that_another_ends_meanwhile_is_begun_anew(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    class Ends(Fault):
        def ask(self, request: Request) -> Answer | None:
            first = request.step == "part" and careless.seen["part"] == 1
            return error(404, "NoSuchUpload") if first else None

    careless.choose(Ends())
    assert send(careless_place, tmp_path / "a")
    assert moto_place.open().verify(KEY, digest_bytes(LONG))


def test_a_completion_whose_answer_is_lost_is_found_done(
    careless_place: Place, moto_place: Place, careless: Careless, tmp_path: Path
) -> None:
    careless.choose(LosesAnswers(steps=frozenset({"complete"})))
    assert send(careless_place, tmp_path / "a")
    assert moto_place.open().verify(KEY, digest_bytes(LONG))
    assert careless.seen["part"] == 2


def test_uploads_that_nobody_finished_can_be_found_and_abandoned(moto_place: Place) -> None:
    begin(moto_place, b"old", key="camino/m/old-0123456789ab.mp3")
    begin(moto_place, b"not ours", key="elsewhere/x")
    target = moto_place.open()
    assert isinstance(target, s3.S3Target)
    # moto says of every upload that it was begun on this day
    soon = datetime(2010, 11, 11, tzinfo=UTC)
    assert target.unfinished(datetime(2010, 11, 10, tzinfo=UTC)) == []
    (found,) = target.unfinished(soon)
    assert found.name == "camino/m/old-0123456789ab.mp3"
    target.abandon(found)
    target.abandon(found)
    assert target.unfinished(soon) == []
    assert under_way(moto_place) == ["elsewhere/x"]


# --- How long parts are --------------------------------------------------------------------


def store(line: Line, troubles: int = 0) -> s3_store.Store:
    made = s3_store.Store(None, line, bucket="b", prefix="", where="here")
    made.troubles = troubles
    return made


def test_small_files_go_in_one_piece_and_parts_are_smaller_on_bad_lines() -> None:
    good, capped, broken = store(Line()), store(Line(bytes_per_second=50_000)), store(Line(), 1)
    assert [in_parts(good, size * MB) for size in (5, 6, 8)] == [False, False, False]
    assert in_parts(good, 8 * MB + 1)
    for bad in (capped, broken):
        assert not in_parts(bad, 5 * MB)
        assert in_parts(bad, 5 * MB + 1)
        assert part_bytes(bad, 100 * MB) == 5 * MB
    assert part_bytes(good, 100 * MB) == 8 * MB


@pytest.mark.parametrize("length", [50_000 * MB, 80_000 * MB, 80_000 * MB + 1, 5 << 40])
def test_no_file_has_more_parts_than_servers_take(length: int) -> None:
    size = part_bytes(store(quick_line()), length)
    assert -(-length // size) <= s3_multipart.MOST_PARTS
    assert size % MB == 0


def test_the_tag_of_parts_is_what_s3_says_it_is(moto_place: Place, tmp_path: Path) -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html: MD5 of the parts' MD5s
    send(moto_place, tmp_path / "a")
    pieces = [LONG[begin : begin + 8 * MB] for begin in range(0, len(LONG), 8 * MB)]
    joined = b"".join(hashlib.md5(piece, usedforsecurity=False).digest() for piece in pieces)
    (listed,) = moto_place.open().listing()
    assert listed.tag == f'"{hashlib.md5(joined, usedforsecurity=False).hexdigest()}-2"'
