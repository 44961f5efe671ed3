"""Why a step runs: never built, an input, a setting or a tool changed, or its result is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from production.journal import Journal
from programme.digests import Plain
from programme.units import Fingerprint


class Why(StrEnum):
    """The kinds of reasons."""

    NEW = "never built"
    CHANGED = "changed"
    TOOLS = "the sound tools or voices changed"
    GONE = "the result is missing or damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one step runs."""

    why: Why
    inputs: tuple[str, ...] = ()
    """Names of the inputs that changed, sorted."""

    def __str__(self) -> str:
        """The reason in words."""
        return f"{', '.join(self.inputs)} {self.why}" if self.inputs else str(self.why)


_TOOLS = frozenset({"tools", "version"})


def reason_for(
    label: str, fingerprint: Fingerprint, inputs: Mapping[str, Plain], journal: Journal
) -> Reason:
    """Compare a step with what it was when it last ran."""
    last = journal.last_inputs(label)
    if last is None:
        return Reason(why=Why.NEW)
    before, old = last
    if before == fingerprint:
        return Reason(why=Why.GONE)
    changed = {name for name in {*old, *inputs} if old.get(name) != _as_json(inputs.get(name))}
    if changed and changed <= _TOOLS:
        return Reason(why=Why.TOOLS)
    return Reason(why=Why.CHANGED, inputs=tuple(sorted(changed - _TOOLS)))


def _as_json(value: Plain) -> Plain:
    """Give a value as it comes back from JSON, where every sequence is a list."""
    if isinstance(value, Mapping):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    return value
