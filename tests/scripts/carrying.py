"""Rows to carry in CSV, XLSX and PO, and what they may hold."""

from hypothesis import strategies as st

from programme.units import LanguageTag
from programme.words import TranslationState
from scripts.translation_sheet import ReturnedSheet, Row, row_ids, table_of
from tests.scripts.translating import ES, FR

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("=+-@＝＋－＠'\";,\t\r\n^ʼ«» 😀يا\u200f\u2066#\\{}"),
    ),
    max_size=40,
)
LEADING = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "'=", "''-", "\t", "\r", " =", "＝", ";=", "\n="]
)
CELLS = st.tuples(LEADING, TEXTS).map("".join)


def row(source: str, target: str, place: int = 1, state: str = "fresh") -> Row:
    ids = row_ids("asilo", source, [source])
    return Row(
        id=ids[min(place, 1)],
        segment="asilo",
        place=place,
        line=3,
        source=source,
        last=target,
        before="",
        note="for: refugees",
        seconds=1.5,
        state=TranslationState(state),
    )


def sheet_of(*rows: Row, target: LanguageTag = FR) -> list[list[str]]:
    return table_of(rows, source=ES, target=target)


def back(sheet: ReturnedSheet | None) -> list[tuple[str, str, str]]:
    assert sheet is not None
    return [(r.id, r.source, r.target) for r in sheet.rows]
