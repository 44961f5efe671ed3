"""Silencing a rule at its line, with a reason that is kept.

``{{allow terms.irregular-status reason="words of the law"}}`` on a line of a script silences
that rule there. On a line of its own it silences findings about the text as a whole. The words
of the script are the same with it and without, so that no translation or recording goes stale.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from programme.findings import Finding, Findings, Severity
from programme.words import Allowance, Script
from scripts.late_pattern import LatePattern
from scripts.wording import maybe_meant

_MARK = LatePattern(r"\{\{\s*allow\b([^{}]*)\}\}")
_INSIDE = LatePattern(r"\s+([a-z0-9.-]+)\s+reason\s*=\s*[\"“”«]\s*([^\"“”«»]*?)\s*[\"“”»]\s*\Z")
_RULE = LatePattern(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+\Z")
_FORM = 'write {{allow RULE reason="why"}}; the rule stands in brackets at the end of its finding'


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A line, and what somebody allowed on it."""

    words: str
    """The line without its marks."""
    allowed: tuple[Allowance, ...]


def part_allowances(raw: str, *, file: str, line: int, findings: Findings) -> Parted:
    """Take the marks out of a line; those that allow nothing are noted."""
    if "{{" not in raw or "allow" not in raw:
        return Parted(words=raw, allowed=())
    inside = _MARK.findall(raw)
    if not inside:
        return Parted(words=raw, allowed=())
    words = " ".join(_MARK.sub(" ", raw).split())
    found = []
    for text in inside:
        match = _INSIDE.match(text)
        rule, reason = match.groups() if match else ("", "")
        fault = _fault(rule, reason)
        if fault is None:
            found.append(Allowance(line=line if words else 0, rule=rule, reason=reason, at=line))
        else:
            name, problem, remedy = fault
            findings.add(file=file, line=line, rule=name, problem=problem, remedy=remedy)
    return Parted(words=words, allowed=tuple(found))


def _fault(rule: str, reason: str) -> tuple[str, str, str] | None:
    """Say what is wrong with an allowance: rule, problem, remedy; None when it may stand."""
    if not rule or not _RULE.match(rule):
        return "allow.form", "this allows nothing: a rule and a reason are needed", _FORM
    if len(reason) < 3:
        return "allow.reason", f"{rule} is allowed without a reason", _FORM
    if rule.startswith("terms."):
        return None
    from scripts.rule_catalogue import rules  # most texts allow nothing

    known = rules().get(rule)
    if known is None:
        near = maybe_meant(rule, [one.id for one in rules().values() if one.allow])
        return "allow.rule", f"there is no rule {rule} that can be allowed", near + _FORM
    if not known.allow:
        return (
            "allow.refused",
            f"{rule} cannot be allowed: somebody could be hurt, or a voice could not say it",
            f"put the line right; altavoz explain {rule} says how",
        )
    return None


def silence(findings: Iterable[Finding], allowed: Sequence[Allowance]) -> list[Finding]:
    """Give the findings of one file, those that somebody allowed with the reason in them."""
    if not allowed:
        return list(findings)
    reasons = {(one.line, one.rule): one.reason for one in allowed}
    return [
        f
        if f.allowed or (f.line, f.rule) not in reasons
        else replace(f, allowed=reasons[f.line, f.rule])
        for f in findings
    ]


def settle(script: Script, findings: Iterable[Finding], *, idle: bool = True) -> list[Finding]:
    """Give the findings of a script after every check: silenced ones marked, idle marks noted.

    Args:
        script: the script that was checked.
        findings: all that were made about its file; those of other files come back as they are.
        idle: whether marks that silence nothing are reported: not where a script has errors, and
            not every check was made.
    """
    if not script.allowances:
        return list(findings)
    every = list(findings)
    own = [f for f in every if f.file == script.file]
    settled = silence(own, script.allowances)
    used = {(f.line, f.rule) for f in own}
    if not idle:
        return [f for f in every if f.file != script.file] + settled
    unused = [
        Finding(
            file=script.file,
            line=one.at,
            rule="allow.unused",
            severity=Severity.WARNING,
            problem=f"{one.rule} is allowed here, and finds nothing here",
            remedy="take the mark out, so that it hides nothing later",
        )
        for one in script.allowances
        if (one.line, one.rule) not in used
    ]
    return [f for f in every if f.file != script.file] + settled + unused
