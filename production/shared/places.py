"""Where a shared store stands: told by an address or by the table [store] of altavoz.toml."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from production.shared.folder import FolderShelf
from production.shared.store import Shelf
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

NAME = "store"
"""Of the settings, which are those of a target; in messages."""

VARIABLE = "ALTAVOZ_STORE"
"""On a worker, the address by which it sees the shared store, where that is another one."""


def parse_place(address: str, environment: Mapping[str, str]) -> TargetSettings:
    """Read an address such as ``s3://bucket/prefix``, ``/srv/share/altavoz`` or ``../store``.

    Args:
        address: from --store or the environment.
        environment: the process's: it names the server of a bucket that is not Amazon's.

    Raises:
        ProductionError: code USAGE; it is neither.
    """
    if "://" not in address:
        if not address.strip():
            raise _no_address(address)
        return TargetSettings(name=NAME, kind="folder", options={"path": address})
    try:
        parts = urlsplit(address)
        plain = not (parts.port or parts.username or parts.query or parts.fragment)
    except ValueError as error:
        raise _no_address(address) from error
    if parts.scheme == "file" and plain and not parts.netloc and parts.path:
        return TargetSettings(name=NAME, kind="folder", options={"path": parts.path})
    if parts.scheme != "s3" or not plain or not parts.netloc:
        raise _no_address(address)
    options = {"bucket": parts.netloc}
    if prefix := parts.path.strip("/"):
        options["prefix"] = prefix
    if endpoint := own_endpoint(environment):
        options["endpoint"] = endpoint
    return TargetSettings(name=NAME, kind="s3", options=options)


def own_endpoint(environment: Mapping[str, str]) -> str:
    """Give the S3 server that this user has chosen for all programs; empty for Amazon's.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    if environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return ""
    return environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or ""


def open_shelf(settings: TargetSettings, root: Path) -> Shelf:
    """Give the place; reads and sends nothing yet.

    Args:
        settings: of kind ``folder`` or ``s3``.
        root: the workspace, for a path relative to it.

    Raises:
        ProductionError: wrong options, or no credentials.
    """
    if settings.kind == "folder":
        return FolderShelf(root / Path(settings.options["path"]).expanduser())
    from production.shared.s3 import S3Shelf  # boto3 costs half a second

    return S3Shelf(settings)


def absolute(settings: TargetSettings, root: Path) -> TargetSettings:
    """Give settings that mean the same for a process that does not stand in the workspace."""
    if settings.kind != "folder":
        return settings
    path = (root / Path(settings.options["path"]).expanduser()).resolve()
    return TargetSettings(name=settings.name, kind="folder", options={"path": str(path)})


def _no_address(address: str) -> ProductionError:
    return ProductionError(
        f"{address!a} is no address of a shared store",
        where="--store",
        remedy="write a folder's path, or s3://BUCKET/PREFIX",
        code=ExitCode.USAGE,
    )
