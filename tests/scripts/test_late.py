"""What is made late is what would have been made at once, and is made once."""

import re

import pytest

from scripts.late_mapping import LateMapping
from scripts.late_pattern import LatePattern

TEXTS = ("", "a1", "12 de 34", "DE", "a-b", "٣ de")


@pytest.mark.parametrize("pattern", [r"[0-9]+", r"(?<=[0-9]) de\b", r"a(?=.)", r"\Z"])
@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.ASCII])
def test_a_late_pattern_finds_what_the_compiled_one_finds(pattern: str, flags: int) -> None:
    late, real = LatePattern(pattern, flags), re.compile(pattern, flags)
    for text in TEXTS:
        for _ in range(2):  # the second time with the method that stayed
            assert late.findall(text) == real.findall(text)
            assert late.sub("<>", text) == real.sub("<>", text)
            assert [m.span() for m in late.finditer(text)] == [
                m.span() for m in real.finditer(text)
            ]
            for name in ("match", "fullmatch", "search"):
                found, wanted = getattr(late, name)(text), getattr(real, name)(text)
                assert (found and found.span()) == (wanted and wanted.span())


def test_a_faulty_pattern_is_told_at_its_first_use() -> None:
    late = LatePattern("(")
    with pytest.raises(re.error):
        late.match("a")


def test_a_late_mapping_is_made_at_the_first_look_and_once() -> None:
    made: list[str] = []

    def make() -> dict[str, int]:
        made.append("made")
        return {"b": 1, "a": 2}

    late = LateMapping(make)
    assert made == []
    assert (list(late), len(late), late["a"], late.get("c"), "b" in late) == (
        ["b", "a"],
        2,
        2,
        None,
        True,
    )
    assert dict(late) == late == {"b": 1, "a": 2}
    assert made == ["made"]
