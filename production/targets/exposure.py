"""Whether strangers may change what a bucket holds: read from its access list and its policy.

Whoever can write where we publish can put any words under our name, so that nothing is published
into such a bucket. What a server does not tell us (many know neither list nor policy, and least
rights may not ask) is not held against it: `altavoz targets test` tries it out.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
("The meaning of public")
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from programme.errors import ExitCode, ProductionError

_GROUPS = {"AllUsers": "everybody", "AuthenticatedUsers": "every customer of the store"}
"""Last part of a group's URI in an access list: everybody, and everybody who has an account."""

_CHANGING = {"WRITE", "WRITE_ACP", "FULL_CONTROL"}

CHANGES = (
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:PutObjectAcl",
    "s3:DeleteObjectVersion",
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:DeleteBucket",
    "s3:PutBucketWebsite",
    "s3:PutLifecycleConfiguration",
)
"""Actions by which a stranger could change or take away what listeners get."""

_FIXING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
}
"""Keys of conditions that keep strangers out where they name something certain."""

_WIDE = {"*", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "::/0"}
"""Values that let everybody in all the same."""

LISTS = ("s3:ListBucket", "s3:ListBucketVersions")


class Asked(Protocol):
    """A bucket that can be asked about itself."""

    bucket: str
    prefix: str

    def ask(self, operation: str, **fields: object) -> dict[str, Any]:
        """Send one request; gives the answer, also a refusal."""
        ...


def refuse_open(target: object, where: str) -> None:
    """Refuse to publish where strangers may write; asks two things, and nothing of a folder.

    Args:
        target: as opened.
        where: what the operator knows it by.

    Raises:
        ProductionError: code TARGET; its access list or policy lets strangers write.
    """
    if not hasattr(target, "ask"):
        return
    bucket: Asked = target  # type: ignore[assignment]
    for who in writers(bucket):
        raise ProductionError(
            f"strangers may change what stands in this bucket: {who}",
            where=where,
            remedy="take that right away in the store's console, see what it should be with: "
            "altavoz targets test; then publish again. Nothing was sent.",
            code=ExitCode.TARGET,
        )


def writers(bucket: Asked) -> Iterator[str]:
    """Say who may change things there without being one of us, as far as the server tells."""
    acl = _asked(bucket, "get_bucket_acl")
    yield from (f"its access list lets {who} write" for who in groups_of(acl, _CHANGING))
    name = open_action(policy_of(_asked(bucket, "get_bucket_policy")), CHANGES)
    if name:
        yield f"its policy lets everybody do {name}"


def readers_of_names(bucket: Asked) -> Iterator[str]:
    """Say who may list everything there, as far as the server tells."""
    acl = _asked(bucket, "get_bucket_acl")
    yield from (f"its access list lets {who} list it" for who in groups_of(acl, {"READ"}))
    name = open_action(policy_of(_asked(bucket, "get_bucket_policy")), LISTS)
    if name:
        yield f"its policy lets everybody do {name}"


def _asked(bucket: Asked, operation: str) -> Mapping[str, Any]:
    try:
        answer = bucket.ask(operation)
    except ProductionError:
        return {}  # a store that does not know the question may answer in no form at all
    return {} if "Error" in answer else answer


def groups_of(acl: Mapping[str, Any], rights: set[str]) -> list[str]:
    """Give the groups of strangers that an access list gives one of these rights.

    Args:
        acl: as boto3 gives it, with ``Grants``.
        rights: ``READ``, ``WRITE`` ...; who has FULL_CONTROL has them all.
    """
    found = []
    for grant in acl.get("Grants") or ():
        group = str((grant.get("Grantee") or {}).get("URI", "")).rpartition("/")[2]
        if group in _GROUPS and grant.get("Permission") in {*rights, "FULL_CONTROL"}:
            found.append(_GROUPS[group])
    return sorted(set(found))


def policy_of(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the policy out of boto3's answer; empty where there is none or it is none."""
    try:
        policy = json.loads(str(answer.get("Policy") or "{}"))
    except json.JSONDecodeError:
        return {}
    return policy if isinstance(policy, dict) else {}


def open_action(policy: Mapping[str, Any], actions: Sequence[str]) -> str:
    """Give the first of these actions that a policy allows everybody; empty for none.

    A statement is not for everybody where a condition ties it to an account, a network or
    addresses; a referrer or a user agent, which anybody can send, ties nothing. What another
    statement denies is not weighed against it.

    Args:
        policy: as a store keeps it.
        actions: as ``s3:PutObject``; letters' case does not matter, as for the stores.
    """
    for one in _several(policy.get("Statement")):
        if not isinstance(one, dict) or one.get("Effect") != "Allow":
            continue
        if not _is_everybody(one.get("Principal")) and "NotPrincipal" not in one:
            continue
        if _is_tied(one.get("Condition")):
            continue
        for action in actions:
            if _allows(one, action):
                return action
    return ""


def _is_everybody(principal: object) -> bool:
    if isinstance(principal, dict):
        return any(_is_everybody(one) for one in principal.values())
    if isinstance(principal, list):
        return any(_is_everybody(one) for one in principal)
    return principal == "*"


def _is_tied(condition: object) -> bool:
    """Tell whether a condition lets only somebody certain in."""
    if not isinstance(condition, dict):
        return False
    for operator, tested in condition.items():
        sure = not re.search("Not|IfExists|Null", str(operator)) and isinstance(tested, dict)
        for key, values in tested.items() if sure else ():
            if str(key).lower() in _FIXING and not _WIDE.intersection(map(str, _several(values))):
                return True
    return False


def _allows(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not any(_matches(str(one), action) for one in _several(statement["NotAction"]))
    return any(_matches(str(one), action) for one in _several(statement.get("Action")))


def _several(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _matches(pattern: str, action: str) -> bool:
    """Compare as policies do: ``*`` for any letters, ``?`` for one."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), action, re.IGNORECASE | re.DOTALL) is not None
