"""Words that are planted wherever something private lies are in nothing that leaves the house."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from tests.production.canaries import found_in, found_in_bytes, opened, planted, words_in
from tests.production.running import Done
from tests.production.small import FILES, write_small
from tests.production.stage import Stage, staged
from tests.production.test_consent_reach import RECORD, TELLTALES
from tests.production.test_left_out import HT
from tests.production.test_recorded import WORDS, record

TAGS = {
    "location": "+14.6349-090.5069+1502.0/",
    "location-eng": "+14.6349-090.5069+1502.0/",
    "creation_time": "1999-09-09T09:09:09Z",
    "com.apple.quicktime.location.ISO6709": "+14.6349-090.5069+1502.0/",
    "artist": planted("artist"),
    "title": planted("title"),
    "comment": planted("comment"),
    "make": planted("make"),
    "encoder": planted("encoder"),
    "date": "1999-09-09T09:09:09",
}
GPS = (b"14.6349", b"090.5069", b"1999-09-09")
"""What TAGS says of a place and a time."""

CHANGES: dict[str, str | None] = {
    **HT,
    "series/corta.yml": FILES["series/corta.yml"].replace("[es-419, en, ht]", "[ht]"),
    "series/bucle.yml": None,
    "episodes/bucle-1.yml": None,
    "stations/terminal.yml": None,
    "stations/feed.yml": None,
    "stations/packs.yml": FILES["stations/packs.yml"].replace("[es-419, en]", "[ht]")
    + "format: bwf\n",
    "stations/folder.yml": FILES["stations/packs.yml"]
    .replace("[es-419, en]", "[ht]")
    .replace("delivery: pack", "delivery: folder")
    + "automation: vlc\n",
    "private/consent/c-7.yml": RECORD.replace(TELLTALES[0], planted("form")).replace(
        TELLTALES[1], planted("office")
    ),
    f"private/rumours/{planted('rumour')}.txt": f"They say {planted('said')}.\n",
    f"{planted('stray')}.txt": f"Call {planted('caller')} back.\n",
    "recordings/README.txt": f"Recorded at {planted('flat')}\n",
}

_NAMED = """
import os, socket, sys
socket.sethostname(sys.argv[1])
os.execvp(sys.argv[2], sys.argv[2:])
"""


def private_environment(home: Path) -> dict[str, str]:
    """Give an environment that tells who works here, and what they may."""
    (home / ".config/git").mkdir(parents=True)
    who = f"[user]\nname = {planted('gitname')}\nemail = {planted('gitmail')}@example.org\n"
    for config in (home / ".gitconfig", home / ".config/git/config"):
        config.write_text(who, encoding="utf-8")
    names = ("USER", "LOGNAME", "USERNAME", "HOSTNAME", "EMAIL", "NAME", "GIT_AUTHOR_NAME")
    secrets = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ALTAVOZ_TOKEN", "SECRET_KEY")
    return {
        **{name: planted(name.replace("_", "").lower()) for name in (*names, *secrets)},
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "ALTAVOZ_KEYS": str(home / "keys"),
        "ALTAVOZ_PUBLISHER": "Verification desk",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def private(tmp_path: Path) -> Iterator[tuple[Stage, Path]]:
    """Give a stage on a machine whose every name is a word, and a workspace in it."""
    home = tmp_path / planted("home")
    unshare = shutil.which("unshare")
    named: list[str] = []
    if os.geteuid() == 0 and unshare:
        words = [unshare, "--uts", "python3", "-c", _NAMED, planted("host")]
        if not subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
            named = words
    root = write_small(home / planted("folder"), CHANGES)
    with staged(private_environment(home), before=named) as stage:
        yield stage, root


def with_tags(source: Path, out: Path) -> Path:
    """Write a sound again in another form, with everything that a phone may say of it."""
    form, codec = {".m4a": ("ipod", "aac"), ".mp3": ("mp3", "libmp3lame")}[out.suffix]
    with av.open(str(source)) as read, av.open(str(out), "w", format=form) as write:
        rate = read.streams.audio[0].rate
        stream = write.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, AudioStream)
        write.metadata.update(TAGS)
        for frame in read.decode(audio=0):
            sound = np.asarray(frame.to_ndarray(), np.float32).reshape(1, -1) / 32768
            fresh = AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
            fresh.sample_rate, fresh.pts, fresh.time_base = rate, frame.pts, frame.time_base
            write.mux(stream.encode(fresh))
        write.mux(stream.encode(None))
    return out


def with_chunks(source: Path, out: Path) -> Path:
    """Give a WAV what field recorders write into it: bext, iXML, INFO and an ID3 tag."""
    bext = struct.pack(
        "<256s32s32s10s8s",
        *(planted(n).encode() for n in ("bext", "recorder")),
        b"ref",
        b"1999-09-09",
        b"09:09:09",
    ).ljust(602, b"\0")
    info = b"INFOIART" + struct.pack("<I", 16) + planted("info").encode().ljust(16, b"\0")
    lyric = planted("lyric").encode("utf-16")
    id3 = b"ID3\x03\0\0" + struct.pack(">I", 11 + len(lyric))
    id3 += b"TIT2" + struct.pack(">IH", 1 + len(lyric), 0) + b"\1" + lyric
    ixml = f"<BWFXML><NOTE>{planted('ixml')}</NOTE></BWFXML>".encode()
    data = source.read_bytes()
    for name, chunk in ((b"bext", bext), (b"LIST", info), (b"id3 ", id3), (b"iXML", ixml)):
        data += name + struct.pack("<I", len(chunk)) + chunk + b"\0" * (len(chunk) % 2)
    out.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    return out


def assert_clean(root: Path) -> set[str]:
    """Look into every byte that left, and give of what kinds they are."""
    kinds = set()
    assert words_in((root / "releases.jsonl").read_bytes()) == set()
    for folder in (root / "build", root / "public"):
        assert found_in([folder]) == []
        for path in folder.rglob("*"):
            inside = opened(path.name, path.read_bytes() if path.is_file() else b"")
            for place, data in inside:
                kinds.add(Path(place).suffix)
                assert not [mark for mark in GPS if mark in data], place
    return kinds


def test_nothing_private_is_in_what_is_published_packed_or_delivered(
    private: tuple[Stage, Path], tmp_path: Path
) -> None:
    stage, root = private
    said: list[Done] = []

    def run(*words: str | Path) -> None:
        said.append(stage.run(root, *map(str, words)))
        assert said[-1].code == 0, (words, said[-1].said)

    tagged = {"aviso": ".m4a", "agua": ".mp3", "ayuda": ".wav"}
    for segment, suffix in tagged.items():
        plain = record(tmp_path / f"{segment}.wav", *WORDS[segment])
        told = tmp_path / f"{planted('juana')}-{segment}{suffix}"
        (with_chunks if suffix == ".wav" else with_tags)(plain, told)
        assert list(found_in_bytes("", told.read_bytes())), "the recorder's words are not there"
        run("takes", "add", segment, "ht", told)
    # A jingle that somebody's computer tagged goes through the same mixer.
    with_tags(root / "sounds/tono.wav", root / "sounds/tono.mp3")
    (root / "sounds/tono.wav").unlink()
    run("build", "-j1")
    run("pack", "--rehearsal", "-j1")
    run("deliver", "--rehearsal", "-j1")
    run("publish", "public", "-j1", "--json")
    kinds = assert_clean(root)
    assert {".mp3", ".opus", ".wav", ".srt", ".xml", ".json", ".jsonl", ".html", ".m3u8"} <= kinds
    run("release", "retract", "corta/corta-1", "--reason", "ht=Pa bon.", "--json", "-j1")
    run("verify", "public", "--all")
    assert_clean(root)
    # What an operator is told names their own folder, and nothing else that is private.
    own = {planted("home"), planted("folder"), planted("juana")}
    assert words_in("".join(done.said for done in said).encode()) <= own


def test_the_search_finds_a_word_however_it_is_packed(tmp_path: Path) -> None:
    import base64
    import gzip
    import zlib
    from zipfile import ZIP_DEFLATED, ZipFile

    word = planted("hidden").encode()
    with ZipFile(tmp_path / "a.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt.gz", gzip.compress(b"x" * 99 + word))
    forms = {
        "plain.xml": word.upper(),
        "wide.opus": word.decode().encode("utf-16-be"),
        "hex.json": word.hex().encode(),
        "packed.zip": (tmp_path / "a.zip").read_bytes(),
        "page.pdf": b"%PDF-1.7\nstream\n" + zlib.compress(word) + b"\nendstream",
        **{f"{n}.html": base64.b64encode(b"z" * n + b"y" * 99 + word) for n in range(3)},
        "name-zqcanaryname.txt": b"",
    }
    for name, data in forms.items():
        assert list(found_in_bytes(name, data)), name
        assert not list(found_in_bytes("other.txt", data[:7])), name
