"""What a bucket keeps that was deleted, and deletes that should be kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from production.targets.probing import TEST_FOLDER, Trial
from production.targets.probing_s3 import ask, code_of

if TYPE_CHECKING:
    from production.targets.s3 import S3Target

_FROZEN = {"GLACIER", "DEEP_ARCHIVE", "ARCHIVE"}
"""Classes of storage that nobody can read from at once."""


def probe_versions(trial: Trial, target: "S3Target") -> None:
    """Look whether what is deleted is gone, since a retraction deletes."""
    lock = ask(trial, target, "get_object_lock_configuration")
    kept = lock.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    if kept:
        trial.probes.fail(
            "versions",
            f"the bucket's object lock keeps everything: {kept.get('Mode', 'retention')}, "
            f"{kept.get('Days') or kept.get('Years')} {'days' if kept.get('Days') else 'years'}",
            means="withdrawn messages cannot be deleted before that time is over",
            remedy=f"take the default retention away, or use another bucket: "
            f"{trial.console.versions}",
        )
        return
    answer = ask(trial, target, "get_bucket_versioning")
    if "Error" in answer:
        trial.probes.skip("versions", f"the store does not tell: {code_of(answer)}")
    elif answer.get("Status") == "Enabled":
        trial.probes.warn(
            "versions",
            "the bucket keeps old versions of everything",
            means="withdrawn messages stay as old versions: hidden from listeners unless strangers "
            "may s3:GetObjectVersion, and paid for",
            remedy="keep them 30 days at most, by the rule NoncurrentVersionExpiration of "
            f"lifecycle.json: {trial.console.lifecycle}",
        )
    else:
        trial.probes.ok("versions", "what is deleted is gone")


def probe_lifecycle(trial: Trial, target: "S3Target") -> None:
    """Look whether broken uploads are taken away, and nothing that listeners need."""
    answer = ask(trial, target, "get_bucket_lifecycle_configuration")
    if "Error" in answer and code_of(answer) != "NoSuchLifecycleConfiguration":
        trial.probes.skip("lifecycle", f"the store does not tell: {code_of(answer)}")
        return
    below = f"{target.prefix}/" if target.prefix else ""
    rules = [one for one in answer.get("Rules") or () if _concerns(one, below)]
    for rule in rules:
        harm = _harm(rule)
        if harm:
            trial.probes.fail(
                "lifecycle",
                f"the rule {rule.get('ID', 'without a name')!a} {harm}",
                means="media that feeds still name would be gone, and listeners get an error",
                remedy=f"delete that rule: {trial.console.lifecycle}",
            )
            return
    if any("AbortIncompleteMultipartUpload" in one for one in rules):
        trial.probes.ok("lifecycle", "broken uploads are taken away, and nothing else")
        return
    trial.probes.warn(
        "lifecycle",
        "no rule takes broken uploads away",
        means="parts of uploads that were cut off stay, are invisible, and cost money",
        remedy=f"add the rule of lifecycle.json: {trial.console.lifecycle}",
    )


def _prefix(rule: Mapping[str, Any]) -> str:
    chosen = rule.get("Filter") or {}
    return str(
        rule.get("Prefix") or chosen.get("Prefix") or chosen.get("And", {}).get("Prefix") or ""
    )


def _concerns(rule: Mapping[str, Any], below: str) -> bool:
    """Tell whether a rule acts on what we publish, which carries no tags."""
    chosen = rule.get("Filter") or {}
    if rule.get("Status") != "Enabled" or chosen.get("Tag") or chosen.get("And", {}).get("Tags"):
        return False
    prefix = _prefix(rule)
    if prefix.startswith(f"{below}{TEST_FOLDER}"):
        return False
    return below.startswith(prefix) or prefix.startswith(below)


def _harm(rule: Mapping[str, Any]) -> str:
    expiry = rule.get("Expiration") or {}
    if expiry.get("Days") or expiry.get("Date"):
        after = f"after {expiry['Days']} days" if expiry.get("Days") else "on a day"
        return f"deletes everything {after}"
    moved = [one for one in rule.get("Transitions") or () if one.get("StorageClass") in _FROZEN]
    if moved:
        return f"moves everything to {moved[0]['StorageClass']}, where nobody can fetch it at once"
    return ""
