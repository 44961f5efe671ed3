"""Whether strangers, without any credentials, may write to a target or list it."""

from typing import TYPE_CHECKING

from production.targets.exposure import readers_of_names, writers
from production.targets.probing import TEST_FOLDER, Trial
from production.targets.probing_s3 import named
from production.targets.web import fetch
from programme.errors import ProductionError

if TYPE_CHECKING:
    from production.targets.s3 import S3Target


def probe_strangers(trial: Trial, target: "S3Target | None", address: str) -> None:
    """Try to write and to list without credentials, at the store and by the public address.

    Args:
        trial: in which everything was written.
        target: a bucket; None for other kinds of targets.
        address: public one, with its final slash; empty for none.
    """
    if target is None and not address:
        return
    writing: list[str] = []
    listing: list[str] = []
    if target is not None:
        _at_the_store(trial, target, writing, listing)
    if address:
        _by_address(trial, address, writing, listing)
    _tell_writing(trial, writing)
    _tell_listing(trial, listing)


def _at_the_store(trial: Trial, target: "S3Target", writing: list[str], listing: list[str]) -> None:
    name = named(target, trial, "stranger.txt")
    if _can_write(trial, target.address("put_object", name), "stranger.txt"):
        writing.append("a request without credentials has just written there")
    writing += writers(target)
    if _shows_names(trial, f"{target.address('list_objects_v2', '')}?list-type=2&max-keys=1"):
        listing.append("a request without credentials has just listed it")
    listing += readers_of_names(target)


def _by_address(trial: Trial, address: str, writing: list[str], listing: list[str]) -> None:
    if _can_write(trial, address + trial.key("by-address.txt"), "by-address.txt"):
        writing.append("the public address has just taken what a stranger wrote")
    for asked in (f"{address}{TEST_FOLDER}{trial.chance}/", f"{address}?list-type=2"):
        if _shows_names(trial, asked):
            listing.append(f"the public address shows a list: {asked}")
            break


def _shows_names(trial: Trial, address: str) -> bool:
    """Tell whether an answer to a stranger names what stands there."""
    try:
        answer = fetch(address, line=trial.line)
    except ProductionError:
        return False  # nobody answers a stranger
    names = b"sound.chapters.json", b"<ListBucketResult"
    return answer.status == 200 and any(name in answer.body for name in names)


def _can_write(trial: Trial, address: str, name: str) -> bool:
    """Tell whether a request without credentials left something behind."""
    key = trial.key(name)
    trial.written[key] = b""
    data = f"written by a stranger: {trial.chance}".encode()
    try:
        fetch(
            address,
            line=trial.line,
            method="PUT",
            headers={"Content-Type": "text/plain; charset=utf-8"},
            data=data,
        )
    except ProductionError:
        return False  # nobody answers a stranger: he writes nothing
    return trial.target.read(key) is not None


def _tell_writing(trial: Trial, open_: list[str]) -> None:
    """Note whether strangers may change what stands there."""
    if open_:
        trial.probes.fail(
            "strangers-write",
            f"strangers may change what stands there: {open_[0]}",
            means="anybody can put a forged message under your name; nothing is published there",
            remedy=f"take that right away: {trial.console.closed}",
            stops=True,
        )
    else:
        trial.probes.ok("strangers-write", "without credentials nobody may write there")


def _tell_listing(trial: Trial, listers: list[str]) -> None:
    """Note whether strangers may see the names of everything."""
    if listers:
        trial.probes.fail(
            "strangers-list",
            f"strangers may list everything there: {listers[0]}",
            means="they see messages before they are out, and those that were withdrawn",
            remedy=f"allow reading only: {trial.console.closed}",
        )
    else:
        trial.probes.ok("strangers-list", "without credentials nobody may list it")
