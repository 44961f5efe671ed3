"""The options --cluster and --store, for commands that build; reads keys and the environment."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from commands.key_places import user_folder
from commands.store_consent import require_consent
from commands.terminal import talk, talk_wrapped
from programme.errors import ExitCode, ProductionError
from programme.wording import counted

if TYPE_CHECKING:
    from production.building import Workshop
    from production.shared.records import RecordKey
    from production.shared.results import SharedCounts
    from production.steps import Plan
    from programme.network import TargetSettings
    from scripts.workspace import Workspace

_C = TypeVar("_C", bound=Callable[..., object])

store_option = click.option(
    "--store",
    metavar="PLACE",
    default="",
    help="A store that machines share: a folder, or s3://BUCKET/PREFIX; over [store].",
)
insecure_option = click.option(
    "--insecure",
    is_flag=True,
    help="Let words travel over tcp:// without encryption, on a private network.",
)


def elsewhere_options(command: _C) -> _C:
    """Add --cluster, --store and --insecure to a command."""
    cluster = click.option(
        "--cluster",
        metavar="ADDRESS",
        default="",
        help="Have workers at a Dask scheduler do the work, such as tls://scheduler:8786.",
    )
    return cluster(store_option(insecure_option(command)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line says of other machines."""

    cluster: str = ""
    store: str = ""
    insecure: bool = False


ALONE = Asked()
"""Nothing but what altavoz.toml says."""


@contextmanager
def shared_with(
    workshop: "Workshop", workspace: "Workspace", plan: "Plan", asked: Asked
) -> Iterator[None]:
    """Have a workshop share work and results with other machines, where that is asked for.

    Raises:
        ProductionError: no store is named for a cluster, no key is there for a store, an address
            is none, words must not travel to it, or nobody has allowed the store here.
    """
    place = chosen_place(workspace.network.store, asked.store)
    if asked.cluster and check_cluster(asked.cluster, insecure=asked.insecure):
        from production.elsewhere import refuse_protected

        refuse_protected(workspace, plan, asked.cluster)
    if place is None:
        if asked.cluster:
            raise no_store()
        yield
        return
    key = read_key()
    if key is None and not asked.cluster:
        if asked.store:
            raise no_key()
        talk("No key of the shared store is here: what others made is not used.")
        yield
        return
    if not asked.store:  # who names it on the command line knows where everything goes
        require_consent(workspace.root, place)
    from production.elsewhere import Elsewhere  # most builds share nothing

    with Elsewhere(workshop, place, key=key, cluster=asked.cluster, talk=talk_wrapped) as elsewhere:
        workshop.elsewhere = elsewhere
        try:
            yield
        finally:
            workshop.elsewhere = None
    _tell(elsewhere.counts)


def _tell(counts: "SharedCounts") -> None:
    if counts.taken or counts.given:
        talk(f"Shared store: {counted(counts.taken, 'step')} taken, {counts.given} given.")
    if counts.refused:
        talk_wrapped(
            f"{counted(counts.refused, 'record')} in the shared store had no seal of your key, and "
            "were taken away unused: somebody else may write there. See docs/cluster.md."
        )
    if counts.damaged:
        talk_wrapped(
            f"{counted(counts.damaged, 'object')} in the shared store were damaged, and were taken "
            "away unused."
        )


def check_cluster(address: str, *, insecure: bool) -> bool:
    """Refuse an address that words must not travel to; True where they would travel in the open.

    Raises:
        ProductionError: see ``production.cluster.client.check_address``; or Dask is not installed.
    """
    from production.elsewhere import not_installed

    try:
        from production.cluster.client import check_address, is_open
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    check_address(address, insecure=insecure)
    return is_open(address)


def chosen_place(written: "TargetSettings | None", named: str) -> "TargetSettings | None":
    """Give where the shared store stands: as --store says, from here, else as altavoz.toml does."""
    if not named:
        return written
    from production.shared.places import absolute, parse_place

    return absolute(parse_place(named, os.environ), Path.cwd())


def key_path() -> Path:
    """Give where the key of the shared store's records lies on this machine."""
    from production.shared.records import KEY_FILE

    return user_folder() / KEY_FILE


def read_key() -> "RecordKey | None":
    """Give the key of the records: from the environment, or from the user's folder.

    Raises:
        ProductionError: it is none, or others may read its file.
    """
    from production.keys.store import read_small
    from production.shared.records import VARIABLE, parse_key

    text = os.environ.get(VARIABLE, "")
    if text:
        return parse_key(text, VARIABLE)
    path = key_path()
    if not path.is_file():
        return None
    return parse_key(read_small(path, secret=True), str(path))


def no_store() -> ProductionError:
    """Give the error for a cluster without a store that its workers share with this machine."""
    return ProductionError(
        "a cluster needs a store that its workers share with this machine",
        where="--cluster",
        remedy="name a folder that all of them see, or a bucket: --store s3://BUCKET/PREFIX, or "
        "[store] in altavoz.toml; see docs/cluster.md",
        code=ExitCode.USAGE,
    )


def no_key() -> ProductionError:
    """Give the error for a store whose records nobody can tell from forged ones."""
    return ProductionError(
        "this machine has no key of the shared store, and without one nobody knows who wrote what "
        "is there",
        where="--store",
        remedy="make one with altavoz cluster key, or bring it from the machine that has it",
        code=ExitCode.USAGE,
    )
