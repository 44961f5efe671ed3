"""What is tried at a store that speaks S3, beyond what every target is asked.

Servers differ in all of this, see docs/targets-consoles.md, so that each thing is done and looked
at, and no answer alone is believed.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from production.targets.probing import Trial
from production.targets.web import fetch
from programme.errors import ProductionError

if TYPE_CHECKING:
    from production.targets.s3 import S3Target

FEW_SECONDS = 60
"""What a clock may be off without anybody noticing."""

TOO_SKEWED = 15 * 60
"""S3 refuses signatures whose time is off by more: RequestTimeTooSkewed."""

_WRONG = '"00000000000000000000000000000000"'
"""An ETag that nothing of ours has."""

PAUSES_S = (0.5, 1.0, 2.0)
"""Before a request is sent again."""

_PASSING = {500, 502, 503, 504}
"""What a store in trouble says; the next moment it may be well again."""

_ONE_AT_A_TIME = (
    "two who publish at the same moment are told apart only by the claim in publish.json, which is "
    "written and read back"
)
_AGREE = "agree on one machine that publishes; Altavoz refuses the second as far as it can see it"


def probe_clock(trial: Trial, target: "S3Target") -> None:
    """Compare the store's clock with ours; needs no credentials."""
    asked = trial.clock()
    try:
        answer = fetch(target.address("list_objects_v2", ""), line=trial.line, method="HEAD")
        told = parsedate_to_datetime(answer.header("Date"))
    except (ProductionError, ValueError):
        trial.probes.skip("clock", "the store does not tell its time")
        return
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    tell_clock(trial, told, (asked, trial.clock()))


def tell_clock(trial: Trial, told: datetime, ours: tuple[datetime, datetime]) -> None:
    """Judge the store's time against ours before and after it was asked."""
    if told < ours[0]:
        off = (ours[0] - told).total_seconds()
        way = "ahead of"
    else:
        off = max(0.0, (told - ours[1]).total_seconds())
        way = "behind"
    if off <= FEW_SECONDS:
        trial.probes.ok("clock", "this machine's clock agrees with the store's")
        return
    found = f"this machine's clock is {_span(off)} {way} the store's"
    remedy = "set this machine's clock, or let it be set from the network (NTP)"
    if off > TOO_SKEWED:
        trial.probes.fail(
            "clock",
            found,
            means="the store refuses every request, and messages would carry wrong dates",
            remedy=remedy,
        )
    else:
        trial.probes.warn(
            "clock",
            found,
            means="messages carry wrong times; from 15 minutes on the store refuses all requests",
            remedy=remedy,
        )


def _span(seconds: float) -> str:
    if seconds < 2 * 3600:
        return f"{round(seconds / 60)} minutes"
    if seconds < 48 * 3600:
        return f"{round(seconds / 3600)} hours"
    return f"{round(seconds / 86400)} days"


def named(target: "S3Target", trial: Trial, name: str) -> str:
    """Give an object of this test as the bucket names it."""
    key = trial.key(name)
    return f"{target.prefix}/{key}" if target.prefix else str(key)


def _status(answer: Mapping[str, Any]) -> int:
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def code_of(answer: Mapping[str, Any]) -> str:
    """Give the store's word for what is wrong; the status where it gave none."""
    return str(answer.get("Error", {}).get("Code", "")) or str(_status(answer))


def ask(trial: Trial, target: "S3Target", operation: str, **fields: object) -> dict[str, Any]:
    """Send one request of the test; again, after a pause, where the store is in trouble.

    Raises:
        ProductionError: the store cannot be reached, or the time is over.
    """
    for pause in PAUSES_S:
        try:
            answer = target.ask(operation, **fields)
        except ProductionError:
            answer = {}
        if answer and _status(answer) not in _PASSING:
            return answer
        trial.line.pause(pause)
    return target.ask(operation, **fields)


def probe_conditions(trial: Trial, target: "S3Target") -> None:
    """Try to create only, and to replace only what was seen, with each form of an ETag."""
    name = named(target, trial, "condition.txt")
    trial.put("condition.txt", b"one")
    creates = _try(trial, target, name, b"two", {"IfNoneMatch": "*"})
    swaps = _try(trial, target, name, b"three", {"IfMatch": _WRONG})
    etag = str(ask(trial, target, "head_object", Key=name).get("ETag", "")).removeprefix("W/")
    quoted = _try(trial, target, name, b"four", {"IfMatch": etag})
    if quoted != "written":
        bare = _try(trial, target, name, b"five", {"IfMatch": etag.strip('"')})
    else:
        bare = "not needed"
    works = "written" in {quoted, bare}
    if creates == swaps == "refused" and works:
        form = "" if quoted == "written" else ", with ETags without their quotes"
        trial.probes.ok("conditions", f"the store refuses to write over what is new to us{form}")
    elif creates == "refused":
        trial.probes.warn(
            "conditions",
            f"the store creates only what is not there, but replacing on condition is {swaps}",
            means=_ONE_AT_A_TIME,
            remedy=_AGREE,
        )
    else:
        trial.probes.warn(
            "conditions",
            f"conditional writes: creating is {creates}, replacing is {swaps}",
            means=_ONE_AT_A_TIME,
            remedy=_AGREE,
        )


def _try(
    trial: Trial, target: "S3Target", name: str, data: bytes, condition: Mapping[str, str]
) -> str:
    """Give what became of a write on condition: written, refused, unknown to the store ..."""
    answer = ask(trial, target, "put_object", Key=name, Body=data, **condition)
    if "Error" not in answer:
        is_wrong = "IfNoneMatch" in condition or condition.get("IfMatch") == _WRONG
        return "ignored" if is_wrong else "written"
    if _status(answer) == 501 or code_of(answer) == "NotImplemented":
        return "unknown to it (501)"
    return "refused" if _status(answer) in {409, 412} else f"answered with {code_of(answer)}"


def probe_multipart(trial: Trial, target: "S3Target") -> None:
    """Send an object in parts, and give up another one."""
    name = named(target, trial, "parts.bin")
    trial.written[trial.key("parts.bin")] = b"parts"
    begun = ask(trial, target, "create_multipart_upload", Key=name)
    upload = begun.get("UploadId")
    if upload is None:
        _no_parts(trial, f"large files cannot be sent in parts: {code_of(begun)}")
        return
    try:
        part = ask(
            trial, target, "upload_part", Key=name, UploadId=upload, PartNumber=1, Body=b"parts"
        )
        listed = ask(trial, target, "list_parts", Key=name, UploadId=upload)
        parts = [{"PartNumber": 1, "ETag": str(part.get("ETag", "")).removeprefix("W/")}]
        done = ask(
            trial,
            target,
            "complete_multipart_upload",
            Key=name,
            UploadId=upload,
            MultipartUpload={"Parts": parts},
        )
        if "Error" not in done and target.read(trial.key("parts.bin")) != b"parts":
            done = {"Error": {"Code": "the bytes came back as others"}}
    finally:
        other = ask(trial, target, "create_multipart_upload", Key=name).get("UploadId")
        ended = [
            ask(trial, target, "abort_multipart_upload", Key=name, UploadId=one)
            for one in (upload, other)
            if one
        ]
    if "Error" in done:
        _no_parts(trial, f"large files cannot be sent in parts: {code_of(done)}")
    elif "Error" in listed:
        trial.probes.warn(
            "multipart",
            f"parts that were sent cannot be listed: {code_of(listed)}",
            means="a large file that was cut off is sent again from its beginning",
            remedy=f"allow s3:ListMultipartUploadParts: {trial.console.rights}",
        )
    elif other and "Error" in ended[-1]:
        trial.probes.warn(
            "multipart",
            f"an upload that was given up cannot be taken away: {code_of(ended[-1])}",
            means="parts of broken uploads stay, are invisible, and cost money",
            remedy=f"allow s3:AbortMultipartUpload: {trial.console.rights}",
        )
    else:
        trial.probes.ok("multipart", "large files can be sent in parts, and given up")


def _no_parts(trial: Trial, found: str) -> None:
    trial.probes.fail(
        "multipart",
        found,
        means="editions of more than 8 MB (about 20 minutes) cannot be published",
        remedy=f"allow s3:PutObject for uploads in parts: {trial.console.rights}",
    )
