"""Judges what stands at a target without being needed there: withdrawn, left over, or foreign."""

import fnmatch
import re
from collections.abc import Collection

from production.targets.base import Listed
from production.targets.documents_there import Found
from production.targets.known_objects import KnownObject, OwnNames, Role, digest_in
from production.targets.probing import TEST_FOLDER
from production.targets.target_view import TargetView
from production.targets.verdicts import TargetVerdict

_TEST = re.compile(re.escape(TEST_FOLDER) + r"[0-9a-f]{16}/")
_HALF = re.compile(r"(?:.*/)?\.[^/]+\.(?:tmp|part)\Z", re.DOTALL)
"""Names under which folders and servers of files get what is not finished."""


def judge_stranger(
    view: TargetView, names: OwnNames, listed: Listed, *, known: Collection[str]
) -> Found:
    """Say what an object is that nothing needs.

    Args:
        view: what the workspace knows of the target.
        names: of our pages and documents.
        listed: as the list shows it.
        known: patterns of names that others keep there.
    """
    name = listed.name
    one = view.objects.get(name)
    if one is not None:
        return _of_ledger(one)
    if name in view.catalogue.gone:
        return TargetVerdict.WITHDRAWN, "the feed of a station that is not public any more"
    left = _left_over(name, names)
    if left:
        return TargetVerdict.LEFTOVER, left
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in known):
        return TargetVerdict.OK, ""
    return TargetVerdict.FOREIGN, "neither the ledger nor any page of ours knows it"


def _of_ledger(one: KnownObject) -> Found:
    day = f"{one.since:%Y-%m-%d}"
    if one.role is Role.GONE:
        return TargetVerdict.WITHDRAWN, f"still there: {one.of}, withdrawn {day}"
    if one.role is Role.PAST:
        return TargetVerdict.LEFTOVER, f"a spoken notice of {one.of}, which left its feeds"
    return TargetVerdict.LEFTOVER, f"replaced {day}: {one.of} has other bytes now"


def _left_over(name: str, names: OwnNames) -> str:
    """Say of what an object is left over; empty where it is not ours."""
    if digest_in(name) is not None:
        return "of a publish that was stopped, or replaced since"
    if names.has(name):
        return "a page or feed that no list of ours names any more"
    return "left by a command that was stopped" if is_half(name) else ""


def is_half(name: str) -> bool:
    """Tell whether a name is one that only unfinished things of ours have."""
    return bool(_HALF.match(name) or _TEST.match(name))
