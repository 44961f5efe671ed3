from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.units import LanguageTag
from scripts.csv_text import render_csv
from stations.airplay import KnownItem, LoggedPlay
from stations.airplay_log import MOST_BYTES, UnreadableLogError, parse_log
from stations.airplay_matching import AmbiguousError, Shelf, match_log, new_lines
from stations.airplay_times import DateOrder, read_day, read_moment, read_time

DAY = date(2026, 11, 23)

LIBRETIME = """\
"Start Time","End Time","Title","Creator"
"2026-11-23 06:00:00","2026-11-23 06:00:41","Pedir refugio no cuesta","Camino"
"2026-11-23 06:00:41","2026-11-23 06:04:10","Una canción","Un conjunto"
"2026-11-23 25:00:00","","Agua, sombra y descanso","Camino"
"""
AZURACAST = """\
Date,Time,Listeners,Delta,Track,Artist,Playlist,Streamer
2026-11-23,6:05am,3,0,Pedir refugio no cuesta,Camino,Mensajes,
2026-11-23,12:30pm,4,1,طلب اللجوء بلا مقابل,Camino,Mensajes,
2026-11-23,12:10am,4,1,Agua,Otros,Música,
"""
RIVENDELL = """\
                Rivendell RDAirPlay Playout Report for 11/23/2026
                          diario -- Diario
--Time--  -Cart-  Cut  --Title----------------  A-Len  N-Len  --Host----  Srce
06:00:00  001234  001  Pedir refugio no cuesta   0:41   0:41  estudio     Main
06:30:10  001235  001  México: una línea contra  0:44   0:44  estudio     Main
07:00:00  000012       Himno                     1:00   1:00  estudio     Aux1
nonsense
"""
MAIRLIST = (
    "Datum;Time;Database Path;Title;Artist\r\n"
    "23.11.2026;06:00:00,250;D:\\Altavoz\\media\\breves_es-419_001_2026-11-22_v1a2b3c.mp3;x;\r\n"
    "23.11.2026;08:15:00;C:\\musica\\cancion.mp3;Canción;Grupo\r\n"
)
SHEET = """\
Hora;Qué se emite;Idioma;Hecho
06:00;Pedir refugio no cuesta;es-419;x
06:15;Pedir refugio no cuesta;es-419;
06:30;Agua, sombra y descanso;es-419;✓
06:45;Agua, sombra y descanso;es-419;tal vez
"""


def known(
    episode: str, title: str, language: str = "es-419", *, version: str = "1a2b3c", stem: str = ""
) -> KnownItem:
    return KnownItem(
        series="breves",
        episode=episode,
        language=LanguageTag(language),
        version=version,
        title=title,
        stem=stem,
        expires=date(2026, 12, 6),
        topics=("asylum",),
    )


ITEMS = (
    known("breves-001", "Pedir refugio no cuesta", stem="breves_es-419_001_2026-11-22_v1a2b3c"),
    known("breves-001", "طلب اللجوء بلا مقابل", "ar"),
    known("breves-002", "Agua, sombra y descanso"),
    known("breves-004", "México: una línea contra la trata"),
)


def read(text: str, encoding: str = "utf-8", *, day: date | None = None) -> list[tuple[str, str]]:
    log = parse_log(text.encode(encoding), day=day)
    found, _, _ = match_log(log, Shelf(ITEMS, artist="Camino"))
    return [(one.at.strftime("%H:%M:%S"), f"{one.episode}/{one.language}") for one in found]


def faults(text: str, *, day: date | None = None) -> list[tuple[int, str]]:
    log = parse_log(text.encode(), day=day)
    _, _, told = match_log(log, Shelf(ITEMS, artist="Camino"))
    return [(one.line, one.problem) for one in told]


def test_libretimes_playout_history_is_understood() -> None:
    assert read(LIBRETIME) == [("06:00:00", "breves-001/es-419")]
    assert faults(LIBRETIME) == [(4, "«25:00:00» is no time")]


def test_azuracasts_song_history_is_understood_with_its_halves_of_the_day() -> None:
    assert read(AZURACAST) == [("06:05:00", "breves-001/es-419"), ("12:30:00", "breves-001/ar")]
    assert faults(AZURACAST) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_log_may_come_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    assert len(read(AZURACAST, encoding)) == 2
    assert read(LIBRETIME, "cp1252") == [("06:00:00", "breves-001/es-419")]


def test_rivendells_report_is_understood_though_it_cuts_titles() -> None:
    assert read(RIVENDELL) == [
        ("06:00:00", "breves-001/es-419"),
        ("06:30:10", "breves-004/es-419"),
    ]
    assert faults(RIVENDELL) == [(7, "it is no row of Rivendell's report")]


def test_mairlists_log_is_matched_by_the_name_of_the_file() -> None:
    assert read(MAIRLIST) == [("06:00:00", "breves-001/es-419")]


def test_a_hand_ticked_sheet_counts_what_is_ticked() -> None:
    log = parse_log(SHEET.encode(), day=DAY)
    assert [one.line for one in log.plays] == [2, 4]
    assert log.unticked == 1
    assert log.days == {DAY}
    assert [(one.line, one.problem) for one in log.faults] == [
        (5, "«tal vez» is neither a tick nor empty")
    ]
    assert faults(SHEET)[0] == (2, "it says no day: name it with --date")


def test_a_schedule_given_back_unticked_is_no_log() -> None:
    with pytest.raises(UnreadableLogError, match="schedule and no log"):
        parse_log(b"date,time,title,day_part,why\r\n2026-11-23,06:00,x,,rotation\r\n")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\0\0", "no text"),
        (b"\xff\xfe\x00", "utf-16"),
        (b"one,two\r\n1,2\r\n", "names its columns"),
        (b"x" * (MOST_BYTES + 1), "larger"),
    ],
)
def test_what_is_no_log_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableLogError, match=why):
        parse_log(data)


def test_a_row_of_ours_that_nobody_knows_is_told_of() -> None:
    text = "date,time,title,artist\n2026-11-23,06:00,Un título viejo,Camino\n"
    assert faults(text) == [(2, "«Un título viejo» is ours, but no edition is called that")]
    twice = "date,time,title\n2026-11-23,06:00,Camino\n"
    shelf = Shelf([known("a", "Camino"), known("b", "Camino", "quc")], artist="Red")
    with pytest.raises(AmbiguousError, match="several editions"):
        shelf.find(parse_log(twice.encode()).plays[0])


def test_formulas_are_only_words() -> None:
    text = 'date,time,title\n2026-11-23,06:00,"\'=HYPERLINK(""x"")"\n2026-11-23,07:00,=1+1\n'
    log = parse_log(text.encode())
    assert [one.title for one in log.plays] == ['=HYPERLINK("x")', "=1+1"]


@pytest.mark.parametrize("title", ["＝1+1", "Agua; -10 grados", "'=x", "-"])
def test_a_title_on_a_ticked_sheet_is_read_as_it_was_before_it_was_guarded(title: str) -> None:
    table = render_csv([["date", "time", "title"], ["2026-11-23", "06:00", title]])
    assert [one.title for one in parse_log(table).plays] == [title]


def test_a_title_that_holds_controls_becomes_one_line() -> None:
    text = (
        'date,time,title\n2026-11-23,06:00,"Agua,\nsombra\x1b[31m y descanso"\n2026-11-23,07:00,x\n'
    )
    log = parse_log(text.encode())
    assert log.plays[0].title == "Agua, sombra [31m y descanso"
    assert [one.line for one in log.plays] == [2, 4]


def test_a_date_that_may_be_two_days_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="may be two days"):
        read_day("03/04/2026", None)
    assert read_day("03/04/2026", DateOrder.DAY_FIRST) == date(2026, 4, 3)
    assert read_day("03/04/2026", DateOrder.MONTH_FIRST) == date(2026, 3, 4)
    text = "date,time,title\n03/04/2026,06:00,a\n03/25/2026,06:00,b\n"
    log = parse_log(text.encode())
    assert [one.at.date() for one in log.plays] == [date(2026, 3, 4), date(2026, 3, 25)]


def test_times_are_read_as_programs_write_them() -> None:
    assert read_time("12:00 AM").hour == 0
    assert read_time("12:59pm").hour == 12
    assert read_moment("2026-11-23T06:00:01.5-06:00", None) == datetime.fromisoformat(
        "2026-11-23T06:00:01"
    )
    for wrong in ("24:00", "6", "13:00pm", "06:60", "", "६:००"):
        with pytest.raises(ValueError, match="is no time"):
            read_time(wrong)


def test_the_same_log_twice_counts_once_and_two_logs_of_one_evening_too() -> None:
    log = parse_log(AZURACAST.encode())
    found, others, _ = match_log(log, Shelf(ITEMS, artist="Camino"))
    assert others == 1
    assert len(new_lines([], found)) == 2
    assert new_lines(found, found) == []
    later = parse_log(AZURACAST.replace("6:05am", "06:05:09").encode())
    again, _, _ = match_log(later, Shelf(ITEMS, artist="Camino"))
    assert new_lines(found, again) == []


def test_a_file_that_libretime_renamed_is_still_ours() -> None:
    shelf = Shelf(ITEMS, artist="Camino")
    row = LoggedPlay(
        line=1,
        at=datetime.fromisoformat("2026-11-23T06:00:00"),
        file="imported/1/Camino/breves_es-419_001_2026-11-22_v1a2b3c-0f8e.mp3",
    )
    item = shelf.find(row)
    assert item is not None
    assert item.episode == "breves-001"


@given(st.binary(max_size=400))
def test_any_bytes_are_a_log_or_refused_by_name(data: bytes) -> None:
    try:
        log = parse_log(data, day=DAY)
    except UnreadableLogError:
        return
    assert all(play.line >= 1 for play in log.plays)
    assert all(fault.line >= 1 and fault.problem for fault in log.faults)


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=12))
def test_every_row_is_a_play_or_told_of_with_its_line(rows: list[list[str]]) -> None:
    def cell(text: str) -> str:
        plain = text.replace("\r", " ").replace("\n", " ").replace("\0", " ")
        return '"' + plain.encode("utf-8", "replace").decode().replace('"', '""') + '"'

    text = "date,time,title\n" + "".join(",".join(map(cell, row)) + "\n" for row in rows)
    log = parse_log(text.encode())
    told = {play.line for play in log.plays} | {fault.line for fault in log.faults}
    full = {n for n, row in enumerate(rows, start=2) if any(c.strip() for c in row)}
    assert told <= set(range(2, len(rows) + 2))
    assert len(told) >= len([n for n in full if any(c.isalnum() for c in "".join(rows[n - 2]))])
