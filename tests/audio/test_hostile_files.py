"""Files made to break what reads them: a verdict each, soon, in little memory, and alone."""

import json
import re
import subprocess
import sys
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.decode import decode_blocks, probe
from programme.errors import ProductionError
from tests.audio.hostile_bytes import (
    ENCODERS,
    LEVEL,
    RATE,
    TONE_HZ,
    by_ffmpeg,
    encoded,
    m4a_alias,
    manifest,
    pcm,
    sparse,
    tone,
    wav,
    wideband_amr,
)
from tests.audio.hostile_files import CORPUS, NEIGHBOUR

MOST_SECONDS = 5
MOST_MB = 300
_OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"')


@dataclass(frozen=True)
class Swept:
    folder: Path
    outs: Path
    told: dict[str, dict[str, Any]]
    calls: dict[str, list[str]]
    """What each file made the process open and connect to, as strace wrote it."""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Swept:
    """Clean every file of the corpus in one process under strace."""
    folder, outs = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("outs")
    for name, hostile in CORPUS.items():
        (folder / name).write_bytes(hostile.make())
    (folder / NEIGHBOUR).write_bytes(wav(pcm()))
    sparse(folder / "sparse.wav", 5_000_000_000)
    trace = outs / "trace"
    watched = "--trace=open,openat,socket,connect,sendto,execve"
    done = subprocess.run(
        [
            *("strace", "-f", "-qq", "--seccomp-bpf", watched, "-s", "500", "-o", trace),
            *(sys.executable, Path(__file__).with_name("take_in_all.py"), folder, outs),
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert not done.returncode, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Swept(folder, outs, {line["name"]: line for line in lines}, _calls(trace))


def _calls(trace: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = "end"
    for line in trace.read_text(encoding="utf-8").splitlines():
        opened = _OPENED.search(line)
        if opened and opened[1].startswith("/no-such-folder/"):
            name = Path(opened[1]).name
            found[name] = []
        elif name != "end":
            found[name].append(line)
    return found


@pytest.fixture(autouse=True)
def _strace(request: pytest.FixtureRequest, tool: Any) -> None:
    if "swept" in request.fixturenames:
        tool("strace")


@pytest.mark.tools
@pytest.mark.parametrize("name", CORPUS)
def test_every_file_gets_its_verdict(name: str, swept: Swept) -> None:
    told, expected = swept.told[name], CORPUS[name].says
    if "problem" in told:
        assert expected is not None, told
        assert expected in told["problem"]
        assert told["where"] == name
        assert told["remedy"]
        return
    if expected == "nothing is heard":
        assert told["speech_s"] == 0
        return
    assert not expected, told
    if expected is None:
        heard = np.concatenate(list(decode_blocks(swept.outs / f"{name}.flac")))
        assert_is_tone(heard)


def assert_is_tone(heard: Any, seconds: float = 2.0) -> None:
    assert len(heard) / RATE == pytest.approx(seconds, abs=0.06)
    middle = heard[RATE // 2 : RATE // 2 + RATE]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(RATE)))
    assert int(spectrum.argmax()) == pytest.approx(TONE_HZ, abs=1)
    # within 1.5 dB: the eighth channel of 7.1 is for low tones alone
    assert np.sqrt(2 * np.mean(middle**2)) == pytest.approx(LEVEL, rel=0.16)


@pytest.mark.tools
def test_every_verdict_is_soon_and_takes_little_memory(swept: Swept) -> None:
    slow = {n: t["worked_s"] for n, t in swept.told.items() if t["worked_s"] > MOST_SECONDS}
    large = {n: t["peak_mb"] for n, t in swept.told.items() if t["peak_mb"] > MOST_MB}
    assert (slow, large) == ({}, {})


@pytest.mark.tools
def test_no_file_makes_the_process_open_another_or_reach_out(swept: Swept) -> None:
    assert set(swept.calls) >= set(CORPUS)
    strange = [
        (name, call)
        for name, calls in swept.calls.items()
        for call in calls
        if not _is_own(call, swept.folder / name, swept.outs)
    ]
    assert strange == []


def _is_own(call: str, source: Path, outs: Path) -> bool:
    opened = _OPENED.search(call)
    return opened is not None and (opened[1] == str(source) or opened[1].startswith(f"{outs}/"))


@pytest.mark.tools
def test_a_file_of_five_gigabytes_is_not_opened(swept: Swept) -> None:
    assert "5000 MB, more than 300" in swept.told["sparse.wav"]["problem"]
    assert swept.calls["sparse.wav"] == []


@pytest.mark.tools
@pytest.mark.parametrize("make", [lambda n: manifest("ffconcat", n), m4a_alias])
def test_the_trace_would_show_a_neighbour(tmp_path: Path, make: Any, tool: Any) -> None:
    # FFmpeg without our guard follows both: the test above can fail.
    (tmp_path / NEIGHBOUR).write_bytes(encoded("m4a"))
    (tmp_path / "a.m4a").write_bytes(make(NEIGHBOUR))
    code = (
        "import av, sys\n"
        "with av.open(sys.argv[1], options={'enable_drefs': '1'}) as opened:\n"
        "    print(sum(frame.samples for frame in opened.decode(audio=0)))\n"
    )
    trace = tmp_path / "trace"
    subprocess.run(
        [
            *(tool("strace"), "-f", "-qq", "--trace=openat", "-o", trace),
            *(sys.executable, "-c", code, tmp_path / "a.m4a"),
        ],
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert NEIGHBOUR in trace.read_text(encoding="utf-8")


@pytest.mark.parametrize("make", ["pipe", "device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, make: str) -> None:
    path = tmp_path / "a.wav"
    if make == "pipe":
        subprocess.run(["mkfifo", path], check=True)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(ProductionError, match="it is no file"):
        probe(path)


@pytest.mark.slow
@pytest.mark.tools
def test_a_take_of_ten_minutes_takes_little_memory_too(tmp_path: Path) -> None:
    folder, outs = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    outs.mkdir()
    loud = np.tile(tone(1.0) * np.linspace(0, 1, RATE, dtype=np.float32), 598)
    (folder / "long.wav").write_bytes(wav(pcm(loud)))
    del loud
    program = Path(__file__).with_name("take_in_all.py")
    done = subprocess.run(
        [sys.executable, program, folder, outs],
        capture_output=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["length_s"] == 598
    assert told["peak_mb"] < MOST_MB


BREAK = r"""
import sys
from pathlib import Path

import numpy as np

from audio.decode import decode_blocks
from programme.errors import ProductionError

source, path, kind = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
rng = np.random.default_rng(int.from_bytes(kind.encode(), "big"))
whole = source.read_bytes()
for _ in range(int(sys.argv[4])):
    data = bytearray(whole)
    for _ in range(int(rng.integers(1, 8))):
        # most faults lie in the head, where the sizes are
        at = int(rng.integers(0, min(len(data), 600) if rng.random() < 0.7 else len(data)))
        some = rng.integers(0, 256, 4, dtype=np.uint8).tobytes()
        ways = (b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", some)
        data[at : at + int(rng.integers(1, 5))] = ways[int(rng.integers(0, 4))]
    path.write_bytes(data)
    try:
        for _ in decode_blocks(path, where="x"):
            continue
    except ProductionError:
        continue
print("alive")
"""


def broken_many_times(tmp_path: Path, kind: str, times: int) -> None:
    """Break a file of a kind in its numbers, many times, in a process that must live on."""
    (tmp_path / "whole").write_bytes(encoded(kind, tone(0.4, ENCODERS[kind][2])))
    done = subprocess.run(
        [sys.executable, "-c", BREAK, tmp_path / "whole", tmp_path / "x", kind, str(times)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("alive\n", "", 0)


@pytest.mark.parametrize("kind", ["m4a", "opus", "webm"])
def test_broken_numbers_give_sound_or_a_message(tmp_path: Path, kind: str) -> None:
    broken_many_times(tmp_path, kind, 60)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(ENCODERS))
def test_broken_numbers_give_sound_or_a_message_for_long(tmp_path: Path, kind: str) -> None:
    broken_many_times(tmp_path, kind, 2_000)


DECLARED = sorted(set(ENCODERS) - {"aac", "amr"})
"""Kinds that say how long they are. ADTS and AMR have no header: a cut between two frames cannot
be told from an end; there a take that is too short for its text is told by its length."""


@cache
def short(kind: str) -> tuple[bytes, Any]:
    data = encoded(kind, tone(0.6, ENCODERS[kind][2]))
    return data, _decoded(data, kind)


def _decoded(data: bytes, kind: str) -> Any:
    with NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(data)
        file.flush()
        return np.concatenate(list(decode_blocks(Path(file.name), where="x")))


@pytest.mark.parametrize("kind", sorted(ENCODERS))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(part=st.floats(0, 0.999))
def test_a_file_cut_anywhere_is_refused_or_lacks_nothing_that_is_heard(
    kind: str, part: float
) -> None:
    data, whole = short(kind)
    try:
        heard = _decoded(data[: int(part * len(data))], kind)
    except ProductionError as error:
        assert (error.where, bool(error.remedy)) == ("x", True)  # noqa: PT017 - either is right
        return
    lacks_s = (len(whole) - len(heard)) / RATE
    assert lacks_s <= (0.1 if kind in DECLARED else 0.6)


PHONES = {
    "amr-nb.amr": ("amr", "", 8_000),
    "amr-nb.3gp": ("3gp", "", 8_000),
    "aac.3gp": ("wav", "-c:a aac -b:a 32k", 16_000),
    "aac.m4a": ("wav", "-c:a aac -b:a 64k", 44_100),
    "stereo.m4a": ("wav", "-c:a aac -b:a 96k -af pan=stereo|c0=c0|c1=c0", 48_000),
    "alac.m4a": ("wav", "-c:a alac", 48_000),
    "vorbis.ogg": ("wav", "-c:a libvorbis", 48_000),
    "speex.ogg": ("wav", "-c:a libspeex", 16_000),
    "adpcm.wav": ("wav", "-c:a adpcm_ima_wav", 16_000),
    "wma.wma": ("wav", "-c:a wmav2", 44_100),
    "mp3.mp3": ("wav", "-b:a 64k -id3v2_version 3 -write_id3v1 1 -metadata title=x", 44_100),
}


@pytest.mark.tools
@pytest.mark.parametrize("name", PHONES)
def test_a_known_tone_comes_out_of_what_telephones_make(
    tmp_path: Path, name: str, tool: Any
) -> None:
    kind, options, rate = PHONES[name]
    data = encoded(kind, tone(2, rate), rate=rate)
    if options:
        data = by_ffmpeg(tool("ffmpeg"), data, options, name, tmp_path)
    path = tmp_path / name
    path.write_bytes(data)
    assert_is_tone(np.concatenate(list(decode_blocks(path))), 2.0)


@pytest.mark.tools
def test_a_known_tone_comes_out_of_wideband_amr(tmp_path: Path) -> None:
    library = find_library("vo-amrwbenc")
    if library is None:
        pytest.skip("libvo-amrwbenc0 is not installed; tools/ci-packages.txt lists it")
    path = tmp_path / "a.awb"
    path.write_bytes(wideband_amr(library, tone(2, 16_000)))
    assert (probe(path).container, probe(path).rate_hz) == ("AMR", 16_000)
    assert_is_tone(np.concatenate(list(decode_blocks(path))))
