"""Places that editions are published to, one module each."""

from pathlib import Path

from production.targets.base import Target
from production.targets.folder import FolderTarget
from programme.errors import ExitCode, ProductionError
from programme.network import TargetSettings

__all__ = ["Target", "open_target"]


def open_target(settings: TargetSettings, root: Path) -> Target:
    """Give the target that a workspace names; reads and sends nothing yet.

    Args:
        settings: from altavoz.toml.
        root: the workspace's folder, for paths relative to it.

    Raises:
        ProductionError: no such kind, wrong options, or no credentials where they are needed.
    """
    if settings.kind == "folder":
        return FolderTarget(settings, root)
    if settings.kind == "s3":
        from production.targets.s3 import S3Target  # boto3 costs half a second: only when asked

        return S3Target(settings)
    raise ProductionError(
        f"no target is of kind {settings.kind!a}",
        where=f"altavoz.toml: target {settings.name}",
        remedy='write kind = "folder" or kind = "s3"',
        code=ExitCode.TARGET,
    )
