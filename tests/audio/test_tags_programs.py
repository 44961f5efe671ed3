"""Every tag of a finished file as the programs at stations read it, in three scripts.

Judges: mutagen's easy reading (LibreTime), ffprobe (AzuraCast), id3v2 (id3lib, old automations),
eyeD3, mediainfo, MPD's database and opusinfo.
"""

import json
import subprocess
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import mutagen
import pytest
from mutagen.id3 import ID3

from programme.editions import EditionTags, Notices
from programme.units import LanguageTag
from tests.audio.finished import TITLES, Small, small
from tests.audio.slot_material import edition_tags
from tests.strict import ToolFinder

pytestmark = pytest.mark.tools


@dataclass(frozen=True)
class Said:
    """What one edition says of itself."""

    title: str
    notices: Notices
    comment: str
    tlan: str
    comm: str


LANGUAGES = {
    "es-419": Said(
        "Tus documentos: qué llevar",
        Notices(
            language=LanguageTag("es-419"),
            valid_until="Válido hasta el 6 de diciembre de 2026.",
            voices="Con voz sintética.",
        ),
        "Válido hasta el 6 de diciembre de 2026. Con voz sintética.",
        "spa",
        "spa",
    ),
    "ar": Said(
        "وثائقك: ماذا تأخذ معك",
        Notices(
            language=LanguageTag("ar"),
            valid_until="صالح حتى 6 كانون الأول 2026.",
            voices="بصوت اصطناعي.",
        ),
        "صالح حتى 6 كانون الأول 2026. بصوت اصطناعي.",
        "ara",
        "ara",
    ),
    # It has no sentences of its own: Spanish ones stand in, and say that they do.
    "quc": Said(
        "Ri awuj: jas kakʼam bʼik",
        Notices(
            language=LanguageTag("es-419"),
            valid_until="Válido hasta el 6 de diciembre de 2026.",
            voices="Con voz sintética.",
        ),
        "[es-419] Válido hasta el 6 de diciembre de 2026. Con voz sintética.",
        "quc",
        "spa",
    ),
}
SOURCES = ("COMAR https://www.gob.mx/comar", "ACNUR")
EVERY = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("tags"), "podcast")


def tags_of(made: Small, language: str) -> EditionTags:
    said = LANGUAGES[language]
    return replace(
        edition_tags(title=said.title, language=language, chapters=made.tags.chapters),
        reference="camino/camino-12",
        notices=said.notices,
        sources=SOURCES,
        version="0123456789abcdef",
    )


def written(made: Small, language: str, name: str, folder: Path) -> Path:
    return made.write(name, folder, tags_of(made, language))


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")


@EVERY
def test_an_mp3_reads_back_field_by_field(made: Small, language: str, tmp_path: Path) -> None:
    said = LANGUAGES[language]
    path = written(made, language, "mp3", tmp_path)
    found = ID3(str(path), translate=False, load_v1=False)
    assert found.version == (2, 3, 0)
    gain = made.loudness(made.profile.renditions[0]).integrated
    wanted = {
        "TIT2": said.title,
        "TPE1": "Red Camino",
        "TPUB": "Red Camino",
        "TALB": "Camino seguro",
        "TRCK": "12/12",
        "TYER": "2026",
        "TDAT": "2211",
        "TLAN": said.tlan,
        "TCON": "Speech",
        "TCOP": "2026 cc-by-4.0",
        f"COMM::{said.comm}": said.comment,
        "TXXX:BCP47": language,
        "TXXX:EXPIRES": "2026-12-06",
        "TXXX:SYNTHETIC_VOICE": said.comment.replace(said.notices.valid_until + " ", ""),
        "TXXX:SOURCES": "COMAR https://www.gob.mx/comar | ACNUR",
        "TXXX:REFERENCE": "camino/camino-12",
        "TXXX:CONTENT_VERSION": "0123456789abcdef",
        "TXXX:REPLAYGAIN_TRACK_GAIN": f"{-18 - gain:.2f} dB",
    }
    assert {key: str(found[key]) for key in wanted} == wanted
    known = {
        *wanted,
        "TXXX:REPLAYGAIN_TRACK_PEAK",
        "TXXX:rdxl",
        "WOAF",
        "CTOC:toc",
        f"USLT::{said.tlan}",
    }
    assert {key for key in found if not key.startswith("CHAP:")} == known


@EVERY
def test_rivendells_line_reader_finds_the_last_day(
    made: Small, language: str, tmp_path: Path
) -> None:
    # RDCart::readXml: one element a line; TagLib gives the field's name in any case.
    text = str(ID3(str(written(made, language, "mp3", tmp_path)))["TXXX:rdxl"])
    lines = text.splitlines()
    assert [lines.index(tag) for tag in ("<cart>", "<cutList>", "<cut>")] == [1, 8, 9]
    assert f"<title>{LANGUAGES[language].title}</title>" in lines
    assert "<endDatetime>2026-12-06T23:59:59</endDatetime>" in lines
    assert f"<length>{made.samples // 48}</length>" in lines


@EVERY
@pytest.mark.parametrize("name", ["mp3", "opus"])
def test_libretimes_reader_finds_its_fields(
    made: Small, language: str, name: str, tmp_path: Path
) -> None:
    # LibreTime's analyzer takes these keys of mutagen's easy reading.
    found = mutagen.File(str(written(made, language, name, tmp_path)), easy=True)
    assert found["title"] == [LANGUAGES[language].title]
    assert (found["artist"], found["album"]) == (["Red Camino"], ["Camino seguro"])
    assert found["genre"] == ["Speech"]
    assert found["copyright"] == ["2026 cc-by-4.0"]
    assert found["tracknumber"] == (["12/12"] if name == "mp3" else ["12"])
    assert found["language"] == ([LANGUAGES[language].tlan] if name == "mp3" else [language])
    assert found["date"][0].startswith("2026")
    assert not any(" - " in text or len(text) > 512 for text in found["title"])


@EVERY
@pytest.mark.parametrize("name", ["mp3", "opus"])
def test_ffprobe_reads_tags_and_chapters_in_time_order(
    made: Small, language: str, name: str, tmp_path: Path, tool: ToolFinder
) -> None:
    path = written(made, language, name, tmp_path)
    ask = ("-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters")
    page = json.loads(run(tool("ffprobe"), *ask, path))
    where = page["format"] if name == "mp3" else page["streams"][0]
    found = {key.upper(): value for key, value in where["tags"].items()}
    said = LANGUAGES[language]
    assert found["TITLE"] == said.title
    assert (found["ARTIST"], found["ALBUM"]) == ("Red Camino", "Camino seguro")
    assert (found["GENRE"], found["EXPIRES"]) == ("Speech", "2026-12-06")
    assert found["SYNTHETIC_VOICE"].endswith(said.notices.voices)
    assert said.notices.valid_until in found["COMMENT"]
    assert [chapter["tags"]["title"] for chapter in page["chapters"]] == list(TITLES)
    starts = [round(float(chapter["start_time"]) * 1000) for chapter in page["chapters"]]
    assert starts == [chapter.start_ms for chapter in made.tags.chapters]


@EVERY
@pytest.mark.parametrize("name", ["mp3", "opus"])
def test_mediainfo_reads_titles(
    made: Small, language: str, name: str, tmp_path: Path, tool: ToolFinder
) -> None:
    path = written(made, language, name, tmp_path)
    page = json.loads(run(tool("mediainfo"), "--Output=JSON", path))
    found = page["media"]["track"][0]
    assert found["Title"] == LANGUAGES[language].title
    assert (found["Performer"], found["Album"]) == ("Red Camino", "Camino seguro")
    assert found["Genre"] == "Speech"


@EVERY
def test_eyed3_reads_the_tag_without_complaint(
    made: Small, language: str, tmp_path: Path, tool: ToolFinder
) -> None:
    path = written(made, language, "mp3", tmp_path)
    done = subprocess.run(
        [tool("eyeD3"), "--no-color", "-v", path], capture_output=True, check=True, text=True
    )
    assert not [line for line in done.stderr.splitlines() if line.strip()]
    said = LANGUAGES[language]
    for line in (
        f"title: {said.title}",
        "artist: Red Camino",
        "album: Camino seguro",
        "track: 12/12",
    ):
        assert line in done.stdout
    assert said.comment in done.stdout
    assert "Speech" in done.stdout


def test_id3lib_shows_every_text_that_fits_latin_1(
    made: Small, tmp_path: Path, tool: ToolFinder
) -> None:
    # It stands for automations of the time before 2.4 and Unicode.
    path = written(made, "es-419", "mp3", tmp_path)
    done = subprocess.run(
        [tool("id3v2"), "-l", path], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    # Version 1 is shown as it is, in Latin-1; version 2 in the locale's letters.
    shown = done.stdout.decode("latin-1") + done.stdout.decode("utf-8", "replace")
    assert "id3v1 tag info" in shown
    assert "id3v2 tag info" in shown
    for text in ("Tus documentos: qué llevar", "Red Camino", "Speech (101)", "12/12", "spa"):
        assert text in shown
    assert "Válido hasta el 6 de diciembre de 2026. Con voz sintética." in shown
    assert "(EXPIRES): 2026-12-06" in shown


@EVERY
def test_opusinfo_lists_every_comment_without_complaint(
    made: Small, language: str, tmp_path: Path, tool: ToolFinder
) -> None:
    path = written(made, language, "opus", tmp_path)
    shown = run(tool("opusinfo"), path)
    assert "WARNING" not in shown
    said = LANGUAGES[language]
    for line in (
        f"TITLE={said.title}",
        f"LANGUAGE={language}",
        f"COMMENT={said.comment}",
        "EXPIRES=2026-12-06",
        "SOURCES=COMAR https://www.gob.mx/comar | ACNUR",
        "CONTENT_VERSION=0123456789abcdef",
        "CHAPTER001=00:00:00.000",
        "CHAPTER003NAME=لا تدفع",
    ):
        assert line in shown


def test_mpd_lists_artist_title_and_genre(made: Small, tmp_path: Path, tool: ToolFinder) -> None:
    music = tmp_path / "music"
    for language in LANGUAGES:
        for name in ("mp3", "opus"):
            folder = music / f"{language}-{name}"
            folder.mkdir(parents=True)
            written(made, language, name, folder)
    socket = tmp_path / "socket"
    config = tmp_path / "mpd.conf"
    config.write_text(
        f'music_directory "{music}"\ndb_file "{tmp_path}/db"\nbind_to_address "{socket}"\n'
        f'log_file "{tmp_path}/log"\nzeroconf_enabled "no"\nauto_update "yes"\n'
        'audio_output {\n type "null"\n name "none"\n}\n'
    )
    server = subprocess.Popen([tool("mpd"), "--no-daemon", config], stderr=subprocess.DEVNULL)
    try:
        columns = "%file%\t%artist%\t%title%\t%genre%\t%track%"
        ask: list[str | Path] = [tool("mpc"), "-h", socket, "-f", columns]
        deadline = time.monotonic() + 20
        while not socket.exists() or subprocess.run([*ask[:3], "version"], check=False).returncode:
            assert time.monotonic() < deadline, "MPD does not answer"
            time.sleep(0.1)
        run(*ask[:3], "update", "--wait")
        rows = {line.partition("/")[0]: line for line in run(*ask, "listall").splitlines()}
    finally:
        server.terminate()
        server.wait(timeout=10)
    for language, said in LANGUAGES.items():
        for name in ("mp3", "opus"):
            _, artist, title, genre, track = rows[f"{language}-{name}"].split("\t")
            assert (artist, title, genre) == ("Red Camino", said.title, "Speech")
            assert track == "12"


def test_a_title_with_a_dash_is_not_parted_into_artist_and_title(
    made: Small, tmp_path: Path
) -> None:
    tags = replace(tags_of(made, "es-419"), title="Camino - agua -  ayuda - 2026-11")
    for name in ("mp3", "opus"):
        found = mutagen.File(str(made.write(name, tmp_path, tags)), easy=True)
        assert found["title"] == ["Camino: agua: ayuda: 2026-11"]


def test_texts_are_cut_to_what_stations_databases_keep(made: Small, tmp_path: Path) -> None:
    tags = replace(
        tags_of(made, "es-419"),
        title="título " * 100,
        series="serie " * 100,
        network="red " * 200,
        expires=date(2026, 12, 6),
        notices=Notices(language=LanguageTag("es-419"), valid_until="hasta " * 200),
    )
    for name in ("mp3", "opus"):
        path = made.write(name, tmp_path, tags)
        found = mutagen.File(str(path), easy=True)
        for key in ("title", "artist", "album", "copyright"):
            assert all(len(text) <= 512 for text in found[key])
        assert len(found["genre"][0]) <= 64
        assert len(found["date"][0]) <= 16
    comment = ID3(str(made.write("mp3", tmp_path, tags)))["COMM::spa"]
    assert len(str(comment)) <= 512
