"""A phone writes where it was, whose it is and what it is: nothing of it is in what we publish."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from tests.production.running import built_once, copy_of, run_here
from tests.production.small import FILES
from tests.production.test_left_out import HT
from tests.production.test_recorded import WORDS, record

GPS = "+14.6349-090.5069+1502.0/"
CANARIES = {
    "location": GPS,
    "location-eng": GPS,
    "com.apple.quicktime.location.ISO6709": GPS,
    "artist": "Canaria Testigo",
    "title": "Entrevista secreta",
    "comment": "albergue de la calle Reservada",
    "make": "TelefonoX",
    "encoder": "GrabadoraY",
    "date": "1999-09-09T09:09:09",
    "creation_time": "1999-09-09T09:09:09Z",
}
TOLD = sorted({*CANARIES.values(), "14.6349", "90.5069", "1999-09-09", "Canaria", "nota-de-Juana"})
CHANGES = {
    **HT,
    "series/corta.yml": FILES["series/corta.yml"].replace("[es-419, en, ht]", "[ht]"),
    "series/bucle.yml": None,
    "episodes/bucle-1.yml": None,
    "stations/terminal.yml": None,
    "stations/feed.yml": None,
    "stations/packs.yml": FILES["stations/packs.yml"].replace("[es-419, en]", "[ht]")
    + "format: bwf\n",
}


def with_canaries(source: Path, out: Path) -> Path:
    """Write a sound again in another form, with everything that a phone may say of it."""
    form, codec = {".m4a": ("ipod", "aac"), ".mp3": ("mp3", "libmp3lame")}[out.suffix]
    with av.open(str(source)) as read, av.open(str(out), "w", format=form) as write:
        rate = read.streams.audio[0].rate
        stream = write.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, AudioStream)
        write.metadata.update(CANARIES)
        for frame in read.decode(audio=0):
            sound = np.asarray(frame.to_ndarray(), np.float32).reshape(1, -1) / 32768
            fresh = AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
            fresh.sample_rate, fresh.pts, fresh.time_base = rate, frame.pts, frame.time_base
            write.mux(stream.encode(fresh))
        write.mux(stream.encode(None))
    return out


def everything(*folders: Path) -> dict[str, bytes]:
    """Give every published file, and every member of every ZIP."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            found[str(path)] = path.read_bytes()
            if path.suffix == ".zip":
                with ZipFile(path) as archive:
                    for name in archive.namelist():
                        found[f"{path}/{name}"] = archive.read(name)
    return found


def canaries_in(files: dict[str, bytes]) -> list[tuple[str, str]]:
    """Look for each text in every way that tags are written."""
    return [
        (name, text)
        for name, data in files.items()
        for text in TOLD
        for code in ("utf-8", "utf-16-le", "utf-16-be")
        if text.encode(code) in data or text.encode() in name.encode()
    ]


def test_nothing_that_a_recorder_wrote_is_in_a_published_byte(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = copy_of(built_once(tmp_path_factory, "canaries", CHANGES), tmp_path / "workspace")
    for segment, suffix in (("aviso", ".m4a"), ("agua", ".mp3"), ("ayuda", ".m4a")):
        plain = record(tmp_path / f"{segment}.wav", *WORDS[segment])
        told = with_canaries(plain, tmp_path / f"nota-de-Juana-{segment}{suffix}")
        assert canaries_in({"": told.read_bytes()}), "the recorder's tags are not there"
        done = run_here("takes", "add", "-w", root, segment, "ht", told, capture=capsys)
        assert done.code == 0, done.said
    # A jingle that somebody's computer tagged goes through the same mixer.
    jingle = with_canaries(root / "sounds" / "tono.wav", tmp_path / "tono.mp3")
    shutil.copyfile(jingle, root / "sounds" / "tono.mp3")
    (root / "sounds" / "tono.wav").unlink()
    done = run_here("build", "-w", root, capture=capsys)
    assert done.code == 0, done.said
    done = run_here("pack", "--rehearsal", "-w", root, capture=capsys)
    assert done.code == 0, done.said
    done = run_here("publish", "-w", root, "public", capture=capsys)
    assert done.code == 0, done.said
    files = everything(root / "build", root / "public")
    suffixes = {Path(name).suffix for name in files}
    assert {".mp3", ".opus", ".wav", ".vtt", ".srt", ".xml", ".json", ".zip"} <= suffixes
    assert canaries_in(files) == []
