"""Places that editions are published to, one module each."""

from pathlib import Path

from production.targets.base import Target
from production.targets.folder import FolderTarget
from production.targets.line import Line
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

__all__ = ["Line", "Target", "open_target"]


def open_target(settings: TargetSettings, root: Path, *, line: Line | None = None) -> Target:
    """Give the target that a workspace names; reads and sends nothing yet.

    Args:
        settings: from altavoz.toml.
        root: the workspace's folder, for paths relative to it.
        line: the cap, the deadline and the listener that all transfers share; None for a line
            without any.

    Raises:
        ProductionError: no such kind, wrong options, or no credentials where they are needed.
    """
    if settings.kind == "folder":
        return FolderTarget(settings, root, line=line)
    if settings.kind == "s3":
        from production.targets.s3 import S3Target  # boto3 costs half a second: only when asked

        return S3Target(settings, line=line or Line())
    if settings.kind == "sftp":
        return _open_sftp(settings, line)
    raise ProductionError(
        f"no target is of kind {settings.kind!a}",
        where=f"altavoz.toml: target {settings.name}",
        remedy='write kind = "folder", "s3" or "sftp"',
        code=ExitCode.TARGET,
    )


def _open_sftp(settings: TargetSettings, line: Line | None) -> Target:
    try:
        from production.targets.sftp import SftpTarget
    except ModuleNotFoundError as error:
        if error.name != "paramiko":
            raise
        raise ProductionError(
            "publishing over SSH needs a part of Altavoz that is not installed",
            where=f"altavoz.toml: target {settings.name}",
            remedy="install Altavoz with its extra ssh: docs/targets.md says how",
            code=ExitCode.TARGET,
        ) from error
    return SftpTarget(settings, line=line)
