"""Tables and sentences on terminals of many widths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import terminal
from commands.columns import card_lines, column_widths, filled_columns, wrapped_lines
from production.tables import Table

FACTS = Table(
    columns=("id", "kind", "source", "expires"),
    rows=(
        ("mx-trafficking-line", "hotline", "Council of citizens, 2026", "2027-05-22"),
        ("unhcr", "web", "", "2027-01-31"),
    ),
)


def test_a_table_that_fits_is_as_wide_as_its_cells() -> None:
    assert column_widths(FACTS, room=80, width_of=len) == (19, 7, 25, 10)


def test_a_narrow_table_breaks_sentences_and_never_a_word() -> None:
    widths = column_widths(FACTS, room=60, width_of=len)
    assert widths is not None
    assert sum(widths) + 3 * 3 + 2 <= 60
    assert widths[0] == 19
    assert widths[1] == 7
    assert widths[2] >= len("citizens,")
    assert widths[3] == 10


def test_a_table_whose_words_do_not_fit_becomes_cards() -> None:
    assert column_widths(FACTS, room=50, width_of=len) is None
    assert list(card_lines(FACTS, room=50)) == [
        "mx-trafficking-line",
        "    kind: hotline",
        "    source: Council of citizens, 2026",
        "    expires: 2027-05-22",
        "unhcr",
        "    kind: web   expires: 2027-01-31",
    ]


def test_a_narrow_table_leaves_out_the_columns_that_are_empty() -> None:
    table = Table(columns=("id", "signed", "n"), rows=(("agua", "", "1"),), right=frozenset({2}))
    assert filled_columns(table) == Table(
        columns=("id", "n"), rows=(("agua", "1"),), right=frozenset({1})
    )


def test_cards_begin_with_what_tells_them_apart() -> None:
    rows = (("2026-12-22", "agua", "x"), ("2026-12-22", "frio", "y"))
    table = Table(columns=("date", "what", "why"), rows=rows)
    assert list(card_lines(table, room=50))[::2] == ["2026-12-22   agua", "2026-12-22   frio"]


@pytest.mark.parametrize("room", range(46, 72))
def test_a_drawn_table_breaks_no_word_and_is_no_wider_than_the_terminal(
    room: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "room", lambda: room)
    terminal.print_table(FACTS)
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= room for line in lines)
    shown = " ".join(lines)
    for word in ("mx-trafficking-line", "hotline", "citizens,", "2027-05-22", "2027-01-31"):
        assert word in shown


@pytest.mark.parametrize("room", [0, 1000])
def test_a_line_that_fits_or_goes_into_a_pipe_stays_as_it_is(room: int) -> None:
    assert wrapped_lines("two  spaces stay", room=room, indent="  ") == ["  two  spaces stay"]


def test_an_address_is_never_broken() -> None:
    address = "https://radio.example.org/" + "a-" * 40
    assert address in wrapped_lines(f"read it at {address} today", room=50)


@given(
    st.lists(st.text(alphabet="abc«»-", min_size=1, max_size=12), min_size=1), st.integers(40, 99)
)
def test_wrapping_loses_no_word_and_keeps_to_the_width(words: list[str], room: int) -> None:
    lines = wrapped_lines(" ".join(words), room=room, indent="    ", later="      ")
    assert " ".join(lines).split() == words
    assert all(len(line) <= room for line in lines)
