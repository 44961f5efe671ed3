"""Words that no script file holds, made scripts by the parser of everything that is spoken.

So dates are said in words, the lexicon holds, and a recording is bound to the words that were read.
"""

import re
from collections.abc import Sequence

from programme.findings import Findings
from programme.units import LanguageTag
from programme.words import Script
from scripts.script_file import parse_script
from scripts.workspace import Workspace

SENTENCE_ENDS = ".!?…؟।።"
_FIGURES = re.compile(r"[0-9]+")
_LONGEST = 9
"""Figures that can be said as one number."""
_MARKUP = re.compile(r"[<>{}\[\]#*_`|\\]")
"""What means something in a script file and nothing to ears."""


def announced_script(
    workspace: Workspace,
    segment: str,
    tag: LanguageTag,
    lines: Sequence[str],
    *,
    title: str,
    file: str,
) -> Script | None:
    """Give lines as a script; None where there is one that cannot be read.

    Args:
        workspace: gives pronunciations.
        segment: the name under which they are spoken and recorded.
        tag: their language.
        lines: one sentence each; placeholders as in script files.
        title: heading, not spoken.
        file: where the words are written.
    """
    return parse_script(
        "\n".join([f"# {title}", "", *lines]) + "\n",
        file=file,
        segment=segment,
        language=tag,
        book=workspace.factbook,
        style=workspace.style,
        findings=Findings(),
    )


def sayable(text: str) -> str:
    """Make words that somebody wrote for eyes into words of a script, figures and all.

    What ends a sentence is taken off at its end, but for marks that say how it is said.
    """
    plain = " ".join(_MARKUP.sub(" ", text).split()).strip(" .")
    return " ".join(_FIGURES.sub(_number, plain).split())


def _number(found: re.Match[str]) -> str:
    """Give a number as a placeholder, apart from letters; one that is too long as it is."""
    if len(found[0]) > _LONGEST:
        return found[0]
    before, after = found.string[: found.start()], found.string[found.end() :]
    apart = " " if before[-1:].isalpha() else ""
    return f"{apart}{{{{number:{int(found[0])}}}}}{' ' if after[:1].isalpha() else ''}"


def can_be_said(workspace: Workspace, tag: LanguageTag, line: str) -> bool:
    """Tell whether a line is one sentence of a language, all of it words."""
    if not line:
        return False
    script = announced_script(workspace, "line", tag, [line], title="-", file="")
    if script is None or len(script.sentences) != 1:
        return False
    return not any(one.isdigit() for one in script.sentences[0].spoken)
