"""Writing the files that a target's console or web server needs into a folder of their own."""

from collections.abc import Mapping
from pathlib import Path

from production.targets.consoles import AMAZON, console_of
from production.targets.policies import bucket_files
from production.targets.web_roots import web_files
from programme.errors import ExitCode, ProductionError
from programme.network import Network, TargetSettings
from programme.storage import storage_errors, write_beside


def policy_files(settings: TargetSettings, network: Network, root: Path) -> dict[str, bytes]:
    """Give every file that fits a target, by name.

    Args:
        settings: of the target.
        network: whose base_url tells the host of a web server.
        root: the workspace, for folders relative to it.
    """
    if settings.kind == "s3":
        endpoint = settings.options.get("endpoint", "")
        return bucket_files(settings, console_of(endpoint) if endpoint else AMAZON)
    folder = settings.options.get("path", "public")
    if settings.kind == "folder":
        folder = str((root / folder).resolve())
    return web_files(settings, network, folder)


def write_policies(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files, and give their paths; what stands there with other bytes is kept.

    Raises:
        ProductionError: a file of that name holds something else, or the disk refuses.
    """
    with storage_errors(folder):
        for name, data in files.items():
            path = folder / name
            if path.exists() and path.read_bytes() != data:
                raise ProductionError(
                    "this file is there already, and says something else",
                    where=str(path),
                    remedy="choose another folder with --to, or move the file away",
                    code=ExitCode.USAGE,
                )
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, data in files.items():
        path = folder / name
        write_beside(path, data)
        paths.append(path)
    return paths
