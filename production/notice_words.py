"""The words of spoken notices, by language; data in notice_words.toml.

They become scripts by the same parser as everything that is spoken, so that dates are said in
words, the lexicon holds, and a recording is bound to the words that were read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from programme.findings import Findings
from programme.notices import NoticeKind
from programme.tables import read_toml
from programme.units import LanguageTag
from programme.words import Script
from scripts.script_file import parse_script
from scripts.workspace import Workspace

FILE = "notice_words.toml"
_FIGURES = re.compile(r"[0-9]{1,9}")
_MARKUP = re.compile(r"[<>{}\[\]#*_`|\\]")
"""What means something in a script file and nothing to ears."""
_SENTENCE_ENDS = ".!?…؟।።"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One notice in one language."""

    title: str
    opens: str
    about: tuple[str, ...]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which message a notice is about, in the language of the notice."""

    series: str
    """Title of the series; empty for none."""
    title: str
    """Title of the message; empty for none."""
    dated: date


@cache
def _tables() -> Mapping[str, Mapping[NoticeKind, _Words]]:
    return {
        language: {
            kind: _Words(
                title=table[kind]["title"],
                opens=table[kind]["opens"],
                about=tuple(table["about"]),
                then=tuple(table[kind]["then"]),
            )
            for kind in NoticeKind
        }
        for language, table in read_toml(resources.files("production").joinpath(FILE)).items()
    }


def notice_script(
    workspace: Workspace, kind: NoticeKind, tag: LanguageTag, about: About | None = None
) -> Script | None:
    """Give the words of a notice; None for a language that has none.

    Args:
        workspace: gives pronunciations.
        kind: which notice.
        tag: its language.
        about: the message, of which a voice says what it is; None for the words that a person
            records once for all messages.
    """
    words = _tables().get(tag.partition("-")[0], {}).get(kind)
    if words is None:
        return None
    told = [] if about is None else [_told(line, about) for line in words.about]
    kept = [line for line in told if _can_be_said(workspace, kind, tag, line)]
    return _parse(workspace, kind, tag, [f"# {words.title}", "", words.opens, *kept, *words.then])


def _told(line: str, about: About) -> str:
    """Fill in one line about the message; empty where there is nothing to fill in."""
    values = {
        "series": _sayable(about.series),
        "title": _sayable(about.title),
        "date": f"{{{{date:{about.dated.isoformat()}}}}}",
    }
    (name,) = re.findall(r"\{(\w+)\}", line)
    value = values[name]
    if not value:
        return ""
    filled = line.replace(f"{{{name}}}", value)
    # A title may end its own sentence: "How do I ask for asylum?"
    return filled[:-1] if filled.endswith(".") and filled[-2] in _SENTENCE_ENDS else filled


def _sayable(title: str) -> str:
    """Make a title that somebody wrote for eyes into words of a script, figures and all."""
    plain = " ".join(_MARKUP.sub(" ", title).split()).strip(" .")
    return _FIGURES.sub(lambda found: f"{{{{number:{int(found[0])}}}}}", plain)


def _can_be_said(workspace: Workspace, kind: NoticeKind, tag: LanguageTag, line: str) -> bool:
    """Tell whether a line about the message has words in the language, all of them sayable."""
    if not line:
        return False
    script = _parse(workspace, kind, tag, ["# -", "", line])
    if script is None or len(script.sentences) != 1:
        return False
    return not any(one.isdigit() for one in script.sentences[0].spoken)


def _parse(
    workspace: Workspace, kind: NoticeKind, tag: LanguageTag, lines: list[str]
) -> Script | None:
    return parse_script(
        "\n".join(lines) + "\n",
        file=FILE,
        segment=kind.segment,
        language=tag,
        book=workspace.factbook,
        style=workspace.style,
        findings=Findings(),
    )
