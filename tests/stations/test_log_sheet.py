import re
from string import Formatter

from stations.log_sheet import _tables, time_of


def test_every_language_of_the_sheet_says_the_same_things() -> None:
    tables = _tables()
    assert {"es", "en", "fr", "pt", "ar", "ht"} <= set(tables)

    def places(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name)

    for tag, table in tables.items():
        assert set(table) == set(tables["en"]), tag
        for key, text in table.items():
            assert text.strip(), (tag, key)
            assert places(text) == places(tables["en"][key]), (tag, key)
        assert len(table["weekdays"].split()) == 7
        assert not re.search(r"[<>&]", " ".join(table.values()))


def test_moments_are_written_as_programs_read_them() -> None:
    assert time_of(0) == "00:00:00"
    assert time_of(86_399_999) == "23:59:59"
    assert time_of(86_400_000) == "24:00:00"
