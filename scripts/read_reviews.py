"""Signatures from reviews/<segment>.yml: one a line, only added to, so that git can merge them.

A file is YAML that also reads as one JSON object a line after ``- ``; lines as Altavoz writes them
are read by one pattern, any other file by the YAML reader, to the same values. A review whose
digest is not that of the present text is no fault: it is not bound to what there is now.
"""

import json
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from programme.findings import Findings
from programme.identifiers import is_id
from programme.reviews import Bound, Review, ReviewKind, ReviewResult
from programme.units import Digest, LanguageTag
from scripts.fields import Fields, parse_day
from scripts.language_maps import tag_fault
from scripts.late_pattern import LatePattern
from scripts.nodes import Items, Refused, Table
from scripts.text_files import odd_characters, read_text
from scripts.tree import Tree, yaml_files
from scripts.wording import did_you_mean, shown
from scripts.yaml_reading import parse_yaml

FOLDER = "reviews"

_KEYS = ("kind", "role", "by", "on", "language", "result", "note")
_BOUND = ("text", "spoken", "about", "until", "facts", "terms", "heard", "digest")

_SHORT = r"[0-9a-f]{16}"
_FACT = rf"[a-z0-9][a-z0-9_-]{{0,63}}:{_SHORT}:{_SHORT}"
_TERM = rf"[a-z0-9][a-z0-9_-]{{0,63}}:{_SHORT}"
_FACTS = LatePattern(rf"(?:{_FACT}(?: {_FACT})*)?\Z")
_PLAIN = r'[^"\\]*'
_FORMS = {
    "by": _PLAIN,
    "note": _PLAIN,
    "kind": "[a-z]+",
    "role": "[a-z0-9-]+",
    "on": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "language": "[A-Za-z0-9-]+",
    "result": "[a-z-]+",
    "text": _SHORT,
    "spoken": _SHORT,
    "about": _SHORT,
    "until": r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2})?",
    "facts": r"[a-z0-9_: -]*",
    "terms": rf"(?:{_TERM}(?: {_TERM})*)?",
    "heard": rf"(?:{_SHORT}:{_SHORT})?",
    "digest": "[0-9a-f]{64}",
}
_LINE = LatePattern(
    r"- \{" + ", ".join(rf'"{key}": "({_FORMS[key]})"' for key in (*_KEYS, *_BOUND)) + r"\}\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """Every signature of a workspace."""

    by_segment: Mapping[str, tuple[Review, ...]] = field(default_factory=dict)
    """In the order of their file."""


def read_reviews(tree: Tree, *, segments: Collection[str], findings: Findings) -> Reviews:
    """Give every signature that can be read; what cannot counts as never signed."""
    found: dict[str, tuple[Review, ...]] = {}
    if not (tree.root / FOLDER).exists():
        return Reviews()
    for entry in yaml_files(tree, FOLDER):
        if entry.stem not in segments:
            findings.add(
                file=entry.file,
                line=0,
                rule="review.segment",
                problem=f"there is no segment {shown(entry.stem)}",
                remedy=did_you_mean(
                    entry.stem, segments, "delete the file, or rename it as its segment is named"
                ),
            )
            continue
        text = read_text(entry.path, file=entry.file, findings=findings)
        if text is not None:
            found[entry.stem] = parse_reviews(
                text, segment=entry.stem, file=entry.file, findings=findings
            )
    return Reviews(by_segment=MappingProxyType(found))


def parse_reviews(text: str, *, segment: str, file: str, findings: Findings) -> tuple[Review, ...]:
    """Give the signatures of one file, in its order.

    One that is there twice is kept twice: who refused, approved and refused again has refused.
    """
    quick = _parse_lines(text, segment)
    return tuple(_parse_table(text, segment, file, findings) if quick is None else quick)


def render_review(review: Review) -> str:
    """Write one signature as its line in the file."""
    bound = review.bound
    row = {
        "kind": review.kind.value,
        "role": review.role,
        "by": review.by,
        "on": review.on.isoformat(),
        "language": review.language,
        "result": review.result.value,
        "note": review.note,
        "text": bound.text,
        "spoken": bound.spoken,
        "about": bound.about,
        "until": bound.until,
        "facts": bound.facts,
        "terms": bound.terms,
        "heard": bound.heard,
        "digest": bound.digest,
    }
    return f"- {json.dumps(row, ensure_ascii=False)}\n"


def _parse_lines(text: str, segment: str) -> list[Review] | None:
    """Read a file whose every line is as Altavoz writes it; None for any other."""
    flat = text.replace("\n", "")
    if not flat.isprintable() and odd_characters(flat):
        return None
    found: list[Review] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        review = None if match is None else _review(match.groups(), segment, number)
        if review is None:
            return None
        found.append(review)
    return found or None


def _review(values: tuple[str, ...], segment: str, line: int) -> Review | None:
    (
        kind,
        role,
        by,
        on,
        language,
        result,
        note,
        text,
        spoken,
        about,
        until,
        facts,
        terms,
        heard,
        digest,
    ) = values
    day = _day(on)
    known = kind in _KINDS and result in _RESULTS and _FACTS.match(facts) is not None
    if day is None or not known or (until and _day(until) is None):
        return None
    if not (_is_tag(language) and _is_role(role) and _is_tidy(by) and _is_tidy(note)):
        return None
    return Review(
        segment=segment,
        language=LanguageTag(language),
        kind=_KINDS[kind],
        role=role,
        by=by,
        on=day,
        result=_RESULTS[result],
        bound=Bound(
            digest=Digest(digest),
            text=text,
            spoken=spoken,
            about=about,
            until=until,
            facts=facts,
            terms=terms,
            heard=heard,
        ),
        note=note,
        line=line,
    )


_is_tag = lru_cache(256)(lambda tag: tag_fault(tag, None) is None)
_is_role = lru_cache(256)(is_id)
_day = lru_cache(4096)(parse_day)


def _is_tidy(text: str) -> bool:
    """Tell whether the slow reader would leave a text as it is."""
    return text == text.strip() and unicodedata.is_normalized("NFC", text)


_KINDS = {kind.value: kind for kind in ReviewKind}
_RESULTS = {result.value: result for result in ReviewResult}


def _parse_table(text: str, segment: str, file: str, findings: Findings) -> list[Review]:
    node = parse_yaml(text, file=file, findings=findings)
    if node is None or isinstance(node, Refused):
        return []
    if not isinstance(node, Items):
        findings.add(
            file=file,
            line=node.line,
            rule="review.form",
            problem="the file is no list of reviews",
            remedy="take it back from git, or let altavoz review sign write it",
        )
        return []
    found = []
    for item in node.items:
        if isinstance(item, Table):
            fields = Fields(item, file=file, findings=findings)
            review = _slow_review(fields, segment)
            if fields.done():
                found.append(review)
        elif not isinstance(item, Refused):
            findings.add(
                file=file,
                line=item.line,
                rule="review.form",
                problem="this entry is no review",
                remedy="delete it; altavoz review sign writes one",
            )
    return found


def _slow_review(fields: Fields, segment: str) -> Review:
    language = fields.text("language", required=True)
    fault = tag_fault(language, None) if language else None
    if fault is not None:
        fields.fault(fields.line("language"), fault.rule, fault.problem, fault.remedy)
    until = fields.day("until")
    return Review(
        segment=segment,
        language=LanguageTag(language),
        kind=fields.choice("kind", ReviewKind),
        role=fields.id("role", required=True),
        by=fields.text("by"),
        on=fields.required_day("on"),
        result=fields.choice("result", ReviewResult),
        note=fields.text("note"),
        bound=Bound(
            digest=Digest(_form(fields, "digest", required=True)),
            text=_form(fields, "text"),
            spoken=_form(fields, "spoken"),
            about=_form(fields, "about"),
            until=until.isoformat() if until else "",
            facts=_form(fields, "facts"),
            terms=_form(fields, "terms"),
            heard=_form(fields, "heard"),
        ),
        line=fields.table.line,
    )


def _form(fields: Fields, key: str, *, required: bool = False) -> str:
    """Give a digest; only ``digest`` itself must be there, the others tell what changed."""
    text = fields.text(key, required=required)
    form = _FACTS if key == "facts" else LatePattern(_FORMS[key] + r"\Z")
    if text and not form.match(text):
        remedy = "take the line back from git, or delete it and sign again"
        fields.fault(fields.line(key), "review.digest", f"{key} is no digest", remedy)
        return ""
    return text


def newest(reviews: Collection[Review]) -> Review | None:
    """Give the latest signature; of one day, the one that stands last."""
    return max(reviews, key=lambda one: (one.on, one.line), default=None)
