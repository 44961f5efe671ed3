"""What measuring a recording says: good, usable, or to be recorded again, and why."""

from functools import cache
from typing import Any

from programme.tables import package_file, read_toml
from programme.takes import ExpectedSpeech, TakeFault, TakeQuality, Verdict

_ORDER = tuple(TakeFault)
_OF_TIMES = frozenset(
    {TakeFault.CUT_START, TakeFault.CUT_END, TakeFault.SLOW, TakeFault.FAST, TakeFault.PAUSE}
)
_WEIGHT = {Verdict.GOOD: 0, Verdict.USABLE: 1, Verdict.AGAIN: 2}


def judge_take(
    quality: TakeQuality, expected: ExpectedSpeech | None
) -> tuple[Verdict, tuple[TakeFault, ...]]:
    """Give the verdict on a recording, and its faults, the worst first.

    Args:
        quality: as measured.
        expected: how long its text takes; None where nobody can tell.
    """
    if not quality.speech_s:
        return Verdict.AGAIN, (TakeFault.SILENT,)
    found = {**_of_sound(quality), **_of_length(quality, expected)}
    if found[TakeFault.NOISY] is Verdict.AGAIN:
        # where speech begins and ends cannot be told under so much noise
        found = {fault: verdict for fault, verdict in found.items() if fault not in _OF_TIMES}
    faults = {fault: verdict for fault, verdict in found.items() if verdict is not Verdict.GOOD}
    ordered = sorted(faults, key=lambda one: (-_WEIGHT[faults[one]], _ORDER.index(one)))
    worst = max(faults.values(), key=lambda one: _WEIGHT[one], default=Verdict.GOOD)
    return worst, tuple(ordered)


def _of_sound(quality: TakeQuality) -> dict[TakeFault, Verdict]:
    found = {
        TakeFault.SOFT: _below("speech_db", quality.speech_db),
        TakeFault.NOISY: _below("snr_db", quality.snr_db),
        TakeFault.HUM: _above("hum_db", quality.hum_db),
        TakeFault.CLIPPED: _above("clipped", quality.clipped),
        TakeFault.PAUSE: _above("pause_s", quality.longest_pause_s),
        TakeFault.ECHO: _above("echo_s", quality.echo_s),
    }
    seen = {
        TakeFault.CUT_START: quality.starts_at_once,
        TakeFault.CUT_END: quality.ends_at_once,
        TakeFault.ONE_SIDED: quality.one_sided,
    }
    found.update({fault: Verdict.USABLE for fault, is_so in seen.items() if is_so})
    return found


def _of_length(quality: TakeQuality, expected: ExpectedSpeech | None) -> dict[TakeFault, Verdict]:
    if expected is None or not expected.seconds:
        return {}
    if abs(quality.speech_s - expected.seconds) < _limits()["off_by_s"]:
        return {}
    ratio = quality.speech_s / expected.seconds
    kind = "" if expected.is_read else "retold_"
    found = {
        TakeFault.SHORT: _below(f"{kind}short", ratio),
        TakeFault.LONG: _above(f"{kind}long", ratio),
    }
    wrong = any(verdict is not Verdict.GOOD for verdict in found.values())
    if not wrong and expected.is_read and expected.seconds >= _limits()["pace_from_s"]:
        found[TakeFault.FAST] = _above("fast", 1 / ratio)
        found[TakeFault.SLOW] = _below("slow", 1 / ratio)
    return found


def _below(name: str, value: float | None) -> Verdict:
    """Judge a figure that should be high; None is fine."""
    limits = _limits()[name]
    if value is None or value >= limits["usable"]:
        return Verdict.GOOD
    return Verdict.AGAIN if value < limits.get("again", float("-inf")) else Verdict.USABLE


def _above(name: str, value: float | None) -> Verdict:
    """Judge a figure that should be low; None is fine."""
    limits = _limits()[name]
    if value is None or value <= limits["usable"]:
        return Verdict.GOOD
    return Verdict.AGAIN if value > limits.get("again", float("inf")) else Verdict.USABLE


@cache
def _limits() -> dict[str, Any]:
    return dict(read_toml(package_file("audio", "take_limits.toml")))
