"""One cause, one finding: a workspace is broken in one place, and one thing is told.

Whoever puts it right sees nothing else go away with it, so every finding can be trusted to be
work of its own.
"""

import re
from pathlib import Path

import pytest

from programme.findings import Finding, Severity
from tests.scripts.sample_workspace import FILES, check

_KEY = re.compile(r"^( *(?:- )?)([a-z_]{4,})( ?[:=])")
TEXTS = {name: text for name, text in FILES.items() if name.endswith((".yml", ".toml"))}
KEYS = [
    pytest.param(name, number, match[2], id=f"{name}:{number}-{match[2]}")
    for name, text in TEXTS.items()
    for number, line in enumerate(text.split("\n"), start=1)
    if (match := _KEY.match(line)) is not None
]


def misspelt(word: str) -> str:
    """Give a word with two letters exchanged, as hasty fingers do."""
    for at in range(len(word) - 2, 0, -1):
        if word[at] != word[at + 1]:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    raise ValueError(word)


def told(findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.severity is not Severity.INFO]


def test_the_workspace_that_is_broken_here_has_no_fault(tmp_path: Path) -> None:
    _, findings = check(tmp_path)
    assert told(findings) == []


@pytest.mark.parametrize(("name", "number", "key"), KEYS)
def test_a_misspelt_key_is_one_finding_that_gives_the_right_key(
    name: str, number: int, key: str, tmp_path: Path
) -> None:
    lines = TEXTS[name].split("\n")
    lines[number - 1] = _KEY.sub(
        lambda match: match[1] + misspelt(match[2]) + match[3], lines[number - 1]
    )
    _, findings = check(tmp_path, {name: "\n".join(lines)})
    # A segment that is for nobody's country is for the station's, which cannot dial its number.
    found, *rest = [one for one in told(findings) if one.rule != "station.reachable"]
    assert rest == []
    assert (found.file, found.line) == (name, number)
    assert found.remedy == f"did you mean {key}?"


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_cannot_be_parsed_is_one_finding(name: str, tmp_path: Path) -> None:
    _, findings = check(tmp_path, {name: TEXTS[name] + 'broken: ["\n'})
    (found,) = told(findings)
    assert found.file == name
    assert found.rule in {"yaml.syntax", "toml.syntax"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_is_not_utf8_is_one_finding(name: str, tmp_path: Path) -> None:
    data = TEXTS[name].encode("utf-8") + b"# \xe1\n"
    _, findings = check(tmp_path, {name: data})
    (found,) = told(findings)
    assert (found.file, found.rule) == (name, "text.encoding")
    assert found.line == data.count(b"\n")
