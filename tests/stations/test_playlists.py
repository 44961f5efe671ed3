"""Playlists keep one line to a file, whatever the titles, and players find artist and title."""

import configparser

from hypothesis import given
from hypothesis import strategies as st

from programme.units import DurationMs
from stations.playlists import Entry, label, render_m3u, render_pls

ANY_TEXT = st.text(st.characters(), max_size=60)
NASTY = "Asilo\r\n#EXTINF:1,x - y\r\n../../etc/passwd - \u202etxt\u2028 -  - gratis\x00"


def entry(artist: str = "Camino", title: str = "Asilo", duration_ms: int = 61_499) -> Entry:
    return Entry(
        path="01_ES/001_asilo.mp3",
        artist=artist,
        title=title,
        duration_ms=DurationMs(duration_ms),
    )


def test_m3u_is_utf8_without_bom_with_crlf_and_relative_paths() -> None:
    assert render_m3u([entry(title="Pedir asilo: ¿cuánto?")], "playlist.m3u8") == (
        "#EXTM3U\r\n#EXTINF:61,Camino - Pedir asilo: ¿cuánto?\r\n01_ES/001_asilo.mp3\r\n".encode()
    )


def test_a_playlist_in_the_info_folder_looks_up_and_over() -> None:
    lines = render_m3u([entry()], "data/playlist.m3u8").decode().splitlines()
    assert lines[-1] == "../01_ES/001_asilo.mp3"


def test_pls_is_read_back_by_an_ini_reader() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(render_pls([entry(), entry(title="Dos")], "data/a.pls").decode())
    read = dict(parser["playlist"])
    assert read == {
        "file1": "../01_ES/001_asilo.mp3",
        "title1": "Camino - Asilo",
        "length1": "61",
        "file2": "../01_ES/001_asilo.mp3",
        "title2": "Camino - Dos",
        "length2": "61",
        "numberofentries": "2",
        "version": "2",
    }


def test_an_ordinary_title_is_left_as_it_is() -> None:
    for title in ("Trata y tráfico", "well-being, e-mail", "نص عربي 800", "می\u200cخواهم"):
        assert label(title) == title


def test_a_title_cannot_forge_an_entry() -> None:
    lines = render_m3u([entry(title=NASTY)], "p.m3u8").decode().split("\r\n")
    assert len(lines) == 4
    assert lines[2:] == ["01_ES/001_asilo.mp3", ""]


@given(artist=ANY_TEXT, title=ANY_TEXT)
def test_any_artist_and_title_make_one_line_with_one_parting_hyphen(
    artist: str, title: str
) -> None:
    made = render_m3u([entry(artist=artist, title=title)], "p.m3u8").decode("utf-8")
    # str.splitlines also parts at the line ends of other alphabets.
    assert len(made.splitlines()) == 3
    shown = made.splitlines()[1].removeprefix("#EXTINF:61,")
    parting = [at for at in range(len(shown)) if shown.startswith(" - ", at)]
    assert len(parting) == 1
    assert shown[: parting[0]] == label(artist)
    assert shown[parting[0] + 3 :] == label(title)


@given(title=ANY_TEXT)
def test_any_title_keeps_a_pls_in_shape(title: str) -> None:
    lines = render_pls([entry(title=title)], "p.pls").decode("utf-8").splitlines()
    assert [line.partition("=")[0] for line in lines] == [
        "[playlist]", "File1", "Title1", "Length1", "NumberOfEntries", "Version",
    ]  # fmt: skip


@given(text=ANY_TEXT)
def test_labelling_twice_is_labelling_once(text: str) -> None:
    assert label(label(text)) == label(text)
