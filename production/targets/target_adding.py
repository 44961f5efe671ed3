"""A new target in altavoz.toml: a table with comments at its end, and every other byte as it was.

What can be found out is not asked: the kind from the options, the region from the store's address.
Nothing secret is ever written there, because a workspace is shared.
"""

import json
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from programme.errors import ExitCode, ProductionError
from programme.findings import Findings, Severity
from programme.identifiers import ID_RULE, is_id
from programme.network import Network, TargetSettings
from programme.storage import storage_errors, write_beside
from scripts.read_network import NETWORK_FILE, read_network
from scripts.tree import Tree
from scripts.wording import shown

COMMENTS = {
    "path": "A folder: of a web server, a mounted stick, or inside this workspace.",
    "mount": "Where its disk is mounted: nothing is written while it is not.",
    "bucket": "The bucket, as the store's console names it.",
    "prefix": "Everything goes below this name, so that other things may stand in the bucket.",
    "endpoint": "The store's address. Whoever publishes must have chosen it, too: in\n"
    "AWS_ENDPOINT_URL_S3, or as endpoint_url in the profile.",
    "region": "Where the bucket is.",
    "profile": "Whose credentials: a profile of ~/.aws/credentials, never the keys themselves.",
    "checksums": "when_required for stores that refuse newer checksums.",
    "host": "The server.",
    "port": "Of its SSH.",
    "user": "Who logs in there, with a key of yours: never a password here.",
    "identity": "The file of that key, on the machine that publishes.",
}
"""What stands above each key, where it does not explain itself."""

_SECRET = re.compile(
    r"(?:A3T[A-Z0-9]|AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}|-----BEGIN|"
    r"(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]*[0-9])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
"""Shapes of access keys, secret keys and private keys."""

_REGIONS = (
    re.compile(r"s3[.-]([a-z]{2}(?:-[a-z]+)+-[0-9]+)\.amazonaws\.com(?:\.cn)?\Z"),
    re.compile(r"s3\.([a-z0-9-]+)\.backblazeb2\.com\Z"),
    re.compile(r"([a-z0-9]+)\.your-objectstorage\.com\Z"),
    re.compile(r"s3\.([a-z0-9-]+)\.(?:wasabisys\.com|scw\.cloud)\Z"),
)
"""Stores whose address tells the region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTarget:
    """A target that is not written yet."""

    settings: TargetSettings
    lines: str
    """The table as it will stand in altavoz.toml, with comments."""
    text: str
    """The whole of altavoz.toml with it."""
    before: bytes
    """What altavoz.toml was when this was planned."""
    network: Network
    """As it is with the new target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody said of a new target."""

    name: str
    kind: str = ""
    """Empty: as the options tell."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Those that were given."""
    demo: bool = False


def plan_target(root: Path, wanted: Wanted) -> NewTarget:
    """Give altavoz.toml with a new target, checked as it will be read.

    Raises:
        ProductionError: the name is taken or none; an option is wrong, missing or a secret; or
            the file cannot be changed safely.
    """
    path = root / NETWORK_FILE
    with storage_errors(path):
        before = path.read_bytes()
    settings = _settings(wanted)
    try:
        old = before.decode("utf-8")
        _refuse_taken(tomllib.loads(old.removeprefix("\ufeff")), wanted.name)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProductionError(
            "this file has errors",
            where=NETWORK_FILE,
            remedy="see them with: altavoz check",
            code=ExitCode.FINDINGS,
        ) from error
    lines = render_target(settings)
    text = with_table(old, lines)
    if not _differs_in_target_alone(old, text, settings):
        raise ProductionError(
            "the targets in this file cannot be changed by a program as they are written",
            where=NETWORK_FILE,
            remedy=f"write it yourself:\n{lines}",
        )
    network = _checked(text, settings.name)
    return NewTarget(settings=settings, lines=lines, text=text, before=before, network=network)


def write_target(root: Path, new: NewTarget) -> None:
    """Write altavoz.toml with the new target.

    Raises:
        ProductionError: somebody changed the file meanwhile, or the disk refuses.
    """
    path = root / NETWORK_FILE
    with storage_errors(path):
        now = path.read_bytes()
    if now != new.before:
        raise ProductionError(
            "somebody changed this file at the same moment",
            where=NETWORK_FILE,
            remedy="run the command again",
            code=ExitCode.BUSY,
        )
    write_beside(path, new.text.encode("utf-8"))


def render_target(settings: TargetSettings) -> str:
    """Give the table of a target, with a comment above each key; ends with a line's end."""
    lines = [
        f"# Where `altavoz publish {settings.name}` puts the result. Whether it is fit for that is",
        f"# tried by `altavoz targets test {settings.name}`.",
        f"[targets.{settings.name}]",
        f"kind = {_quoted(settings.kind)}",
    ]
    for key, value in settings.options.items():
        lines += [f"# {one}" for one in COMMENTS.get(key, "").split("\n") if one]
        lines.append(f"{key} = {_quoted(value)}")
    if settings.demo:
        lines.append("# A rehearsal: facts marked demo may go here. Listeners never do.")
        lines.append("demo = true")
    return "\n".join(lines) + "\n"


def with_table(text: str, lines: str) -> str:
    """Give a TOML text with a table at its end, in its own line ends."""
    break_ = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith("\n") else break_
    gap += break_ if text.strip() else ""
    return text + gap + lines.replace("\n", break_)


def find_region(endpoint: str) -> str:
    """Give the region that a store's address tells; empty where it tells none."""
    host = urlsplit(endpoint).hostname or ""
    if host.endswith(".r2.cloudflarestorage.com"):
        return "auto"
    return next((found[1] for one in _REGIONS if (found := one.match(host))), "")


def _settings(wanted: Wanted) -> TargetSettings:
    if not is_id(wanted.name):
        raise ProductionError(
            f"{shown(wanted.name)} cannot be the name of a target",
            where=NETWORK_FILE,
            remedy=ID_RULE,
            code=ExitCode.USAGE,
        )
    options = {key: value.strip() for key, value in wanted.options.items() if value.strip()}
    for key, value in options.items():
        _refuse_secret(key, value)
    bucket, slash, prefix = options.get("bucket", "").removeprefix("s3://").partition("/")
    if slash:
        options |= {"bucket": bucket} | ({"prefix": prefix} if prefix.strip("/") else {})
    elif bucket:
        options["bucket"] = bucket
    if "prefix" in options:
        options["prefix"] = options["prefix"].strip("/")
    kind = wanted.kind or _kind_of(options)
    if kind == "s3" and "region" not in options and find_region(options.get("endpoint", "")):
        options["region"] = find_region(options["endpoint"])
    if kind == "folder" and "path" not in options:
        options["path"] = wanted.name
    ordered = {key: options[key] for key in (*COMMENTS, *sorted(options)) if key in options}
    return TargetSettings(name=wanted.name, kind=kind, options=ordered, demo=wanted.demo)


def _kind_of(options: Mapping[str, str]) -> str:
    if "bucket" in options:
        return "s3"
    return "sftp" if "host" in options else "folder"


def _refuse_secret(key: str, value: str) -> None:
    try:
        has_user = key == "endpoint" and bool(urlsplit(value).username)
    except ValueError:
        has_user = False
    if has_user or _SECRET.search(value):
        raise ProductionError(
            f"what is given for {key} looks like a secret, and a workspace is shared",
            where=NETWORK_FILE,
            remedy="keep it in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a profile of "
            "yours; if others have seen it, make a new one in the store's console",
            code=ExitCode.USAGE,
        )
    if not value.isprintable():
        raise ProductionError(
            f"what is given for {key} holds letters that cannot be seen",
            where=NETWORK_FILE,
            remedy="type it anew instead of copying it",
            code=ExitCode.USAGE,
        )


def _refuse_taken(table: Mapping[str, object], name: str) -> None:
    targets = table.get("targets")
    if isinstance(targets, dict) and name in targets:
        raise ProductionError(
            f"there is a target {name} already",
            where=NETWORK_FILE,
            remedy=f"choose another name, or change its table [targets.{name}]",
            code=ExitCode.USAGE,
        )


def _differs_in_target_alone(old: str, new: str, settings: TargetSettings) -> bool:
    try:
        before, after = (
            tomllib.loads(old.removeprefix("\ufeff")),
            tomllib.loads(new.removeprefix("\ufeff")),
        )
    except tomllib.TOMLDecodeError:
        return False
    targets = before.setdefault("targets", {})
    if not isinstance(targets, dict) or not new.startswith(old):
        return False
    demo = {"demo": True} if settings.demo else {}
    targets[settings.name] = {"kind": settings.kind, **settings.options, **demo}
    return before == after


def _checked(text: str, name: str) -> Network:
    """Read the new text as every command will.

    Raises:
        ProductionError: something is wrong with the new target, or was with the file before.
    """
    findings = Findings()
    with (
        storage_errors(Path(tempfile.gettempdir())),
        tempfile.TemporaryDirectory(prefix="altavoz-") as scratch,
    ):
        Path(scratch, NETWORK_FILE).write_text(text, encoding="utf-8", newline="")
        network = read_network(Tree(root=Path(scratch).resolve(), findings=findings), findings)
    for one in findings:
        if one.severity is Severity.ERROR:
            raise ProductionError(
                one.problem, where=f"{NETWORK_FILE}: target {name}", remedy=one.remedy
            )
    if network is None:
        raise ProductionError(
            "this file has errors", where=NETWORK_FILE, remedy="see them with: altavoz check"
        )
    return network


def _quoted(value: str) -> str:
    """Give a TOML string: JSON's escapes are TOML's, but for DEL, which is refused before."""
    return json.dumps(value, ensure_ascii=False)
