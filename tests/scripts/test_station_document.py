"""docs/station-file.md: its examples are read without a fault, and it names every key."""

import re
from pathlib import Path

import pytest

from programme.schedules import WindowKind
from programme.stations import Automation, Delivery, StationKind
from scripts.read_loops import FORMS
from tests.scripts.sample_workspace import SERIES, check

TEXT = (Path(__file__).parents[2] / "docs/station-file.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
SERIES_TOO = {
    "series/avisos.yml": SERIES.replace("kind: programme", "kind: spots"),
    "series/lazo.yml": SERIES.replace("kind: programme", "kind: loop"),
}


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_document_has_no_fault(tmp_path: Path, number: int) -> None:
    _, findings = check(tmp_path, {**SERIES_TOO, "stations/radio.yml": EXAMPLES[number]})
    assert [(one.place, one.problem) for one in findings] == []


def test_the_document_names_every_key_and_every_word(tmp_path: Path) -> None:
    assert len(EXAMPLES) == 2
    # a file whose keys nobody knows is told all that there are
    text = "x: 1\nloop: {x: 1}\nclocks: {a: [{x: 1}]}\nday_parts: {a: {x: 1}}\n"
    _, findings = check(
        tmp_path, {"stations/radio.yml": text + "rotation: {a: {x: 1}}\nkind: transit\n"}
    )
    lists = [one.remedy for one in findings if one.rule == "yaml.unknown-key"]
    assert len(lists) == 5, lists
    keys = {key for one in lists for key in one.removeprefix("known keys: ").split(", ")}
    words = {
        *keys,
        *(one.value for kinds in (Automation, Delivery, StationKind, WindowKind) for one in kinds),
        *FORMS,
    }
    assert sorted(word for word in words if f"`{word}`" not in TEXT) == []
