"""Tables drawn without a library are, to the letter, those that it draws."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import plain_table, terminal
from commands.plain_table import plain_lines
from production.tables import Table

ROOM = 240
HEADING = st.text(st.characters(codec="latin-1", categories=["L", "N"]), min_size=1, max_size=12)
CELL = st.one_of(
    st.text(st.characters(codec="utf-8", max_codepoint=0x2FF), max_size=20),
    st.text("abc éñ0-9[]:/\\", max_size=20),
    st.text("أهلا漢字👍e\u0301", max_size=5),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 6))
    row = st.lists(CELL, min_size=count, max_size=count).map(tuple)
    return Table(
        columns=tuple(draw(st.lists(HEADING, min_size=count, max_size=count))),
        rows=tuple(draw(st.lists(row, max_size=5))),
        right=frozenset(draw(st.sets(st.integers(0, count - 1)))),
    )


def drawn(table: Table, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Give what the library draws of it."""
    with monkeypatch.context() as patched:
        patched.setattr(terminal, "takes_letters", lambda: False)
        terminal.print_table(table)
    return capsys.readouterr().out


@given(table=tables())
def test_a_table_looks_as_the_library_draws_it(table: Table) -> None:
    lines = plain_lines(table, room=ROOM)
    if lines is None:
        return
    with pytest.MonkeyPatch.context() as patched:
        shown: list[str] = []
        patched.setattr(terminal, "takes_letters", lambda: False)
        patched.setattr(sys, "stdout", _Kept(shown))
        terminal.print_table(table)
    assert "\n".join(lines) + "\n" == "".join(shown)


class _Kept:
    """A pipe that keeps what is written."""

    encoding = "utf-8"

    def __init__(self, shown: list[str]) -> None:
        self._shown = shown

    def write(self, text: str) -> int:
        self._shown.append(text)
        return len(text)

    def flush(self) -> None:
        """Keep all of it at once."""

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError


def test_an_ordinary_table_is_drawn_without_the_library(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(columns=("series", "MB"), rows=(("Avisos, año 1", "4.9"),), right=frozenset({1}))
    lines = plain_lines(table, room=ROOM)
    assert lines is not None
    assert "\n".join(lines) + "\n" == drawn(table, monkeypatch, capsys)


@pytest.mark.parametrize("cell", ["漢字", "e\u0301", "two\nlines", "\x1b[1m", " edge", "x" * 300])
def test_what_has_to_be_measured_or_broken_is_left_to_the_library(cell: str) -> None:
    assert plain_lines(Table(columns=("name",), rows=((cell,),)), room=ROOM) is None


def test_a_build_for_a_pipe_loads_no_library_for_its_table() -> None:
    program = (
        "import sys\n"
        "from commands.terminal import print_table\n"
        "from production.tables import Table\n"
        "print_table(Table(columns=('a',), rows=(('b',),)))\n"
        "sys.exit('rich' in sys.modules)\n"
    )
    around = {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=around, capture_output=True)


def test_a_terminal_that_is_claimed_gets_its_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not plain_table.takes_letters()
