"""Reads a target as a listener does: at its public address, without credentials.

What the store holds and what people get are two things where a cache, a CDN or a wrong address
stands between. Only what was read at the target itself is held against it, and what was withdrawn
lately is asked for, because caches keep it longest when it matters most.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from production.targets.base import Target
from production.targets.known_objects import Role
from production.targets.line import Line
from production.targets.sending import PARALLEL
from production.targets.target_view import TargetView
from production.targets.verdicts import Judged, TargetReport, TargetVerdict, worst
from production.targets.web import follow
from programme.errors import ProductionError
from programme.units import Key

_LATELY = timedelta(days=14)
"""Caches keep what is immutable for a day by our rules; some keep it longer by their own."""

_MOST_BYTES = 1 << 29
_OK = 200
_CHECKED = frozenset({TargetVerdict.OK, TargetVerdict.OUTDATED, TargetVerdict.EXPIRED})


def read_in_public(
    view: TargetView, target: Target, report: TargetReport, *, line: Line, base_url: str = ""
) -> None:
    """Add to a report what the public address gives otherwise than the target holds.

    Args:
        view: what the workspace knows of the target.
        target: open.
        report: of the target, as it was read back.
        line: carries the deadline.
        base_url: with a final slash; empty for the network's own.
    """
    base = base_url or view.base_url
    asked = [one for one in report.objects if one.is_read and one.verdict in _CHECKED]
    gone = [
        Key(key)
        for key, one in view.objects.items()
        if one.role is Role.GONE and view.now - one.since <= _LATELY
    ]
    # Where nothing answers at all, once is enough.
    first = [_look(target, base, one, line) for one in asked[:1]]
    if any("HTTP" not in problem and problem for _, problem in first):
        _add(report, first)
        return
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        found = [*first, *pool.map(lambda one: _look(target, base, one, line), asked[1:])]
        found += [
            (Judged(key=key, verdict=TargetVerdict.OK), problem)
            for key, problem in pool.map(lambda key: _look_for_gone(base, key, line), gone)
        ]
    _add(report, found)


def _add(report: TargetReport, found: list[tuple[Judged, str]]) -> None:
    told = {one.key: problem for one, problem in found if problem}
    known = {one.key for one in report.objects}
    report.objects = [
        *(_worse(one, told[one.key]) if one.key in told else one for one in report.objects),
        *(
            Judged(key=key, verdict=TargetVerdict.UNSERVED, problem=problem)
            for key, problem in told.items()
            if key not in known
        ),
    ]


def _worse(one: Judged, problem: str) -> Judged:
    before = [(one.verdict, one.problem)] if one.verdict is not TargetVerdict.OK else []
    verdict, said = worst([*before, (TargetVerdict.UNSERVED, problem)])
    return replace(one, verdict=verdict, problem=said)


def _look(target: Target, base: str, one: Judged, line: Line) -> tuple[Judged, str]:
    """Say what is wrong with an object at its public address; empty where nothing is."""
    try:
        answer = follow(base + quote(one.key), line=line, limit_bytes=_MOST_BYTES)
    except ProductionError as error:
        return one, error.problem
    if answer.status != _OK:
        return one, f"the public address answers HTTP {answer.status}"
    if answer.body != target.read(Key(one.key)):
        age = answer.header("Age")
        held = f", which a cache has held for {age} s" if age.isdigit() else ""
        return one, f"the public address gives other bytes (HTTP 200){held}"
    return one, ""


def _look_for_gone(base: str, key: Key, line: Line) -> tuple[Key, str]:
    try:
        answer = follow(base + quote(key), line=line, method="HEAD")
    except ProductionError as error:
        return key, error.problem
    served = answer.status == _OK
    return key, "withdrawn, and the public address still gives it" if served else ""
