"""The words of spoken notices, by language; data in notice_words.toml.

They become scripts by the same parser as everything that is spoken, so that dates are said in
words, the lexicon holds, and a recording is bound to the words that were read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from production.announced_words import SENTENCE_ENDS, announced_script, can_be_said, sayable
from programme.notices import VALIDITY, NoticeKind
from programme.tables import package_file, read_toml
from programme.units import LanguageTag
from programme.words import Script
from scripts.workspace import Workspace

FILE = "notice_words.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One notice in one language."""

    title: str
    opens: str
    about: tuple[str, ...]
    then: tuple[str, ...]
    aloud: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which message a notice is about, in the language of the notice."""

    series: str
    """Title of the series; empty for none."""
    title: str
    """Title of the message; empty for none."""
    dated: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Validity:
    """Until when a pack may be played, in one language."""

    title: str
    says: tuple[str, ...]
    then: tuple[str, ...]


@cache
def _validities() -> Mapping[str, _Validity]:
    return {
        language: _Validity(
            title=table["validity"]["title"],
            says=tuple(table["validity"]["says"]),
            then=tuple(table["validity"]["then"]),
        )
        for language, table in _rows().items()
    }


def _rows() -> Mapping[str, Any]:
    return read_toml(package_file("production.notices", FILE))


@cache
def _tables() -> Mapping[str, Mapping[NoticeKind, _Words]]:
    return {
        language: {
            kind: _Words(
                title=table[kind]["title"],
                opens=table[kind]["opens"],
                about=tuple(table["about"]),
                then=tuple(table[kind]["then"]),
                aloud=tuple(table[kind]["aloud"]),
            )
            for kind in NoticeKind
        }
        for language, table in _rows().items()
    }


def notice_script(
    workspace: Workspace,
    kind: NoticeKind,
    tag: LanguageTag,
    about: About | None = None,
    *,
    aloud: bool = False,
) -> Script | None:
    """Give the words of a notice; None for a language that has none.

    Args:
        workspace: gives pronunciations.
        kind: which notice.
        tag: its language.
        about: the message, of which a voice says what it is; None for the words that a person
            records once for all messages.
        aloud: in short, as a loudspeaker says it: of the message only the title.
    """
    words = _tables().get(tag.partition("-")[0], {}).get(kind)
    if words is None:
        return None
    told = [] if about is None else [_filled(line, _about(about)) for line in words.about]
    kept = [line for line in told if can_be_said(workspace, tag, line)]
    lines = [words.opens, *kept, *words.then]
    if about is not None and aloud:
        first, *rest = words.aloud
        named = _filled(first, _about(about))
        lines = [named if can_be_said(workspace, tag, named) else words.opens, *rest]
    return announced_script(workspace, kind.segment, tag, lines, title=words.title, file=FILE)


def validity_script(
    workspace: Workspace, tag: LanguageTag, day: date, *, brief: bool = False
) -> Script | None:
    """Give what says until when a pack may be played, by whose word, and what to do after.

    None for a language that has no words for it, or cannot say the day.

    Args:
        workspace: gives pronunciations and the network's name.
        tag: its language.
        day: the last good one.
        brief: leave out what to do after it.
    """
    words = _validities().get(tag.partition("-")[0])
    if words is None:
        return None
    values = {"network": sayable(workspace.network.name), "date": _said(day)}
    says = words.says if brief else words.says + words.then
    told = [(_filled(line, values), "{network}" in line) for line in says]
    said = [(line, can_be_said(workspace, tag, line), may_lack) for line, may_lack in told]
    if not all(can or may_lack for _, can, may_lack in said):
        return None
    lines = [line for line, can, _ in said if can]
    return announced_script(workspace, VALIDITY, tag, lines, title=words.title, file=FILE)


def _about(about: About) -> Mapping[str, str]:
    return {
        "series": sayable(about.series),
        "title": sayable(about.title),
        "date": _said(about.dated),
    }


def _said(day: date) -> str:
    return f"{{{{date:{day.isoformat()}}}}}"


def _filled(line: str, values: Mapping[str, str]) -> str:
    """Fill in what a line names; empty where there is nothing to fill in."""
    filled = line
    for name in re.findall(r"\{(\w+)\}", line):
        if not values[name]:
            return ""
        filled = filled.replace(f"{{{name}}}", values[name])
    # A title may end its own sentence: "How do I ask for asylum?"
    ends = filled != line and filled.endswith(".") and filled[-2] in SENTENCE_ENDS
    return filled[:-1] if ends else filled
