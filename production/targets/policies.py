"""Ready files for a store's console: who may read, who may write, which pages, what is cleaned.

Strangers read what lies below the prefix and nothing else, and cannot list it. The publisher may
do what a publish needs, and no more. Nothing here holds a secret.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
"""

import json
from collections.abc import Mapping
from html import escape

from production.targets.consoles import Console
from production.targets.probing import TEST_FOLDER
from programme.network import TargetSettings

EXPOSED = ("ETag", "Accept-Ranges", "Content-Range", "Content-Length")
"""Headers that players on other sites' pages read."""

ABORT_DAYS = 7
OLD_VERSIONS_DAYS = 30
TEST_DAYS = 1

_OBJECTS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)
"""What a publish does with objects."""

_BUCKET = ("s3:ListBucket", "s3:ListBucketMultipartUploads")
"""Not tied to the prefix: a store that is asked for a missing object says "forbidden" instead of
"not there" to who may not list, and the prefix is no part of that question."""

_LOOKS = (
    "s3:GetBucketAcl",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketPolicy",
    "s3:GetBucketVersioning",
    "s3:GetLifecycleConfiguration",
)
"""What `altavoz targets test` looks at, and changes nothing by."""


def bucket_files(settings: TargetSettings, console: Console) -> dict[str, bytes]:
    """Give every file for a bucket, by name.

    Args:
        settings: of a target of kind s3.
        console: of its store, whose words stand in README.txt.
    """
    bucket, below = settings.options["bucket"], _below(settings)
    rules = [cors_rule()]
    return {
        "bucket-policy.json": _json(bucket_policy(bucket, below)),
        "publisher-iam.json": _json(publisher_policy(bucket, below)),
        "cors.json": _json({"CORSRules": rules}),
        "cors-console.json": _json(rules),
        "cors.xml": cors_xml(),
        "lifecycle.json": _json({"Rules": lifecycle_rules(below)}),
        "README.txt": _bucket_words(settings, console).encode("utf-8"),
    }


def bucket_policy(bucket: str, below: str) -> dict[str, object]:
    """Let everybody read what lies below a prefix, and nothing else.

    Args:
        bucket: its name.
        below: the prefix with its final slash; empty for the whole bucket.
    """
    return _policy(
        {
            "Sid": "EverybodyReadsWhatIsPublished",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/{below}*",
        }
    )


def publisher_policy(bucket: str, below: str) -> dict[str, object]:
    """Give the publisher the least rights that a publish and its test need."""
    return _policy(
        {
            "Sid": "PublishBelowThePrefix",
            "Effect": "Allow",
            "Action": list(_OBJECTS),
            "Resource": f"arn:aws:s3:::{bucket}/{below}*",
        },
        {
            "Sid": "SeeWhatStandsThere",
            "Effect": "Allow",
            "Action": [*_BUCKET, *_LOOKS],
            "Resource": f"arn:aws:s3:::{bucket}",
        },
    )


def cors_rule() -> dict[str, object]:
    """Let pages of every site read, in parts too, as players on the web do."""
    return {
        "ID": "EverySiteReads",
        "AllowedOrigins": ["*"],
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["Range"],
        "ExposeHeaders": list(EXPOSED),
        "MaxAgeSeconds": 86400,
    }


def cors_xml() -> bytes:
    """Give the rule of ``cors_rule`` as the body of a PutBucketCors request."""
    rule = cors_rule()
    names = {
        "AllowedOrigins": "AllowedOrigin",
        "AllowedMethods": "AllowedMethod",
        "AllowedHeaders": "AllowedHeader",
        "ExposeHeaders": "ExposeHeader",
        "MaxAgeSeconds": "MaxAgeSeconds",
        "ID": "ID",
    }
    lines = [
        f"    <{names[key]}>{escape(str(one))}</{names[key]}>"
        for key, value in rule.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    space = "http://s3.amazonaws.com/doc/2006-03-01/"
    body = "\n".join(lines)
    return (
        f'{head}\n<CORSConfiguration xmlns="{space}">\n  <CORSRule>\n{body}\n  </CORSRule>\n'
        "</CORSConfiguration>\n"
    ).encode()


def lifecycle_rules(below: str) -> list[dict[str, object]]:
    """Take away broken uploads, old versions and what tests left; never what is published."""
    return [
        {
            "ID": "BrokenUploads",
            "Status": "Enabled",
            "Filter": {"Prefix": below},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_DAYS},
        },
        {
            "ID": "OldVersions",
            "Status": "Enabled",
            "Filter": {"Prefix": below},
            "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSIONS_DAYS},
        },
        {
            "ID": "LeftByTests",
            "Status": "Enabled",
            "Filter": {"Prefix": f"{below}{TEST_FOLDER}"},
            "Expiration": {"Days": TEST_DAYS},
        },
    ]


def _policy(*statements: Mapping[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _below(settings: TargetSettings) -> str:
    prefix = settings.options.get("prefix", "").strip("/")
    return f"{prefix}/" if prefix else ""


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode("ascii")


def _bucket_words(settings: TargetSettings, console: Console) -> str:
    bucket, name = settings.options["bucket"], settings.name
    at = settings.options.get("endpoint", "")
    end = f" --endpoint-url {at}" if at else ""
    note = f"\n{console.note}\n" if console.note else ""
    return f"""Files for the bucket {bucket}, where the target {name} publishes, at {console.name}.
{note}
bucket-policy.json   Everybody reads what is published, and nobody lists it.
  {console.readable}
publisher-iam.json   What the publisher may do; no more.
  {console.rights}
cors.json, cors.xml, cors-console.json   Pages of other sites may read; one rule in three forms.
  {console.cors}
lifecycle.json   Broken uploads, old versions and leavings of tests are taken away.
  {console.lifecycle}

The same by Amazon's command line:

  aws s3api put-bucket-policy --bucket {bucket} --policy file://bucket-policy.json{end}
  aws s3api put-bucket-cors --bucket {bucket} --cors-configuration file://cors.json{end}
  aws s3api put-bucket-lifecycle-configuration --bucket {bucket} \\
      --lifecycle-configuration file://lifecycle.json{end}

Each of these replaces what was set before: look at it first where others use the bucket, too.
Then run: altavoz targets test {name}
"""
